//! What `status` says of a house that was restored, until nothing of it is open any more.

use std::time::Duration;

use register::Restored;

use crate::control_server::Asker;

/// What is not known, and what is to be done. Nobody waits here for a register that is taken up by an import.
pub(super) async fn warnings(asker: &Asker) -> Vec<String> {
    let asked = asker.controller.desk.ask(|desk| desk.register.restored());
    let answered = tokio::time::timeout(DESK_WAIT, asked).await;
    match answered {
        Ok(Ok(Ok(Some(restored)))) => words(&restored),
        // That it is busy or broken another warning says.
        Ok(Ok(Ok(None) | Err(_)) | Err(_)) | Err(_) => Vec::new(),
    }
}

fn words(restored: &Restored) -> Vec<String> {
    let (from, until) = (restored.told_until, restored.at);
    let unknown = format!(
        "restored from a backup: what was returned, lost or taken away between {from} and {until} is not known, and such cards may open doors; compare with what is on paper, and sign a review of all cards"
    );
    let unnamed = format!(
        "holders unknown since a restore: {}; register them anew with card import or card change",
        restored.unnamed
    );
    let all = [
        (!restored.is_reviewed).then_some(unknown),
        (restored.unnamed > 0).then_some(unnamed),
    ];
    all.into_iter().flatten().collect()
}

const DESK_WAIT: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use access::UtcMicros;

    use super::*;

    #[test]
    fn what_is_not_known_is_said_until_a_review_was_signed_and_every_holder_is_registered() {
        let mut restored = Restored {
            life: 2,
            at: UtcMicros::from_micros(7_000_000),
            backup_at: UtcMicros::from_micros(1_000_000),
            told_until: UtcMicros::from_micros(3_000_000),
            is_reviewed: false,
            unnamed: 4,
        };
        let said = words(&restored);
        assert_eq!(said.len(), 2);
        assert!(
            said[0].contains("between 1970-01-01T00:00:03.000000Z and 1970-01-01T00:00:07.000000Z")
        );
        assert!(said[1].starts_with("holders unknown since a restore: 4;"));
        restored.is_reviewed = true;
        assert_eq!(words(&restored).len(), 1);
        restored.unnamed = 0;
        assert!(words(&restored).is_empty());
    }
}
