//! Numbers in words: three significant digits everywhere.

/// Names listed before the rest is only counted.
const LISTED: usize = 3;

/// A time given in nanoseconds, in the largest of ns, µs, ms and s that leaves at least 1.
///
/// ```
/// use centurion_report::units::time;
/// assert_eq!(time(1_234_567.0), "1.23 ms");
/// ```
pub fn time(ns: f64) -> String {
    let scales = [(1.0, "ns"), (1e3, "µs"), (1e6, "ms")];
    let scale = scales.into_iter().find(|(scale, _)| ns / scale < 999.5);
    let (scale, unit) = scale.unwrap_or((1e9, "s"));
    format!("{} {unit}", digits(ns / scale))
}

/// A ratio, such as `1.93×`.
pub fn times(ratio: f64) -> String {
    format!("{}×", digits(ratio))
}

/// A fraction in percent: `98 %`, below ten with one decimal, `4.2 %`.
pub fn percent(fraction: f64) -> String {
    let percent = 100.0 * fraction;
    let decimals = usize::from(percent.abs() < 9.95);
    format!("{percent:.decimals$} %")
}

/// Three significant digits without an exponent; whole numbers from 1000 on keep all of theirs.
pub fn digits(value: f64) -> String {
    let magnitude = if value == 0.0 { 0 } else { rounded_magnitude(value) };
    let decimals = (2 - magnitude).clamp(0, 9) as usize;
    format!("{value:.decimals$}")
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
