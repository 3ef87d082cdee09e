//! `reader firmware`: a file on its way to a reader. It is handed over whole, then sent by the daemon alone: who ordered it
//! may leave.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::ReaderId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use control::request::reader::{FIRMWARE_PART_LEN_MAX, ReaderFirmware, ReaderRequest};
use control::{Code, Refusal, Reply, Request};
use event_log::AdminVerb;
use reader_bus::{Order, OrderOutcome};
use sha2::{Digest as _, Sha256};
use tokio::sync::{mpsc, watch};

use super::reader::find;
use crate::bench::GivenOrder;
use crate::control_server::{Asker, Outlet, Stop};
use crate::files::Wanted;
use crate::site_handle::SiteHandle;

/// Takes the file in, has it sent, and tells how far it is until it is there or the asker leaves.
pub(super) async fn send(
    asker: &Asker,
    wish: ReaderFirmware,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let name = wish.reader;
    find(&config, &name)?;
    let id = asker.controller.names.reader(&name);
    let id = id.ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))?;
    let spool = Spool::open(&config.section.data_dir).map_err(|cause| no_room(&cause))?;
    outlet.say(Reply::Ready {}).await?;
    let (spool, dry_run) = spool.fill(wish.octets, outlet).await?;
    let digest: [u8; 32] = spool.digest.finalize().into();
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let text = format!("{name}: {} octets, sha256 {}", wish.octets, hex(&digest));
    asker
        .administration(AdminVerb::ReaderFileSent, &text)
        .await?;
    let total = wish.octets;
    let begun = asker.controller.site.ask(move |bench, _| {
        let from = bench.files.acknowledged(id, &digest).min(total);
        let given = bench.order(id, Order::File { total, from })?;
        let wanted = bench.files.serve(given.ticket, id, digest);
        Ok((given, wanted))
    });
    let (given, wanted) = begun
        .await?
        .map_err(|cause: site::SiteError| Refusal::new(Code::Refused, cause))?;
    let (progress, mut told) = watch::channel((0, None));
    let delivery = Delivery {
        site: asker.controller.site.clone(),
        file: Arc::new(spool.file),
        given,
        wanted,
        progress,
    };
    tokio::spawn(delivery.run());
    loop {
        let (done, outcome) = *told.borrow_and_update();
        if let Some(outcome) = outcome {
            return ended(&name, outcome);
        }
        let (done, total) = (u64::from(done), u64::from(total));
        outlet.say(Reply::Progress { done, total }).await?;
        tokio::select! {
            changed = told.changed() => if changed.is_err() {
                return Err(Refusal::new(Code::Failed, "the daemon is stopping").into());
            },
            () = outlet.left() => return Err(Stop::Gone),
        }
    }
}

/// Takes a file back that is on its way; the reader is told to forget it.
pub(super) async fn cancel(asker: &Asker, name: String, dry_run: bool) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    find(&config, &name)?;
    let id = asker.controller.names.reader(&name);
    let id: ReaderId =
        id.ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))?;
    let ticket = asker
        .controller
        .site
        .ask(move |bench, _| bench.files.ticket(id));
    let Some(ticket) = ticket.await? else {
        let what = format!("no file is on its way to reader \"{name}\"");
        return Err(Refusal::new(Code::NotFound, what).into());
    };
    if !dry_run {
        asker
            .administration(AdminVerb::ReaderFileCancelled, &name)
            .await?;
        let withdraw = asker.controller.site.ask(move |bench, now| {
            bench.files.forget(id);
            bench.site.withdraw(ticket, now);
        });
        withdraw.await?;
    }
    Ok(Reply::Done { warning: None })
}

fn ended(name: &str, outcome: OrderOutcome) -> Result<Reply, Stop> {
    match outcome {
        OrderOutcome::Done => Ok(Reply::Done { warning: None }),
        OrderOutcome::Restarting => {
            let warning = Some(format!(
                "reader \"{name}\" has the file and restarts with it"
            ));
            Ok(Reply::Done { warning })
        }
        OrderOutcome::Dropped(_)
        | OrderOutcome::Failed(_)
        | OrderOutcome::KeyKept
        | OrderOutcome::File(_) => {
            let what = format!("reader \"{name}\" has not taken the file: {outcome}");
            Err(Refusal::new(Code::Failed, what).into())
        }
    }
}

/// A file being sent.
struct Delivery {
    site: SiteHandle,
    file: Arc<File>,
    given: GivenOrder,
    wanted: mpsc::Receiver<Wanted>,
    /// Octets that the reader has, and how it ended.
    progress: watch::Sender<(u32, Option<OrderOutcome>)>,
}

impl Delivery {
    async fn run(mut self) {
        let ticket = self.given.ticket;
        loop {
            tokio::select! {
                Some((offset, len)) = self.wanted.recv() => {
                    self.progress.send_modify(|(done, _)| *done = offset);
                    if !serve(&self.site, &self.file, ticket, (offset, len)).await {
                        return;
                    }
                }
                outcome = &mut self.given.ended => {
                    // A site that stops says nothing any more.
                    self.progress.send_modify(|(_, end)| *end = outcome.ok());
                    return;
                }
            }
        }
    }
}

/// Serves one piece; `false` if the site has stopped. A file that cannot be read ends its order.
async fn serve(site: &SiteHandle, file: &Arc<File>, ticket: u64, (offset, len): Wanted) -> bool {
    let file = Arc::clone(file);
    let read = tokio::task::spawn_blocking(move || {
        let mut piece = vec![0; usize::from(len)];
        file.read_exact_at(&mut piece, u64::from(offset))
            .map(|()| piece)
    });
    let asked = match read.await {
        Ok(Ok(piece)) => {
            site.ask(move |bench, now| bench.site.serve_file(ticket, (offset, &piece), now))
                .await
        }
        Ok(Err(_)) | Err(_) => {
            site.ask(move |bench, now| bench.site.withdraw(ticket, now))
                .await
        }
    };
    asked.is_ok()
}

/// A file as it comes in: without a name from the start, so that nothing is left of it whatever happens.
struct Spool {
    file: File,
    digest: Sha256,
    octets: u64,
}

impl Spool {
    fn open(folder: &Path) -> std::io::Result<Self> {
        let path = folder.join("reader-file.part");
        // One left by a daemon that was killed in between is nobody's.
        std::fs::remove_file(&path).ok();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = options.open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(Self {
            file,
            digest: Sha256::new(),
            octets: 0,
        })
    }

    /// Everything up to the end, and whether it is only rehearsed.
    async fn fill(mut self, wanted: u32, outlet: &mut Outlet<'_>) -> Result<(Self, bool), Stop> {
        loop {
            let envelope = outlet.link()?.receive(BETWEEN_FRAMES_MAX).await?;
            let wrong = |what: &str| Err(Refusal::new(Code::Usage, what).into());
            if let Request::Reader(ReaderRequest::FirmwarePart { octets }) = envelope.request {
                let part = STANDARD.decode(&octets).ok();
                let part = part.filter(|part| part.len() <= FIRMWARE_PART_LEN_MAX);
                let Some(part) = part else {
                    return wrong("a part of the file is no Base64, or too long; nothing was sent");
                };
                self.take(&part).map_err(|cause| no_room(&cause))?;
                if self.octets > u64::from(wanted) {
                    return wrong("more came than was announced; nothing was sent");
                }
                continue;
            }
            let is_whole = self.octets == u64::from(wanted) && wanted > 0;
            return if is_whole
                && matches!(
                    envelope.request,
                    Request::Reader(ReaderRequest::FirmwareEnd {})
                ) {
                Ok((self, envelope.dry_run))
            } else {
                wrong("the file did not come whole; nothing was sent")
            };
        }
    }

    fn take(&mut self, part: &[u8]) -> std::io::Result<()> {
        self.file.write_all(part)?;
        self.digest.update(part);
        self.octets += u64::try_from(part.len()).unwrap_or(u64::MAX);
        Ok(())
    }
}

fn no_room(cause: &std::io::Error) -> Refusal {
    Refusal::new(
        Code::Failed,
        format_args!("the file cannot be kept while it is sent: {cause}"),
    )
}

fn hex(octets: &[u8; 32]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A client that falls silent in the middle of a file is gone.
const BETWEEN_FRAMES_MAX: Duration = Duration::from_secs(30);
