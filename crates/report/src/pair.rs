//! What was measured side by side, as text and as JSON.

use centurion_findings::compare::ChangeVerdict;
use centurion_findings::{FEWEST_PAIRS, SideBySide};
use centurion_stats::Estimate;
use serde_json::{Value, json};

use crate::units::{change, percent, plural, time};
use crate::wording::{asked, change_verdict};
use crate::write::terminal::clean;

/// What was measured, beside what it says.
#[derive(Debug, Clone, Copy)]
pub struct MeasuredPair<'a> {
    /// What both executed.
    pub of: &'a str,
    /// What the two are called; changes are seen from the first.
    pub names: [&'a str; 2],
    /// Executions in a sample of each.
    pub executions: [u64; 2],
    /// Seconds that the pairs took.
    pub seconds: f64,
}

/// The sentence, and what it rests on.
pub fn text(measured: MeasuredPair<'_>, found: &SideBySide) -> String {
    let MeasuredPair { names, executions, seconds, .. } = measured;
    let names = names.map(clean);
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("change".len());
    let line = |name: &str, text: &str| format!("  {name:<width$}  {text}\n");
    let side = |side: usize| {
        let samples = plural(executions[side] as usize, "execution");
        line(&names[side], &format!("{}, the median; a sample is {samples}", time(found.times_ns[side])))
    };
    let confidence = asked(1.0 - found.rules.alarms);
    let by = found.change.map(|ratio| line("change", &format!("{}, {confidence} confidence", change(ratio))));
    let left_out = match found.left_out {
        0 => "none left out as an outlier".into(),
        1 => "1 left out as an outlier".into(),
        some => format!("{some} left out as outliers"),
    };
    let pairs = line("pairs", &format!("{} in {seconds:.1} s, {left_out}", found.pairs));
    let seen = found.detectable.map(|least| {
        let seen = format!("{} would be found 19 times in 20", percent(least));
        line("seen", &format!("{seen}; a change counts from {}", asked(found.rules.least)))
    });
    [
        sentence(&clean(measured.of), &names, found) + "\n",
        by.unwrap_or_default(),
        side(0),
        side(1),
        pairs,
        seen.unwrap_or_default(),
    ]
    .concat()
}

fn sentence(of: &str, [base, now]: &[String; 2], found: &SideBySide) -> String {
    let Some(ratio) = found.change else {
        return format!(
            "inconclusive: on {of}, {now} against {base}: {FEWEST_PAIRS} pairs are needed; give more seconds"
        );
    };
    let size = percent((ratio.value - 1.0).abs());
    match found.verdict {
        ChangeVerdict::Regression => format!("slower: on {of}, {now} takes {size} more time than {base}"),
        ChangeVerdict::Improvement => format!("faster: on {of}, {now} takes {size} less time than {base}"),
        ChangeVerdict::Equivalent => {
            format!("equivalent within {}: on {of}, {now} and {base}", asked(found.rules.least))
        }
        _ => {
            format!("inconclusive: on {of}, {now} against {base}; four times the seconds halve the interval")
        }
    }
}

/// Why the two can't be compared.
pub fn not_comparable(reason: &str) -> String {
    change_verdict(&ChangeVerdict::NotComparable(reason.to_owned()))
}

/// The same as JSON.
pub fn json_not_comparable(reason: &str) -> Value {
    json!({ "verdict": not_comparable(reason) })
}

/// What was measured and what it says as one JSON object: fractions, nanoseconds and seconds.
pub fn json(measured: MeasuredPair<'_>, found: &SideBySide) -> Value {
    let side = |side: usize| {
        json!({
            "name": measured.names[side],
            "median_ns": found.times_ns[side],
            "executions_per_sample": measured.executions[side],
        })
    };
    json!({
        "of": measured.of,
        "verdict": change_verdict(&found.verdict),
        "ratio": found.change.map(|ratio: Estimate| json!({
            "value": ratio.value,
            "low": ratio.interval.map(|ends| ends.low),
            "high": ratio.interval.map(|ends| ends.high),
        })),
        "confidence": 1.0 - found.rules.alarms,
        "margin": found.rules.least,
        "base": side(0),
        "now": side(1),
        "pairs": found.pairs,
        "left_out": found.left_out,
        "detectable": found.detectable,
        "seconds": measured.seconds,
    })
}

#[cfg(test)]
mod tests {
    use centurion_findings::compare::Rules;

    use super::*;

    const MEASURED: MeasuredPair<'_> =
        MeasuredPair { of: "grain-64", names: ["std-counter", "rayon"], executions: [5, 5], seconds: 1.0 };

    fn found(count: usize, factor: f64, noise: f64) -> SideBySide {
        let pair = |at: usize| [1e6, 1e6 * factor * (1.0 + noise * [-1.0, 0.2, 1.0, -0.2][at % 4])];
        let mut pairs: Vec<[f64; 2]> = (0..count).map(pair).collect();
        if let Some(last) = pairs.last_mut() {
            last[1] *= 2.0;
        }
        SideBySide::new(&pairs, Rules { least: 0.01, alarms: 0.01 })
    }

    #[test]
    fn the_sentence_says_what_was_shown_and_the_lines_what_it_rests_on() {
        let expected = "\
slower: on grain-64, rayon takes 5.0 % more time than std-counter
  change       +5.0 % [+4.8, +5.2], 99 % confidence
  std-counter  1.00 ms, the median; a sample is 5 executions
  rayon        1.05 ms, the median; a sample is 5 executions
  pairs        40 in 1.0 s, 1 left out as an outlier
  seen         1.1 % would be found 19 times in 20; a change counts from 1 %
";
        assert_eq!(text(MEASURED, &found(40, 1.05, 0.005)), expected);
    }

    #[test]
    fn every_verdict_has_its_sentence() {
        let first = |count, factor, noise| {
            let text = text(MEASURED, &found(count, factor, noise));
            text.lines().next().unwrap_or_default().to_owned()
        };
        assert_eq!(first(40, 0.9, 0.01), "faster: on grain-64, rayon takes 10 % less time than std-counter");
        assert_eq!(first(40, 1.0, 0.005), "equivalent within 1 %: on grain-64, rayon and std-counter");
        assert!(first(40, 1.0, 0.2).ends_with("; four times the seconds halve the interval"));
        assert!(
            first(3, 1.0, 0.0).ends_with("rayon against std-counter: 10 pairs are needed; give more seconds")
        );
        assert_eq!(not_comparable("answers differ"), "not comparable: answers differ");
    }

    #[test]
    fn json_has_the_project_s_words() {
        let json = json(MEASURED, &found(40, 1.05, 0.005));
        assert_eq!((&json["verdict"], &json["now"]["name"]), (&"regression".into(), &"rayon".into()));
        assert_eq!((&json["pairs"], &json["left_out"]), (&40.into(), &1.into()));
        assert_eq!(super::json(MEASURED, &found(0, 1.0, 0.0))["ratio"], Value::Null);
    }

    #[test]
    fn names_from_outside_move_no_cursor() {
        let evil = MeasuredPair { names: ["\u{1b}[2Jold", "new"], of: "a\u{7}b", ..MEASURED };
        assert!(!text(evil, &found(40, 1.05, 0.005)).contains(['\u{1b}', '\u{7}']));
    }
}
