//! Words and numbers in pictures. There are no font metrics here, so widths are estimated.

/// Estimated width of a text of 11 pixels, in pixels, in a wide sans serif face.
pub(crate) fn width(text: &str) -> f64 {
    let advance = |character| match character {
        'i' | 'j' | 'l' | '\'' | '|' => 3.5,
        ' ' | '.' | ',' | ':' | ';' | 'I' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 4.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '<' | '>' | '&' => 10.5,
        'A'..='Z' => 8.0,
        '\u{0}'..='\u{10ff}' => 7.0,
        _ => 14.0,
    };
    text.chars().map(advance).sum()
}

/// A text cut to so many characters.
pub(crate) fn fit(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    let cut: String = text.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A text without control characters, line breaks and marks that turn its direction.
pub(crate) fn clean(text: &str) -> String {
    let replaced = |c: char| match c {
        c if c.is_whitespace() => ' ',
        '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fffe}'
        | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(replaced).collect()
}

/// A count of things: `1 task`, `1,024 tasks`.
pub(crate) fn count(count: usize, thing: &str) -> String {
    format!("{} {thing}{}", number(count), if count == 1 { "" } else { "s" })
}

/// A count with commas: `1,024`.
pub(crate) fn number(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// A time given in nanoseconds, in the unit that suits it, with three digits: `1.25 ms`.
pub(crate) fn duration(ns: u64) -> String {
    if ns < 1_000 {
        return format!("{ns} ns");
    }
    let ns = ns as f64;
    let units = [("µs", 1e3), ("ms", 1e6), ("s", 1e9)];
    let (name, unit) = units.into_iter().find(|(_, unit)| ns < 999.5 * unit).unwrap_or(units[2]);
    let value = ns / unit;
    let decimals = usize::from(value < 99.95) + usize::from(value < 9.995);
    format!("{value:.decimals$} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_the_unit_that_suits_it() {
        let times = [0, 35, 999, 1_250, 12_345_678, 123_456_789, 999_600, 2_000_000_000_000].map(duration);
        assert_eq!(times, ["0 ns", "35 ns", "999 ns", "1.25 µs", "12.3 ms", "123 ms", "1.00 ms", "2000 s"]);
    }

    #[test]
    fn counts_have_commas_and_a_plural() {
        assert_eq!([0, 1, 1_000].map(|tasks| count(tasks, "task")), ["0 tasks", "1 task", "1,000 tasks"]);
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn long_names_end_in_an_ellipsis_and_control_characters_are_replaced() {
        assert_eq!(fit("a rather long name", 9), "a rather…");
        assert_eq!(clean("a\u{0}b\nc\u{202e}d"), "a\u{fffd}b c\u{fffd}d");
    }
}
