//! A graph as an SVG picture.

use std::fmt::{self, Display, Formatter};

use askama::Template;

use crate::Graph;
use crate::fold::{Folded, fold};
use crate::layout::{BOX, Layout, Line};
use crate::picture::{Picture, Shown};
use crate::text::{fit, width};

/// Space kept free at every edge, in pixels.
const MARGIN: f64 = 12.0;
/// Room for the heading.
const HEADING: f64 = 34.0;
/// From one line of text to the next.
const LEADING: f64 = 16.0;
/// Longest name in a box, in characters.
const LONGEST_NAME: usize = 24;
/// Longest bar of a folded graph, and its height and that of its row.
const BAR: (f64, f64, f64) = (360.0, 13.0, 18.0);

/// Custom property, light value, dark value: those of the report's charts, which a page may set.
const COLOURS: [(&str, &str, &str); 5] = [
    ("background", "#ffffff", "#0d1117"),
    ("ink", "#1f2328", "#e6edf3"),
    ("muted", "#59636e", "#9198a1"),
    ("0", "#0066a8", "#4c9be6"),
    ("1", "#d35400", "#f08042"),
];
/// Opacity of the first colour behind a name, by fifth of the costs.
const HEAT: [f64; 5] = [0.08, 0.2, 0.32, 0.44, 0.56];

/// The graph as one `<svg>` element, fit for a file or a page: levels from left to right, a box per task, coloured
/// by cost, the critical path outlined. It follows the reader's light or dark preference, or the page's `--chart-*`
/// custom properties. A graph of more than a few hundred tasks is folded into a bar per level, or per several, and
/// says so.
///
/// # Panics
/// When there are costs, but not exactly one per task.
pub fn svg(graph: &Graph, picture: &Picture<'_>) -> String {
    let shown = Shown::new(graph, picture);
    let levels = graph.levels();
    let drawing = match fold(&shown, &levels) {
        Some(folded) => bars(&shown, &folded),
        None => boxes(&shown, &levels),
    };
    drawing.render().expect("formatting into a string does not fail")
}

#[derive(Template)]
#[template(path = "graph.svg")]
struct Drawing {
    title: String,
    summary: String,
    colours: [(&'static str, &'static str, &'static str); COLOURS.len()],
    heat: [f64; HEAT.len()],
    width: f64,
    height: f64,
    lines: Vec<Curve>,
    shapes: Vec<Shape>,
    texts: Vec<Text>,
    notes: Vec<Text>,
}

/// A line between two boxes.
struct Curve {
    critical: bool,
    path: String,
}

/// A box or a bar, with the text to show under the pointer.
struct Shape {
    class: String,
    x: Px,
    y: Px,
    width: Px,
    height: Px,
    hover: String,
}

/// A line of text at its baseline.
struct Text {
    x: Px,
    y: Px,
    body: String,
}

/// A coordinate in pixels, written with one decimal at most.
#[derive(Clone, Copy)]
struct Px(f64);

impl Display for Px {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        write!(f, "{}", if tenths == 0.0 { 0.0 } else { tenths })
    }
}

/// The graph task by task.
fn boxes(shown: &Shown<'_>, levels: &[u32]) -> Drawing {
    let label = |task: usize| fit(&shown.name(task), LONGEST_NAME);
    let layout = Layout::new(shown, levels, |task| width(&label(task)).max(10.0) + 10.0);
    let (mut shapes, mut texts) = (Vec::new(), Vec::new());
    for place in &layout.boxes {
        let (x, y) = (place.x + MARGIN, place.y + HEADING);
        let hover = shown.caption(place.task);
        let class = class(shown.fifth(place.task), shown.is_critical(place.task));
        shapes.push(Shape { class, x: Px(x), y: Px(y), width: Px(place.width), height: Px(BOX), hover });
        texts.push(Text { x: Px(x + 5.0), y: Px(y + 11.0), body: label(place.task) });
    }
    let lines = layout.lines.iter().map(curve).collect();
    let heat = shown.picture.costs.map(|_| " The stronger its colour, the longer it took, in fifths.");
    let notes = vec![
        format!("A box per task, a line from each input, left to right.{}", heat.unwrap_or_default()),
        format!("Outlined: {}.", shown.path_in_words()),
    ];
    drawing(shown, (layout.width, layout.height), notes, |drawing| Drawing {
        lines,
        shapes,
        texts,
        ..drawing
    })
}

/// The graph as a bar per band of levels, the share of the critical path within it marked.
fn bars(shown: &Shown<'_>, folded: &Folded) -> Drawing {
    let (longest, thickness, row) = BAR;
    let timed = shown.picture.costs.is_some();
    let labels: Vec<String> = (0..folded.bands.len()).map(|band| folded.label(band)).collect();
    let left = labels.iter().map(|label| width(label)).fold(0.0, f64::max) + 10.0 + MARGIN;
    let (mut shapes, mut texts) = (Vec::new(), Vec::new());
    for (index, (band, body)) in folded.bands.iter().zip(labels).enumerate() {
        let (y, length) = (HEADING + index as f64 * row, longest * band.tasks as f64 / folded.most() as f64);
        let (hover, fifth) = (format!("{body}: {}", band.caption(timed)), timed.then(|| folded.fifth(index)));
        let bar = |class, height: f64, width: f64, hover: &str| Shape {
            class,
            x: Px(left),
            y: Px(y + thickness - height),
            width: Px(width.max(1.0)),
            height: Px(height),
            hover: hover.to_owned(),
        };
        shapes.push(bar(class(fifth, false), thickness, length, &hover));
        shapes.push(bar("cg-share".to_owned(), 3.0, length * band.critical_share(), &hover));
        texts.push(Text { x: Px(MARGIN), y: Px(y + 11.0), body });
        texts.push(Text { x: Px(left + length + 6.0), y: Px(y + 11.0), body: band.caption(timed) });
    }
    let heat = if timed { " The stronger its colour, the longer its tasks took, in fifths." } else { "" };
    let notes = vec![
        format!("{}{heat}", folded.statement()),
        format!("Underlined: its share of {}.", shown.path_in_words()),
    ];
    let captions = folded.bands.iter().map(|band| width(&band.caption(timed))).fold(0.0, f64::max);
    let size = (left + longest + 6.0 + captions, folded.bands.len() as f64 * row);
    drawing(shown, size, notes, |drawing| Drawing { shapes, texts, ..drawing })
}

/// A picture of that size with heading and notes around it, and what `with` puts in.
fn drawing(
    shown: &Shown<'_>,
    size: (f64, f64),
    notes: Vec<String>,
    with: impl FnOnce(Drawing) -> Drawing,
) -> Drawing {
    let (title, summary) = (shown.title(), shown.summary());
    let foot = HEADING + size.1 + 8.0;
    let notes: Vec<String> = std::iter::once(summary.clone()).chain(notes).collect();
    let widest = notes.iter().map(|note| width(note)).fold(size.0, f64::max);
    let across = widest.max(width(&title) * 1.5) + 2.0 * MARGIN;
    let height = foot + notes.len() as f64 * LEADING + MARGIN;
    let note = |(line, body)| Text { x: Px(MARGIN), y: Px(foot + (line as f64 + 0.7) * LEADING), body };
    with(Drawing {
        title,
        summary,
        colours: COLOURS,
        heat: HEAT,
        width: across.ceil(),
        height: height.ceil(),
        lines: Vec::new(),
        shapes: Vec::new(),
        texts: Vec::new(),
        notes: notes.into_iter().enumerate().map(note).collect(),
    })
}

fn class(fifth: Option<usize>, critical: bool) -> String {
    let heat = fifth.map_or(String::new(), |fifth| format!(" cg-f{fifth}"));
    format!("cg-task{heat}{}", if critical { " cg-critical" } else { "" })
}

/// A line that leaves and arrives level.
fn curve(line: &Line) -> Curve {
    let shift = |(x, y): (f64, f64)| (x + MARGIN, y + HEADING);
    let ((x1, y1), (x2, y2)) = (shift(line.from), shift(line.to));
    let middle = Px(f64::midpoint(x1, x2));
    let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(Px);
    Curve { critical: line.critical, path: format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.2 of a colour's channels, from 0 to 1.
    fn luminance(channels: [f64; 3]) -> f64 {
        let linear = |value: f64| {
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = channels.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn channels(hex: &str) -> [f64; 3] {
        [1, 3, 5].map(|from| f64::from(u8::from_str_radix(&hex[from..from + 2], 16).unwrap()) / 255.0)
    }

    #[test]
    fn names_stand_out_four_and_a_half_to_one_from_every_heat() {
        let value = |name: &str| {
            let (_, light, dark) = COLOURS.into_iter().find(|(other, ..)| *other == name).unwrap();
            [light, dark].map(channels)
        };
        let (background, ink, hot) = (value("background"), value("ink"), value("0"));
        for (theme, opacity) in (0..2).flat_map(|theme| HEAT.map(|opacity| (theme, opacity))) {
            let mixed =
                [0, 1, 2].map(|of| hot[theme][of] * opacity + background[theme][of] * (1.0 - opacity));
            let (one, other) = (luminance(mixed), luminance(ink[theme]));
            assert!((one.max(other) + 0.05) / (one.min(other) + 0.05) >= 4.5, "theme {theme}, {opacity}");
        }
    }
}
