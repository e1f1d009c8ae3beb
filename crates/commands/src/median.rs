//! The median of numbers that come one by one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The median of what was added so far: the lower half and the upper half, each with its end at hand.
#[derive(Debug, Default)]
pub(crate) struct RunningMedian {
    lower: BinaryHeap<u64>,
    upper: BinaryHeap<Reverse<u64>>,
}

impl RunningMedian {
    pub(crate) fn add(&mut self, number: u64) {
        self.lower.push(number);
        self.upper.extend(self.lower.pop().map(Reverse));
        if self.upper.len() > self.lower.len() {
            self.lower.extend(self.upper.pop().map(|Reverse(number)| number));
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.lower.len() + self.upper.len()
    }

    /// The middle one, of two the lower. `None` of none.
    pub(crate) fn median(&self) -> Option<u64> {
        self.lower.peek().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_middle_of_what_came_in_whatever_order() {
        let mut median = RunningMedian::default();
        assert_eq!(median.median(), None);
        let mut all = Vec::new();
        for number in (0..200).map(|step| step * 7919 % 211) {
            median.add(number);
            all.push(number);
            all.sort_unstable();
            assert_eq!(median.median(), Some(all[(all.len() - 1) / 2]));
        }
        assert_eq!(median.count(), 200);
    }
}
