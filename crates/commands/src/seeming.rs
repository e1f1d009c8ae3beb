//! What an input seems to be that is not JSON, line by line, and what makes that of it.

const ARRAY: &str = "; is it one JSON array? `jq -c '.[]' FILE` makes a line of each of its parts";
const OBJECT: &str = "; is it broken over several lines? `jq -c . FILE` makes a line of each object";
const CSV: &str = "; is it CSV? `python3 -c 'import csv, json, sys; [print(json.dumps(row)) for row in \
                   csv.DictReader(sys.stdin)]' < FILE` makes lines of JSON of it";
const NOT_A_NUMBER: &str = "; JSON has no NaN and no Infinity: write null, or leave the field out";
const PYTHON: &str = "; is it what Python prints? `json.dumps` makes JSON of it";
const UTF_16: &str = "; is it UTF-16? `iconv -f UTF-16 -t UTF-8 FILE` makes UTF-8 of it";
const COMPRESSED: &str = "; is it compressed? `zcat FILE` prints what is in it, for `--input -`";
const LATIN: &str = "; is it Latin-1? `iconv -f LATIN1 -t UTF-8 FILE` makes UTF-8 of it";

/// What a line seems to be that is not JSON, as the end of a sentence; nothing where there is no telling.
pub(crate) fn of_line(line: &str, error: &serde_json::Error) -> &'static str {
    let wrong_from = line.get(error.column().saturating_sub(1)..).unwrap_or_default();
    let no_number = ["NaN", "Infinity", "-Infinity"];
    match line.trim_start() {
        _ if line.contains('\0') => UTF_16,
        text if text.starts_with('[') => ARRAY,
        text if text.starts_with('{') && error.is_eof() => OBJECT,
        text if text.starts_with("{'") => PYTHON,
        _ if no_number.iter().any(|name| wrong_from.starts_with(name)) => NOT_A_NUMBER,
        text if text.contains(',') && !text.contains('{') => CSV,
        _ => "",
    }
}

/// The same of bytes that are not UTF-8.
pub(crate) fn of_bytes(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => UTF_16,
        [0x1f, 0x8b, ..] => COMPRESSED,
        _ => LATIN,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_a_line_seems_to_be_is_told_with_what_makes_json_of_it() {
        for (line, seems) in [
            ("[", ARRAY),
            ("[{\"id\": 1},", ARRAY),
            ("{", OBJECT),
            ("{\"id\": 1,", OBJECT),
            ("id,a,b", CSV),
            ("\"id\",\"a\"", CSV),
            ("1,2", CSV),
            ("{\"a\": NaN}", NOT_A_NUMBER),
            ("{\"a\": -Infinity}", NOT_A_NUMBER),
            ("{\"NaN\": Infinity, \"b\": 1}", NOT_A_NUMBER),
            ("{'id': 1}", PYTHON),
            ("{\0\"\0", UTF_16),
            ("not json", ""),
            ("{\"NaN\": nope}", ""),
        ] {
            let error = serde_json::from_str::<Value>(line).expect_err("it is none");
            assert_eq!(of_line(line, &error), seems, "{line}: {error}");
        }
    }
}
