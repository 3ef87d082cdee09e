//! The list of mutants that no test can kill, or none should: each with its reason.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use super::module::Module;

/// Below the root.
pub(crate) const PATH: &str = "tests/mutants/survivors.toml";

/// Every one that is argued for, by module.
#[derive(Debug, Default)]
pub(crate) struct Argued(BTreeMap<String, Vec<String>>);

impl Argued {
    /// Reads the list.
    ///
    /// # Errors
    /// It cannot be read, or an entry is not whole.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        Self::parse(&text).map_err(|why| io::Error::other(format!("{PATH}: {why}")))
    }

    /// The mutants of a module, each as a file and what is done there.
    pub(crate) fn of(&self, module: Module) -> Vec<String> {
        self.0.get(module.name()).cloned().unwrap_or_default()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let list: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| error.to_string())?;
        let mut argued = Self::default();
        for (module, entries) in list {
            let is_known = Module::ALL.iter().any(|known| known.name() == module);
            let entries = entries.as_array().filter(|_| is_known);
            for entry in entries.ok_or_else(|| format!("[[{module}]] is no module"))? {
                let field = |name: &str| {
                    let text = entry.get(name).and_then(toml::Value::as_str);
                    text.filter(|text| !text.trim().is_empty())
                        .ok_or_else(|| format!("an entry of [[{module}]] has no `{name}`"))
                };
                field("because")?;
                let mutant = field("mutant")?.to_owned();
                argued.0.entry(module.clone()).or_default().push(mutant);
            }
        }
        Ok(argued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_the_repository_is_read() {
        let list = Argued::read(&crate::cargo::root().join(PATH)).unwrap();
        for mutant in list.0.values().flatten() {
            assert!(mutant.contains(".rs: "), "{mutant}");
        }
    }

    #[test]
    fn a_mutant_without_a_reason_and_a_module_that_is_none_are_refused() {
        let whole = "[[log]]\nmutant = \"a.rs: x\"\nbecause = \"it says the same\"";
        let list = Argued::parse(whole).unwrap();
        assert_eq!(list.of(Module::Log), ["a.rs: x"]);
        assert!(list.of(Module::Roles).is_empty());
        for text in [
            "[[log]]\nmutant = \"a.rs: x\"",
            "[[log]]\nmutant = \"a.rs: x\"\nbecause = \" \"",
            "[[logs]]\nmutant = \"a.rs: x\"\nbecause = \"y\"",
        ] {
            assert!(Argued::parse(text).is_err(), "{text}");
        }
    }
}
