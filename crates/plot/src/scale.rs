//! From values to pixels, and where the ticks go.

/// How values spread over an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    Linear,
    Log,
}

/// A map from a domain of values to a range of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    spread: Spread,
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// The domain must not be empty; on a logarithmic scale it must be positive.
    pub(super) fn new(spread: Spread, domain: (f64, f64), range: (f64, f64)) -> Self {
        debug_assert!(domain.0 < domain.1, "an axis needs an extent");
        debug_assert!(spread == Spread::Linear || domain.0 > 0.0, "a logarithm needs positive values");
        Self { spread, domain, range }
    }

    /// Pixel of a value; values beyond the domain stay at its edge.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let value = value.clamp(low, high);
        let share = match self.spread {
            Spread::Linear => (value - low) / (high - low),
            Spread::Log => (value / low).ln() / (high / low).ln(),
        };
        self.range.0 + share * (self.range.1 - self.range.0)
    }

    /// Smallest and largest value.
    pub(super) fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// Whether a value is an end of the domain.
    pub(super) fn ends_at(&self, value: f64) -> bool {
        value <= self.domain.0 || value >= self.domain.1
    }
}

/// Smallest and largest of the values.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// The domain widened to quarters of an octave, at least one octave in all: with steps, so that an axis stays
/// as it is from run to run, but small ones, so that it wastes no room.
pub(super) fn octaves((low, high): (f64, f64)) -> (f64, f64) {
    let from = ((low.log2() + 1e-9) * 4.0).floor() / 4.0;
    let to = ((high.log2() - 1e-9) * 4.0).ceil() / 4.0;
    (from.exp2(), to.max(from + 1.0).exp2())
}

/// Powers of two within a domain, and 1.5 times them where there are fewer than three.
pub(super) fn octave_ticks(domain: (f64, f64), most: usize) -> Vec<f64> {
    let mut ticks = powers_of_two(domain, most);
    if ticks.len() < 3 {
        ticks
            .extend(powers_of_two((domain.0 / 1.5, domain.1 / 1.5), most).into_iter().map(|tick| tick * 1.5));
        ticks.sort_by(f64::total_cmp);
    }
    ticks
}

/// Powers of two within a domain, at most `most` of them.
pub(super) fn powers_of_two((low, high): (f64, f64), most: usize) -> Vec<f64> {
    let (first, last) = ((low.log2() - 1e-9).ceil() as i32, (high.log2() + 1e-9).floor() as i32);
    let powers = |step: i32| (first..=last).filter(move |power| power.rem_euclid(step) == 0);
    let step = (1..=(last - first).max(1)).find(|&step| powers(step).count() <= most.max(1)).unwrap_or(1);
    powers(step).map(|power| f64::from(power).exp2()).collect()
}

/// The domain widened to 1, 2 or 5 times a power of ten.
pub(super) fn decades((low, high): (f64, f64)) -> (f64, f64) {
    let from = steps(low).rev().find(|&step| step <= low * 1.000_001).unwrap_or(low);
    let to = steps(high).find(|&step| step >= high * 0.999_999).unwrap_or(high);
    if from < to { (from, to) } else { (from / 2.0, to * 2.0) }
}

/// Powers of ten within a domain, or 1-2-5 steps where there are fewer than three.
pub(super) fn powers_of_ten((low, high): (f64, f64)) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let inside = |value: &f64| (low * 0.999_999..=high * 1.000_001).contains(value);
    let tens: Vec<f64> = (first..=last).map(ten).filter(inside).collect();
    if tens.len() > 2 {
        return tens;
    }
    (first..=last).flat_map(|power| [1.0, 2.0, 5.0].map(|m| m * ten(power))).filter(inside).collect()
}

/// 1-2-5 steps around a value, ascending.
fn steps(value: f64) -> impl DoubleEndedIterator<Item = f64> {
    let power = value.log10().floor() as i32;
    (power - 1..=power + 1).flat_map(|power| [1.0, 2.0, 5.0].map(|m| m * ten(power)))
}

fn ten(power: i32) -> f64 {
    10f64.powi(power)
}

/// Ticks from zero in steps of 1, 2 or 5 times a power of ten, at most `most` steps, up to `high`.
pub(super) fn from_zero(high: f64, most: usize) -> Vec<f64> {
    let rough = high / most.max(1) as f64;
    let step = steps(rough).find(|&step| step >= rough * 0.999_999).unwrap_or(rough);
    let count = (high / step * 1.000_001).floor() as u32;
    (0..=count).map(|index| f64::from(index) * step).collect()
}

/// Ticks of a linear axis in steps of 1, 2 or 5 times a power of ten, about `most` of them, the first at or below `low`.
pub(super) fn linear_ticks((low, high): (f64, f64), most: usize) -> Vec<f64> {
    let rough = (high - low) / most.max(1) as f64;
    let step = steps(rough).find(|&step| step >= rough * 0.999_999).unwrap_or(rough);
    let (first, last) = ((low / step).floor() as i64, (high / step * 1.000_001).floor() as i64);
    (first..=last).map(|index| index as f64 * step).collect()
}

/// The factor above and below one that an axis of ratios needs to show the given share of them.
pub(super) fn ratio_limit(ratios: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    const LIMITS: [f64; 12] = [1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];
    let mut factors: Vec<f64> = ratios.into_iter().map(|ratio| ratio.max(1.0 / ratio)).collect();
    factors.sort_by(f64::total_cmp);
    let last = (factors.len() as f64 * share).ceil() as usize;
    let wanted = factors.get(last.saturating_sub(1)).copied().unwrap_or(1.0);
    LIMITS.into_iter().find(|&limit| limit >= wanted).unwrap_or(1024.0)
}

/// Ticks of an axis of ratios: one first, then from the ends inwards.
pub(super) fn ratio_ticks((low, high): (f64, f64)) -> impl Iterator<Item = f64> {
    const ABOVE: [f64; 12] = [64.0, 16.0, 8.0, 4.0, 2.0, 1.5, 1.2, 1.1, 1.05, 1.02, 1.01, 1.005];
    const BELOW: [f64; 12] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995];
    let pairs = ABOVE.into_iter().zip(BELOW).flat_map(|(above, below)| [above, below]);
    std::iter::once(1.0).chain(pairs).filter(move |tick| (low..=high).contains(tick))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octaves_snap_to_quarters() {
        assert_eq!(octaves((1.0, 128.0)), (1.0, 128.0));
        assert_eq!(octaves((0.97, 4.0)), (0.75f64.exp2() / 2.0, 4.0));
        assert_eq!(octaves((1.0, 1.0)), (1.0, 2.0));
    }

    #[test]
    fn a_short_axis_has_ticks_between_powers_of_two() {
        assert_eq!(octave_ticks((0.84, 2.0), 10), [1.0, 1.5, 2.0]);
        assert_eq!(octave_ticks((0.5, 8.0), 10), [0.5, 1.0, 2.0, 4.0, 8.0]);
    }

    #[test]
    fn ticks_are_thinned_to_the_room_there_is() {
        assert_eq!(powers_of_two((1.0, 8.0), 10), [1.0, 2.0, 4.0, 8.0]);
        assert_eq!(powers_of_two((1.0, 1024.0), 6), [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0]);
        assert_eq!(from_zero(1.0, 4), [0.0, 0.5, 1.0]);
        assert_eq!(from_zero(13.0, 8), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
    }

    #[test]
    fn linear_ticks_begin_at_or_below_the_least() {
        assert_eq!(
            linear_ticks((1.39, 2.1), 5),
            [1.2, 1.4, 1.6, 1.8, 2.0].map(|tick: f64| (tick * 5.0).round() * 0.2)
        );
        assert_eq!(linear_ticks((0.0, 10.0), 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    }

    #[test]
    fn time_axes_snap_to_round_steps() {
        assert_eq!(decades((35.0, 1.2e6)), (20.0, 2e6));
        assert_eq!(powers_of_ten((20.0, 2e6)), [100.0, 1e3, 1e4, 1e5, 1e6]);
        assert_eq!(powers_of_ten((20.0, 200.0)), [20.0, 50.0, 100.0, 200.0]);
    }

    #[test]
    fn the_limit_of_a_ratio_axis_covers_the_share_asked_for() {
        assert!((ratio_limit([0.97, 1.01, 1.04], 1.0) - 1.05).abs() < 1e-12);
        assert!((ratio_limit([0.5, 1.0, 1.0, 1.0], 0.75) - 1.02).abs() < 1e-12);
    }

    #[test]
    fn values_beyond_the_domain_stay_at_the_edge() {
        let scale = Scale::new(Spread::Log, (1.0, 16.0), (0.0, 100.0));
        let pixels = [0.1, 1.0, 4.0, 16.0, 99.0].map(|value| scale.at(value).round() as i32);
        assert_eq!(pixels, [0, 0, 50, 100, 100]);
    }
}
