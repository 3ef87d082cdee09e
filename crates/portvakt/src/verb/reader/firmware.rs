//! `portvakt reader firmware`.

use std::fs::File;
use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use control::request::reader::{FIRMWARE_PART_LEN_MAX, ReaderFirmware, ReaderRequest};
use control::{Client, Reply, Request};
use indicatif::{ProgressBar, ProgressStyle};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutReader, Say};

/// Send a file, such as new firmware, to a reader (FILETRANSFER)
///
/// The reader goes on reading cards meanwhile. Once the daemon has the file it sends it by itself: this command may be
/// ended, and a lost session or a reader that is away for a while ends nothing. Called again with the same file, it
/// goes on where the reader is. --cancel takes it back.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Firmware {
    /// The reader's name
    reader: String,
    /// The file
    #[arg(required_unless_present = "cancel")]
    file: Option<String>,
    /// Take back what is on its way
    #[arg(long, conflicts_with = "file")]
    cancel: bool,
}

impl Firmware {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let reader = self.reader;
        let Some(path) = self.file else {
            let request = Request::Reader(ReaderRequest::FirmwareCancel {
                reader: reader.clone(),
            });
            let what = AboutReader::FileCancelled;
            return desk.change(
                request,
                &Say::AboutReader {
                    reader: &reader,
                    what,
                },
            );
        };
        let (mut file, octets) = open(&path)?;
        let mut daemon = desk.connect()?;
        let client = daemon.client();
        let dry_run = desk.global.dry_run;
        let wish = ReaderFirmware {
            reader: reader.clone(),
            octets,
        };
        client.send(Request::Reader(ReaderRequest::FirmwareBegin(wish)), dry_run)?;
        let ready = client.receive()?;
        if ready != (Reply::Ready {}) {
            return Err(Failure::unexpected(&ready));
        }
        hand_over(client, &mut file, &path, dry_run)?;
        let warning = follow(client, u64::from(octets))?;
        let (reader, what) = (reader.as_str(), AboutReader::FileSent);
        desk.done(warning.as_deref(), &Say::AboutReader { reader, what })
    }
}

/// The file, and how long it is.
fn open(path: &str) -> Result<(File, u32), Failure> {
    let unreadable =
        |cause: std::io::Error| Failure::usage(format!("{path} cannot be read: {cause}"));
    let file = File::open(path).map_err(unreadable)?;
    let octets = file.metadata().map_err(unreadable)?.len();
    let octets = u32::try_from(octets).ok().filter(|octets| *octets > 0);
    let octets = octets.ok_or_else(|| {
        Failure::usage(format!(
            "{path} is empty, or longer than OSDP can say (4 GiB)"
        ))
    })?;
    Ok((file, octets))
}

/// Gives the daemon the file, part by part.
fn hand_over(
    client: &mut Client,
    file: &mut File,
    path: &str,
    dry_run: bool,
) -> Result<(), Failure> {
    let mut part = vec![0; FIRMWARE_PART_LEN_MAX];
    loop {
        let read = file.read(&mut part);
        let count =
            read.map_err(|cause| Failure::usage(format!("{path} cannot be read: {cause}")))?;
        let Some(read @ [_, ..]) = part.get(..count) else {
            break;
        };
        let octets = STANDARD.encode(read);
        let sent = client.send_more(
            Request::Reader(ReaderRequest::FirmwarePart { octets }),
            dry_run,
        );
        // A daemon that refuses half-way closes its ear; what it said is still there.
        if let Err(error) = sent {
            return Err(client.receive().err().unwrap_or(error).into());
        }
    }
    Ok(client.send_more(Request::Reader(ReaderRequest::FirmwareEnd {}), dry_run)?)
}

/// Shows how far the reader is, until it is there; what is to be known besides.
fn follow(client: &mut Client, octets: u64) -> Result<Option<String>, Failure> {
    let bar = ProgressBar::new(octets);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {eta}") {
        bar.set_style(style);
    }
    loop {
        let reply = client.receive_within(None)?;
        if let Reply::Progress { done, .. } = reply {
            bar.set_position(done);
        } else if let Reply::Done { warning } = reply {
            bar.finish_and_clear();
            return Ok(warning);
        } else {
            return Err(Failure::unexpected(&reply));
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader firmware main-in firmware-2.1.bin
  portvakt reader firmware main-in --cancel";
