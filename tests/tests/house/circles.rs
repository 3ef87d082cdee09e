//! No circle of imports between the files of a crate.
//!
//! A file imports another when code outside its tests names it by `crate::…` or `super::…`. A `pub use` of a child is a
//! sign on the door, not an import: it is how a noun's parts are shown under the noun's name.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

use crate::tree::{SourceFile, source_files};

type Module = Vec<String>;
type Graph = BTreeMap<Module, BTreeSet<Module>>;

#[test]
fn no_crate_has_a_circle_of_imports() {
    let mut crates: BTreeMap<String, Vec<SourceFile>> = BTreeMap::new();
    for file in source_files() {
        if let Some((name, _)) = file.path.split_once("/src/") {
            crates.entry(name.to_owned()).or_default().push(file);
        }
    }
    let circles: Vec<String> = crates
        .iter()
        .flat_map(|(name, files)| circles_in(name, files))
        .collect();
    assert!(
        circles.is_empty(),
        "imports that go in a circle:\n{}",
        circles.join("\n")
    );
}

fn circles_in(name: &str, files: &[SourceFile]) -> Vec<String> {
    let modules: BTreeSet<Module> = files.iter().map(|file| module_of(&file.path)).collect();
    let graph: Graph = files
        .iter()
        .map(|file| (module_of(&file.path), imports_of(file, &modules)))
        .collect();
    let on_circle = |start: &Module| reachable(start, &graph).contains(start);
    graph
        .keys()
        .filter(|module| on_circle(module))
        .map(|module| {
            format!(
                "{name}: {} imports {:?}",
                shown(module),
                graph[module]
                    .iter()
                    .filter(|to| on_circle(to))
                    .map(shown)
                    .collect::<Vec<_>>()
            )
        })
        .collect()
}

fn shown(module: &Module) -> String {
    if module.is_empty() {
        "the crate's root".to_owned()
    } else {
        module.join("::")
    }
}

/// `crates/site/src/door/strike.rs` is the module `door::strike`; `lib.rs` and `main.rs` are the root.
fn module_of(path: &str) -> Module {
    let inside = path
        .split_once("/src/")
        .map_or(path, |(_, inside)| inside)
        .trim_end_matches(".rs");
    if inside == "lib" || inside == "main" {
        Vec::new()
    } else {
        inside.split('/').map(str::to_owned).collect()
    }
}

fn reachable(start: &Module, graph: &Graph) -> BTreeSet<Module> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Module> = graph[start].iter().collect();
    while let Some(module) = open.pop() {
        if seen.insert(module.clone()) {
            open.extend(graph.get(module).into_iter().flatten());
        }
    }
    seen
}

fn imports_of(file: &SourceFile, modules: &BTreeSet<Module>) -> BTreeSet<Module> {
    let parsed =
        syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let mut paths = Paths {
        here: module_of(&file.path),
        found: Vec::new(),
    };
    paths.visit_file(&parsed);
    paths
        .found
        .iter()
        .filter_map(|path| file_that_holds(path, modules))
        .filter(|to| *to != paths.here)
        .collect()
}

/// The longest beginning of a path that is a file of the crate; the root is no import, for it only hangs up the signs.
fn file_that_holds(path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    (1..=path.len())
        .rev()
        .map(|length| path[..length].to_vec())
        .find(|module| modules.contains(module))
}

struct Paths {
    here: Module,
    found: Vec<Module>,
}

impl Paths {
    fn add(&mut self, words: &[String]) {
        let mut base = match words.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => self.here.clone(),
            _ => return,
        };
        let mut rest = &words[1..];
        if words[0] == "super" {
            base.pop();
            while rest.first().is_some_and(|word| word == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        base.extend(rest.iter().cloned());
        self.found.push(base);
    }

    fn add_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let mut words = before.to_vec();
        match tree {
            syn::UseTree::Path(path) => {
                words.push(path.ident.to_string());
                self.add_tree(&path.tree, &words);
            }
            syn::UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|item| self.add_tree(item, before)),
            syn::UseTree::Name(name) => {
                words.push(name.ident.to_string());
                self.add(&words);
            }
            syn::UseTree::Rename(rename) => {
                words.push(rename.ident.to_string());
                self.add(&words);
            }
            _ => self.add(&words),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item
            .attrs
            .iter()
            .any(|attribute| quoted(attribute).contains("test"));
        if !is_test {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if matches!(item.vis, syn::Visibility::Inherited) {
            self.add_tree(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.add(&words);
        visit::visit_path(self, path);
    }
}

fn quoted(attribute: &syn::Attribute) -> String {
    match &attribute.meta {
        syn::Meta::List(list) => list.tokens.to_string(),
        _ => String::new(),
    }
}
