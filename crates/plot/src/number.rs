//! Numbers as they are written in a chart.

use std::fmt::{self, Display, Formatter};

/// A coordinate in pixels, written with one decimal at most.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Px(pub(super) f64);

impl Display for Px {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        debug_assert!(self.0.is_finite(), "a coordinate must be finite");
        let tenths = (self.0 * 10.0).round() / 10.0;
        write!(f, "{}", if tenths == 0.0 { 0.0 } else { tenths })
    }
}

/// Three significant digits without trailing zeros; whole numbers keep all of theirs.
pub(super) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".into();
    }
    let decimals = (2 - value.abs().log10().floor() as i32).clamp(0, 9);
    let text = format!("{value:.*}", decimals as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// A time given in nanoseconds, in the unit that suits it: `1.25 ms`.
pub(super) fn duration(ns: f64) -> String {
    if ns == 0.0 {
        return "0".into();
    }
    let units = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6)];
    let fits = units.iter().find(|(_, unit)| ns.abs() < 999.5 * unit);
    let (name, unit) = fits.copied().unwrap_or(("s", 1e9));
    format!("{} {name}", short(ns / unit))
}

/// Memory given in bytes, in the unit that suits it: `3.4 MB`.
pub(super) fn bytes(bytes: f64) -> String {
    let (name, unit) = if bytes.abs() < 999.5e6 { ("MB", 1e6) } else { ("GB", 1e9) };
    format!("{} {name}", short(bytes / unit))
}

/// A time given in nanoseconds, in the unit that suits it, always with three digits: `1.50 ms`.
pub(super) fn three_digits(ns: u64) -> String {
    if ns < 1_000 {
        return format!("{ns} ns");
    }
    let ns = ns as f64;
    let units = [("µs", 1e3), ("ms", 1e6), ("s", 1e9)];
    let (name, unit) = units.into_iter().find(|(_, unit)| ns < 999.5 * unit).unwrap_or(units[2]);
    let value = ns / unit;
    let decimals = usize::from(value < 99.95) + usize::from(value < 9.995);
    format!("{value:.decimals$} {name}")
}

/// A count of things: `1 task`, `1,024 tasks`.
pub(super) fn count(count: usize, thing: &str) -> String {
    format!("{} {thing}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A count with commas: `1,024`.
pub(super) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// A fraction of one as per cent: `62 %`, `3.2 %`.
pub(super) fn percent(fraction: f64) -> String {
    let percent = fraction * 100.0;
    let rounded = if percent.abs() < 9.95 { (percent * 10.0).round() / 10.0 } else { percent.round() };
    let sign = if rounded < 0.0 { "−" } else { "" };
    format!("{sign}{} %", rounded.abs())
}

/// A ratio: `3.71×`.
pub(super) fn times(ratio: f64) -> String {
    format!("{}×", short(ratio))
}

/// A ratio with the digits that its interval bears out: three significant ones, or two. `1.00×`, `1.9×`.
pub(super) fn times_within(ratio: f64, ends: Option<(f64, f64)>) -> String {
    let decimals = |value: f64| (2 - value.abs().log10().floor() as i32).clamp(0, 9);
    let most = if ratio > 0.0 && ratio.is_finite() { decimals(ratio) } else { 0 };
    let half = ends.map_or(0.0, |(low, high)| (high - low) / 2.0);
    let borne_out = if half > 0.0 { (-half.log10().floor()).clamp(0.0, 9.0) as i32 } else { most };
    let decimals = borne_out.clamp((most - 1).max(0), most);
    format!("{ratio:.*}×", decimals as usize)
}

/// A path through points, straight from each to the next.
pub(super) fn path(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let step = |(index, (x, y))| format!("{}{} {}", if index == 0 { 'M' } else { 'L' }, Px(x), Px(y));
    points.into_iter().enumerate().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal_and_no_negative_zero() {
        assert_eq!(Px(12.345).to_string(), "12.3");
        assert_eq!(Px(12.0).to_string(), "12");
        assert_eq!(Px(-0.01).to_string(), "0");
    }

    #[test]
    fn a_time_is_written_in_the_unit_that_suits_it() {
        let times = [0.0, 35.0, 999.4, 999.6, 1_250.0, 12_345_678.0, 2e9].map(duration);
        assert_eq!(times, ["0", "35 ns", "999 ns", "1 µs", "1.25 µs", "12.3 ms", "2 s"]);
    }

    #[test]
    fn memory_is_written_in_the_unit_that_suits_it() {
        assert_eq!([40_960.0, 3.4e6, 1.2e9].map(bytes), ["0.041 MB", "3.4 MB", "1.2 GB"]);
    }

    #[test]
    fn a_time_of_three_digits_keeps_its_zeros() {
        let times = [0, 35, 999, 1_250, 12_345_678, 123_456_789, 999_600, 2_000_000_000_000];
        let expected = ["0 ns", "35 ns", "999 ns", "1.25 µs", "12.3 ms", "123 ms", "1.00 ms", "2000 s"];
        assert_eq!(times.map(three_digits), expected);
    }

    #[test]
    fn counts_have_commas_and_a_plural() {
        assert_eq!([0, 1, 1_000].map(|tasks| count(tasks, "task")), ["0 tasks", "1 task", "1,000 tasks"]);
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn shares_and_ratios_keep_about_three_digits() {
        assert_eq!(
            [-0.0221, 0.0, 0.0316, 0.6249, 1.04].map(percent),
            ["−2.2 %", "0 %", "3.2 %", "62 %", "104 %"]
        );
        assert_eq!([0.25, 1.0, 3.714, 1024.0].map(times), ["0.25×", "1×", "3.71×", "1024×"]);
    }

    #[test]
    fn a_ratio_has_the_digits_that_its_interval_bears_out() {
        let within = |ratio, ends| times_within(ratio, Some(ends));
        assert_eq!(within(1.9, (1.87, 1.92)), "1.90×");
        assert_eq!(within(1.0, (0.8, 1.2)), "1.0×");
        assert_eq!(within(53.46, (52.9, 54.0)), "53.5×");
        assert_eq!(within(1024.0, (900.0, 1100.0)), "1024×");
        assert_eq!(within(1.0, (1.0, 1.0)), "1.00×");
        assert_eq!(times_within(0.0, None), "0×");
        assert_eq!(times_within(f64::NAN, Some((f64::NAN, 1.0))), "NaN×");
    }
}
