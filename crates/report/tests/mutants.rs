//! Whatever the reader accepts can be shown, rendered and compared: soon, without a panic, and without a figure that is
//! no number. Small records are damaged at random, by a seed, and everything that reads records gets what is left.
//!
//! `CENTURION_MUTANTS=1000000` tries so many, from the seed in `CENTURION_MUTANTS_SEED`.

#[path = "mutants/damage.rs"]
mod damage;
#[path = "mutants/small.rs"]
mod small;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use centurion_findings::compare::{Comparison, Rules};
use centurion_record::Record;
use centurion_report::{compare, files, index, terminal};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Tried where nothing else is asked for.
const FEW: u64 = 20;

/// The most CPU time that a mutant may take of its readers, in an optimised build.
const LONGEST: Duration = Duration::from_secs(2);

fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn whatever_is_accepted_is_shown_rendered_and_compared() {
    let (count, seed) = (variable("CENTURION_MUTANTS", FEW), variable("CENTURION_MUTANTS_SEED", 1));
    let original = small::record();
    let base = Record::parse(&original.to_string(), "base").expect("the record that is damaged is whole");
    use_up(&base, &base, 80);
    let (mut accepted, mut broken) = (0, Vec::new());
    let mut slowest = (Duration::ZERO, 0);
    for number in seed..seed + count {
        let text = mutant(&original, number);
        let (is_accepted, took) = try_out(&text, &base, number);
        accepted += u64::from(is_accepted.unwrap_or(true));
        slowest = slowest.max((took, number));
        if is_accepted.is_none() {
            keep(&text, number);
            broken.push(number);
        }
    }
    println!("{count} mutants, {accepted} accepted; the slowest, {}, took {:?}", slowest.1, slowest.0);
    assert!(broken.is_empty(), "these broke their readers, see above: {broken:?}");
    assert!(accepted > count / 10, "only {accepted} of {count} were accepted");
    let longest = if cfg!(debug_assertions) { 30 * LONGEST } else { LONGEST };
    assert!(slowest.0 < longest, "mutant {} took {:?}", slowest.1, slowest.0);
    assert!(peak_mebibytes() < 1024, "it took {} MiB", peak_mebibytes());
}

/// The text of a mutant: the same for the same number.
fn mutant(original: &serde_json::Value, number: u64) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(number);
    let mut record = original.clone();
    for _ in 0..=random.next_u32() % 3 {
        damage::record(&mut record, &mut random);
    }
    let text = record.to_string();
    if random.next_u32().is_multiple_of(8) { damage::bytes(&text, &mut random) } else { text }
}

/// Whether the reader accepted it, `None` where something panicked, and the CPU time of it all.
fn try_out(text: &str, base: &Record, number: u64) -> (Option<bool>, Duration) {
    let begun = cpu_time();
    let readers = || match Record::parse(text, "mutant") {
        Ok(record) => {
            use_up(&record, base, 40 + (number % 161) as usize);
            true
        }
        Err(error) => {
            let error = error.to_string();
            assert!(error.starts_with("read mutant") && error.len() < 4_000, "{error}");
            false
        }
    };
    let accepted = catch_unwind(AssertUnwindSafe(readers)).ok();
    (accepted, cpu_time().saturating_sub(begun))
}

/// Puts the text of a mutant where it can be looked at.
#[expect(clippy::disallowed_methods, reason = "a test writes what it found")]
fn keep(text: &str, number: u64) {
    let path = format!("{}/mutant-{number}.json", env!("CARGO_TARGET_TMPDIR"));
    let written = std::fs::write(&path, text);
    println!("{path}: {written:?}");
}

/// Everything that is made of records.
fn use_up(record: &Record, base: &Record, width: usize) {
    let text = record.to_text();
    let again = Record::parse(&text, "again").expect("what was read and written is read again");
    assert_eq!(again.to_text(), text, "what is written is read as it was");
    check_text("terminal", &terminal(record, Some(width), width.is_multiple_of(2)));
    check_text("index", &index(&[("machine", record), ("other", base)]));
    for (path, text) in files(record, Some(base)) {
        let is_data = ["results.json", "executions.json", "environment.json"].contains(&&*path);
        if !is_data {
            check_text(&path, &text);
        }
    }
    for (one, other) in [(base, record), (record, base)] {
        for comparison in [Comparison::new, Comparison::with_paired_rounds] {
            let comparison = comparison(one, other, Rules::default());
            check_text("table", &compare::table(&comparison, true, None));
            check_text("markdown", &compare::markdown(&comparison));
            check_text("json", &compare::json(&comparison, comparison.gate()).to_string());
        }
    }
}

/// No figure in it is no number.
fn check_text(what: &str, text: &str) {
    // The script of the page sorts what is not reached last.
    let text = text.replace("return Infinity;", "");
    let no_number = text
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| ["nan", "inf", "infinity"].iter().any(|bad| word.eq_ignore_ascii_case(bad)));
    let near = no_number.map(|word| {
        let place = word.as_ptr() as usize - text.as_ptr() as usize;
        let from = text[..place].char_indices().rev().nth(60).map_or(0, |(start, _)| start);
        text[from..].chars().take(120).collect::<String>()
    });
    assert_eq!(near, None, "{what} has a figure that is no number");
}

/// What this thread took of a CPU, however busy the machine is; 0 where the system does not say.
#[expect(clippy::disallowed_methods, reason = "a file of the system says it")]
fn cpu_time() -> Duration {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(times.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(0))
}

/// The most memory that this process had; 0 where the system does not say.
#[expect(clippy::disallowed_methods, reason = "a file of the system says it")]
fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
