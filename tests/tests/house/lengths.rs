//! How long things may be: files, functions, and what a file says of itself first.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::tree::{SourceFile, source_files};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 60;
const PARAMETERS_MAX: usize = 5;
const NAMES_THAT_SAY_NOTHING: [&str; 7] = [
    "common.rs",
    "helper.rs",
    "helpers.rs",
    "manager.rs",
    "types.rs",
    "util.rs",
    "utils.rs",
];

#[test]
fn no_file_is_longer_than_400_lines() {
    let long: Vec<String> = source_files()
        .iter()
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > FILE_LINES_MAX)
        .map(|(lines, path)| format!("{path}: {lines}"))
        .collect();
    assert!(
        long.is_empty(),
        "files over {FILE_LINES_MAX} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    let silent: Vec<String> = source_files()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    assert!(
        silent.is_empty(),
        "files whose first line is not `//! …`:\n{}",
        silent.join("\n")
    );
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let vague: Vec<String> = source_files()
        .into_iter()
        .map(|file| file.path)
        .filter(|path| {
            path.ends_with("/mod.rs")
                || path
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| NAMES_THAT_SAY_NOTHING.contains(&name))
        })
        .collect();
    assert!(
        vague.is_empty(),
        "a file is one noun, and `mod.rs` is none:\n{}",
        vague.join("\n")
    );
}

#[test]
fn no_function_is_longer_than_60_lines_or_takes_more_than_5_parameters() {
    let found: Vec<String> = source_files()
        .iter()
        .flat_map(stretched_functions)
        .collect();
    assert!(
        found.is_empty(),
        "functions beyond the house's measure:\n{}",
        found.join("\n")
    );
}

fn stretched_functions(file: &SourceFile) -> Vec<String> {
    let parsed =
        syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let mut functions = Functions {
        path: &file.path,
        found: Vec::new(),
    };
    functions.visit_file(&parsed);
    functions.found
}

struct Functions<'a> {
    path: &'a str,
    found: Vec<String>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &syn::Signature, whole: Span) {
        let lines = whole.end().line - whole.start().line + 1;
        let parameters = signature.inputs.len();
        if lines > FUNCTION_LINES_MAX || parameters > PARAMETERS_MAX {
            self.found.push(format!(
                "{}: {}: {lines} lines, {parameters} parameters",
                self.path, signature.ident
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.measure(&item.sig, item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.measure(&item.sig, item.block.span());
        visit::visit_impl_item_fn(self, item);
    }
}
