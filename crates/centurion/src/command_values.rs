//! Values of options of commands, each held against what can be meant by it.

use std::time::Duration;

use centurion_commands::{HaltRule, HaltShare, TimeLimit};

/// More attempts than anybody waits for.
const MOST_RETRIES: u32 = 1_000;

/// `30s`, or `300%` of the median.
pub(crate) fn of_limit(text: &str) -> Result<TimeLimit, String> {
    let meant = "give a time, such as 30s, 500ms, 5m or 1h, or so many percent of the median time, more than 100%: 300% is \
                 three times the median";
    match text.strip_suffix('%') {
        None => of_time(text).map(TimeLimit::Fixed).ok_or_else(|| meant.to_owned()),
        Some(percent) => match number(percent) {
            Some(percent) if percent > 100.0 && percent <= 1e6 => Ok(TimeLimit::OfMedian(percent / 100.0)),
            _ => Err(meant.to_owned()),
        },
    }
}

/// A positive time of at most a year; a number by itself is seconds.
fn of_time(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    let seconds = number(digits)? * unit;
    (1e-3..=31_536_000.0).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

pub(crate) fn of_retries(text: &str) -> Result<u32, String> {
    let retries = text.parse().ok().filter(|&retries| retries <= MOST_RETRIES);
    retries.ok_or_else(|| format!("give a number from 0 to {MOST_RETRIES}"))
}

/// `soon,fail=3` or `now,fail=10%`.
pub(crate) fn of_halt(text: &str) -> Result<HaltRule, String> {
    let read = || {
        let (when, failures) = text.split_once(",fail=")?;
        let now = match when {
            "now" => true,
            "soon" => false,
            _ => return None,
        };
        let at = match failures.strip_suffix('%') {
            Some(_) => HaltShare::Share(of_share(failures).ok().filter(|&share| share > 0.0)?),
            None => HaltShare::Count(failures.parse().ok().filter(|&count| count > 0)?),
        };
        Some(HaltRule { now, at })
    };
    read().ok_or_else(|| {
        "give soon or now and a number or share of failures, such as soon,fail=3 or now,fail=10%".into()
    })
}

/// A number of bytes: `4096`, `500k`, `64M`, `1G`.
pub(crate) fn of_bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(['k', 'K', 'M', 'G']);
    let unit = match &text[digits.len()..] {
        "" => Some(1),
        "k" | "K" => Some(1_000),
        "M" => Some(1_000_000),
        "G" => Some(1_000_000_000),
        _ => None,
    };
    let bytes = digits.parse::<u64>().ok().zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    bytes
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "give a number of bytes such as 4096, 500k, 64M or 1G".into())
}

/// A share in percent, with its sign or without.
pub(crate) fn of_share(text: &str) -> Result<f64, String> {
    let percent =
        number(text.strip_suffix('%').unwrap_or(text)).filter(|percent| (0.0..=100.0).contains(percent));
    percent.map(|percent| percent / 100.0).ok_or_else(|| "give a share from 0% to 100%".into())
}

/// A number that is one, without a sign.
fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit());
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_time_or_a_share_of_the_median() {
        let fixed = |milliseconds| Ok(TimeLimit::Fixed(Duration::from_millis(milliseconds)));
        assert_eq!(
            [of_limit("30s"), of_limit("1.5"), of_limit("5m")],
            [fixed(30_000), fixed(1_500), fixed(300_000)]
        );
        assert_eq!([of_limit("500ms"), of_limit("1h")], [fixed(500), fixed(3_600_000)]);
        assert_eq!(of_limit("300%"), Ok(TimeLimit::OfMedian(3.0)));
        for text in ["", "0", "-1s", "nan", "inf", "1d", "s", "50%", "%", "1e30%", "30 s", "1e300h"] {
            assert!(of_limit(text).is_err(), "{text}");
        }
    }

    #[test]
    fn halting_is_soon_or_now_after_a_number_or_a_share() {
        assert_eq!(of_halt("soon,fail=3"), Ok(HaltRule { now: false, at: HaltShare::Count(3) }));
        assert_eq!(of_halt("now,fail=10%"), Ok(HaltRule { now: true, at: HaltShare::Share(0.1) }));
        for text in
            ["", "now", "later,fail=1", "soon,fail=0", "soon,fail=0%", "soon,fail=-1", "now,fail=101%"]
        {
            assert!(of_halt(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_and_shares_are_what_can_be_meant() {
        assert_eq!(
            [of_bytes("4096"), of_bytes("500k"), of_bytes("1G")],
            [Ok(4_096), Ok(500_000), Ok(1_000_000_000)]
        );
        assert!(["0", "", "M", "1T", "1MM", "99999999999G"].iter().all(|text| of_bytes(text).is_err()));
        assert_eq!([of_share("95%"), of_share("95"), of_share("0")], [Ok(0.95), Ok(0.95), Ok(0.0)]);
        assert!(["101%", "nan", "-1", ""].iter().all(|text| of_share(text).is_err()));
        assert!(of_retries("-1").is_err() && of_retries("1001").is_err() && of_retries("3") == Ok(3));
    }
}
