//! Outside text in Markdown.

/// A text that Markdown shows as it is, on one line: whatever could begin markup, a link, a mention, HTML or
/// a new column is escaped, and control characters become spaces.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' if characters.peek().is_some_and(|next| next.is_alphanumeric()) => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '$' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                escaped.push('\u{fffd}');
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_is_shown_and_not_followed() {
        assert_eq!(
            escape("a|b `c` <img src=x> *d* [e](f) ~g~"),
            "a\\|b \\`c\\` &lt;img src=x&gt; \\*d\\* \\[e\\](f) \\~g\\~"
        );
    }

    #[test]
    fn mentions_links_and_line_breaks_are_defused() {
        assert_eq!(escape("@all https://x\n# y www.z"), "&#64;all https&#58;//x \\# y www&#46;z");
    }

    #[test]
    fn an_at_that_nobody_is_called_after_stays() {
        assert_eq!(escape("Xeon @ 2.80GHz, a@b"), "Xeon @ 2.80GHz, a&#64;b");
    }

    #[test]
    fn plain_names_stay_as_they_are() {
        assert_eq!(escape("std-thread-per-agent, 2.28×"), "std-thread-per-agent, 2.28×");
    }
}
