//! One name, one meaning.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::files;

/// Names that more than one type has, each with its reason.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// At most this share of all names.
const SHARE: f64 = 0.03;

#[test]
fn a_type_name_is_defined_once() {
    let definitions = definitions();
    let excepted: BTreeSet<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
    let wrong: Vec<_> = definitions
        .iter()
        .filter(|(name, places)| (places.len() > 1) != excepted.contains(name.as_str()))
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    assert!(
        wrong.is_empty(),
        "defined more than once, or excepted without need; of {} names:\n{}",
        definitions.len(),
        wrong.join("\n")
    );
    assert!(excepted.len() as f64 <= SHARE * definitions.len() as f64, "too many exceptions");
}

#[test]
fn no_constructor_is_called_of() {
    let found: Vec<_> = files(&[".rs"])
        .into_iter()
        .filter(|file| file.text.lines().any(is_constructor_called_of))
        .map(|file| file.path)
        .collect();
    assert!(found.is_empty(), "`new`, `with_…` or `from_…` would do in {found:?}");
}

fn is_constructor_called_of(line: &str) -> bool {
    let words = words(line);
    words.contains(&"Self") && words.windows(2).any(|pair| pair[1] == "of" && pair[0] == "fn")
}

/// Where each type name of the Rust sources is defined.
fn definitions() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files(&[".rs"]) {
        for (number, name) in defined_in(&file.text) {
            found.entry(name.to_owned()).or_default().push(format!("{}:{number}", file.path));
        }
    }
    found
}

/// Lines and names of the types a formatted source defines. The types that an `impl` or a trait has to name, such as
/// `type Item`, are not among them.
fn defined_in(source: &str) -> Vec<(usize, &str)> {
    let mut blocks: Vec<(usize, bool)> = Vec::new();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(source.lines()).filter(|(_, line)| !continues(line)) {
        let indent = line.len() - line.trim_start().len();
        blocks.retain(|(outer, _)| *outer < indent);
        let words = words(line);
        let (keyword, rest) = after_modifiers(&words);
        let associated = keyword == "type" && blocks.last().is_some_and(|(_, names_types)| *names_types);
        if ["struct", "enum", "trait", "union", "type"].contains(&keyword) && !associated {
            found.extend(rest.first().map(|name| (number, *name)));
        }
        let names_types = ["impl", "trait"].contains(&keyword);
        if names_types || line.ends_with('{') {
            blocks.push((indent, names_types));
        }
    }
    found
}

/// Whether a line ends no block that is open, though it stands at the start of one.
fn continues(line: &str) -> bool {
    ["", "where", "{"].contains(&line.trim())
}

/// Words of a line of code; a comment or a text has none.
fn words(line: &str) -> Vec<&str> {
    if !line.trim_start().starts_with(char::is_alphabetic) {
        return Vec::new();
    }
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// The first word that is no modifier, and the words after it.
fn after_modifiers<'a, 'b>(words: &'b [&'a str]) -> (&'a str, &'b [&'a str]) {
    const MODIFIERS: [&str; 5] = ["pub", "crate", "super", "in", "unsafe"];
    let first = words.iter().position(|word| !MODIFIERS.contains(word)).unwrap_or(words.len());
    (words.get(first).copied().unwrap_or_default(), words.get(first + 1..).unwrap_or_default())
}

#[test]
fn definitions_are_found_wherever_they_stand() {
    let source = [
        "pub struct Agent(u64);",
        "impl Iterator for Agent {",
        "    type Item = u64;",
        "",
        "    fn next(&mut self) -> Option<u64> {",
        "        type Local = u64;",
        "    }",
        "}",
        "pub(crate) trait Answers",
        "where",
        "    Self: Sized,",
        "{",
        "    type Answer;",
        "}",
        "mod tests {",
        "    // enum Commented",
        "    enum Case {",
        "        Empty,",
        "    }",
        "}",
    ];
    let source = source.join("\n");
    let names: Vec<&str> = defined_in(&source).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Agent", "Local", "Answers", "Case"]);
}
