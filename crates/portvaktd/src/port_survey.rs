//! A port that looks who answers on it, at one speed after another.

use std::path::Path;
use std::time::Duration;

use reader_bus::{Found, Survey};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_serial::SerialStream;

use crate::clock::Clock;

/// Look at these speeds, and tell.
pub(crate) struct SurveyOrder {
    pub(crate) bauds: Vec<u32>,
    pub(crate) words: mpsc::Sender<SurveyWord>,
}

/// What a survey tells.
#[derive(Debug)]
pub(crate) enum SurveyWord {
    /// Somebody answers at this speed.
    Found(u32, Found),
    /// So many addresses were asked, of so many.
    Asked(u64, u64),
    /// The port cannot be used.
    Failed(String),
}

/// Whoever ordered it has left.
struct Left;

/// Carries an order out on the port that `open` opens; ends early when nobody listens any more.
pub(crate) async fn look_around(
    order: SurveyOrder,
    device: &Path,
    clock: &Clock,
    open: impl Fn(u32) -> tokio_serial::Result<SerialStream>,
) {
    let speeds = u64::try_from(order.bauds.len()).unwrap_or(u64::MAX);
    for (nth, baud) in (0..).zip(&order.bauds) {
        let outcome = match open(*baud) {
            Ok(port) => at_speed(&order.words, port, (*baud, nth, speeds), clock).await,
            Err(cause) => {
                let why = format!(
                    "{} cannot be opened at {baud} baud: {cause}",
                    device.display()
                );
                let told = order.words.send(SurveyWord::Failed(why)).await;
                told.map_err(|_| Left)
            }
        };
        if outcome.is_err() {
            return;
        }
    }
}

async fn at_speed(
    words: &mpsc::Sender<SurveyWord>,
    mut port: SerialStream,
    (baud, nth, speeds): (u32, u64, u64),
    clock: &Clock,
) -> Result<(), Left> {
    let mut survey = Survey::new(baud, PATIENCE);
    let mut buffer = [0_u8; 512];
    let mut told = 0;
    while let Some(due) = survey.poll_timeout() {
        survey.handle_timeout(clock.up());
        if let Some(frame) = survey.poll_transmit(clock.up())
            && port.write_all(frame).await.is_err()
        {
            let why = SurveyWord::Failed("the port was closed".to_owned());
            return words.send(why).await.map_err(|_| Left);
        }
        if let Some(found) = survey.poll_found() {
            let word = SurveyWord::Found(baud, found);
            words.send(word).await.map_err(|_| Left)?;
        }
        let (asked, all) = survey.progress();
        if asked != told {
            told = asked;
            let (asked, all) = (u64::from(asked), u64::from(all));
            let word = SurveyWord::Asked(nth * all + asked, speeds * all);
            words.send(word).await.map_err(|_| Left)?;
        }
        // What is due meanwhile is looked at in the next turn.
        let due = survey.poll_timeout().unwrap_or(due);
        if let Ok(Ok(count @ 1..)) = timeout(clock.until(due), port.read(&mut buffer)).await {
            let octets = buffer.get(..count).unwrap_or_default();
            survey.handle_bytes(octets, clock.up());
        }
    }
    Ok(())
}

/// What a reader is given to begin its answer. OSDP allows 200 ms; good ones take 3.
const PATIENCE: Duration = Duration::from_millis(60);
