//! The corpora of the fuzz targets, played again: what a fuzzer once found stays found.

use std::fs;
use std::path::Path;

use portvakt_hostile::TARGETS;
use proptest::prelude::*;

#[test]
fn every_input_of_every_corpus_holds() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, body) in TARGETS {
        let inputs = fs::read_dir(corpora.join(name)).unwrap();
        let mut played = 0;
        for input in inputs {
            body(&fs::read(input.unwrap().path()).unwrap());
            played += 1;
        }
        assert!(played > 0, "the corpus of {name} is empty");
    }
}

#[test]
fn every_target_has_its_file_and_its_entry() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(
            fuzz.join(format!("fuzz_targets/{name}.rs")).exists(),
            "{name}"
        );
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_octets_are_survived(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        for (_, body) in TARGETS {
            body(&octets);
        }
    }
}
