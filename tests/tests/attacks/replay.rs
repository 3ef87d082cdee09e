//! A recorded session, played back.

use std::collections::HashSet;

use crate::forgery::{CHLNG, OUT};
use crate::hostile_line::Heard;
use crate::victim::{Victim, wait};

#[test]
fn a_recorded_session_replayed_to_a_restarted_daemon_opens_nothing() {
    let mut victim = Victim::in_service();
    let mut challenges = rnd_a(&victim);
    victim.stop();
    victim.line().forget();

    victim.start();
    victim.wait_online();
    assert!(victim.opens(0), "the session worth recording");
    challenges.extend(rnd_a(&victim));
    let recorded = victim.line().replies();
    victim.stop();

    victim.line().forget();
    victim.line().meddle(played_back(recorded));
    victim.start();
    victim.wait_alarm("wrong-key");
    wait("the handshake is tried again", || {
        victim.line().count(CHLNG) >= 4
    });
    assert_eq!(victim.line().count(OUT), 0);
    assert_eq!(victim.status().readers_online, 0);
    assert_eq!(victim.events("access-granted").len(), 1, "the recorded one");
    challenges.extend(rnd_a(&victim));

    let distinct: HashSet<&Vec<u8>> = challenges.iter().collect();
    assert_eq!(distinct.len(), challenges.len(), "RND.A never repeats");
    victim.line().leave();
    victim.wait_online();
    assert!(victim.opens(0));
}

/// Each command is answered with what was answered to one like it, in turn.
fn played_back(
    recorded: Vec<(Heard, Vec<u8>)>,
) -> impl FnMut(&Heard, Vec<u8>) -> Vec<Vec<u8>> + Send + 'static {
    let mut at = 0;
    move |heard, _| {
        let count = recorded.len();
        let like = (0..count).map(|step| (at + step) % count).find(|&place| {
            let (command, _) = &recorded[place];
            (command.code, command.sequence) == (heard.code, heard.sequence)
        });
        let Some(place) = like else { return vec![] };
        at = place + 1;
        vec![recorded[place].1.clone()]
    }
}

/// The challenges so far.
fn rnd_a(victim: &Victim) -> Vec<Vec<u8>> {
    let heard = victim.line().heard().into_iter();
    heard
        .filter(|heard| heard.code == CHLNG)
        .map(|heard| heard.data)
        .collect()
}
