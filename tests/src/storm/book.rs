//! What the operators know: every card they wished for, what of it was acknowledged, and what nobody answered any more.

use std::collections::BTreeMap;

use access::IssuanceId;
use building_sim::Dice;
use control::reply::card::CardRow;
use control::{CardState, Reply};

use super::Breach;
use super::present::utc_micros;

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Issue,
    Import,
    Block,
    Unblock,
    Lost,
    Found,
    Return,
    Open,
    Rotate,
    Backup,
}

impl Verb {
    /// Those in whose midst the daemon is killed on purpose.
    pub(crate) const ALL: [Self; 10] = [
        Self::Issue,
        Self::Import,
        Self::Block,
        Self::Unblock,
        Self::Lost,
        Self::Found,
        Self::Return,
        Self::Open,
        Self::Rotate,
        Self::Backup,
    ];

    /// The record that an acknowledgement stands for.
    const fn record(self) -> &'static str {
        match self {
            Self::Issue => "card-issued",
            Self::Import => "card-imported",
            Self::Block => "card-blocked",
            Self::Unblock => "card-unblocked",
            Self::Lost => "card-lost",
            Self::Found => "card-found",
            Self::Return => "card-returned",
            Self::Open => "door-opened",
            Self::Rotate => "reader-key-rotation",
            Self::Backup => "backup-created",
        }
    }

    /// Where a card of this state may stand after it; nothing if it may not be asked.
    const fn leads_to(self, state: CardState) -> &'static [CardState] {
        match (self, state) {
            (Self::Issue | Self::Import, CardState::Ordered)
            | (Self::Unblock, CardState::Blocked) => &[CardState::Active],
            (Self::Block, CardState::Active) => &[CardState::Blocked],
            (Self::Lost, CardState::Active | CardState::Blocked) => &[CardState::Lost],
            (Self::Found, CardState::Lost) => &[CardState::Active, CardState::Blocked],
            (
                Self::Return,
                CardState::Ordered | CardState::Active | CardState::Blocked | CardState::Lost,
            ) => &[CardState::Returned],
            _ => &[],
        }
    }
}

/// A card somebody wished for.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) number: u16,
    pub(crate) name: String,
    pub(crate) mobile: String,
    pub(crate) issuance: Option<IssuanceId>,
    /// As acknowledged, or as a list said after a kill; `Ordered` while nobody knows of it.
    pub(crate) state: CardState,
    /// What was asked and not answered.
    pub(crate) doing: Option<Verb>,
    /// The list it came on.
    batch: Option<u64>,
    /// Since when it opens nothing, in microseconds of UTC.
    pub(crate) dead_since: Option<i64>,
    /// The records that were acknowledged of it.
    pub(crate) told: Vec<&'static str>,
}

/// Something to do, and with which cards of the book.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) verb: Verb,
    pub(crate) cards: Vec<usize>,
}

/// The book.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) cards: Vec<Card>,
    /// How often each record was acknowledged.
    pub(crate) acknowledged: BTreeMap<&'static str, u64>,
    /// Requests that were answered, and those that a kill cut off.
    pub(crate) answered: u64,
    pub(crate) cut_off: u64,
    /// What somebody is to do next.
    pub(crate) wanted: Option<Verb>,
    /// A refusal that nobody expected.
    pub(crate) refused: Option<String>,
    /// Whether what is refused may have been done all the same: something fails that is asked after the change was made.
    pub(crate) is_in_doubt: bool,
    /// What was refused meanwhile.
    pub(crate) doubted: u64,
    batches: u64,
}

impl Book {
    /// Something to do now: what is wanted, if it can be done, or whatever the dice say.
    pub(crate) fn choose(&mut self, dice: &mut Dice) -> Option<Job> {
        let wanted = self.wanted.take();
        let live = self.cards.iter().filter(|card| card.issuance.is_some());
        let live = live
            .filter(|card| card.state != CardState::Returned)
            .count();
        let drawn = match dice.below(20) {
            0..4 if live < LIVE_MAX => Verb::Issue,
            4 if live < LIVE_MAX => Verb::Import,
            5..8 => Verb::Block,
            8..11 => Verb::Unblock,
            11..13 => Verb::Lost,
            13 => Verb::Found,
            14 | 15 => Verb::Open,
            _ => Verb::Return,
        };
        let verb = wanted.unwrap_or(drawn);
        let cards = match verb {
            Verb::Issue => self.wish(1, None, dice),
            Verb::Import => {
                self.batches += 1;
                self.wish(3 + dice.below(8), Some(self.batches), dice)
            }
            Verb::Open | Verb::Rotate | Verb::Backup => Vec::new(),
            Verb::Block | Verb::Unblock | Verb::Lost | Verb::Found | Verb::Return => {
                vec![self.pick(verb, dice)?]
            }
        };
        for at in &cards {
            let card = &mut self.cards[*at];
            card.doing = Some(verb);
            if matches!(verb, Verb::Unblock | Verb::Found) {
                // From here on it may live again.
                card.dead_since = None;
            }
        }
        Some(Job { verb, cards })
    }

    /// A new card for everybody: names that occur nowhere else.
    fn wish(&mut self, count: u64, batch: Option<u64>, dice: &mut Dice) -> Vec<usize> {
        let first = self.cards.len();
        for _ in 0..count {
            let number = u16::try_from(self.cards.len() + 1).expect("a card's number");
            let name = format!("Nomen{:016x} Nescio{number:05}", dice.throw());
            let mobile = format!("+999{:012}", dice.below(1_000_000_000_000));
            self.cards.push(Card {
                number,
                name,
                mobile,
                issuance: None,
                state: CardState::Ordered,
                doing: None,
                batch,
                dead_since: None,
                told: Vec::new(),
            });
        }
        (first..self.cards.len()).collect()
    }

    /// A card that this can be done with; never the caretaker's, the first.
    fn pick(&self, verb: Verb, dice: &mut Dice) -> Option<usize> {
        let fit = self.cards.iter().enumerate().skip(1).filter(|(_, card)| {
            card.doing.is_none() && card.issuance.is_some() && !verb.leads_to(card.state).is_empty()
        });
        let fit: Vec<usize> = fit.map(|(at, _)| at).collect();
        dice.pick(&fit).copied()
    }

    /// The daemon has done it.
    pub(crate) fn done(&mut self, job: &Job, reply: &Reply) {
        self.answered += 1;
        *self.acknowledged.entry(job.verb.record()).or_default() += 1;
        for at in &job.cards {
            let card = &mut self.cards[*at];
            card.doing = None;
            card.told.push(job.verb.record());
            card.state = match reply {
                Reply::Changed(changed) => changed.state,
                _ => CardState::Active,
            };
            if let Reply::Issued(issued) = reply {
                card.issuance = issued.issuance;
            }
            card.note_death();
        }
    }

    /// The daemon would not.
    pub(crate) fn refuse(&mut self, job: &Job, why: &str) {
        if self.is_in_doubt {
            self.doubted += 1;
            return;
        }
        for at in &job.cards {
            let card = &mut self.cards[*at];
            card.doing = None;
            card.note_death();
        }
        // A reader that is being asked anew, or has a new key on its way, takes no order.
        if !matches!(job.verb, Verb::Open | Verb::Rotate) {
            self.refused = Some(format!("{:?}: {why}", job.verb));
        }
    }

    /// Compares what is listed after a start with what was acknowledged before: each is as it was, or as what was cut off
    /// would have made it. `name_of` asks for the holder's name.
    pub(crate) fn settle(
        &mut self,
        mut rows: BTreeMap<IssuanceId, CardRow>,
        name_of: &mut dyn FnMut(IssuanceId) -> Result<String, Breach>,
    ) -> Result<(), Breach> {
        for card in &mut self.cards {
            let Some(id) = card.issuance else { continue };
            let listed = rows
                .remove(&id)
                .map_or(CardState::Returned, |row| row.state);
            let next = card.doing.map_or(&[][..], |verb| verb.leads_to(card.state));
            if listed != card.state && !next.contains(&listed) {
                let what = format!("{id}: acknowledged {}, now {listed}", card.state);
                return Err(Breach::new("I4, a change is gone", what));
            }
            card.state = listed;
            card.doing = None;
            card.note_death();
        }
        for (id, row) in rows {
            let name = name_of(id)?;
            let unknown = |card: &&mut Card| card.issuance.is_none() && card.name == name;
            let Some(card) = self.cards.iter_mut().find(unknown) else {
                let what = format!("{id} is listed, and nobody wished for it");
                return Err(Breach::new("a card out of nowhere", what));
            };
            if row.state != CardState::Active {
                let what = format!("{id} was cut off and is {}", row.state);
                return Err(Breach::new("half a change", what));
            }
            card.issuance = Some(id);
            card.state = row.state;
            card.doing = None;
        }
        self.forget_what_never_was()
    }

    /// A wish of which nothing is listed was cut off in time: all of it, or no half of a list.
    fn forget_what_never_was(&mut self) -> Result<(), Breach> {
        let mut halves: BTreeMap<u64, (bool, bool)> = BTreeMap::new();
        for card in &mut self.cards {
            let is_there = card.issuance.is_some();
            if let Some(batch) = card.batch {
                let half = halves.entry(batch).or_default();
                half.0 |= is_there;
                half.1 |= !is_there;
            }
            if !is_there {
                if !card.told.is_empty() {
                    let what = format!("card {} was issued and is not listed", card.number);
                    return Err(Breach::new("I4, a change is gone", what));
                }
                card.doing = None;
                card.state = CardState::Ordered;
            }
        }
        match halves.into_iter().find(|(_, half)| *half == (true, true)) {
            Some((batch, _)) => Err(Breach::new("half an import", format!("list {batch}"))),
            None => Ok(()),
        }
    }

    /// What must be found nowhere any more: holders whose return was acknowledged.
    pub(crate) fn forgotten(&self) -> impl Iterator<Item = &Card> {
        let is_gone = |card: &&Card| card.state == CardState::Returned;
        self.cards.iter().filter(is_gone)
    }

    /// A card's number for somebody at a reader: mostly one that opens, sometimes one that does no more, or a stranger's.
    pub(crate) fn at_hand(&self, dice: &mut Dice) -> u16 {
        let is_live = |card: &&Card| card.state == CardState::Active && card.issuance.is_some();
        let wants_live = !dice.one_in(4);
        let fit: Vec<u16> = self
            .cards
            .iter()
            .filter(|card| is_live(card) == wants_live)
            .map(|card| card.number)
            .collect();
        dice.pick(&fit).copied().unwrap_or(STRANGER)
    }
}

impl Card {
    /// Its holder was forgotten, or will be: a return that was cut off is finished or never happened.
    pub(crate) fn may_be_forgotten(&self) -> bool {
        self.state == CardState::Returned || self.doing == Some(Verb::Return)
    }

    fn note_death(&mut self) {
        match self.state {
            CardState::Blocked | CardState::Lost | CardState::Returned => {
                self.dead_since.get_or_insert_with(utc_micros);
            }
            _ => self.dead_since = None,
        }
    }
}

/// Cards that live at once.
const LIVE_MAX: usize = 60;
/// A number that nobody has.
const STRANGER: u16 = 65_000;
