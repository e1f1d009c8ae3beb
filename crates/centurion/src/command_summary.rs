//! What a command's run came to, in words.

use std::time::Duration;

use centurion_commands::{FailureGroup, GraphTimes, Totals};
use centurion_graph::Bounds;
use centurion_report::units;

use crate::output::{self, plural};

/// The share of all time from which on start-up is worth a word.
const START_UP: f64 = 0.1;

/// A run that has ended.
pub(crate) struct CommandSummary<'a> {
    pub(crate) totals: &'a Totals,
    /// What the agents took, where they need each other.
    pub(crate) graph: Option<&'a GraphTimes>,
    pub(crate) wall: Duration,
    pub(crate) workers: usize,
    /// Whether processes live as long as workers.
    pub(crate) persistent: bool,
    /// How many scenarios there are, where that is known.
    pub(crate) count: Option<usize>,
}

impl CommandSummary<'_> {
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = self.times();
        lines.extend(self.slowest());
        lines.extend(self.longest_chain());
        lines.extend(self.answers());
        lines.extend(failures(self.totals));
        lines.extend(self.start_up());
        lines
    }

    fn times(&self) -> Vec<String> {
        let costs = &self.totals.costs_ns;
        if costs.is_empty() {
            return Vec::new();
        }
        let serial: u64 = costs.iter().sum();
        let wall = self.wall.as_nanos().max(1) as f64;
        let line = |name: &str, value: String, note: &str| {
            format!("{name:<12} {value:>9}   {note}").trim_end().to_owned()
        };
        let best = format!("what {} could reach at best", plural(self.workers, "worker"));
        let ceiling = match self.graph {
            Some(graph) => graph.bounds.ceiling(self.workers),
            None => Bounds::new(costs, None).ceiling(self.workers),
        };
        vec![
            line("Total time", units::time(wall), ""),
            line(
                "Serial time",
                units::time(serial as f64),
                "the sum of the times the agents took in this run",
            ),
            line("Speedup", units::times(serial as f64 / wall), ""),
            line("Ceiling", units::times(ceiling), &best),
        ]
    }

    fn slowest(&self) -> Vec<String> {
        let slowest = &self.totals.slowest;
        if slowest.len() < 2 {
            return Vec::new();
        }
        let line = |time: Duration, name: &str| format!("  {:>9}   {name}", nanoseconds(time));
        let lines = slowest.iter().map(|slow| line(slow.wall, &shortened(&slow.name)));
        ["\nThe longest agents, which no number of workers makes shorter:".into()]
            .into_iter()
            .chain(lines)
            .collect()
    }

    fn longest_chain(&self) -> Option<String> {
        let graph = self.graph?;
        let time = units::time(graph.bounds.critical_path() as f64);
        let names = shortened(&graph.chain.join(" → "));
        (graph.chain.len() > 1).then(|| {
            format!("\nThe longest chain of agents that need each other, which no number of workers makes shorter:\n  {time:>9}   {names}")
        })
    }

    fn answers(&self) -> Vec<String> {
        let totals = self.totals;
        let of = self.count.unwrap_or(totals.ended());
        let earlier = match totals.earlier {
            0 => String::new(),
            earlier => format!(", {earlier} of them in an earlier run"),
        };
        let mut lines = vec![format!("\n{} of {} answered{earlier}.", totals.answered, plural(of, "agent"))];
        if totals.retries > 0 {
            let retries = plural(totals.retries, "attempt");
            lines.push(format!(
                "{retries} failed and were made again; the times above are of last attempts only."
            ));
        }
        if let Some(share) = share_right(totals) {
            let (right, known) = (totals.right, totals.known);
            lines.push(format!("{right} of {known} known answers are right: {}.", units::percent(share)));
        }
        lines.extend(totals.wrong.iter().map(|[name, answer, expected]| {
            format!("WRONG  {}: {}, not {}", shortened(name), shortened(answer), shortened(expected))
        }));
        lines
    }

    fn start_up(&self) -> Option<String> {
        let serial: u64 = self.totals.costs_ns.iter().sum();
        let share = self.totals.starts.as_nanos() as f64 / serial.max(1) as f64;
        (!self.persistent && share >= START_UP).then(|| {
            let share = units::percent(share);
            format!(
                "\nUntil they read their scenario agents took {share} of their time: that is start-up, and --persistent has \
                 it once for each worker."
            )
        })
    }
}

/// Why agents failed and who, a line for each reason, the most frequent first.
pub(crate) fn failures(totals: &Totals) -> Vec<String> {
    let mut groups: Vec<_> = totals.failures.iter().collect();
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
    let line = |(reason, group): (&String, &FailureGroup)| {
        let more = if group.count > group.names.len() { ", …" } else { "" };
        let names: Vec<String> = group.names.iter().map(|name| shortened(name)).collect();
        format!("FAILED {} × {}: {}{more}", group.count, reason_of(reason, group), names.join(", "))
    };
    groups.into_iter().map(line).collect()
}

/// Why agents failed, and what one of them said of it last.
fn reason_of(reason: &str, group: &FailureGroup) -> String {
    match group.stderr.as_str() {
        "" => output::shown(reason),
        stderr => format!("{} ({})", output::shown(reason), shortened(stderr)),
    }
}

/// The share of the known answers that is right, where any is known. Who gave none was not right.
pub(crate) fn share_right(totals: &Totals) -> Option<f64> {
    (totals.known > 0).then(|| totals.right as f64 / totals.known as f64)
}

fn nanoseconds(time: Duration) -> String {
    units::time(time.as_nanos() as f64)
}

/// The beginning of a text that may be long and comes from outside: of its first line, without colours of its own.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 100;
    let line = text.lines().next().unwrap_or_default();
    let mut beginning: String = line.chars().take(MOST).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    output::shown(&beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_where_a_character_ends() {
        assert_eq!(shortened("one\ntwo"), "one…");
        assert_eq!(shortened(&"ä".repeat(101)), "ä".repeat(100) + "…");
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("\u{1b}[31mred\n20 of 20 agents answered."), "\\u{1b}[31mred…");
    }

    #[test]
    fn start_up_is_worth_a_word_where_it_matters_and_can_be_saved() {
        let totals =
            Totals { costs_ns: vec![1_000; 4], starts: Duration::from_micros(1), ..Totals::default() };
        let summary = |persistent| {
            let wall = Duration::from_micros(2);
            CommandSummary { totals: &totals, graph: None, wall, workers: 2, persistent, count: Some(4) }
                .start_up()
        };
        assert!(
            summary(false).is_some_and(|line| line.contains("agents took 25 % of")),
            "{:?}",
            summary(false)
        );
        assert_eq!(summary(true), None);
    }
}
