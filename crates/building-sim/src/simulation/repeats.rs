//! Repeats: where an answer is lost the same order is put again, a few times and only while it lives.

use reader_bus::Uptime;

/// The orders that may be put again at a door.
#[derive(Default)]
pub(super) struct Repeats(Vec<Order>);

struct Order {
    lives_until: Uptime,
    left: u8,
}

impl Repeats {
    /// An order was put for the first time.
    pub(super) fn begin(&mut self, lives_until: Uptime, now: Uptime) {
        self.0
            .retain(|order| order.left > 0 && now < order.lives_until);
        self.0.push(Order {
            lives_until,
            left: REPEATS_MAX,
        });
    }

    /// Whether what was put now may be one of them again; that which ends first is counted.
    pub(super) fn take(&mut self, now: Uptime) -> bool {
        let alive = self.0.iter_mut();
        let alive = alive.filter(|order| order.left > 0 && now < order.lives_until);
        let first = alive.min_by_key(|order| order.lives_until);
        first.map(|order| order.left -= 1).is_some()
    }
}

/// An order is put again so often.
const REPEATS_MAX: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Uptime {
        Uptime::from_micros(millis * 1_000)
    }

    #[test]
    fn each_order_is_put_again_twice_while_it_lives_and_not_once_more() {
        let mut repeats = Repeats::default();
        assert!(!repeats.take(at(0)));
        repeats.begin(at(1_000), at(0));
        repeats.begin(at(1_050), at(50));
        let taken = [100, 300, 500, 700, 900].map(|millis| repeats.take(at(millis)));
        assert_eq!(taken, [true, true, true, true, false]);
        repeats.begin(at(2_000), at(1_000));
        assert!(!repeats.take(at(2_000)));
    }
}
