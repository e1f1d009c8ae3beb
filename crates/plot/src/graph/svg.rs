//! A graph as an SVG picture.

use askama::Template;
use centurion_graph::Graph;

use super::fold::{Folded, fold};
use super::layers::{BOX, Edge, Layers};
use super::picture::{GraphPicture, Shown};
use crate::frame::{Area, MARGIN, finish};
use crate::number::Px;
use crate::palette::{COLOURS, Colour, HEAT};
use crate::text::{Style, Text, box_width, shortened};

/// Room for the heading.
const HEADING: f64 = 34.0;
/// From one line of text to the next.
const LEADING: f64 = 16.0;
/// Longest name in a box, in characters.
const LONGEST_NAME: usize = 24;
/// Longest bar of a folded graph, and its height and that of its row.
const BAR: (f64, f64, f64) = (360.0, 13.0, 18.0);

/// The colours it needs, which a page may set for it as for the charts.
const NEEDED: [&str; 5] = ["background", "ink", "muted", "0", "1"];

/// The graph as one `<svg>` element, fit for a file or a page: levels from left to right, a box per task, coloured
/// by cost, the critical path outlined. It follows the reader's light or dark preference, or the page's `--chart-*`
/// custom properties. A graph of more than a few hundred tasks is folded into a bar per level, or per several, and
/// says so.
///
/// # Panics
/// When there are costs, but not exactly one per task.
pub fn svg(graph: &Graph, picture: &GraphPicture<'_>) -> String {
    let shown = Shown::new(graph, picture);
    let levels = graph.levels();
    let drawing = match fold(&shown, &levels) {
        Some(folded) => bars(&shown, &folded),
        None => boxes(&shown, &levels),
    };
    finish(&drawing)
}

#[derive(Template)]
#[template(path = "graph.svg")]
struct GraphTemplate {
    title: String,
    summary: String,
    colours: Vec<Colour>,
    heat: [f64; HEAT.len()],
    width: f64,
    height: f64,
    lines: Vec<DrawnEdge>,
    shapes: Vec<Block>,
    texts: Vec<Text>,
    notes: Vec<Text>,
}

/// A line between two boxes.
struct DrawnEdge {
    critical: bool,
    path: String,
}

/// A box or a bar, with the text to show under the pointer.
struct Block {
    class: String,
    area: Area,
    hover: String,
}

/// The graph task by task.
fn boxes(shown: &Shown<'_>, levels: &[u32]) -> GraphTemplate {
    let label = |task: usize| shortened(&shown.name(task), LONGEST_NAME);
    let layers = Layers::new(shown, levels, |task| box_width(&label(task)).max(10.0) + 10.0);
    let (mut shapes, mut texts) = (Vec::new(), Vec::new());
    for place in &layers.boxes {
        let (x, y) = (place.x + MARGIN, place.y + HEADING);
        let hover = shown.caption(place.task);
        let class = class(shown.fifth(place.task), shown.is_critical(place.task));
        shapes.push(Block { class, area: Area::new((x, y), (place.width, BOX)), hover });
        texts.push(Text::at(Style::Small, x + 5.0, y + 11.0, label(place.task)));
    }
    let lines = layers.edges.iter().map(curve).collect();
    let heat = shown.picture.costs.map(|_| " The stronger its colour, the longer it took, in fifths.");
    let notes = vec![
        format!("A box per task, a line from each input, left to right.{}", heat.unwrap_or_default()),
        format!("Outlined: {}.", shown.path_in_words()),
    ];
    drawing(shown, (layers.width, layers.height), notes, |drawing| GraphTemplate {
        lines,
        shapes,
        texts,
        ..drawing
    })
}

/// The graph as a bar per band of levels, the share of the critical path within it marked.
fn bars(shown: &Shown<'_>, folded: &Folded) -> GraphTemplate {
    let (longest, thickness, row) = BAR;
    let timed = shown.picture.costs.is_some();
    let labels: Vec<String> = (0..folded.bands.len()).map(|band| folded.label(band)).collect();
    let left = labels.iter().map(|label| box_width(label)).fold(0.0, f64::max) + 10.0 + MARGIN;
    let (mut shapes, mut texts) = (Vec::new(), Vec::new());
    for (index, (band, body)) in folded.bands.iter().zip(labels).enumerate() {
        let (y, length) = (HEADING + index as f64 * row, longest * band.tasks as f64 / folded.most() as f64);
        let (hover, fifth) = (format!("{body}: {}", band.caption(timed)), timed.then(|| folded.fifth(index)));
        let bar = |class, height: f64, width: f64, hover: &str| Block {
            class,
            area: Area::new((left, y + thickness - height), (width.max(1.0), height)),
            hover: hover.to_owned(),
        };
        shapes.push(bar(class(fifth, false), thickness, length, &hover));
        shapes.push(bar("cg-share".to_owned(), 3.0, length * band.critical_share(), &hover));
        texts.push(Text::at(Style::Small, MARGIN, y + 11.0, body));
        texts.push(Text::at(Style::Small, left + length + 6.0, y + 11.0, band.caption(timed)));
    }
    let heat = if timed { " The stronger its colour, the longer its tasks took, in fifths." } else { "" };
    let notes = vec![
        format!("{}{heat}", folded.statement()),
        format!("Underlined: its share of {}.", shown.path_in_words()),
    ];
    let captions = folded.bands.iter().map(|band| box_width(&band.caption(timed))).fold(0.0, f64::max);
    let size = (left + longest + 6.0 + captions, folded.bands.len() as f64 * row);
    drawing(shown, size, notes, |drawing| GraphTemplate { shapes, texts, ..drawing })
}

/// A picture of that size with heading and notes around it, and what `with` puts in.
fn drawing(
    shown: &Shown<'_>,
    size: (f64, f64),
    notes: Vec<String>,
    with: impl FnOnce(GraphTemplate) -> GraphTemplate,
) -> GraphTemplate {
    let (title, summary) = (shown.title(), shown.summary());
    let foot = HEADING + size.1 + 8.0;
    let notes: Vec<String> = std::iter::once(summary.clone()).chain(notes).collect();
    let widest = notes.iter().map(|note| box_width(note)).fold(size.0, f64::max);
    let across = widest.max(box_width(&title) * 1.5) + 2.0 * MARGIN;
    let height = foot + notes.len() as f64 * LEADING + MARGIN;
    let note = |(line, body)| Text::at(Style::Small, MARGIN, foot + (line as f64 + 0.7) * LEADING, body);
    with(GraphTemplate {
        title,
        summary,
        colours: COLOURS.into_iter().filter(|(name, ..)| NEEDED.contains(name)).collect(),
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
fn curve(edge: &Edge) -> DrawnEdge {
    let shift = |(x, y): (f64, f64)| (x + MARGIN, y + HEADING);
    let ((x1, y1), (x2, y2)) = (shift(edge.from), shift(edge.to));
    let middle = Px(f64::midpoint(x1, x2));
    let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(Px);
    DrawnEdge { critical: edge.critical, path: format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}") }
}
