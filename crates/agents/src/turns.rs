//! What a task of a coding agent consists of, as published: calls of a model and of tools, and how it ends.
//!
//! The distributions are those of `TraceLab` (arXiv 2606.30560, 357,161 model calls), in seconds of real time. They don't
//! add up: 8.8 calls of each kind, drawn independently, take 96 s in the median, where a whole task takes 38 s. Makespans
//! are made of whole tasks, so their distribution holds: a task's time is drawn from it, and its calls, drawn from theirs,
//! are stretched or shortened together until they fill that time. They say how a task is divided, not how long it is.

use std::time::Duration;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Geometric, LogNormal};

use crate::stream::agent_stream;

/// Mean and standard deviation of the logarithm of a task's time.
const TASK: (f64, f64) = (3.645, 1.81);
/// The same of one call of a model.
const MODEL_CALL: (f64, f64) = (1.740, 1.10);
/// The same of one call of a tool.
const TOOL_CALL: (f64, f64) = (-1.204, 2.9);
/// Mean number of turns in a task. Their number is geometric: each turn may be the last.
const MEAN_TURNS: f64 = 8.8;

/// Share of tasks that run out of the time they were given; they are the longest.
const OUT_OF_TIME: f64 = 0.08;
/// Share of tasks that end in an error.
const FAILED: f64 = 0.07;
/// The time that all but the share that runs out of it need, in medians.
const GIVEN: f64 = 12.72;
/// Longest time that anybody gives a task, in medians. It is beyond the 99th percentile, and keeps a single draw among many
/// thousands from lasting for days.
const MOST: f64 = 100.0;

/// Share of a tool's time in which it computes on this machine; nothing is published of it, and builds and searches wait
/// for disks, networks and each other.
const COMPUTING: f64 = 0.02;
/// What a step of the kernel takes, in seconds: five cycles of a CPU of about three gigahertz.
const KERNEL_STEP: f64 = 1.6e-9;

/// How a task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it should.
    Done = 1,
    /// In an error.
    Failed = 2,
    /// Before it was done, for want of time.
    OutOfTime = 3,
}

/// One call of the model, and then one of a tool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Turn {
    /// How long the model takes.
    pub(crate) model: Duration,
    /// Steps of the kernel that the tool computes.
    pub(crate) kernel: u64,
    /// How long the tool waits.
    pub(crate) tool: Duration,
    /// What came of it.
    pub(crate) said: u64,
}

/// One task of a coding agent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CodingTask {
    pub(crate) turns: Vec<Turn>,
    pub(crate) ending: Ending,
}

/// The calls of one turn before they fill the task's time, in seconds.
#[derive(Debug, Clone, Copy)]
struct Calls {
    model: f64,
    tool: f64,
    said: u64,
}

/// Time of a task in the middle, in seconds.
pub(crate) fn median_seconds() -> f64 {
    TASK.0.exp()
}

impl CodingTask {
    /// Draws an agent's task. One that takes longer than `limit` medians is cut off there.
    pub(crate) fn draw(seed: u64, agent: usize, scale: f64, limit: Option<f64>) -> Self {
        let mut stream = agent_stream(seed, agent);
        let total = draw(TASK, &mut stream).min(MOST * median_seconds());
        let fate = stream.random::<f64>();
        let turns = 1 + Geometric::new(1.0 / MEAN_TURNS).expect("it is a probability").sample(&mut stream);
        let calls: Vec<Calls> = (0..turns).map(|_| Calls::draw(&mut stream)).collect();
        let limit = limit.map_or(f64::INFINITY, |medians| medians * median_seconds());
        let ending = if total > limit.min(GIVEN * median_seconds()) {
            Ending::OutOfTime
        } else if fate < FAILED / (1.0 - OUT_OF_TIME) {
            Ending::Failed
        } else {
            Ending::Done
        };
        Self { turns: within(limit, &filling(total, calls), scale), ending }
    }

    /// How long it takes by itself, computing included.
    pub(crate) fn time(&self) -> Duration {
        let computing: u64 = self.turns.iter().map(|turn| turn.kernel).sum();
        self.waits() + Duration::from_secs_f64(computing as f64 * KERNEL_STEP)
    }

    /// How long it waits.
    pub(crate) fn waits(&self) -> Duration {
        self.turns.iter().map(|turn| turn.model + turn.tool).sum()
    }
}

impl Calls {
    fn draw(stream: &mut impl Rng) -> Self {
        Self { model: draw(MODEL_CALL, stream), tool: draw(TOOL_CALL, stream), said: stream.next_u64() }
    }

    fn total(self) -> f64 {
        self.model + self.tool
    }

    /// The same in another time.
    fn stretched(self, factor: f64) -> Self {
        Self { model: self.model * factor, tool: self.tool * factor, ..self }
    }

    /// As much of it as there is time for.
    fn cut(self, time: f64) -> Self {
        let model = self.model.min(time);
        Self { model, tool: self.tool.min(time - model), ..self }
    }

    fn turn(self, scale: f64) -> Turn {
        let (model, tool) = (self.model * scale, self.tool * scale);
        Turn {
            model: Duration::from_secs_f64(model),
            kernel: (tool * COMPUTING / KERNEL_STEP) as u64,
            tool: Duration::from_secs_f64(tool * (1.0 - COMPUTING)),
            said: self.said,
        }
    }
}

fn draw((mean, deviation): (f64, f64), stream: &mut impl Rng) -> f64 {
    LogNormal::new(mean, deviation).expect("it deviates").sample(stream)
}

/// The calls stretched so that together they take `total` seconds.
fn filling(total: f64, calls: Vec<Calls>) -> Vec<Calls> {
    let factor = total / calls.iter().map(|calls| calls.total()).sum::<f64>();
    calls.into_iter().map(|calls| calls.stretched(factor)).collect()
}

/// The turns that begin within the limit, the last of them cut off there.
fn within(limit: f64, calls: &[Calls], scale: f64) -> Vec<Turn> {
    let mut left = limit;
    let mut turns = Vec::with_capacity(calls.len());
    for calls in calls {
        if left <= 0.0 {
            break;
        }
        turns.push(calls.cut(left).turn(scale));
        left -= calls.total();
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: usize = 40_000;

    fn tasks() -> Vec<CodingTask> {
        (0..MANY).map(|agent| CodingTask::draw(42, agent, 1.0, None)).collect()
    }

    /// The value below which that share of them is.
    fn quantile(values: &mut [f64], share: f64) -> f64 {
        values.sort_unstable_by(f64::total_cmp);
        values[(values.len() as f64 * share) as usize]
    }

    fn near(found: f64, published: f64, tolerance: f64) {
        assert!((found / published - 1.0).abs() < tolerance, "{found}, not {published}");
    }

    #[test]
    fn whole_tasks_take_as_long_as_published() {
        let mut seconds: Vec<f64> = tasks().iter().map(|task| task.time().as_secs_f64()).collect();
        near(quantile(&mut seconds, 0.5), 38.0, 0.03);
        near(quantile(&mut seconds, 0.9), 384.0, 0.05);
        near(quantile(&mut seconds, 0.99), 2634.0, 0.1);
        near(quantile(&mut seconds, 1.0 - 1e-5), MOST * median_seconds(), 1e-6);
    }

    #[test]
    fn calls_are_drawn_as_published() {
        let mut stream = agent_stream(42, 0);
        let calls: Vec<Calls> = (0..MANY).map(|_| Calls::draw(&mut stream)).collect();
        let mut models: Vec<f64> = calls.iter().map(|calls| calls.model).collect();
        let mut tools: Vec<f64> = calls.iter().map(|calls| calls.tool).collect();
        for (values, published) in [(&mut models, [5.7, 22.0, 84.0]), (&mut tools, [0.3, 13.6, 216.0])] {
            for (share, published) in [0.5, 0.9, 0.99].into_iter().zip(published) {
                // The fit is up to 18 % away from the published quantiles, the draws a few percent from the fit.
                near(quantile(values, share), published, 0.3);
            }
        }
    }

    #[test]
    fn a_task_has_as_many_turns_as_published_and_ends_as_often_in_an_error_or_for_want_of_time() {
        let tasks = tasks();
        let share = |ending| tasks.iter().filter(|task| task.ending == ending).count() as f64 / MANY as f64;
        near(tasks.iter().map(|task| task.turns.len()).sum::<usize>() as f64 / MANY as f64, 8.8, 0.02);
        near(share(Ending::Failed), FAILED, 0.05);
        near(share(Ending::OutOfTime), OUT_OF_TIME, 0.05);
    }

    #[test]
    fn a_limit_cuts_what_is_longer_off_there_and_leaves_the_rest_as_it_is() {
        for (agent, whole) in tasks().iter().enumerate().take(1_000) {
            let limited = CodingTask::draw(42, agent, 1.0, Some(10.0));
            if whole.time().as_secs_f64() > 10.0 * median_seconds() {
                near(limited.time().as_secs_f64(), 10.0 * median_seconds(), 1e-6);
                assert_eq!(limited.ending, Ending::OutOfTime);
                assert!(limited.turns.len() <= whole.turns.len());
            } else {
                assert_eq!(limited, *whole);
            }
        }
    }

    #[test]
    fn the_scale_multiplies_every_time_and_leaves_what_comes_of_it() {
        for agent in 0..100 {
            let (real, scaled) =
                (CodingTask::draw(7, agent, 1.0, None), CodingTask::draw(7, agent, 0.01, None));
            near(scaled.time().as_secs_f64(), real.time().as_secs_f64() / 100.0, 1e-4);
            assert_eq!((real.turns.len(), real.ending), (scaled.turns.len(), scaled.ending));
            assert!(real.turns.iter().zip(&scaled.turns).all(|(real, scaled)| real.said == scaled.said));
        }
    }
}
