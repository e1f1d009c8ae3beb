//! Text: how wide it is, how it is shortened and wrapped. There are no font metrics here, so widths are
//! estimated from a table of a wide sans serif face; real text is as wide or narrower.

use super::number::Px;

/// Longest name shown in full, in characters.
const LONGEST_NAME: usize = 40;

/// Role of a text: it decides size and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// The heading of a chart.
    Title,
    /// A name beside a mark.
    Label,
    /// Ticks, axis names and notes.
    Small,
}

impl Style {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Title => "cc-title",
            Self::Label => "cc-label",
            Self::Small => "cc-small",
        }
    }

    /// Size in pixels.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Title => 15.0,
            Self::Label => 12.0,
            Self::Small => 11.0,
        }
    }

    /// Distance from one line to the next.
    pub(super) fn leading(self) -> f64 {
        self.size() + 4.0
    }

    /// Estimated width of a text in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        let weight = if self == Self::Title { 1.1 } else { 1.0 };
        text.chars().map(em).sum::<f64>() * self.size() * weight
    }
}

/// Estimated advance of a character in parts of the font size.
fn em(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 0.34,
        ' ' | '.' | ',' | ':' | ';' | '!' | 'I' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.41,
        'm' | 'M' | 'W' | '@' | '%' => 1.0,
        'w' | '+' | '<' | '>' | '=' | '×' | '~' | '#' | '&' | 'O' | 'Q' | 'G' | 'D' | 'H' | 'N' | '…' => {
            0.85
        }
        'A'..='Z' => 0.73,
        '\u{0}'..='\u{ff}' => 0.64,
        '\u{100}'..='\u{10ff}' => 0.8,
        _ => 1.3,
    }
}

/// Estimated width in pixels of a text of 11 pixels in the box of a drawn graph.
pub(super) fn box_width(text: &str) -> f64 {
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

/// Which point of a text its x coordinate names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A placed line of text; `y` is its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) style: Style,
    pub(super) anchor: Anchor,
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) body: String,
}

impl Text {
    pub(super) fn new(style: Style, anchor: Anchor, x: f64, y: f64, body: impl Into<String>) -> Self {
        Self { style, anchor, x: Px(x), y: Px(y), body: body.into() }
    }

    /// Text that starts at `x`.
    pub(super) fn at(style: Style, x: f64, y: f64, body: impl Into<String>) -> Self {
        Self::new(style, Anchor::Start, x, y, body)
    }

    /// Small text centred on `x`, moved aside where it would leave a canvas of that width.
    pub(super) fn centred(x: f64, y: f64, body: impl Into<String>, canvas_width: f64) -> Self {
        let body = body.into();
        let half = Style::Small.width(&body) / 2.0 + 2.0;
        let x = x.min(canvas_width - half).max(half);
        Self::new(Style::Small, Anchor::Middle, x, y, body)
    }

    /// Whether anything but the start is at `x`.
    pub(super) fn anchored(&self) -> bool {
        self.anchor != Anchor::Start
    }
}

/// A text without control characters, line breaks and marks that turn its direction.
pub(super) fn clean(text: &str) -> String {
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

/// A name, cleaned and cut to 40 characters and to a width in pixels.
pub(super) fn name(text: &str, style: Style, width: f64) -> String {
    let text = clean(text);
    fit(&shortened(&text, LONGEST_NAME), style, width)
}

/// A text cut to so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    let cut: String = text.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A text cut to a width in pixels.
pub(super) fn fit(text: &str, style: Style, width: f64) -> String {
    if style.width(text) <= width {
        return text.into();
    }
    let mut cut: String = text.trim_end_matches('…').into();
    while !cut.is_empty() && style.width(&cut) + style.width("…") > width {
        cut.pop();
    }
    format!("{}…", cut.trim_end())
}

/// Words joined by `separator` into lines no wider than `width` pixels.
pub(super) fn wrap<'a>(
    words: impl IntoIterator<Item = &'a str>,
    separator: &str,
    style: Style,
    width: f64,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let word = fit(word, style, width);
        match lines.last_mut() {
            Some(line) if style.width(&format!("{line}{separator}{word}")) <= width => {
                line.push_str(separator);
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_end_in_an_ellipsis() {
        let long = "x".repeat(41);
        assert_eq!(name(&long, Style::Label, 1e4).chars().count(), 40);
        assert!(name(&long, Style::Label, 1e4).ends_with('…'));
        assert_eq!(name(&long[..40], Style::Label, 1e4), long[..40]);
        assert_eq!(shortened("a rather long name", 9), "a rather…");
    }

    #[test]
    fn a_fitted_text_is_no_wider_than_asked() {
        for width in [20.0, 50.0, 200.0] {
            let text = fit("a rather long name that hardly fits", Style::Label, width);
            assert!(Style::Label.width(&text) <= width, "{text} is wider than {width}");
        }
    }

    #[test]
    fn wrapped_lines_keep_every_word_in_order() {
        let words = ["useful 81 %", "inflation 5 %", "scheduling 3 %", "imbalance 10 %"];
        let lines = wrap(words, " · ", Style::Small, 200.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" · "), words.join(" · "));
        assert!(lines.iter().all(|line| Style::Small.width(line) <= 200.0));
    }

    #[test]
    fn control_and_direction_characters_are_replaced() {
        assert_eq!(clean("a\u{0}b\nc\u{202e}d"), "a\u{fffd}b c\u{fffd}d");
    }
}
