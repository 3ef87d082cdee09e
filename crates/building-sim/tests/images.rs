//! What power cuts may leave of a log: a sample in every test run, and a bug that must be found.

use building_sim::simulation::Invariant;
use building_sim::simulation::images::Sampling;

const SAMPLE: Sampling = Sampling {
    from: 0,
    images: 2_000,
    threads: 2,
    lying_disk: false,
};

#[test]
fn every_image_of_a_sample_verifies_opens_and_has_what_was_acknowledged() {
    let album = SAMPLE.run(&|_| {}).unwrap_or_else(|bad| panic!("{bad}"));
    assert!(album.images >= 2_000 && album.torn > 100, "{album}");
    assert!(album.records > 10_000 && album.searched > 10, "{album}");
}

#[test]
fn a_scene_is_the_same_again() {
    assert_eq!(SAMPLE.scene(3), SAMPLE.scene(3));
    assert_ne!(SAMPLE.scene(3), SAMPLE.scene(4));
}

#[test]
fn a_disk_that_says_it_has_synced_and_has_not_is_found() {
    let lying = Sampling {
        lying_disk: true,
        ..SAMPLE
    };
    let bad = lying.run(&|_| {}).expect_err("it lost nothing");
    let lost = [Invariant::AcknowledgedSurvives, Invariant::LogVerifies];
    assert!(lost.contains(&bad.invariant), "{bad}");
}
