//! What a sample of agents says about all of them: how many workers, what limits them, what a time limit would bring.

use centurion_agents::AgentKind;
use centurion_graph::{Bounds, Graph};
use centurion_report::units;
use centurion_stats::{median, resample};

use crate::output::plural;
use crate::range::{interval, percent, times};

const RESAMPLES: usize = 400;
/// Agents that a sample is repeated to at most: with more, nothing changes any more.
const MOST_REPEATED: usize = 10_000;
/// The share of all speed that is enough.
const ENOUGH: f64 = 0.9;
/// The share of waiting, or of starting, from which on it matters.
const MATTERS: f64 = 0.1;
/// Time limits that are thought of, in medians.
const LIMITS: [f64; 3] = [10.0, 5.0, 3.0];
/// How much a time limit must bring to be worth a word.
const WORTH: f64 = 1.1;

/// What one agent took, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AgentCost {
    pub(crate) wall: u64,
    pub(crate) cpu: u64,
    /// The part of the wall time until it read its scenario, where that is known.
    pub(crate) start: Option<u64>,
}

/// What a worker takes until it reads its first scenario, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WorkerStart {
    pub(crate) wall: u64,
    pub(crate) cpu: u64,
}

/// Whose agents are advised on, and so what can be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdviceOn<'a> {
    /// Those of a command.
    Command,
    /// Those of a command whose processes stay; what starting one takes, where that is known.
    #[cfg_attr(not(unix), expect(dead_code, reason = "commands need Unix"))]
    Persistent(Option<WorkerStart>),
    /// Those of a bench file, all of which are in the sample; who needs whom, if they need each other.
    #[cfg_attr(not(any(feature = "bench", test)), expect(dead_code, reason = "only a bench file has such"))]
    Bench(Option<&'a Graph>),
}

/// A sample of agents, and all they stand for.
pub(crate) struct AgentAdvice<'a> {
    pub(crate) on: AdviceOn<'a>,
    /// Whether somebody said what they spend their time on.
    pub(crate) said: Option<AgentKind>,
    pub(crate) sample: &'a [AgentCost],
    /// Whether start-up of some is what it took at least, for they stood in line for a CPU.
    pub(crate) starts_are_least: bool,
    /// Whether the sample is all agents, or was drawn at random from them: only then it has intervals.
    pub(crate) is_random: bool,
    /// How many agents there are in all.
    pub(crate) agents: usize,
    /// How many of the sample ran at once, where that is known.
    pub(crate) at_once: Option<usize>,
    /// How many of the sample a time limit ended.
    pub(crate) late: usize,
    pub(crate) cpus: usize,
    pub(crate) most_workers: usize,
    pub(crate) seed: u64,
}

/// What follows from some costs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Figures {
    waiting: f64,
    /// Workers that give enough of what any number gives.
    workers: usize,
    /// Nanoseconds that all agents take with as many workers as there may be.
    best: f64,
    /// The speedup that the longest agent leaves possible.
    by_longest: f64,
    /// The same of the CPUs.
    by_cpus: f64,
    /// The share of start-up, of the agents of which it is known.
    starting: Option<f64>,
}

impl AgentAdvice<'_> {
    /// Sentences, the most important first. There must be agents in the sample.
    pub(crate) fn lines(&self) -> Vec<String> {
        let figures = self.figures(self.sample);
        let draws = if self.is_random { RESAMPLES } else { 0 };
        let resampled = resample(self.sample.len(), draws, self.seed, |indices| {
            self.figures(&indices.iter().map(|&index| self.sample[index]).collect::<Vec<_>>())
        });
        let mut lines: Vec<String> = self.chosen_by_time().into_iter().collect();
        lines.extend([self.workers(figures, &resampled), self.waiting(figures, &resampled)]);
        lines.push(self.limit(figures, &resampled));
        lines.extend(self.time_limit(figures));
        lines.extend(self.starting(figures, &resampled));
        lines.extend(self.unknown(figures));
        lines
    }

    fn figures(&self, sample: &[AgentCost]) -> Figures {
        let all = sample.iter().cycle().take(self.agents.clamp(sample.len(), MOST_REPEATED));
        let (walls, cpu): (Vec<u64>, f64) = all.fold((Vec::new(), 0.0), |(mut walls, cpu), cost| {
            walls.push(cost.wall);
            (walls, cpu + cost.cpu as f64)
        });
        let bounds = Bounds::new(&walls, self.graph());
        let repeated = (self.agents as f64 / walls.len() as f64).max(1.0);
        let start = self.worker_start();
        let [start, start_cpu] = [start.wall, start.cpu].map(|time| time as f64 / repeated);
        let by_cpus = |workers: usize| (cpu + workers as f64 * start_cpu) / self.cpus as f64;
        let time = |workers| (start + bounds.makespan(workers)).max(by_cpus(workers));
        let times: Vec<f64> = (1..=self.most_workers.min(self.agents).max(1)).map(time).collect();
        let best = times.iter().copied().fold(f64::INFINITY, f64::min);
        let enough = times.iter().position(|&time| best >= ENOUGH * time);
        let (work, alone) = (bounds.work() as f64, start + bounds.work() as f64);
        Figures {
            waiting: (1.0 - cpu / work.max(1.0)).max(0.0),
            workers: enough.map_or(times.len(), |fewer| fewer + 1),
            best: best * repeated,
            by_longest: alone / (start + bounds.critical_path() as f64).max(1.0),
            by_cpus: alone / by_cpus(1).max(1.0),
            starting: starting(sample),
        }
    }

    /// What every worker takes before its first agent.
    fn worker_start(&self) -> WorkerStart {
        match self.on {
            AdviceOn::Persistent(start) => start.unwrap_or_default(),
            AdviceOn::Command | AdviceOn::Bench(_) => WorkerStart::default(),
        }
    }

    fn graph(&self) -> Option<&Graph> {
        match self.on {
            AdviceOn::Command | AdviceOn::Persistent(_) => None,
            AdviceOn::Bench(graph) => graph,
        }
    }

    /// What a sample is worth that nobody drew.
    fn chosen_by_time(&self) -> Option<String> {
        let (ended, agents) = (plural(self.sample.len(), "agent"), self.agents);
        (!self.is_random).then(|| {
            format!(
                "No random sample: the {ended} that ended are those that were begun first and took least. What follows has no \
                 intervals, holds if all {agents} are like these, and is likely too quick. --sample {agents} --resume runs the \
                 others too; another --journal begins with a random sample.\n"
            )
        })
    }

    fn workers(&self, figures: Figures, resampled: &[Figures]) -> String {
        let range = interval(resampled, |figures| figures.workers as f64);
        let range = range.map_or(String::new(), |(low, high)| format!(" [{low:.0}, {high:.0}]"));
        let best = units::time(figures.best);
        let all = plural(self.agents, "agent");
        let workers = plural(figures.workers, "worker");
        let give = if figures.workers == 1 { "gives" } else { "give" };
        format!("{workers}{range} {give} 90 % of what any number gives, which is {all} in {best} at best.")
    }

    fn waiting(&self, figures: Figures, resampled: &[Figures]) -> String {
        if self.said == Some(AgentKind::Computing) {
            return "Agents compute, as you say: more workers than CPUs bring nothing.".into();
        }
        let range = interval(resampled, |figures| figures.waiting);
        let share = percent(figures.waiting, range);
        let (low, high) = range.unwrap_or((figures.waiting, figures.waiting));
        let so = if low > MATTERS {
            "more workers than CPUs pay"
        } else if high < MATTERS {
            "more workers than CPUs bring nothing"
        } else if matches!(self.on, AdviceOn::Bench(_)) {
            "whether more workers than CPUs pay can't be told yet; measuring them in rounds would tell"
        } else {
            "whether more workers than CPUs pay can't be told yet; a larger --sample would tell"
        };
        let as_said = match self.said {
            Some(AgentKind::Waiting) => ", if all that they don't compute is waiting, as you say",
            _ => "",
        };
        format!("Agents wait {share} of their time{as_said}: {so}.")
    }

    fn limit(&self, figures: Figures, resampled: &[Figures]) -> String {
        if figures.by_cpus < figures.by_longest {
            let cpus = plural(self.cpus, "CPU");
            let times = times(figures.by_cpus, interval(resampled, |figures| figures.by_cpus));
            return format!("{cpus} are the limit: nothing is more than {times} as fast here as one worker.");
        }
        let share = units::percent(1.0 / figures.by_longest);
        let times = times(figures.by_longest, interval(resampled, |figures| figures.by_longest));
        let longest = match self.graph() {
            Some(_) => "The chain of agents that need each other which takes longest is".to_owned(),
            None => format!("The longest agent took {},", units::time(self.longest() as f64)),
        };
        format!(
            "{longest} {share} of the time of all together: nothing is more than {times} as fast as one worker."
        )
    }

    fn longest(&self) -> u64 {
        self.sample.iter().map(|cost| cost.wall).max().unwrap_or(0)
    }

    /// What a time limit would bring, where the longest agent decides.
    fn time_limit(&self, figures: Figures) -> Option<String> {
        let walls: Vec<f64> = self.sample.iter().map(|cost| cost.wall as f64).collect();
        let middle = median(&walls)?;
        let decides = figures.by_longest <= figures.by_cpus && self.graph().is_none();
        LIMITS.into_iter().filter(|_| decides).find_map(|medians| {
            let limit = medians * middle;
            let cut = |cost: &AgentCost| AgentCost { wall: cost.wall.min(limit as u64), ..*cost };
            let ended = walls.iter().filter(|&&wall| wall > limit).count();
            let sample: Vec<AgentCost> = self.sample.iter().map(cut).collect();
            let lifted = self.figures(&sample);
            let to = lifted.by_longest.min(lifted.by_cpus);
            (ended > 0 && to > WORTH * figures.by_longest).then(|| {
                let how = match self.on {
                    AdviceOn::Bench(_) => String::new(),
                    _ => format!(": --timeout {:.0}%", medians * 100.0),
                };
                format!(
                    "A limit of {medians:.0} medians, {}, would end {ended} of the {} that were run and lift that to \
                     {}{how}.",
                    units::time(limit),
                    walls.len(),
                    units::times(to),
                )
            })
        })
    }

    /// What start-up costs, of the agents of which that is known.
    fn starting(&self, figures: Figures, resampled: &[Figures]) -> Option<String> {
        if let AdviceOn::Persistent(Some(WorkerStart { wall, cpu })) = self.on {
            let [wall, cpu] = [wall, cpu].map(|time| units::time(time as f64));
            return Some(format!(
                "Every worker starts once, which takes {wall} and {cpu} of CPU time; the numbers above count that."
            ));
        }
        self.known_start(figures)?;
        let known: Vec<Figures> =
            resampled.iter().copied().filter(|figures| figures.starting.is_some()).collect();
        let share = |figures: &Figures| figures.starting.unwrap_or_default();
        let range = interval(&known, share);
        let told = percent(share(&figures), range);
        let low = range.map_or(share(&figures), |(low, _)| low);
        let so = if low > MATTERS { ": --persistent would have that once for each worker" } else { "" };
        let least = if self.starts_are_least { "at least " } else { "" };
        Some(format!("Start-up, until they read their scenario, is {least}{told} of their time{so}."))
    }

    /// The share of start-up; little at least is nothing that is known.
    fn known_start(&self, figures: Figures) -> Option<f64> {
        figures.starting.filter(|&share| !self.starts_are_least || share > MATTERS)
    }

    fn unknown(&self, figures: Figures) -> Vec<String> {
        let mut unknown = Vec::new();
        let waits = self.said != Some(AgentKind::Computing) && figures.waiting > MATTERS;
        if waits && self.at_once.is_none_or(|at_once| figures.workers > at_once) {
            let more = self.at_once.map_or("as many".into(), |at_once| format!("more than {at_once}"));
            let how = match self.on {
                AdviceOn::Bench(_) => "`cargo bench`".into(),
                _ => format!("--workers {}", figures.workers),
            };
            unknown.push(format!(
                "Not known: whether what agents wait for, such as a server, keeps up with {more} at once. {how} \
                 would tell."
            ));
        }
        if self.on == AdviceOn::Persistent(None) {
            unknown.push(
                "Not known: what starting a worker takes, which the numbers above leave out. None was started, or this system \
                 does not tell."
                    .into(),
            );
        }
        if self.known_start(figures).is_none() && self.on == AdviceOn::Command {
            unknown.push(
                "Not known: what start-up takes: no agent was seen to read its scenario, or they stood in line for a CPU."
                    .into(),
            );
        }
        if self.late > 0 {
            let (late, end) = (plural(self.late, "agent"), if self.late == 1 { "was" } else { "were" });
            unknown.push(format!(
                "Not known: what {late} would have taken that {end} ended at the time limit. The numbers above count them as \
                 ended there."
            ));
        }
        if !self.is_random {
            unknown
                .push("Not known: what the longest of all takes. Those that take long are missing.".into());
        } else if self.sample.len() < self.agents {
            let chance = units::percent(self.sample.len() as f64 / self.agents as f64);
            unknown.push(format!(
                "Not known: what the longest of all takes. It is among those run with a chance of {chance}."
            ));
        }
        unknown
    }
}

fn starting(sample: &[AgentCost]) -> Option<f64> {
    let known = sample.iter().filter_map(|cost| Some((cost.start?, cost.wall)));
    let (start, wall) = known.fold((0, 0), |(starts, walls), (start, wall)| (starts + start, walls + wall));
    (wall > 0).then(|| start as f64 / wall as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn lines(sample: &[AgentCost]) -> Vec<String> {
        advice(sample).lines()
    }

    /// Of a command on two CPUs, of which nobody said what it does.
    fn advice(sample: &[AgentCost]) -> AgentAdvice<'_> {
        AgentAdvice {
            on: AdviceOn::Command,
            said: None,
            sample,
            starts_are_least: false,
            is_random: true,
            agents: 100,
            at_once: Some(2),
            late: 0,
            cpus: 2,
            most_workers: 1_000,
            seed: 42,
        }
    }

    fn costs(wall: u64, cpu: u64) -> Vec<AgentCost> {
        vec![AgentCost { wall, cpu, start: Some(wall / 4) }; 20]
    }

    #[test]
    fn agents_that_wait_want_a_worker_each_as_far_as_one_can_tell() {
        let lines = lines(&costs(SECOND, SECOND / 1_000));
        assert_eq!(
            lines[0],
            "100 workers [100, 100] give 90 % of what any number gives, which is 100 agents in 1.00 s at best."
        );
        assert_eq!(lines[1], "Agents wait 100 % [100, 100] of their time: more workers than CPUs pay.");
        assert!(
            lines[2].ends_with("nothing is more than 100× [100, 100] as fast as one worker."),
            "{lines:?}"
        );
        assert_eq!(
            lines[3],
            "Start-up, until they read their scenario, is 25 % [25, 25] of their time: --persistent would have that once \
             for each worker."
        );
        assert!(lines[4].contains("keeps up with more than 2 at once. --workers 100"), "{lines:?}");
        assert!(lines[5].ends_with("with a chance of 20 %."), "{lines:?}");
    }

    #[test]
    fn start_up_of_agents_that_stood_in_line_is_told_as_the_least_or_as_not_known() {
        let told = |start| {
            let sample = vec![AgentCost { start: Some(start), ..costs(SECOND, 0)[0] }; 20];
            AgentAdvice { starts_are_least: true, ..advice(&sample) }.lines().join("\n")
        };
        assert!(told(SECOND / 4).contains("is at least 25 % [25, 25] of their time: --persistent"));
        assert!(told(SECOND / 100).contains("Not known: what start-up takes:"));
    }

    #[test]
    fn agents_that_compute_want_a_worker_for_each_cpu() {
        let lines = lines(&costs(SECOND, SECOND));
        assert!(
            lines[0].starts_with("2 workers [2, 2] give 90 %") && lines[0].contains("in 50.0 s"),
            "{lines:?}"
        );
        assert_eq!(lines[1], "Agents wait 0.0 % [0, 0] of their time: more workers than CPUs bring nothing.");
        assert!(
            lines[2].starts_with("2 CPUs are the limit: nothing is more than 2.00× [2.00, 2.00]"),
            "{lines:?}"
        );
        assert!(!lines.iter().any(|line| line.contains("what agents wait for")), "{lines:?}");
    }

    #[test]
    fn an_agent_that_takes_as_long_as_many_is_what_a_time_limit_is_for() {
        let mut sample = costs(SECOND, 0);
        sample[3].wall = 80 * SECOND;
        let lines = lines(&sample);
        assert!(lines[2].starts_with("The longest agent took 80.0 s, 16 % of the time"), "{lines:?}");
        let limit =
            "A limit of 10 medians, 10.0 s, would end 1 of the 20 that were run and lift that to 14.5×";
        assert!(lines[3].starts_with(limit) && lines[3].ends_with("--timeout 1000%."), "{lines:?}");
    }

    #[test]
    fn agents_that_need_each_other_are_no_faster_than_their_chain() {
        let graph = Graph::new([vec![], vec![0], vec![], vec![]]).expect("it is a graph");
        let sample = vec![AgentCost { wall: SECOND, cpu: SECOND / 1_000, start: None }; 4];
        let on = AdviceOn::Bench(Some(&graph));
        let advice = AgentAdvice { on, agents: 4, at_once: Some(1), ..advice(&sample) };
        let lines = advice.lines();
        assert!(lines[0].starts_with("2 workers [2, 2] give 90 %"), "{lines:?}");
        assert_eq!(
            lines[2],
            "The chain of agents that need each other which takes longest is 50 % of the time of all together: nothing is \
             more than 2.00× [2.00, 2.00] as fast as one worker."
        );
        assert!(lines[3].ends_with("more than 1 at once. `cargo bench` would tell."), "{lines:?}");
        assert_eq!(lines.len(), 4);
    }

    #[test]
    fn a_worker_that_is_slow_to_start_is_started_no_more_often_than_pays() {
        let start = WorkerStart { wall: SECOND, cpu: SECOND };
        let sample = vec![AgentCost { wall: SECOND / 10, cpu: 0, start: None }; 20];
        let advice = AgentAdvice { on: AdviceOn::Persistent(Some(start)), ..advice(&sample) };
        let lines = advice.lines();
        // Five start in 1 s and answer 20 times each, in 2 s. The starts of more keep two CPUs busy for as long as that.
        assert!(
            lines[0].starts_with("5 workers [5, 5] give 90 %") && lines[0].contains("in 3.00 s"),
            "{lines:?}"
        );
        assert!(
            lines.contains(
                &"Every worker starts once, which takes 1.00 s and 1.00 s of CPU time; the numbers above count that."
                    .to_owned()
            ),
            "{lines:?}"
        );
        let unknown = AgentAdvice { on: AdviceOn::Persistent(None), ..advice }.lines();
        assert!(
            unknown.iter().any(|line| line.starts_with("Not known: what starting a worker takes")),
            "{unknown:?}"
        );
    }

    #[test]
    fn what_somebody_said_is_told_as_said() {
        let sample = costs(SECOND, SECOND / 10);
        let waiting = |said| {
            let advice = AgentAdvice { said, ..advice(&sample) };
            advice.lines().swap_remove(1)
        };
        assert_eq!(
            waiting(Some(AgentKind::Waiting)),
            "Agents wait 90 % [90, 90] of their time, if all that they don't compute is waiting, as you say: more workers \
             than CPUs pay."
        );
        assert!(waiting(Some(AgentKind::Computing)).starts_with("Agents compute, as you say: more"));
    }

    #[test]
    fn what_a_journal_can_not_tell_is_said() {
        let sample = vec![AgentCost { wall: SECOND, cpu: 0, start: Some(1) }; 100];
        let lines = AgentAdvice { at_once: None, late: 2, ..advice(&sample) }.lines();
        let [.., server, late] = &lines[..] else { panic!("{lines:?}") };
        assert!(server.contains("keeps up with as many at once. --workers 100 would tell."), "{lines:?}");
        assert!(
            late.starts_with("Not known: what 2 agents would have taken that were ended at"),
            "{lines:?}"
        );
    }

    #[test]
    fn agents_that_nobody_drew_have_no_intervals() {
        let sample = costs(SECOND, SECOND);
        let lines = AgentAdvice { is_random: false, ..advice(&sample) }.lines();
        assert!(lines[0].starts_with("No random sample: the 20 agents that ended are those"), "{lines:?}");
        assert!(lines.iter().all(|line| !line.contains('[')), "{lines:?}");
        assert!(!lines.iter().any(|line| line.contains("with a chance of")), "{lines:?}");
        assert!(lines.iter().any(|line| line.ends_with("Those that take long are missing.")), "{lines:?}");
    }

    #[test]
    fn what_the_sample_can_not_tell_is_said() {
        let mut sample = costs(SECOND, SECOND);
        sample[..3].iter_mut().for_each(|cost| cost.cpu = 0);
        for cost in &mut sample {
            cost.start = None;
        }
        assert!(
            lines(&sample)[1].contains("can't be told yet; a larger --sample would tell"),
            "{:?}",
            lines(&sample)
        );
        assert!(lines(&sample)[4].starts_with("Not known: what start-up takes:"), "{:?}", lines(&sample));
    }
}
