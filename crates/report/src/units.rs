//! Numbers in words: three significant digits everywhere.

use std::fmt;

use centurion_stats::{Crossing, Estimate, Interval};

/// From how many times its near end on the far end of an interval makes the figure between them say little by itself.
const FAR_APART: f64 = 3.0;

/// Between the ends of an interval that stands in the place of a figure.
pub(crate) const JOINT: char = '–';

/// Names listed before the rest is only counted.
const LISTED: usize = 3;

/// A time given in nanoseconds, in the largest of ns, µs, ms and s that leaves at least 1.
///
/// ```
/// use centurion_report::units::time;
/// assert_eq!(time(1_234_567.0), "1.23 ms");
/// ```
pub fn time(ns: f64) -> String {
    let (scale, unit) = unit(ns);
    format!("{} {unit}", digits(ns / scale))
}

/// A figure in its parts, so that a table can set the interval apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quantity {
    /// The number, or whatever stands in its place.
    pub value: String,
    /// Its interval in brackets. May be empty.
    pub interval: String,
    /// The unit, where it stands after the interval. May be empty.
    pub unit: String,
}

impl Quantity {
    /// Without the interval: `1.23 ms`.
    pub fn short(&self) -> String {
        spaced([&self.value, &self.unit])
    }
}

/// All of it: `1.23 [1.20, 1.27] ms`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spaced([&self.value, &self.interval, &self.unit]))
    }
}

impl From<String> for Quantity {
    fn from(value: String) -> Self {
        Self { value, ..Self::default() }
    }
}

impl From<&str> for Quantity {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

/// The words that are not empty.
fn spaced<const N: usize>(words: [&String; N]) -> String {
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).map(String::as_str).collect();
    words.join(" ")
}

/// A time with its interval, all in the value's unit: `1.23 [1.20, 1.27] ms`.
pub fn time_estimate(ns: Estimate) -> Quantity {
    let (scale, unit) = unit(ns.value);
    Quantity { unit: unit.into(), ..bracketed(ns.map(|ns| ns / scale), digits) }
}

/// Where a threshold is reached: `820 [790, 860] ns`, `below 310 ns` or `not reached`. An end off the measured
/// sizes carries `<` or `>`.
pub fn crossing(at: Crossing, interval: Option<(Crossing, Crossing)>) -> String {
    match (at, interval) {
        (Crossing::Below(ns), _) => format!("below {}", time(ns)),
        (Crossing::NotReached(_), _) => "not reached".into(),
        (Crossing::At(ns), None) => time(ns),
        (Crossing::At(ns), Some(interval)) => {
            let (scale, unit) = unit(ns);
            let ends = crossing_ends(ns, interval);
            if is_far(ns, interval) {
                format!("{} {ends}", time(ns))
            } else {
                format!("{} {ends} {unit}", digits(ns / scale))
            }
        }
    }
}

/// The same with its interval only where the figure says little by itself.
pub fn crossing_in_short(at: Crossing, interval: Option<(Crossing, Crossing)>) -> String {
    match (at, interval.filter(|&ends| says_little(ends))) {
        (Crossing::Below(_) | Crossing::NotReached(_), Some(ends)) => {
            crossing_parts(at, Some(ends)).to_string()
        }
        (_, ends) => crossing(at, ends),
    }
}

/// The same without its interval; where the figure says little by itself, only the ends: `3.58 µs`, `1.7–721 µs`.
pub fn crossing_or_range(at: Crossing, interval: Option<(Crossing, Crossing)>) -> String {
    far_range(interval).unwrap_or_else(|| crossing(at, None))
}

/// The ends of the interval of a threshold's place where the figure says little by itself.
fn far_range(interval: Option<(Crossing, Crossing)>) -> Option<String> {
    interval.filter(|&ends| says_little(ends)).map(crossing_range)
}

/// The same in two digits: `3.6 µs`, `<310 ns`, `>51.3 µs`; where the figure says little by itself, only the ends: `1.7–721 µs`.
pub fn rough_crossing(at: Crossing, interval: Option<(Crossing, Crossing)>) -> String {
    let ends = interval.and_then(|(low, high)| Some((low.value()?, high.value()?)));
    let interval_ns = ends.map(|(low, high)| Interval { low, high });
    far_range(interval).unwrap_or_else(|| match at {
        Crossing::At(value) => measured_time(Estimate { value, interval: interval_ns }),
        _ => signed(at, time),
    })
}

/// Whether the ends of the interval of a threshold's place are [`FAR_APART`], or it has no far end.
fn says_little((low, high): (Crossing, Crossing)) -> bool {
    match (low, high) {
        (Crossing::NotReached(_), _) | (_, Crossing::Below(_)) => false,
        (_, Crossing::NotReached(_)) => true,
        (Crossing::Below(near) | Crossing::At(near), Crossing::At(far)) => far > FAR_APART * near,
    }
}

/// The same in microseconds, without the unit: `3.58`, `<0.31`, `>51.3`, `1.7–721`.
pub fn crossing_in_microseconds(at: Crossing, interval: Option<(Crossing, Crossing)>) -> String {
    let two_digits = |end| signed(end, |ns| rough(ns / 1e3, ns / 1e3));
    match (at, interval) {
        (_, Some((low, high))) if says_little((low, high)) => {
            format!("{}{JOINT}{}", two_digits(low), two_digits(high))
        }
        _ => signed(at, |ns| digits(ns / 1e3)),
    }
}

/// `1.7–721 µs`, `630 ns–2.0 ms` or, with an end off the measured sizes, `0.63–>24 µs`.
fn crossing_range((low, high): (Crossing, Crossing)) -> String {
    let (Crossing::Below(far) | Crossing::At(far) | Crossing::NotReached(far)) = high;
    format!("{}{JOINT}{}", signed(low, |ns| near_end(ns, far)), signed(high, |ns| rough_time(ns, ns)))
}

/// With `<` or `>` where it lies off the measured sizes.
fn signed(at: Crossing, show: impl Fn(f64) -> String) -> String {
    match at {
        Crossing::Below(ns) => format!("<{}", show(ns)),
        Crossing::At(ns) => show(ns),
        Crossing::NotReached(ns) => format!(">{}", show(ns)),
    }
}

/// Two times in two digits: `1.7–721 µs`, `630 ns–2.0 ms`.
fn time_range(low: f64, high: f64) -> String {
    format!("{}{JOINT}{}", near_end(low, high), rough_time(high, high))
}

/// The near end of a range in two digits, without its unit if that of the far one leaves a tenth of it.
fn near_end(ns: f64, far: f64) -> String {
    if ns / unit(far).0 < 0.1 { rough_time(ns, ns) } else { two_digits_beside(ns, far) }
}

/// Whether an end of the interval of a threshold's place is ten thousand or more of the unit that suits a time, or a
/// hundredth of one: each figure then has a unit of its own.
fn is_far(ns: f64, (low, high): (Crossing, Crossing)) -> bool {
    let scale = unit(ns).0;
    let ns = |(Crossing::Below(ns) | Crossing::At(ns) | Crossing::NotReached(ns))| ns;
    [low, high].into_iter().any(|end| !(0.01..9_999.5).contains(&(ns(end) / scale)))
}

/// The interval of a threshold's place in the unit that suits a time: `[790, >860]`, or with units of their own:
/// `[790 ns, >150 µs]`.
fn crossing_ends(ns: f64, (low, high): (Crossing, Crossing)) -> String {
    let scale = unit(ns).0;
    let (most, far) = (decimals(ns / scale), is_far(ns, (low, high)));
    let show = |end: f64| {
        let near = end / scale;
        if far { time(end) } else { format!("{near:.*}", most.min(decimals(near))) }
    };
    format!("[{}, {}]", signed(low, show), signed(high, show))
}

/// The same in its parts, with an interval off the sizes measured as well: `820 ns` and `[790, 860]`, or `not reached`
/// and `[5.10, >96.0] µs`.
pub fn crossing_parts(at: Crossing, interval: Option<(Crossing, Crossing)>) -> Quantity {
    let ends = interval.map_or(String::new(), |interval| match at {
        Crossing::At(ns) => crossing_ends(ns, interval),
        Crossing::Below(_) if matches!(interval.1, Crossing::Below(_)) => String::new(),
        Crossing::NotReached(_) if matches!(interval.0, Crossing::NotReached(_)) => String::new(),
        Crossing::Below(ns) | Crossing::NotReached(ns) => {
            let unit = if is_far(ns, interval) { "" } else { unit(ns).1 };
            format!("{} {unit}", crossing_ends(ns, interval)).trim_end().to_owned()
        }
    });
    Quantity { value: crossing(at, None), interval: ends, unit: String::new() }
}

/// Nanoseconds in the unit that suits a time, and its name.
fn unit(ns: f64) -> (f64, &'static str) {
    let units = [(1.0, "ns"), (1e3, "µs"), (1e6, "ms")];
    units.into_iter().find(|(scale, _)| ns / scale < 999.5).unwrap_or((1e9, "s"))
}

/// The value as `show` has it, and the ends of its interval with as many decimals as its three digits have.
fn bracketed(estimate: Estimate, show: fn(f64) -> String) -> Quantity {
    let decimals = decimals(estimate.value);
    let interval =
        estimate.interval.map(|ends| format!("[{:.decimals$}, {:.decimals$}]", ends.low, ends.high));
    Quantity { value: show(estimate.value), interval: interval.unwrap_or_default(), unit: String::new() }
}

/// A time given in nanoseconds in microseconds, however long it is: `0.349 µs`.
pub fn microseconds(ns: f64) -> String {
    format!("{} µs", digits(ns / 1e3))
}

/// A time given in nanoseconds with the digits that its repetitions bear out: `1.5 s` where they are a tenth of a second
/// apart.
pub fn rough_time(ns: f64, apart: f64) -> String {
    let (scale, unit) = unit(ns);
    format!("{} {unit}", rough(ns / scale, apart / scale))
}

/// A time given in nanoseconds with two digits and without its unit, which is that of another time: `0.62` beside 76 ms.
pub fn two_digits_beside(ns: f64, other: f64) -> String {
    let value = ns / unit(other).0;
    rough(value, value)
}

/// A time given in nanoseconds with the digits that its interval bears out; where it says little by itself, only the ends of that.
pub fn measured_time(ns: Estimate) -> String {
    match far_apart(ns) {
        Some(ends) => time_range(ends.low, ends.high),
        None => rough_time(ns.value, width(ns)),
    }
}

/// A time given in nanoseconds in three digits; where it says little by itself, only the ends of its interval.
pub fn time_in_short(ns: Estimate) -> String {
    far_apart(ns).map_or_else(|| time(ns.value), |ends| time_range(ends.low, ends.high))
}

/// A ratio with the digits that its interval bears out, two decimals at most: `1.02`, `12`, `12,000`; where it says little by
/// itself, only the ends of that: `0.52–2.1`.
pub fn ratio(ratio: Estimate) -> String {
    const MOST_DECIMALS: usize = 2;
    if let Some(ends) = far_apart(ratio) {
        return format!("{}{JOINT}{}", rough(ends.low, ends.low), rough(ends.high, ends.high));
    }
    if ratio.value >= 99.5 {
        let step = 10f64.powi(rounded_magnitude(ratio.value) - 1);
        return grouped(((ratio.value / step).round() * step) as usize);
    }
    let figure = rough(ratio.value, width(ratio));
    let decimals = figure.split('.').nth(1).map_or(0, str::len);
    if decimals > MOST_DECIMALS { format!("{:.MOST_DECIMALS$}", ratio.value) } else { figure }
}

/// The interval, where its ends are so many times apart that the figure between them says little.
fn far_apart(estimate: Estimate) -> Option<Interval> {
    estimate.interval.filter(|ends| ends.high > FAR_APART * ends.low)
}

/// How far the ends of an interval are apart; 0 without one.
fn width(estimate: Estimate) -> f64 {
    estimate.interval.map_or(0.0, |ends| ends.high - ends.low)
}

/// Memory given in bytes, with as many digits.
pub fn rough_memory(bytes: f64, apart: f64) -> String {
    let (scale, unit) = if bytes < 999.5e6 { (1e6, "MB") } else { (1e9, "GB") };
    format!("{} {unit}", rough(bytes / scale, apart / scale))
}

/// A count, with as many digits and commas.
pub fn rough_count(count: f64, apart: f64) -> String {
    let step = if apart >= 20.0 { 10f64.powi((apart / 2.0).log10().floor() as i32) } else { 1.0 };
    grouped(((count / step).round() * step) as usize)
}

/// Three significant digits, or two: the last is where half of what repetitions are apart has its first.
fn rough(value: f64, apart: f64) -> String {
    let most = decimals(value);
    let half = apart / 2.0;
    let borne_out = if half > 0.0 { (-half.log10().floor()).clamp(0.0, 9.0) as usize } else { most };
    format!("{value:.*}", borne_out.clamp(most.saturating_sub(1), most))
}

/// A whole number with commas: `10,000`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// Memory given in bytes, in MB, or from 1000 of them in GB: `84.2 MB`.
pub fn memory(bytes: f64) -> String {
    if bytes < 999.5e6 {
        format!("{} MB", digits(bytes / 1e6))
    } else {
        format!("{} GB", digits(bytes / 1e9))
    }
}

/// A ratio of three digits, such as `1.93×` or `15,000×`.
pub fn times(ratio: f64) -> String {
    const THREE_DIGITS: f64 = 999.5;
    if ratio < THREE_DIGITS {
        return format!("{}×", digits(ratio));
    }
    let step = 10f64.powi(rounded_magnitude(ratio) - 2);
    format!("{}×", grouped(((ratio / step).round() * step) as usize))
}

/// A ratio with its interval: `1.93× [1.90, 1.96]`.
pub fn times_estimate(ratio: Estimate) -> Quantity {
    bracketed(ratio, times)
}

/// A ratio, with its interval only where it says little by itself.
pub fn times_in_short(ratio: Estimate) -> String {
    times_estimate(Estimate { interval: far_apart(ratio), ..ratio }).to_string()
}

/// A ratio as a change in percent with its interval: `+5.1 % [+4.2, +6.0]`.
pub fn change(ratio: Estimate) -> Quantity {
    let in_percent = |ratio: f64| format!("{:+.1}", (ratio - 1.0) * 100.0);
    let ends = ratio.interval.map(|ends| format!("[{}, {}]", in_percent(ends.low), in_percent(ends.high)));
    Quantity {
        value: format!("{} %", in_percent(ratio.value)),
        interval: ends.unwrap_or_default(),
        unit: String::new(),
    }
}

/// A fraction in percent: `98 %`, below ten with one decimal, `4.2 %`.
pub fn percent(fraction: f64) -> String {
    let percent = 100.0 * fraction;
    let decimals = usize::from(percent.abs() < 9.95);
    format!("{percent:.decimals$} %")
}

/// Three significant digits without an exponent; whole numbers from 1000 on keep all of theirs.
pub fn digits(value: f64) -> String {
    format!("{value:.*}", decimals(value))
}

fn decimals(value: f64) -> usize {
    let magnitude = if value == 0.0 { 0 } else { rounded_magnitude(value) };
    (2 - magnitude).clamp(0, 9) as usize
}

/// Power of ten of the first digit after rounding to three digits: 0 for 1 and for 9.99, 1 for 9.995.
fn rounded_magnitude(value: f64) -> i32 {
    let magnitude = value.abs().log10().floor() as i32;
    let rounds_up = value.abs() / 10f64.powi(magnitude) >= 9.995;
    magnitude + i32::from(rounds_up)
}

/// A list of names; of more than four only the first three: `a, b, c and 17 more`.
pub fn joined(names: &[impl AsRef<str>]) -> String {
    let shown = if names.len() > LISTED + 1 { LISTED } else { names.len() };
    let listed: Vec<_> = names[..shown].iter().map(AsRef::as_ref).collect();
    match names.len() - shown {
        0 => listed.join(", "),
        rest => format!("{} and {rest} more", listed.join(", ")),
    }
}

/// A list of names; of more than so many only the first ones, and how many there are besides.
pub fn listed(names: &[impl AsRef<str>], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
pub fn all_of(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names[..] {
        [ref names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        _ => names.concat(),
    }
}

/// The same of many, of whom only so many are named: `a, b and 17 more`.
pub fn some_of(names: &[impl AsRef<str>], most: usize) -> String {
    if names.len() > most { listed(names, most) } else { all_of(names) }
}

/// A count and its noun: `1 core`, `1,024 cores`.
pub fn plural(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Where something ran: `2 cores`, or with a number of workers and what joins the two, `2 cores, 100 workers`.
pub fn place(cores: usize, workers: Option<usize>, joint: &str) -> String {
    let workers = workers.map(|workers| format!("{joint}{}", plural(workers, "worker")));
    plural(cores, "core") + &workers.unwrap_or_default()
}
