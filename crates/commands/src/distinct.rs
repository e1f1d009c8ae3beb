//! JSON in which no object has a key twice: of two values nobody knows which is meant.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A value whose objects have each key once.
pub(crate) struct Distinct(pub(crate) Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfDistinct)
    }
}

struct OfDistinct;

impl<'de> Visitor<'de> for OfDistinct {
    type Value = Distinct;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Distinct, E> {
        Ok(Distinct(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Distinct, E> {
        Ok(Distinct(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Distinct, E> {
        Ok(Distinct(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Distinct, E> {
        Ok(Distinct(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Distinct, E> {
        Ok(Distinct(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Distinct, E> {
        Ok(Distinct(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Distinct, A::Error> {
        let mut values = Vec::new();
        while let Some(Distinct(value)) = parts.next_element()? {
            values.push(value);
        }
        Ok(Distinct(values.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Distinct, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = parts.next_key::<String>()? {
            if fields.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} twice")));
            }
            let Distinct(value) = parts.next_value()?;
            fields.insert(key, value);
        }
        Ok(Distinct(fields.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_each_key_once_is_read_as_ever() {
        let text =
            r#"{"b": [null, true, -1, 18446744073709551615, 1.5, "x\n"], "a": {"b": {}}, "c": [{"b": 1}]}"#;
        let Distinct(read) = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(read.to_string(), serde_json::from_str::<Value>(text).expect("it is JSON").to_string());
    }

    #[test]
    fn a_key_that_is_there_twice_is_named_at_any_depth() {
        for text in [r#"{"a": 1, "a": 1}"#, r#"[{"x": {"a": 1, "\u0061": 2}}]"#] {
            let error = serde_json::from_str::<Distinct>(text).err().expect("it is there twice");
            assert!(error.is_data() && error.to_string().starts_with("the key \"a\" twice"), "{error}");
        }
    }
}
