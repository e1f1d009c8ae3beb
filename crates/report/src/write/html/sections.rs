//! Sections as HTML, within the room that a page has.

use super::parts::{self, Drawer};
use crate::chart::Layout;
use crate::document::{Content, Outputs, Section, SectionBlock};

/// Bytes that all sections may take. Blocks that yield are left out where there is no room for them.
const ROOM: usize = 450_000;

/// Of the room that is left, one part in so many goes to each section whose blocks yield, but for the last of them,
/// which gets all of it.
const SHARE: usize = 3;

/// A section of the page.
pub(super) struct Panel<'a> {
    pub(super) id: &'a str,
    pub(super) heading: &'a str,
    pub(super) lead: &'a [String],
    pub(super) body: String,
    pub(super) broad: bool,
    pub(super) open: bool,
}

/// Every section that has anything to show on the page.
pub(super) fn panels<'a>(sections: &'a [Section<'_>]) -> Vec<Panel<'a>> {
    let (mut firm, mut yielding) = (0, Vec::new());
    let mut bodies: Vec<String> = vec![String::new(); sections.len()];
    for (place, section) in sections.iter().enumerate() {
        if blocks(section).any(|block| matches!(block.content, Content::LeftOut { .. })) {
            yielding.push(place);
        } else {
            bodies[place] = body(section, 0);
            firm += bodies[place].len();
        }
    }
    let mut room = ROOM.saturating_sub(firm);
    for (turn, &place) in yielding.iter().enumerate() {
        let share = if turn + 1 == yielding.len() { room } else { room / SHARE };
        bodies[place] = body(&sections[place], share);
        room = room.saturating_sub(bodies[place].len());
    }
    let shown = sections.iter().zip(bodies).filter(|(_, body)| !body.is_empty());
    shown.map(|(section, body)| panel(section, body)).collect()
}

fn panel<'a>(section: &'a Section<'_>, body: String) -> Panel<'a> {
    let Section { id, heading, lead, broad, open, .. } = section;
    Panel { id, heading, lead, body, broad: *broad, open: *open }
}

fn blocks<'s, 'a>(section: &'s Section<'a>) -> impl Iterator<Item = &'s SectionBlock<'a>> {
    section.blocks.iter().filter(|block| block.on.include(Outputs::PAGE))
}

/// A block as HTML; `None` where there was no room for it.
type Piece<'s, 'a> = (&'s Content<'a>, Option<String>);

/// The body of a section, its firm blocks and as many of the others as fit.
fn body(section: &Section<'_>, room: usize) -> String {
    let blocks: Vec<_> = blocks(section).collect();
    let firm = |block: &&SectionBlock<'_>| block.yields.is_none().then(|| html(&block.content));
    let mut pieces: Vec<Piece<'_, '_>> = blocks.iter().map(|block| (&block.content, firm(block))).collect();
    let taken: usize = pieces.iter().filter_map(|(_, html)| html.as_ref()).map(String::len).sum();
    fill(&blocks, &mut pieces, room.saturating_sub(taken));
    joined(&pieces)
}

/// Draws the blocks that yield, the most wanted first, where there is room for them.
fn fill(blocks: &[&SectionBlock<'_>], pieces: &mut [Piece<'_, '_>], mut room: usize) {
    let mut yielding: Vec<_> = (0..blocks.len()).filter(|&place| blocks[place].yields.is_some()).collect();
    yielding.sort_by_key(|&place| blocks[place].yields);
    for place in yielding {
        let html = html(&blocks[place].content);
        if let Some(rest) = room.checked_sub(html.len()) {
            room = rest;
            pieces[place].1 = Some(html);
        }
    }
}

/// How blocks of a kind that follow each other stand together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    Multiples,
    Drawers,
    Apart,
    /// Never with another.
    Alone,
}

fn together(content: &Content<'_>) -> Together {
    match content {
        Content::Chart(chart) if chart.layout == Layout::Small => Together::Multiples,
        Content::Fold(_) => Together::Drawers,
        Content::LeftOut { .. } => Together::Alone,
        _ => Together::Apart,
    }
}

fn joined(pieces: &[Piece<'_, '_>]) -> String {
    let mut left_out = 0;
    let mut text = String::new();
    let belong =
        |a: &Content<'_>, b: &Content<'_>| together(a) == together(b) && together(a) != Together::Alone;
    for run in pieces.chunk_by(|a, b| belong(a.0, b.0)) {
        left_out += run.iter().filter(|(_, html)| html.is_none()).count();
        let html: String = run.iter().filter_map(|(_, html)| html.as_deref()).collect();
        text += &match together(run[0].0) {
            _ if html.is_empty() => html,
            Together::Multiples => parts::multiples(&html),
            Together::Drawers => parts::drawers(&html),
            Together::Apart | Together::Alone => html,
        };
        if let (Content::LeftOut { noun, place }, _) = run[0] {
            text += &parts::missing(noun, std::mem::take(&mut left_out), place);
        }
    }
    text
}

/// A block by itself.
fn html(content: &Content<'_>) -> String {
    match content {
        Content::Chart(chart) => match &chart.layout {
            Layout::Full => parts::full(chart),
            Layout::Small => parts::small(chart),
            Layout::Panned(label) => parts::pan(label, chart),
        },
        Content::Table(table) => parts::table(table),
        Content::Reasons(reasons) => parts::reasons(reasons),
        Content::Fold(fold) => {
            let body = html(&fold.content);
            parts::finish(&Drawer { open: fold.open, summary: &fold.summary, body: &body })
        }
        Content::Title(_) | Content::Text(_) | Content::Warning(_) | Content::LeftOut { .. } => String::new(),
    }
}
