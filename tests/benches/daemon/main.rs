//! Bench: the real daemon's start, its idling and its recoveries, on pseudo-terminals with readers in Secure Channel.
//!
//! `cargo bench -p portvakt-tests --bench daemon`, or with the names of the parts wanted: `-- start idle recovery desk`.

mod desk;
mod house;
mod idle;
mod process;
mod readers;
mod recovery;
mod start;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // Given by `cargo test --benches`; only `cargo bench` measures.
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let binaries = process::build_binaries();
    let parts: [(&str, Part); 4] = [
        ("start", start::run),
        ("idle", idle::run),
        ("recovery", recovery::run),
        ("desk", desk::run),
    ];
    let all = words.iter().all(|word| word.starts_with('-'));
    for (name, run) in parts {
        if all || words.iter().any(|word| word == name) {
            run(&binaries);
        }
    }
}

/// A part measures and prints, given the folder of the binaries.
type Part = fn(&std::path::Path);

/// One line of a table: the smallest, the middle and the largest of what was seen, beside the goal.
fn row(what: &str, goal: f64, mut seen: Vec<f64>) {
    seen.sort_by(f64::total_cmp);
    let (min, median, max) = (seen[0], seen[seen.len() / 2], seen[seen.len() - 1]);
    println!("{what:<40} <= {goal:>6} {min:>8.1} {median:>8.1} {max:>8.1}");
}

fn headline(what: &str) {
    println!("{what}");
    println!("                                              goal      min   median      max");
}
