//! Whole numbers of more digits than 64 bits hold, which JSON as it is read here would round.

use std::borrow::Cow;

/// The JSON in which such numbers stand in quotes: as text every digit stays.
pub(crate) fn as_text(json: &str) -> Cow<'_, str> {
    let (mut text, mut copied, mut at) = (String::new(), 0, 0);
    let bytes = json.as_bytes();
    while at < bytes.len() {
        at = match bytes[at] {
            b'"' => end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let end = end_of_number(bytes, at);
                if is_too_long(&json[at..end]) {
                    text += &json[copied..at];
                    text.extend(["\"", &json[at..end], "\""]);
                    copied = end;
                }
                end
            }
            _ => at + 1,
        };
    }
    if copied == 0 { json.into() } else { (text + &json[copied..]).into() }
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn end_of_number(bytes: &[u8], start: usize) -> usize {
    let is_more = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    start + bytes[start..].iter().take_while(|byte| is_more(byte)).count()
}

fn is_too_long(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole && number.parse::<i64>().is_err() && number.parse::<u64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::as_text;

    #[test]
    fn numbers_that_would_be_rounded_become_text_and_nothing_else_changes() {
        let long = "18446744073709551616";
        assert_eq!(as_text(long), format!("\"{long}\""));
        assert_eq!(
            as_text(&format!("{{\"a\": [-{long}, 1.5], \"b{long}\": {long}}}")),
            format!("{{\"a\": [\"-{long}\", 1.5], \"b{long}\": \"{long}\"}}")
        );
        let kept = ["18446744073709551615", "-9223372036854775808", "1e30", "0.12345678901234567890123"];
        let texts = ["\"\\\" 18446744073709551616\"", "", "-", "{\"a\": \"", "Zürich 18", "\"\\"];
        for text in kept.into_iter().chain(texts) {
            assert_eq!(as_text(text), text);
        }
    }
}
