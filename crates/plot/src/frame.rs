//! What every chart has around it: heading, text alternative, notes, style.

use askama::Template;

use super::number::Px;
use super::palette::{COLOURS, Colour, SHAPES};
use super::text::{Style, Text, clean, wrap};

/// Space kept free at every edge, in pixels.
pub(super) const MARGIN: f64 = 12.0;

/// Narrowest chart there is, in pixels.
const NARROWEST: u32 = 280;

/// Words and size of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Prefix of every id in the chart, unique within a page. Characters other than ASCII letters, digits
    /// and `_` become `-`.
    pub id: String,
    /// Heading, and the short text alternative.
    pub title: String,
    /// Line under the heading: what is drawn, in which unit. May be empty.
    pub subtitle: String,
    /// Text alternative: what a reader who cannot see the chart should know.
    pub description: String,
    /// Width in pixels, 280 or more; text is readable at this width. The height follows from the content.
    pub width: u32,
    /// Whether the chart carries its [`stylesheet`]. A file needs it; a page with many charts may put the
    /// stylesheet in its head once.
    pub styled: bool,
    /// Whether points, bars and agents carry a text to show under the pointer. Without, the chart is about half
    /// as large.
    pub hovers: bool,
}

/// The rules that every chart needs. They are the same for all charts and touch only classes that begin with
/// `cc`.
pub fn stylesheet() -> String {
    finish(&Stylesheet { colours: &COLOURS, hues: &COLOURS[4..] })
}

#[derive(Template)]
#[template(path = "chart/style.svg")]
struct Stylesheet {
    colours: &'static [Colour],
    hues: &'static [Colour],
}

/// The text a template renders to.
pub(super) fn finish(template: &impl Template) -> String {
    template.render().expect("formatting into a string does not fail")
}

/// A chart without content.
#[derive(Template)]
#[template(path = "chart/base.svg")]
struct EmptyTemplate {
    canvas: Canvas,
}

/// A frame, laid out: what `chart/base.svg` draws.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Canvas {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) style: Option<String>,
    pub(super) hovers: bool,
    /// Heading and notes.
    pub(super) words: Vec<Text>,
    /// Numbers and outlines of the marker shapes to define.
    pub(super) markers: Vec<(usize, &'static str)>,
    /// First pixel below what has been placed so far.
    pub(super) cursor: f64,
}

impl Canvas {
    pub(super) fn new(frame: &Frame) -> Self {
        let id = frame.id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
        let mut canvas = Self {
            id: id.collect(),
            title: clean(&frame.title),
            description: clean(&frame.description),
            width: f64::from(frame.width.max(NARROWEST)),
            height: 0.0,
            style: frame.styled.then(stylesheet),
            hovers: frame.hovers,
            words: Vec::new(),
            markers: Vec::new(),
            cursor: MARGIN,
        };
        canvas.write(Style::Title, &frame.title);
        canvas.write(Style::Small, &frame.subtitle);
        canvas.cursor += 8.0;
        canvas
    }

    /// Adds lines of text at the cursor.
    pub(super) fn write(&mut self, style: Style, text: &str) {
        let text = clean(text);
        for line in wrap(text.split(' ').filter(|word| !word.is_empty()), " ", style, self.right() - MARGIN) {
            self.words.push(Text::at(style, MARGIN, self.cursor + style.size(), line));
            self.cursor += style.leading();
        }
    }

    /// Adds the shape of a series' marker to those defined.
    pub(super) fn define(&mut self, shape: usize) {
        let marker = (shape, SHAPES[shape]);
        if !self.markers.contains(&marker) {
            self.markers.push(marker);
            self.markers.sort_unstable();
        }
    }

    /// Adds notes at the cursor.
    pub(super) fn note(&mut self, notes: &[String]) {
        for note in notes {
            self.write(Style::Small, note);
        }
    }

    /// Says that there is nothing to draw, and why.
    pub(super) fn empty(mut self, notes: &[String]) -> String {
        self.write(Style::Label, "There is nothing to draw.");
        self.note(notes);
        self.close();
        finish(&EmptyTemplate { canvas: self })
    }

    /// Ends the canvas at the cursor.
    pub(super) fn close(&mut self) {
        self.height = (self.cursor + MARGIN).ceil();
    }

    pub(super) fn right(&self) -> f64 {
        self.width - MARGIN
    }
}

/// A straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    pub(super) class: &'static str,
    pub(super) x1: Px,
    pub(super) y1: Px,
    pub(super) x2: Px,
    pub(super) y2: Px,
}

impl Segment {
    pub(super) fn new(class: &'static str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Self {
        Self { class, x1: Px(x1), y1: Px(y1), x2: Px(x2), y2: Px(y2) }
    }

    /// A faint horizontal line.
    pub(super) fn across(y: f64, x1: f64, x2: f64) -> Self {
        Self::new("cc-grid", (x1, y), (x2, y))
    }

    /// A faint vertical line.
    pub(super) fn down(x: f64, y1: f64, y2: f64) -> Self {
        Self::new("cc-grid", (x, y1), (x, y2))
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) width: Px,
    pub(super) height: Px,
}

impl Area {
    pub(super) fn new((x, y): (f64, f64), (width, height): (f64, f64)) -> Self {
        Self { x: Px(x), y: Px(y), width: Px(width), height: Px(height) }
    }
}
