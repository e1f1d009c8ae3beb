//! A lane per worker and a bar per agent, in one execution.

use askama::Template;

use super::frame::{Area, Canvas, Frame, MARGIN, Segment, finish};
use super::layout::{Tick, below, every_nth};
use super::number::{duration, path};
use super::scale::{Scale, Spread, extent, from_zero};
use super::text::{Anchor, Style, Text, clean, name};

/// One execution of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineChart {
    /// Words and size.
    pub frame: Frame,
    /// Number of workers: a lane each, up to 128 lanes. Workers without agents have an empty lane.
    pub workers: usize,
    /// The agents in input order. Those on a worker or at times that are not on the chart are left out and
    /// counted below it.
    pub agents: Vec<Agent>,
    /// Time until the executor returned, in nanoseconds.
    pub makespan_ns: f64,
    /// The earliest any schedule could have ended.
    pub bound: Option<EarliestEnd>,
    /// Numbers of the agents that make up the critical path, each an input of the next. They are outlined and
    /// joined by a line. May be empty.
    pub critical_path: Vec<usize>,
}

/// A time that no schedule beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarliestEnd {
    /// What it is called: `lower bound`, `critical path`.
    pub name: &'static str,
    /// In nanoseconds.
    pub at_ns: f64,
}

/// One agent's run.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// Name in the hover text.
    pub name: String,
    /// Answer in the hover text.
    pub answer: String,
    /// Worker it ran on, from 0.
    pub worker: usize,
    /// When it started, in nanoseconds from the call into the executor.
    pub start_ns: f64,
    /// When it ended, likewise.
    pub end_ns: f64,
}

impl Agent {
    fn duration(&self) -> f64 {
        self.end_ns - self.start_ns
    }
}

/// Most lanes there are.
const MOST_LANES: usize = 128;

/// Height that the lanes share, while they are neither too low nor too high.
const LANES_HEIGHT: f64 = 256.0;

/// Longest answer in a hover text, in pixels of its own.
const ANSWER: f64 = 300.0;

#[derive(Template)]
#[template(path = "chart/timeline.svg")]
struct TimelineTemplate {
    canvas: Canvas,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    bars: Vec<AgentBar>,
    last: Option<Area>,
    outlines: Vec<Area>,
    line: String,
}

struct AgentBar {
    area: Area,
    /// Fifth of the durations it belongs to, from 0, the shortest.
    fifth: usize,
    hover: String,
}

/// Where lanes and times are.
struct LaneArea {
    top: f64,
    lane: f64,
    lanes: usize,
    time: Scale,
    left: f64,
    right: f64,
}

impl LaneArea {
    fn bottom(&self) -> f64 {
        self.top + self.lane * self.lanes as f64
    }

    fn area(&self, agent: &Agent) -> Area {
        let (from, to) = (self.time.at(agent.start_ns), self.time.at(agent.end_ns));
        let gap = (self.lane * 0.15).min(2.0);
        let corner = (from, self.top + self.lane * agent.worker as f64 + gap / 2.0);
        Area::new(corner, ((to - from).max(1.0), self.lane - gap))
    }
}

/// The chart as one `<svg>` element.
pub fn render(chart: &TimelineChart) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let agents = drawable(chart);
    let Some(plot) = plot(chart, &agents, &canvas) else {
        return canvas.empty(&omitted(chart, &agents).into_iter().collect::<Vec<_>>());
    };
    let (mut segments, mut texts) = axes(&plot, &canvas);
    for (row, (class, word, at)) in marks(chart).into_iter().enumerate() {
        let baseline = canvas.cursor + 11.0 + row as f64 * Style::Small.leading();
        segments.push(Segment::new(
            class,
            (plot.time.at(at), baseline - 9.0),
            (plot.time.at(at), plot.bottom()),
        ));
        texts.push(flag(&plot, at, baseline, &format!("{word} {}", duration(at))));
    }
    canvas.cursor = plot.bottom() + 22.0;
    let critical = critical_path(chart);
    let last = agents.iter().copied().max_by(|a, b| a.end_ns.total_cmp(&b.end_ns));
    canvas.note(&notes(chart, &agents, last));
    canvas.close();
    let outlined = last.filter(|_| critical.is_empty());
    finish(&TimelineTemplate {
        canvas,
        segments,
        texts,
        bars: bars(&plot, &agents),
        last: outlined.map(|agent| plot.area(agent)),
        outlines: critical.iter().map(|agent| plot.area(agent)).collect(),
        line: line(&plot, &critical),
    })
}

fn lanes(chart: &TimelineChart) -> usize {
    chart.workers.clamp(1, MOST_LANES)
}

fn drawable(chart: &TimelineChart) -> Vec<&Agent> {
    chart.agents.iter().filter(|agent| fits(chart, agent)).collect()
}

fn fits(chart: &TimelineChart, agent: &Agent) -> bool {
    let timed = agent.start_ns >= 0.0 && agent.start_ns <= agent.end_ns && agent.end_ns.is_finite();
    agent.worker < lanes(chart) && timed
}

/// The agents of the critical path that are on the chart.
fn critical_path(chart: &TimelineChart) -> Vec<&Agent> {
    let agents = chart.critical_path.iter().filter_map(|&agent| chart.agents.get(agent));
    agents.filter(|agent| fits(chart, agent)).collect()
}

/// From the end of each agent to the start of the next.
fn line(plot: &LaneArea, agents: &[&Agent]) -> String {
    let middle = |agent: &Agent| plot.top + plot.lane * (agent.worker as f64 + 0.5);
    let between = |pair: &[&Agent]| {
        let (one, next) = (pair[0], pair[1]);
        path([(plot.time.at(one.end_ns), middle(one)), (plot.time.at(next.start_ns), middle(next))])
    };
    agents.windows(2).map(between).collect()
}

/// Vertical lines: class, word and time, the last first, so that no line runs through the name of one before it.
fn marks(chart: &TimelineChart) -> Vec<(&'static str, &'static str, f64)> {
    let bound = chart.bound.map(|bound| ("cc-ceiling cc-hardware", bound.name, bound.at_ns));
    let marks = [("cc-ceiling", "makespan", chart.makespan_ns)].into_iter().chain(bound);
    let mut marks: Vec<_> = marks.filter(|(_, _, at)| at.is_finite() && *at >= 0.0).collect();
    marks.sort_by(|(_, _, one), (_, _, other)| other.total_cmp(one));
    marks
}

/// The plot, unless there is nothing to show.
fn plot(chart: &TimelineChart, agents: &[&Agent], canvas: &Canvas) -> Option<LaneArea> {
    if agents.is_empty() {
        return None;
    }
    let times = agents.iter().map(|agent| agent.end_ns).chain(marks(chart).into_iter().map(|mark| mark.2));
    let longest = extent(times).map(|(_, high)| high).filter(|&high| high > 0.0)?;
    let lanes = lanes(chart);
    let left = MARGIN + Style::Small.width(&lanes.to_string()) + 8.0;
    Some(LaneArea {
        top: canvas.cursor + 4.0 + marks(chart).len() as f64 * Style::Small.leading(),
        lane: (LANES_HEIGHT / lanes as f64).clamp(4.0, 24.0),
        lanes,
        time: Scale::new(Spread::Linear, (0.0, longest), (left, canvas.right() - 4.0)),
        left,
        right: canvas.right(),
    })
}

/// Lanes, their numbers, and the time axis.
fn axes(plot: &LaneArea, canvas: &Canvas) -> (Vec<Segment>, Vec<Text>) {
    let bottom = plot.bottom();
    let time = |at: f64| Tick { at: plot.time.at(at), text: duration(at) };
    let ticks = every_nth(&from_zero(plot.time.domain().1, 8).into_iter().map(time).collect::<Vec<_>>());
    let mut segments: Vec<Segment> =
        ticks.iter().map(|tick| Segment::down(tick.at, plot.top, bottom + 4.0)).collect();
    segments.push(Segment::across(bottom, plot.left, plot.right));
    let mut texts = below(&ticks, bottom + 16.0, canvas);
    let step = (13.0 / plot.lane).ceil() as usize;
    texts.extend((0..plot.lanes).step_by(step).map(|lane| {
        let baseline = plot.top + plot.lane * (lane as f64 + 0.5) + 4.0;
        Text::new(Style::Small, Anchor::End, plot.left - 6.0, baseline, lane.to_string())
    }));
    (segments, texts)
}

/// A text beside a vertical line, on the side where there is room.
fn flag(plot: &LaneArea, at: f64, baseline: f64, words: &str) -> Text {
    let x = plot.time.at(at);
    if x - 5.0 - Style::Small.width(words) >= plot.left {
        return Text::new(Style::Small, Anchor::End, x - 5.0, baseline, words);
    }
    Text::at(Style::Small, x + 5.0, baseline, words)
}

fn bars(plot: &LaneArea, agents: &[&Agent]) -> Vec<AgentBar> {
    let mut sorted: Vec<f64> = agents.iter().map(|agent| agent.duration()).collect();
    sorted.sort_by(f64::total_cmp);
    let fifth = |agent: &Agent| sorted.partition_point(|&other| other < agent.duration()) * 5 / sorted.len();
    agents
        .iter()
        .map(|agent| AgentBar { area: plot.area(agent), fifth: fifth(agent), hover: hover(agent) })
        .collect()
}

fn hover(agent: &Agent) -> String {
    let answer = name(&agent.answer, Style::Small, ANSWER);
    format!("{}, {}: {answer}", clean(&agent.name), duration(agent.duration()))
}

fn notes(chart: &TimelineChart, agents: &[&Agent], last: Option<&Agent>) -> Vec<String> {
    let mut notes = vec![
        "A lane per worker, a bar per agent; the stronger its colour, the longer it took (in fifths)."
            .to_owned(),
    ];
    let critical = critical_path(chart);
    notes.extend(last.map(|agent| {
        let name = name(&agent.name, Style::Small, ANSWER);
        let word = if critical.is_empty() { "Outlined: the" } else { "The" };
        format!("{word} last to end, {name}, took {}.", duration(agent.duration()))
    }));
    notes.extend((!critical.is_empty()).then(|| {
        let (count, took) = (critical.len(), critical.iter().map(|agent| agent.duration()).sum());
        format!(
            "Outlined and joined: the critical path by serial costs, {count} agents that wait for each other; \
             here they took {}.",
            duration(took)
        )
    }));
    notes.extend(omitted(chart, agents));
    notes
}

fn omitted(chart: &TimelineChart, agents: &[&Agent]) -> Option<String> {
    let count = chart.agents.len() - agents.len();
    let lanes = chart.workers.saturating_sub(MOST_LANES);
    let note =
        format!("Not drawn: {count} of {} agents, {lanes} of {} workers.", chart.agents.len(), chart.workers);
    (count > 0 || lanes > 0).then_some(note)
}
