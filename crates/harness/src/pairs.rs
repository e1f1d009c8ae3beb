//! Two things measured side by side: a short sample of each, one right after the other, again and again.

use std::hint::black_box;
use std::time::Duration;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use thiserror::Error;

use crate::clock::{self, nanoseconds};
use crate::error::SampleError;
use crate::matrix::PlannedCell;
use crate::testbed::{Stop, Testbed};

/// A sample lasts about this long, or one execution: long enough for the clock and the first cold microseconds not to
/// count, short enough for most samples to be over before anything disturbs them.
const SAMPLE: Duration = Duration::from_millis(5);

/// Executes something so many times and says how long that took.
pub type Executions<'a> = dyn FnMut(u64) -> Result<Duration, SampleError> + 'a;

/// One of the two.
pub struct PairSide<'a> {
    /// What errors call it.
    pub name: &'a str,
    /// How it is executed.
    pub execute: Box<Executions<'a>>,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    /// Executions in each sample, of both sides.
    pub executions: [u64; 2],
    /// Time of one execution in nanoseconds, of both sides, for each pair of samples.
    pub times_ns: Vec<[f64; 2]>,
    /// Time that the pairs took, with all that lies between samples.
    pub spent: Duration,
}

/// Why a side could not be measured.
#[derive(Debug, Error)]
#[error("measure {name}: {reason}")]
pub struct PairError {
    /// Name of the side.
    pub name: String,
    /// What was wrong.
    pub reason: SampleError,
}

impl<'a> PairSide<'a> {
    /// A function.
    pub fn from_function<T>(name: &'a str, mut function: impl FnMut() -> T + 'a) -> Self {
        let execute = move |executions| {
            let begun = clock::now();
            for _ in 0..executions {
                black_box(function());
            }
            Ok(begun.elapsed())
        };
        Self { name, execute: Box::new(execute) }
    }

    /// A cell: its executor is started anew for every sample and its answers are checked, both outside the time.
    pub fn from_cell(name: &'a str, cell: &'a PlannedCell, testbed: &'a Testbed) -> Self {
        let execute = |executions| cell.sample(executions, testbed).map(|sample| sample.wall);
        Self { name, execute: Box::new(execute) }
    }

    fn sample(&mut self, executions: u64) -> Result<Duration, PairError> {
        (self.execute)(executions).map_err(|reason| PairError { name: self.name.into(), reason })
    }

    /// How many executions make a sample, found by trying, and what one of them takes in nanoseconds.
    fn plan(&mut self) -> Result<(u64, f64), PairError> {
        self.sample(1)?; // the first one is slow
        let mut executions = 1;
        loop {
            let took = self.sample(executions)?.as_secs_f64();
            let wanted = SAMPLE.as_secs_f64() / took.max(1e-9);
            if wanted <= 2.0 {
                let planned = (executions as f64 * wanted).ceil().max(1.0) as u64;
                return Ok((planned, 1e9 * took / executions as f64));
            }
            executions *= wanted.clamp(2.0, 64.0) as u64;
        }
    }
}

/// Measures pairs of samples until the budget is spent, at least so many. Which side comes first is drawn for each pair, so
/// that whatever changes in the meantime changes both alike.
///
/// # Errors
/// Names the side that failed; [`SampleError::Stopped`] when somebody asks to stop.
pub fn measure_pairs(
    mut sides: [PairSide<'_>; 2],
    (least, budget): (usize, Duration),
    seed: u64,
    stop: &Stop,
) -> Result<Pairs, PairError> {
    let [first, second] = &mut sides;
    let executions = alike(first.plan()?, second.plan()?);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut times_ns, begun) = (Vec::new(), clock::now());
    loop {
        let (mut order, mut times, pair) = ([0, 1], [0.0; 2], clock::now());
        order.shuffle(&mut random);
        for side in order {
            let took = sides[side].sample(executions[side])?;
            times[side] = nanoseconds(took).max(1) as f64 / executions[side] as f64;
        }
        if stop.is_asked() {
            return Err(PairError { name: sides[0].name.into(), reason: SampleError::Stopped });
        }
        times_ns.push(times);
        let spent = begun.elapsed();
        if times_ns.len() >= least && spent + pair.elapsed() > budget {
            return Ok(Pairs { executions, times_ns, spent });
        }
    }
}

/// The executions of both sides: the same number where one takes less than twice as long as the other, so that what a
/// sample costs by itself weighs the same on both.
fn alike(first: (u64, f64), second: (u64, f64)) -> [u64; 2] {
    let ratio = first.1 / second.1;
    if (0.5..=2.0).contains(&ratio) { [first.0.max(second.0); 2] } else { [first.0, second.0] }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// A side that takes so many nanoseconds an execution, and notes each sample; no clock is read.
    fn side<'a>(name: &'a str, ns: u64, seen: &'a RefCell<Vec<(&'a str, u64)>>) -> PairSide<'a> {
        let execute = move |executions| {
            seen.borrow_mut().push((name, executions));
            Ok(Duration::from_nanos(ns * executions))
        };
        PairSide { name, execute: Box::new(execute) }
    }

    #[test]
    fn a_sample_is_as_many_executions_as_take_some_milliseconds() {
        let seen = RefCell::new(Vec::new());
        let planned = |ns| side("side", ns, &seen).plan().expect("nothing fails");
        assert_eq!(planned(1_000_000), (5, 1_000_000.0));
        assert_eq!(planned(20_000_000), (1, 20_000_000.0));
        assert_eq!(planned(100), (50_000, 100.0));
    }

    #[test]
    fn sides_that_take_about_as_long_have_samples_of_as_many_executions() {
        assert_eq!(alike((5, 1.0), (6, 0.9)), [6, 6]);
        assert_eq!(alike((5, 1.0), (50, 0.1)), [5, 50]);
    }

    #[test]
    fn both_are_in_every_pair_and_each_comes_first_now_and_then() {
        let seen = RefCell::new(Vec::new());
        let sides = [side("old", 100_000, &seen), side("new", 200_000, &seen)];
        let measured = measure_pairs(sides, (1, Duration::from_millis(20)), 7, &Stop::default());
        let pairs = measured.expect("nothing fails");
        assert!(pairs.times_ns.iter().all(|pair| pair.map(|ns| ns as u64) == [100_000, 200_000]));
        let seen = seen.borrow();
        let samples = &seen[seen.len() - 2 * pairs.times_ns.len()..];
        assert!(samples.chunks(2).all(|pair| pair[0].0 != pair[1].0));
        let first = |name| samples.chunks(2).any(|pair| pair[0].0 == name);
        assert!(pairs.times_ns.len() < 20 || first("old") && first("new"));
    }

    #[test]
    fn there_are_as_many_pairs_as_are_needed_however_little_time_there_is() {
        let seen = RefCell::new(Vec::new());
        let sides = [side("old", 10_000_000, &seen), side("new", 10_000_000, &seen)];
        let pairs = measure_pairs(sides, (10, Duration::ZERO), 7, &Stop::default()).expect("nothing fails");
        assert_eq!((pairs.times_ns.len(), pairs.executions), (10, [1, 1]));
    }

    #[test]
    fn who_failed_is_named_and_a_wish_to_stop_is_heeded() {
        let seen = RefCell::new(Vec::new());
        let broken =
            PairSide { name: "new", execute: Box::new(|_| Err(SampleError::NoExecutor("new".into()))) };
        let error = measure_pairs([side("old", 1, &seen), broken], (1, Duration::ZERO), 7, &Stop::default());
        assert_eq!(error.expect_err("it fails").to_string(), "measure new: new is no executor");
        let stop = Stop::default();
        stop.ask();
        let sides = [side("old", 1, &seen), side("new", 1, &seen)];
        let error =
            measure_pairs(sides, (1, Duration::from_secs(60)), 7, &stop).expect_err("it is asked to stop");
        assert!(matches!(error.reason, SampleError::Stopped));
    }
}
