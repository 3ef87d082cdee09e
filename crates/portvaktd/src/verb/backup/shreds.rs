//! `backup shreds`: the file that says who is still there, written beside the backups and to be copied elsewhere.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use control::reply::backup::ShredsKept;
use control::{Code, Moment, Refusal, Reply};
use event_log::AdminVerb;
use key_store::Fixed;
use register::Standings;

use super::apart;
use crate::control_server::{Asker, Stop};
use crate::desk::refusal;
use crate::house_seal::HouseSeal;
use crate::shreds::{self, Shreds};

/// Writes it, in place of the one before.
pub(super) async fn keep(asker: &Asker, dir: PathBuf, dry_run: bool) -> Result<Reply, Stop> {
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    // Who goes while it is made may be in it or not, so it is of the moment before.
    let made = Moment::from(asker.controller.ledger.clock.now().utc);
    let (standings, seal) = gather(asker).await?;
    let cards = u64::try_from(standings.cards()).unwrap_or(u64::MAX);
    let shreds = Shreds {
        origin: asker.controller.ledger.archive.origin().to_owned(),
        made,
        standings,
    };
    let text = shreds.write(&seal);
    let octets = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let said = format!("shreds=1 cards={cards}");
    asker
        .administration(AdminVerb::BackupCreated, &said)
        .await?;
    let file = dir.join(FILE);
    let shown = file.display().to_string();
    apart(move || write_whole(&dir, &text).map_err(|cause| failed(&file, &cause))).await?;
    Ok(Reply::ShredsKept(ShredsKept {
        file: shown,
        at: made,
        cards,
        octets,
    }))
}

/// A page at a time: whoever wants something else of the desk waits for moments only.
async fn gather(asker: &Asker) -> Result<(Standings, HouseSeal), Stop> {
    let begun = asker.controller.desk.ask(|desk| {
        let standings = desk.register.standings().map_err(|cause| refusal(&cause))?;
        let key = desk.keys.fixed(Fixed::Snapshot);
        let key = key.map_err(|cause| Refusal::new(Code::Failed, cause))?;
        Ok::<_, Refusal>((standings, HouseSeal::new(&key, shreds::SORT)))
    });
    let (mut standings, seal) = begun.await??;
    let mut after = None;
    loop {
        let page = asker.controller.desk.ask(move |desk| {
            let page = desk.register.standings_page(after, PAGE);
            page.map_err(|cause| refusal(&cause))
        });
        let page = page.await??;
        after = page.last();
        if after.is_none() {
            return Ok((standings, seal));
        }
        standings.take(page);
        tokio::time::sleep(BETWEEN_PAGES).await;
    }
}

fn write_whole(dir: &Path, text: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let new = dir.join(NEW);
    if new.exists() {
        std::fs::remove_file(&new)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, dir.join(FILE))?;
    File::open(dir)?.sync_all()
}

fn failed(file: &Path, cause: &io::Error) -> Refusal {
    let file = file.display();
    Refusal::new(
        Code::Failed,
        format_args!("{file} cannot be written: {cause}"),
    )
}

const FILE: &str = "shreds";
const NEW: &str = "shreds.new";
const PAGE: u32 = 256;
const BETWEEN_PAGES: Duration = Duration::from_millis(1);
