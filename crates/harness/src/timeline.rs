//! One instrumented execution: when each agent started and ended, and on which worker.
//!
//! Stamping costs two readings of the clock an agent, so it is done apart from the timed rounds.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, OnceLock};
use std::thread::ThreadId;

use centurion_agents::{Decorated, Workload};
use centurion_executors::Executor;
use centurion_record::{CellId, Timeline};

use crate::answers::Answers;
use crate::clock::{self, Moment, nanoseconds};
use crate::error::{AnswerError, SampleError};
use crate::matrix::PlannedCell;
use crate::testbed::{Stop, Testbed};

struct Stamp {
    start: Moment,
    end: Moment,
    thread: ThreadId,
    answer: u64,
}

/// Runs a cell once with stamps.
///
/// # Errors
/// When the executor does not start, or an agent has no stamp because it panicked or was left out.
pub fn timeline(cell: &PlannedCell, testbed: &Testbed) -> Result<Timeline, SampleError> {
    let timeline = cell.start(&testbed.cpus).and_then(|executor| {
        let timeline = stamped(&cell.id, &cell.workload, &*executor, &testbed.stop);
        executor.end().and(timeline)
    });
    testbed.release();
    timeline
}

/// Runs a workload once on an executor, with stamps. `cell` becomes the timeline's.
///
/// # Errors
/// When an agent has no stamp because it panicked or was left out.
pub fn stamped(
    cell: &CellId,
    workload: &Arc<dyn Workload>,
    executor: &dyn Executor,
    stop: &Stop,
) -> Result<Timeline, SampleError> {
    let stamps: Arc<[OnceLock<Stamp>]> = (0..workload.agents()).map(|_| OnceLock::new()).collect();
    let answers = Answers::new(stamping(workload, &stamps), stop);
    let begun = clock::now();
    answers.execute_on(executor);
    let makespan = begun.elapsed();
    if stop.is_asked() {
        return Err(SampleError::Stopped);
    }
    answers.check_threads()?;
    answers.check_panics()?;
    let never_run = |agent| AnswerError::NeverRun { agent, name: workload.agent_name(agent) };
    let stamps = stamps.iter().enumerate().map(|(agent, stamp)| stamp.get().ok_or_else(|| never_run(agent)));
    let stamps: Vec<&Stamp> = stamps.collect::<Result<_, _>>()?;
    let offsets = |moment: fn(&Stamp) -> Moment| -> Vec<u64> {
        stamps.iter().map(|stamp| nanoseconds(moment(stamp).since(begun))).collect()
    };
    let end_ns = offsets(|stamp| stamp.end);
    Ok(Timeline {
        cell: cell.clone(),
        // An executor that returns too early does not hide that agents still ran.
        makespan_ns: end_ns.iter().copied().fold(nanoseconds(makespan), u64::max),
        start_ns: offsets(|stamp| stamp.start),
        end_ns,
        worker: lanes(&stamps),
        answers: stamps.iter().map(|stamp| workload.answer_text(stamp.answer)).collect(),
    })
}

fn stamping(workload: &Arc<dyn Workload>, stamps: &Arc<[OnceLock<Stamp>]>) -> Arc<dyn Workload> {
    let stamps = Arc::clone(stamps);
    let begin = |_| (std::thread::current().id(), clock::now());
    let end = move |agent: usize, (thread, start), answer| {
        let end = clock::now();
        // A second run of the same agent is the executor's fault and shows in the timed rounds.
        let _ = stamps[agent].set(Stamp { start, end, thread, answer });
    };
    Arc::new(Decorated::new(Arc::clone(workload), begin, end))
}

/// The worker of each agent: its thread, or, where a thread had several agents under way, the first lane that was free
/// when the agent began. Numbered from 0 in the order of their first agent.
fn lanes(stamps: &[&Stamp]) -> Vec<u32> {
    let mut by_start: Vec<usize> = (0..stamps.len()).collect();
    by_start.sort_by_key(|&agent| stamps[agent].start);
    let threads = threads(stamps);
    let mut ends = HashMap::new();
    let apart = by_start.iter().all(|&agent| {
        let end = ends.insert(threads[agent], stamps[agent].end);
        end.is_none_or(|end| end <= stamps[agent].start)
    });
    if apart { threads } else { free_lanes(stamps, &by_start) }
}

/// The first lane that is free when each agent begins.
fn free_lanes(stamps: &[&Stamp], by_start: &[usize]) -> Vec<u32> {
    let (mut lanes, mut busy, mut free) = (vec![0; stamps.len()], BinaryHeap::new(), BinaryHeap::new());
    for &agent in by_start {
        while let Some(Reverse((end, lane))) = busy.pop() {
            if end > stamps[agent].start {
                busy.push(Reverse((end, lane)));
                break;
            }
            free.push(Reverse(lane));
        }
        let lane = free.pop().map_or(busy.len() as u32, |Reverse(lane)| lane);
        busy.push(Reverse((stamps[agent].end, lane)));
        lanes[agent] = lane;
    }
    lanes
}

/// Numbers the threads from 0 in the order of their first agent.
fn threads(stamps: &[&Stamp]) -> Vec<u32> {
    let mut by_start: Vec<&Stamp> = stamps.to_vec();
    by_start.sort_by_key(|stamp| stamp.start);
    let mut numbers = HashMap::new();
    for stamp in by_start {
        let next = numbers.len() as u32;
        numbers.entry(stamp.thread).or_insert(next);
    }
    stamps.iter().map(|stamp| numbers[&stamp.thread]).collect()
}

/// Time each agent takes by itself: the shorter of two stamped serial passes, in nanoseconds.
///
/// # Errors
/// As [`timeline`].
pub fn serial_costs(baseline: &PlannedCell, testbed: &Testbed) -> Result<Vec<u64>, SampleError> {
    let (first, second) = (serial_pass(baseline, testbed)?, serial_pass(baseline, testbed)?);
    Ok(first.into_iter().zip(second).map(|(first, second)| first.min(second)).collect())
}

fn serial_pass(baseline: &PlannedCell, testbed: &Testbed) -> Result<Vec<u64>, SampleError> {
    let timeline = timeline(baseline, testbed)?;
    Ok(timeline.end_ns.iter().zip(&timeline.start_ns).map(|(end, start)| end - start).collect())
}

#[cfg(test)]
mod tests {
    use centurion_agents::{Council, Deciding, Thinking};
    use centurion_executors::{Start, Workers, find};

    use super::*;
    use crate::answers::tests::Ten;

    fn run(executor: &str, workers: usize, odd: fn() -> u64) -> Result<Timeline, SampleError> {
        let executor =
            find(executor).expect("it is there").start(&Start::workers(workers)).expect("it starts");
        let id = CellId::new("ten", "ten", "some", (1, workers));
        stamped(&id, &(Arc::new(Ten { odd }) as Arc<dyn Workload>), &*executor, &Stop::default())
    }

    /// Start and end of each agent of a lane, in their order.
    fn spans(timeline: &Timeline, lane: u32) -> Vec<(u64, u64)> {
        let ends = timeline.start_ns.iter().copied().zip(timeline.end_ns.iter().copied());
        let of_lane = ends.zip(&timeline.worker).filter(|(_, worker)| **worker == lane);
        let mut spans: Vec<_> = of_lane.map(|(span, _)| span).collect();
        spans.sort_unstable();
        spans
    }

    #[test]
    fn serial_agents_follow_each_other_on_one_lane() {
        let timeline = run("serial", 1, || 4).expect("it runs");
        assert_eq!(timeline.worker, [0; 10]);
        assert!(timeline.start_ns.iter().zip(&timeline.end_ns).all(|(start, end)| start <= end));
        assert!(timeline.end_ns.iter().zip(&timeline.start_ns[1..]).all(|(end, next)| end <= next));
        assert!(timeline.end_ns[9] <= timeline.makespan_ns);
        assert_eq!(timeline.answers[3], "4");
    }

    #[test]
    fn a_lane_never_runs_two_agents_at_once() {
        let timeline = run("std-chunks", 3, || 4).expect("it runs");
        for lane in 0..3 {
            let spans = spans(&timeline, lane);
            assert!(!spans.is_empty(), "lane {lane} ran nothing");
            assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
        }
    }

    #[test]
    fn each_agent_under_way_on_one_thread_has_a_lane_of_its_own() {
        let thinking: Arc<dyn Workload> = Arc::new(Thinking::new(12, 7, 0.01).expect("it is valid"));
        let factory = find("tokio-current-thread").expect("it is there");
        let executor = factory.start(&Start::workers(4)).expect("it starts");
        let id = CellId::new("thinking", "thinking", factory.name, (1, 4));
        let timeline = stamped(&id, &thinking, &*executor, &Stop::default()).expect("it runs");
        for lane in 0..4 {
            let spans = spans(&timeline, lane);
            assert!(!spans.is_empty(), "{:?}", timeline.worker);
            assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
        }
        assert!(timeline.worker.iter().all(|&lane| lane < 4), "{:?}", timeline.worker);
    }

    #[test]
    fn agents_start_after_those_whose_answers_they_need_have_ended() {
        let council = Council::new(Deciding::bundled(10)).expect("so many can decide");
        let council: Arc<dyn Workload> = Arc::new(council);
        let graph = council.graph().expect("they listen to each other");
        for factory in centurion_executors::all() {
            let workers = if factory.workers == Workers::One { 1 } else { 3 };
            let executor = factory.start(&Start::workers(workers)).expect("it starts");
            let id = CellId::new("council", "council", factory.name, (1, workers));
            let timeline = stamped(&id, &council, &*executor, &Stop::default()).expect("it runs");
            for agent in graph.tasks() {
                assert_eq!(timeline.answers[agent], council.answer_text(council.expected(agent)));
                let ends = graph.inputs(agent).iter().map(|&input| timeline.end_ns[input as usize]);
                assert!(ends.max().unwrap_or(0) <= timeline.start_ns[agent], "{} {agent}", factory.name);
            }
        }
    }

    #[test]
    fn a_panicking_agent_is_named() {
        let error = run("serial", 1, || std::panic::resume_unwind(Box::new("lost"))).expect_err("it panics");
        assert_eq!(error.to_string(), "agent 3 (number 3) panicked: lost");
    }
}
