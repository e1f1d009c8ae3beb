//! Answers: what a line says, and whether it is right.

use serde_json::{Number, Value};

use crate::scenario::text;
use crate::{Scenario, long_numbers};

/// The answer in the last line that an agent printed: JSON if it is, otherwise text. An object with the id of the
/// scenario holds it as its `answer`, as that of a persistent worker does, so that one program can be run as both.
pub(crate) fn answer(line: &str, scenario: &Scenario) -> Value {
    let value = serde_json::from_str(&long_numbers::as_text(line)).unwrap_or_else(|_| line.into());
    echoed(&value, scenario).cloned().unwrap_or(value)
}

/// The answer in an object that echoes the scenario's id.
pub(crate) fn echoed<'a>(value: &'a Value, scenario: &Scenario) -> Option<&'a Value> {
    value.get("id").filter(|id| text(id) == scenario.name)?;
    value.get("answer")
}

/// Whether two values are the same answer: numbers by value, and where one of them is text, by how they are written.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(_), _) | (_, Value::String(_)) => text(one) == text(other),
        (one, other) => is_equal(one, other),
    }
}

/// Whether two values are equal, with numbers by value also in what they hold.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => is_as_much(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_there = |(key, one)| other.get(key).is_some_and(|other| is_equal(one, other));
            one.len() == other.len() && one.iter().all(is_there)
        }
        (one, other) => one == other,
    }
}

/// Whole numbers are compared digit by digit: two that are not the same may be as floats.
fn is_as_much(one: &Number, other: &Number) -> bool {
    one == other || whole(one).is_some_and(|one| whole(other) == Some(one))
}

fn whole(number: &Number) -> Option<i128> {
    let float = || number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e38);
    number.as_i128().or_else(|| float().map(|float| float as i128))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_json_if_it_can_be() {
        let scenario = Scenario::with_number(7);
        assert_eq!(answer("42", &scenario), json!(42));
        assert_eq!(answer("Paris, France", &scenario), json!("Paris, France"));
        assert_eq!(answer(r#"{"id": 7, "answer": [1]}"#, &scenario), json!([1]));
        assert_eq!(answer(r#"{"id": 8, "answer": 1}"#, &scenario), json!({"id": 8, "answer": 1}));
        assert_eq!(answer(r#"{"id": 7}"#, &scenario), json!({"id": 7}));
    }

    #[test]
    fn answers_are_the_same_by_value_not_by_type() {
        assert!(is_same(&json!(42), &json!(42.0)) && is_same(&json!("42"), &json!(42)));
        assert!(is_same(&json!([1, "a"]), &json!([1, "a"])) && is_same(&json!(null), &json!(null)));
        assert!(!is_same(&json!(42), &json!(43)) && !is_same(&json!("a"), &json!("b")));
        assert!(!is_same(&json!([1]), &json!([2])) && !is_same(&json!(u64::MAX), &json!(1)));
        assert!(
            is_same(&json!({"a": [1, 2.0]}), &json!({"a": [1.0, 2]})) && is_same(&json!(-0.0), &json!(0))
        );
        assert!(!is_same(&json!({"a": 1}), &json!({"a": 1, "b": 2})) && !is_same(&json!(["1"]), &json!([1])));
    }

    #[test]
    fn numbers_that_are_the_same_only_when_rounded_are_different_answers() {
        let odd = 9_007_199_254_740_993_u64; // no float is that
        assert!(!is_same(&json!(odd), &json!(odd - 1)) && !is_same(&json!(odd), &json!(odd as f64)));
        assert!(is_same(&json!(odd - 1), &json!((odd - 1) as f64)) && is_same(&json!(odd), &json!(odd)));
        let scenario = Scenario::with_number(7);
        let said = |line| answer(line, &scenario);
        assert!(!is_same(&said("12345678901234567890123"), &said("12345678901234567890124")));
        assert_eq!(
            said("{\"id\": 7, \"answer\": 12345678901234567890123}"),
            json!("12345678901234567890123")
        );
    }
}
