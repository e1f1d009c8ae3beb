//! Pieces of HTML that sections are made of.

use askama::Template;

use crate::figures::{Drawing, Size};
use crate::story::Failure;
use crate::units::{joined, plural};

/// The text a template renders to, without lines that only its tags left behind.
pub(super) fn finish(template: &impl Template) -> String {
    let text = template.render().expect("formatting into a string does not fail");
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A chart in two widths, of which the style sheet shows the one that fits.
pub(super) fn chart(draw: impl Fn(Size) -> Drawing) -> String {
    format!(
        "<div class=\"chart\"><div class=\"wide\">{}</div><div class=\"narrow\">{}</div></div>\n",
        draw(Size::WIDE).svg,
        draw(Size::NARROW).svg
    )
}

/// Small charts side by side.
pub(super) fn multiples(charts: impl IntoIterator<Item = Drawing>) -> String {
    let charts: String = charts.into_iter().map(|chart| ["<div>", &chart.svg, "</div>"].concat()).collect();
    if charts.is_empty() { charts } else { format!("<div class=\"multiples\">{charts}</div>\n") }
}

/// How many of something there was no room for, and where they are to be found.
pub(super) fn missing(what: &str, left_out: usize, place: &str) -> String {
    if left_out == 0 {
        return String::new();
    }
    let what = plural(left_out, what);
    format!("<p class=\"note\">{what} left out to keep this page small: see {place}.</p>\n")
}

/// Drawers below each other.
pub(super) fn drawers(drawers: &str) -> String {
    if drawers.is_empty() { String::new() } else { format!("<div class=\"drawers\">{drawers}</div>\n") }
}

/// A chart that keeps its width and is moved sideways where there is no room for it.
#[derive(Template)]
#[template(
    source = r#"<div class="pan" role="region" tabindex="0" aria-label="{{ label }}">{{ svg|safe }}</div>
"#,
    ext = "html"
)]
struct Pan<'a> {
    label: &'a str,
    svg: &'a str,
}

pub(super) fn pan(label: &str, svg: &str) -> String {
    finish(&Pan { label, svg })
}

/// Something folded away under a line of text.
#[derive(Template)]
#[template(
    source = r"<details{% if open %} open{% endif %}><summary>{{ summary }}</summary>
{{ body|safe }}
</details>
",
    ext = "html"
)]
struct Drawer<'a> {
    open: bool,
    summary: &'a str,
    body: &'a str,
}

pub(super) fn drawer(summary: &str, body: &str) -> String {
    finish(&Drawer { open: false, summary, body })
}

/// A drawer that stands open.
pub(super) fn opened(summary: &str, body: &str) -> String {
    finish(&Drawer { open: true, summary, body })
}

/// Reasons with the first of their cells.
#[derive(Template)]
#[template(
    source = r#"<h3>{{ heading }}</h3>
<ul class="reasons">
{%- for (reason, cells) in reasons %}
<li><strong>{{ reason }}</strong>: {{ cells }}</li>
{%- endfor %}
</ul>
"#,
    ext = "html"
)]
struct Reasons<'a> {
    heading: &'a str,
    reasons: Vec<(&'a str, String)>,
}

/// A list of reasons; nothing without any.
pub(super) fn reasons(heading: &str, failures: &[Failure]) -> String {
    if failures.is_empty() {
        return String::new();
    }
    let reasons = failures.iter().map(|failure| (failure.reason.as_str(), joined(&failure.cells))).collect();
    finish(&Reasons { heading, reasons })
}

/// A table that can be sorted and copied. The first column names its rows.
#[derive(Template)]
#[template(path = "page/table.html")]
pub(super) struct Table {
    /// Unique on the page.
    pub(super) id: String,
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Entry>>,
    /// Words below it. May be empty.
    pub(super) note: String,
}

/// A field of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Entry {
    pub(super) text: String,
    /// A second line in small print. May be empty.
    pub(super) small: String,
    /// Depth of its background in per cent.
    pub(super) tint: Option<u32>,
}

impl Entry {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Table {
    pub(super) fn html(&self) -> String {
        finish(self)
    }
}
