//! Pieces of HTML that a page is made of.

use askama::Template;

use crate::chart::{Chart, ChartSize};
use crate::document::Reasons;
use crate::table::{Column, Entry, Table, Tone};
use crate::units::{joined, plural};

/// The text a template renders to, without lines that only its tags left behind.
pub(super) fn finish(template: &impl Template) -> String {
    let text = template.render().expect("formatting into a string does not fail");
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn drawn(chart: &Chart<'_>, size: ChartSize) -> String {
    (chart.draw)(ChartSize { hovers: size.hovers && chart.hovers, ..size }).svg
}

/// A chart in two widths, of which the style sheet shows the one that fits.
pub(super) fn full(chart: &Chart<'_>) -> String {
    format!(
        "<div class=\"chart\"><div class=\"wide\">{}</div><div class=\"narrow\">{}</div></div>\n",
        drawn(chart, ChartSize::WIDE),
        drawn(chart, ChartSize::NARROW)
    )
}

/// One of several small charts.
pub(super) fn small(chart: &Chart<'_>) -> String {
    format!("<div>{}</div>", drawn(chart, ChartSize::SMALL))
}

/// Small charts side by side.
pub(super) fn multiples(charts: &str) -> String {
    format!("<div class=\"multiples\">{charts}</div>\n")
}

/// Drawers below each other.
pub(super) fn drawers(drawers: &str) -> String {
    format!("<div class=\"drawers\">{drawers}</div>\n")
}

/// How many of something there was no room for, and where they are to be found.
pub(super) fn missing(what: &str, left_out: usize, place: &str) -> String {
    if left_out == 0 {
        return String::new();
    }
    let what = plural(left_out, what);
    format!("<p class=\"note\">{what} left out to keep this page small: see {place}.</p>\n")
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

pub(super) fn pan(label: &str, chart: &Chart<'_>) -> String {
    finish(&Pan { label, svg: &drawn(chart, ChartSize::WIDE) })
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
pub(super) struct Drawer<'a> {
    pub(super) open: bool,
    pub(super) summary: &'a str,
    pub(super) body: &'a str,
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
struct ReasonList<'a> {
    heading: &'a str,
    reasons: Vec<(&'a str, String)>,
}

/// A list of reasons; nothing without any.
pub(super) fn reasons(reasons: &Reasons) -> String {
    if reasons.cells.is_empty() {
        return String::new();
    }
    let listed = reasons.cells.iter().map(|failed| (failed.reason.as_str(), joined(&failed.cells)));
    finish(&ReasonList { heading: reasons.heading, reasons: listed.collect() })
}

/// A table that can be sorted and copied. The first column names its rows.
#[derive(Template)]
#[template(path = "page/table.html")]
struct TableView<'a> {
    id: &'a str,
    caption: &'a str,
    columns: &'a [Column],
    rows: &'a [Vec<Entry>],
    note: &'a str,
}

pub(super) fn table(table: &Table) -> String {
    let Table { id, caption, columns, rows, note, .. } = table;
    finish(&TableView { id, caption, columns, rows, note })
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Front => "front",
            Self::Avoid => "avoid",
        }
    }
}

impl Entry {
    /// The figure without its interval, and its mark.
    fn large(&self) -> String {
        format!("{} {}", self.quantity.short(), self.mark).trim_end().to_owned()
    }

    /// Its background, as an attribute.
    fn look(&self) -> String {
        match (self.tone, self.tint) {
            (Tone::Plain, Some(tint)) => format!(" style=\"--t:{tint}\""),
            (Tone::Plain, None) => String::new(),
            (tone, _) => format!(" class={}", tone.class()),
        }
    }

    /// What its background says, the interval and what else is in small print.
    fn small(&self) -> String {
        let avoid = if self.tone == Tone::Avoid { "avoid" } else { "" };
        let remark = if self.remark_tone.is_none() { &self.remark } else { "" };
        let parts = [avoid, &self.quantity.interval, remark];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The small print that has a background of its own, and that.
    fn apart(&self) -> Option<(&'static str, &str)> {
        Some((self.remark_tone?.class(), &self.remark))
    }
}
