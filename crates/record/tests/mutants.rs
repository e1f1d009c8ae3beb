//! Whatever is done to the text of a record, reading it ends soon, in a record that can be written or in an error.
//!
//! A short run is part of every test run. A long one, from the seed in `CENTURION_MUTANTS_SEED` if that is set:
//! `CENTURION_MUTANTS=1000000 cargo test --release -p centurion-record --test mutants -- --nocapture`

use centurion_record::{Record, RecordError};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

const SEED: u64 = 42;
/// Mutants of each kind in a short run.
const FEW: u64 = 300;
/// Longest time in seconds for one mutant, on a busy machine.
const SOON: u64 = 2;

fn variable(name: &str, otherwise: u64) -> u64 {
    let asked = std::env::var(name).ok().filter(|asked| !asked.is_empty());
    asked.map_or(otherwise, |asked| asked.parse().unwrap_or_else(|_| panic!("{name} is no number: {asked}")))
}

/// A small record with one of everything.
fn text() -> &'static str {
    include_str!("one-of-everything.json")
}

/// The same of the schema before, which is still read.
fn older_text() -> &'static str {
    include_str!("schema-2.json")
}

/// Reads a mutant; what is read can be written, and reads back as the same.
fn try_mutant(text: &str, what: &str) -> bool {
    let begun = clock();
    let read = Record::parse(text, "mutant.json");
    let accepted = match &read {
        Ok(record) => {
            let written = record.to_text();
            let again =
                Record::parse(&written, "mutant.json").unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(again.to_text(), written, "{what}");
            true
        }
        Err(error) => {
            let error = error.to_string();
            assert!(error.starts_with("read mutant.json") && error.len() < 8_000, "{what}: {error}");
            false
        }
    };
    assert!(begun.elapsed().as_secs() < SOON, "{what} took {:?}", begun.elapsed());
    accepted
}

#[expect(clippy::disallowed_methods, reason = "a stall is what is looked for")]
fn clock() -> std::time::Instant {
    std::time::Instant::now()
}

/// Tries mutants and says how many there were.
fn try_many(kind: &str, mut mutant: impl FnMut(&mut ChaCha8Rng) -> String) {
    let (count, seed) = (variable("CENTURION_MUTANTS", FEW), variable("CENTURION_MUTANTS_SEED", SEED));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let accepted = (0..count)
        .filter(|number| try_mutant(&mutant(&mut random), &format!("{kind} mutant {number} of seed {seed}")))
        .count();
    println!("{count} {kind} mutants of seed {seed}, {accepted} of them accepted");
}

#[test]
fn the_record_itself_is_accepted() {
    assert!(try_mutant(text(), "the record") && try_mutant(older_text(), "the older record"));
}

#[test]
fn mutants_of_bytes() {
    try_many("byte", |random| {
        let mut bytes = text().as_bytes().to_vec();
        for _ in 0..random.random_range(1..=4) {
            let Some(last) = bytes.len().checked_sub(1) else { break };
            let at = random.random_range(0..=last);
            match random.random_range(0..4) {
                0 => bytes[at] = random.random(),
                1 => bytes[at] ^= 1 << random.random_range(0..7),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    });
}

#[test]
fn mutants_of_json() {
    let wholes = [text(), older_text()].map(|text| serde_json::from_str::<Value>(text).expect("it is JSON"));
    try_many("JSON", |random| {
        let mut value = wholes[random.random_range(0..wholes.len())].clone();
        for _ in 0..random.random_range(1..=3) {
            mutate(&mut value, random, odd_value);
        }
        value.to_string()
    });
}

#[test]
fn mutants_that_keep_every_type() {
    let whole: Value = serde_json::from_str(text()).expect("it is JSON");
    try_many("typed", |random| {
        let mut value = whole.clone();
        for _ in 0..random.random_range(1..=3) {
            mutate(&mut value, random, odd_of_its_type);
        }
        value.to_string()
    });
}

/// Changes something somewhere below.
fn mutate(value: &mut Value, random: &mut ChaCha8Rng, odd: fn(&Value, &mut ChaCha8Rng) -> Value) {
    let goes_on = random.random_range(0..8) > 0;
    match value {
        Value::Object(fields) if goes_on && !fields.is_empty() => {
            let place = random.random_range(0..fields.len());
            mutate(fields.values_mut().nth(place).expect("there are as many"), random, odd);
        }
        Value::Array(items) if goes_on && !items.is_empty() => {
            let place = random.random_range(0..items.len());
            mutate(&mut items[place], random, odd);
        }
        value => *value = odd(value, random),
    }
}

fn odd_value(value: &Value, random: &mut ChaCha8Rng) -> Value {
    let others = [Value::Null, json!(true), json!([]), json!({}), json!(1.5), json!([[[]]]), json!("x")];
    match random.random_range(0..2) {
        0 => others.choose(random).expect("there are some").clone(),
        _ => odd_of_its_type(value, random),
    }
}

fn odd_of_its_type(value: &Value, random: &mut ChaCha8Rng) -> Value {
    match value {
        Value::Bool(holds) => json!(!holds),
        Value::Null | Value::Number(_) => json!(odd_number(random)),
        Value::String(text) => json!(odd_text(text, random)),
        Value::Array(items) => Value::Array(shuffled(items, random)),
        Value::Object(fields) => Value::Object(without_one(fields, random)),
    }
}

fn odd_number(random: &mut ChaCha8Rng) -> u64 {
    const ODD: [u64; 14] = [
        0,
        1,
        2,
        3,
        7,
        255,
        65_537,
        4_294_967_295,
        4_294_967_296,
        1 << 53,
        (1 << 53) + 1,
        1 << 62,
        1 << 63,
        u64::MAX,
    ];
    match random.random_range(0..3) {
        0 => random.random(),
        _ => *ODD.choose(random).expect("there are some"),
    }
}

fn odd_text(text: &str, random: &mut ChaCha8Rng) -> String {
    match random.random_range(0..7) {
        0 => String::new(),
        1 => text.repeat(100_000 / text.len().max(1)),
        2 => format!("{text}/{text}"),
        3 => text.chars().rev().collect(),
        4 => format!("\u{202e}{text}\u{1b}[31m\n"),
        5 => ["serial", "rayon", "grain", "grain-64", "thinking", "grain/rayon/64-2c-2w", "-again"]
            .choose(random)
            .expect("there are some")
            .to_string(),
        _ => text.replacen(|c: char| c.is_ascii_digit(), "99999999999999999999", 1),
    }
}

/// Some items twice, some not at all.
fn shuffled(items: &[Value], random: &mut ChaCha8Rng) -> Vec<Value> {
    let length = random.random_range(0..=items.len() + 2);
    (0..length).filter_map(|_| items.choose(random).cloned()).collect()
}

fn without_one(fields: &Map<String, Value>, random: &mut ChaCha8Rng) -> Map<String, Value> {
    let gone = random.random_range(0..=fields.len());
    let kept = fields.iter().enumerate().filter(|(place, _)| *place != gone);
    kept.map(|(_, (name, value))| (name.clone(), value.clone())).collect()
}

/// Records of hostile sizes are refused before anything is made of them.
#[test]
fn what_would_make_readers_stall_is_refused() {
    let refused = |from: &str, to: &str| {
        assert!(text().contains(from), "{from}");
        let error = Record::parse(&text().replacen(from, to, 1), "mutant.json").expect_err(to);
        assert!(matches!(error, RecordError::Inconsistent { .. }), "{error}");
    };
    refused("\"agents\":3", "\"agents\":4294967296");
    refused("\"agents\":3", "\"agents\":4611686018427387904");
    refused("\"agents\":3", "\"agents\":0");
    refused("\"family\":\"grain\"", &format!("\"family\":\"{}\"", "g".repeat(100_000)));
}

#[test]
fn an_error_quotes_the_beginning_of_a_long_name_only() {
    let text =
        text().replacen("{\"id\":\"thinking/", &format!("{{\"id\":\"thinking/{}", "x".repeat(9_000)), 1);
    let error = Record::parse(&text, "mutant.json").expect_err("there is no such executor").to_string();
    assert!(error.contains("refers to the executor \"xxx") && error.len() < 1_000, "{error}");
}
