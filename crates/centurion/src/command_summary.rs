//! What a command's run came to, in words.

use std::time::Duration;

use centurion_commands::{FailureGroup, GraphTimes, Totals};
use centurion_graph::Bounds;
use centurion_report::units;

use crate::output::{self, plural};

/// The share of all time from which on start-up, and standing in line for a CPU, is worth a word.
const MATTERS: f64 = 0.1;

/// A run that has ended.
pub(crate) struct CommandSummary<'a> {
    pub(crate) totals: &'a Totals,
    /// What the agents took, where they need each other.
    pub(crate) graph: Option<&'a GraphTimes>,
    pub(crate) wall: Duration,
    pub(crate) workers: usize,
    /// CPUs that they had; not known of workers elsewhere.
    pub(crate) cpus: Option<usize>,
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
        lines.extend(self.in_line());
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
        [format!("\nThe longest agents{}:", self.whatever_the_workers())].into_iter().chain(lines).collect()
    }

    fn longest_chain(&self) -> Option<String> {
        let graph = self.graph?;
        let time = units::time(graph.bounds.critical_path() as f64);
        let names = shortened(&graph.chain.join(" → "));
        (graph.chain.len() > 1).then(|| {
            let whatever = self.whatever_the_workers();
            format!("\nThe longest chain of agents that need each other{whatever}:\n  {time:>9}   {names}")
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

    /// What is said of the longest where it is known that they would be as long with fewer workers.
    fn whatever_the_workers(&self) -> &'static str {
        let stood = self.totals.in_line.share().is_none_or(|share| share >= MATTERS);
        if stood { "" } else { ", which no number of workers makes shorter" }
    }

    /// The share of their time in which agents stood in line for a CPU, where it matters.
    fn queued(&self) -> Option<f64> {
        matters(self.totals.in_line.share())
    }

    fn in_line(&self) -> Option<String> {
        let share = units::percent(self.queued()?);
        let with = self.cpus.map_or(String::new(), |cpus| {
            format!(": {} had {}", plural(self.workers, "worker"), plural(cpus, "CPU"))
        });
        let late = matters(self.totals.late_in_line.share()).map_or(String::new(), |share| {
            format!(
                " Those that took longer than the time limit did so for up to {} of it.",
                units::percent(share)
            )
        });
        Some(format!(
            "\nFor up to {share} of their time agents stood in line for a CPU{with}. Serial time, speedup and ceiling count that as \
             theirs.{late}"
        ))
    }

    fn start_up(&self) -> Option<String> {
        if self.persistent {
            return None;
        }
        let Some(share) = self.totals.in_line.starting() else {
            let serial: u64 = self.totals.costs_ns.iter().sum();
            let share = self.totals.starts.as_nanos() as f64 / serial.max(1) as f64;
            let share = units::percent(matters(Some(share))?);
            return Some(format!(
                "\nUntil they read their scenario agents took {share} of their time: start-up, which --persistent has once for each \
                 worker, and standing in line for a CPU; how much of each can't be told."
            ));
        };
        let share = units::percent(matters(Some(share))?);
        let of = if self.queued().is_some() { "the rest at least" } else { "their time" };
        Some(format!(
            "\nUntil they read their scenario agents took {share} of {of}: that is start-up, and --persistent has it once for each \
             worker."
        ))
    }
}

fn matters(share: Option<f64>) -> Option<f64> {
    share.filter(|&share| share >= MATTERS)
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
    use centurion_commands::{Slowest, TimeInLine};

    use super::*;

    #[test]
    fn long_texts_are_cut_where_a_character_ends() {
        assert_eq!(shortened("one\ntwo"), "one…");
        assert_eq!(shortened(&"ä".repeat(101)), "ä".repeat(100) + "…");
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("\u{1b}[31mred\n20 of 20 agents answered."), "\\u{1b}[31mred…");
    }

    fn summary(totals: &Totals, persistent: bool) -> CommandSummary<'_> {
        let wall = Duration::from_millis(20);
        CommandSummary { totals, graph: None, wall, workers: 16, cpus: Some(2), persistent, count: Some(4) }
    }

    /// Of four agents that took 10 ms each, 4 ms of that until they read their scenario.
    fn totals(told: u64, queued: u64, starts: u64) -> Totals {
        let [told, untold, queued, starts] = [told, 40 - told, queued, starts].map(Duration::from_millis);
        let in_line = TimeInLine { told, untold, queued, starts };
        Totals {
            costs_ns: vec![10_000_000; 4],
            starts: Duration::from_millis(16),
            in_line,
            ..Totals::default()
        }
    }

    #[test]
    fn start_up_is_worth_a_word_where_it_matters_and_can_be_saved() {
        let totals = totals(40, 0, 16);
        let told = summary(&totals, false).start_up().expect("it matters");
        assert!(
            told.contains("agents took 40 % of their time: that is start-up, and --persistent"),
            "{told}"
        );
        assert_eq!((summary(&totals, true).start_up(), summary(&totals, false).in_line()), (None, None));
    }

    #[test]
    fn standing_in_line_is_not_told_as_start_up_nor_as_what_no_number_of_workers_makes_shorter() {
        let mut totals = totals(40, 30, 4);
        totals.late_in_line = TimeInLine { untold: Duration::ZERO, ..totals.in_line };
        totals.slowest = ["a", "b"].map(|name| Slowest { name: name.into(), wall: Duration::ZERO }).into();
        let said = summary(&totals, false).lines().join("\n");
        assert!(
            said.contains(
                "For up to 75 % of their time agents stood in line for a CPU: 16 workers had 2 CPUs."
            ),
            "{said}"
        );
        assert!(said.contains("longer than the time limit did so for up to 75 % of it."), "{said}");
        assert!(said.contains("agents took 40 % of the rest at least: that is start-up"), "{said}");
        assert!(said.contains("The longest agents:"), "{said}");
    }

    #[test]
    fn start_up_that_can_not_be_told_from_standing_in_line_is_not_named_as_the_cause() {
        let totals = totals(10, 0, 4);
        let told = summary(&totals, false).start_up().expect("it matters");
        assert!(
            told.contains(
                "took 40 % of their time: start-up, which --persistent has once for each worker, and"
            ),
            "{told}"
        );
        assert_eq!(
            (summary(&totals, false).in_line(), summary(&totals, false).whatever_the_workers()),
            (None, "")
        );
    }
}
