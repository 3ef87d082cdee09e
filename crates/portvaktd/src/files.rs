//! Files on their way to readers: who serves which, and how far each reader is.

use std::collections::BTreeMap;

use access::ReaderId;
use tokio::sync::mpsc;

/// What a reader wants next: from where, and how many octets.
pub(crate) type Wanted = (u32, u16);

/// Files on their way, and those that were.
#[derive(Default)]
pub(crate) struct Files {
    serving: BTreeMap<u64, (ReaderId, [u8; 32], mpsc::Sender<Wanted>)>,
    /// The file each reader was sent last, and how much of it the reader has.
    acknowledged: BTreeMap<ReaderId, ([u8; 32], u32)>,
}

impl Files {
    /// Somebody serves the file of this order; the other end hears what is wanted.
    pub(crate) fn serve(
        &mut self,
        ticket: u64,
        reader: ReaderId,
        digest: [u8; 32],
    ) -> mpsc::Receiver<Wanted> {
        let (wanted, heard) = mpsc::channel(WANTED_MAX);
        self.serving.insert(ticket, (reader, digest, wanted));
        heard
    }

    /// How much of this very file the reader has.
    pub(crate) fn acknowledged(&self, reader: ReaderId, digest: &[u8; 32]) -> u32 {
        let last = self.acknowledged.get(&reader);
        last.filter(|(of, _)| of == digest)
            .map_or(0, |(_, octets)| *octets)
    }

    /// The reader wants more; it has all before that.
    pub(crate) fn want(&mut self, ticket: u64, wanted: Wanted) {
        if let Some((reader, digest, served)) = self.serving.get(&ticket) {
            self.acknowledged.insert(*reader, (*digest, wanted.0));
            // One that has not served the last piece yet is asked for none.
            served.try_send(wanted).ok();
        }
    }

    /// The order is over.
    pub(crate) fn over(&mut self, ticket: u64) {
        self.serving.remove(&ticket);
    }

    /// The reader is to begin anew with whatever it is sent next.
    pub(crate) fn forget(&mut self, reader: ReaderId) {
        self.acknowledged.remove(&reader);
    }

    /// The order by which this reader is sent a file now.
    pub(crate) fn ticket(&self, reader: ReaderId) -> Option<u64> {
        let mut serving = self.serving.iter();
        serving
            .find(|(_, (of, ..))| *of == reader)
            .map(|(ticket, _)| *ticket)
    }
}

/// A reader wants one piece at a time.
const WANTED_MAX: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_goes_on_with_the_same_file_only() {
        let reader = ReaderId::new(1);
        let mut files = Files::default();
        let mut wanted = files.serve(7, reader, [1; 32]);
        files.want(7, (128, 100));
        assert_eq!(wanted.try_recv(), Ok((128, 100)));
        assert_eq!(files.ticket(reader), Some(7));
        files.over(7);
        assert_eq!(files.ticket(reader), None);
        assert_eq!(files.acknowledged(reader, &[1; 32]), 128);
        assert_eq!(files.acknowledged(reader, &[2; 32]), 0);
        files.forget(reader);
        assert_eq!(files.acknowledged(reader, &[1; 32]), 0);
    }
}
