//! Executors that are wrong with tasks that wait.

use std::collections::VecDeque;
use std::future::{poll_fn, ready};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{Thread, current, park};

use centurion_executors::{Bag, Countdown, Executor, Flow, conformance};
use centurion_wait::{Blocking, Running};

use crate::{caught, hang, unattended};

/// A runtime of one thread, which takes turns among the tasks that were woken. It is right unless told otherwise.
#[derive(Clone, Copy)]
struct SmallRuntime {
    poll: fn(&mut Running<()>, &mut Context<'_>) -> Poll<()>,
    wake: fn(&Alarm),
    /// Whether a task that is woken while it is polled is woken.
    hears_while_it_polls: bool,
}

const RIGHT: SmallRuntime = SmallRuntime {
    poll: |task, context| task.as_mut().poll(context),
    wake: Alarm::ring,
    hears_while_it_polls: true,
};

/// Wakes a task.
struct Alarm {
    rung: AtomicBool,
    times: AtomicUsize,
    ended: AtomicBool,
    runtime: Thread,
    wake: fn(&Self),
}

impl Alarm {
    fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.runtime.unpark();
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        (self.wake)(&self);
    }
}

struct TaskUnderWay {
    number: usize,
    task: Running<()>,
    alarm: Arc<Alarm>,
}

impl SmallRuntime {
    fn begin(self, number: usize, task: Running<()>) -> TaskUnderWay {
        let alarm = Alarm {
            rung: AtomicBool::new(true),
            times: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            runtime: current(),
            wake: self.wake,
        };
        TaskUnderWay { number, task, alarm: Arc::new(alarm) }
    }

    /// Polls a task that was woken. Whether it has ended.
    fn turn(self, task: &mut TaskUnderWay) -> bool {
        let waker = Waker::from(Arc::clone(&task.alarm));
        let ended = (self.poll)(&mut task.task, &mut Context::from_waker(&waker)).is_ready();
        if !self.hears_while_it_polls {
            task.alarm.rung.store(false, Ordering::Relaxed);
        }
        task.alarm.ended.store(ended, Ordering::Relaxed);
        ended
    }

    /// Runs tasks, at most so many under way at once. `end` says what a task makes ready that has ended.
    fn run(
        self,
        most: usize,
        mut ready: VecDeque<usize>,
        start: impl Fn(usize) -> Running<()>,
        mut end: impl FnMut(usize) -> Vec<usize>,
    ) {
        let mut under_way: Vec<TaskUnderWay> = Vec::new();
        while !under_way.is_empty() || !ready.is_empty() {
            let room = most.saturating_sub(under_way.len()).min(ready.len());
            under_way.extend(ready.drain(..room).map(|number| self.begin(number, start(number))));
            let woken = |task: &mut TaskUnderWay| task.alarm.rung.swap(false, Ordering::AcqRel);
            let mut ended = Vec::new();
            let mut slept = true;
            under_way.retain_mut(|task| {
                let over = woken(task) && {
                    slept = false;
                    self.turn(task)
                };
                ended.extend(over.then_some(task.number));
                !over
            });
            if slept {
                park();
            }
            ready.extend(ended.into_iter().flat_map(&mut end));
        }
    }

    fn run_bag(self, most: usize, bag: &Bag) {
        self.run(most, (0..bag.len()).collect(), |task| bag.start(task, &Blocking), |_| Vec::new());
    }

    fn run_flow(self, most: usize, flow: &Flow) {
        let countdown = Countdown::new(flow.graph());
        self.run(most, roots(flow), |task| flow.start(task, &Blocking), |task| countdown.end(task).collect());
    }
}

/// Runs tasks under way, and either bags or flows wrong.
pub(crate) struct WrongUnderWay<B, F> {
    name: &'static str,
    workers: usize,
    run_bag: B,
    run_flow: F,
}

pub(crate) fn wrong_bag_under_way<F: Fn(&Bag) + Send + Sync>(
    name: &'static str,
    workers: usize,
    run_bag: F,
) -> WrongUnderWay<F, impl Fn(&Flow) + Send + Sync> {
    WrongUnderWay { name, workers, run_bag, run_flow: move |flow: &Flow| RIGHT.run_flow(workers, flow) }
}

pub(crate) fn wrong_flow_under_way<F: Fn(&Flow) + Send + Sync>(
    name: &'static str,
    workers: usize,
    run_flow: F,
) -> WrongUnderWay<impl Fn(&Bag) + Send + Sync, F> {
    WrongUnderWay { name, workers, run_bag: move |bag: &Bag| RIGHT.run_bag(workers, bag), run_flow }
}

impl<B: Fn(&Bag) + Send + Sync, F: Fn(&Flow) + Send + Sync> Executor for WrongUnderWay<B, F> {
    fn name(&self) -> &str {
        self.name
    }
    fn workers(&self) -> usize {
        self.workers
    }
    fn execute(&self, bag: &Bag) {
        (self.run_bag)(bag);
    }
    fn execute_flow(&self, flow: &Flow) {
        (self.run_flow)(flow);
    }
}

#[test]
fn the_small_runtime_is_right() {
    let make =
        |workers| wrong_flow_under_way("right", workers, move |flow: &Flow| RIGHT.run_flow(workers, flow));
    conformance::check_under_way(|workers| Box::new(make(workers)));
}

fn roots(flow: &Flow) -> VecDeque<usize> {
    flow.graph().roots().iter().map(|&root| root as usize).collect()
}

/// Runs bags with a runtime that is not right.
fn with(runtime: SmallRuntime) -> impl Fn(usize) -> Box<dyn Fn(&Bag) + Send + Sync> {
    move |workers| Box::new(move |bag| runtime.run_bag(workers, bag))
}

mod bags {
    use super::*;

    caught! { wrong_bag_under_way:
        polls_every_task_once(UnderWay) says "was started and dropped before its end": with(SmallRuntime {
            poll: |task, context| {
                let _once = task.as_mut().poll(context);
                Poll::Ready(())
            },
            ..RIGHT
        });
        forgets_what_waits(UnderWay) says "tasks that wait: task 1 of 2 ran 0 times":
            with(SmallRuntime {
                poll: |task, context| {
                    if task.as_mut().poll(context).is_pending() {
                        std::mem::forget(std::mem::replace(task, Box::pin(ready(()))));
                    }
                    Poll::Ready(())
                },
                ..RIGHT
            });
        polls_after_the_end(UnderWay) says "after completion": with(SmallRuntime {
            poll: |task, context| match task.as_mut().poll(context) {
                Poll::Ready(()) => task.as_mut().poll(context),
                Poll::Pending => Poll::Pending,
            },
            ..RIGHT
        });
        does_not_hear_while_it_polls(UnderWay) says "tasks that wait: it hangs":
            with(SmallRuntime { hears_while_it_polls: false, ..RIGHT });
        hears_its_own_thread_only(UnderWay) says "woken from elsewhere: it hangs": with(SmallRuntime {
            wake: |alarm| {
                if alarm.runtime.id() == current().id() {
                    alarm.ring();
                }
            },
            ..RIGHT
        });
        hears_a_task_once(UnderWay) says "tasks that wait: it hangs": with(SmallRuntime {
            wake: |alarm| {
                if alarm.times.fetch_add(1, Ordering::Relaxed) == 0 {
                    alarm.ring();
                }
            },
            ..RIGHT
        });
        panics_when_a_task_is_woken_after_its_end(UnderWay) says "woken from elsewhere: it panicked":
            with(SmallRuntime {
                wake: |alarm| {
                    assert!(!alarm.ended.load(Ordering::Relaxed), "no such task");
                    alarm.ring();
                },
                ..RIGHT
            });
        has_one_more_under_way(UnderWay) says "tasks were under way at once, but it says it has 1 workers":
            |workers: usize| move |bag: &Bag| RIGHT.run_bag(workers + 1, bag);
        has_one_fewer_under_way(UnderWay) says "only 1 of 2 tasks were under way at once":
            |workers: usize| move |bag: &Bag| RIGHT.run_bag(workers.saturating_sub(1).max(1), bag);
        has_at_most_four_under_way(UnderWay) says "only 4 of 8 tasks were under way at once":
            |workers: usize| move |bag: &Bag| RIGHT.run_bag(workers.min(4), bag);
        runs_tasks_that_wait_one_by_one(UnderWay) says "only 1 of 2 tasks were under way at once":
            |_| |bag: &Bag| bag.run_range(0..bag.len());
        is_done_when_the_last_has_begun(UnderWay) says "was started and dropped before its end":
            |workers: usize| move |bag: &Bag| {
                let last = bag.len().saturating_sub(1);
                RIGHT.run(workers, (0..last).collect(), |task| bag.start(task, &Blocking), |_| Vec::new());
                if last < bag.len() {
                    let _once = RIGHT.turn(&mut RIGHT.begin(last, bag.start(last, &Blocking)));
                }
            };
        stops_when_a_task_that_waited_panics(UnderWay) says "waiting tasks that panic: task":
            |workers: usize| move |bag: &Bag| {
                let stopped = Arc::<AtomicBool>::default();
                let start = |task| -> Running<()> {
                    if stopped.load(Ordering::Relaxed) {
                        return Box::pin(ready(()));
                    }
                    let (bag, stopped, mut polls) = (bag.clone(), Arc::clone(&stopped), 0);
                    let mut running = bag.start(task, &Blocking);
                    Box::pin(poll_fn(move |context| {
                        polls += 1;
                        let polled = running.as_mut().poll(context);
                        let gave_up = polled.is_ready() && polls > 1 && bag.panics().contains_key(&task);
                        stopped.fetch_or(gave_up, Ordering::Relaxed);
                        polled
                    }))
                };
                RIGHT.run(workers, (0..bag.len()).collect(), start, |_| Vec::new());
            };
        leaves_a_runtime_behind_in_every_call(UnderWay) says "left behind":
            |workers: usize| move |bag: &Bag| {
                let (bag, (send, receive)) = (bag.clone(), channel());
                unattended(move || {
                    RIGHT.run_bag(workers, &bag);
                    drop(bag);
                    send.send(()).unwrap();
                    hang();
                });
                receive.recv().unwrap();
            };
        waits_for_itself_inside_a_task_under_way(UnderWay) says "from inside a task of one: it hangs":
            |workers: usize| {
                let busy = Mutex::new(());
                move |bag: &Bag| {
                    let _alone = busy.lock().unwrap();
                    RIGHT.run_bag(workers, bag);
                }
            };
    }
}

mod flows {
    use super::*;

    caught! { wrong_flow_under_way:
        starts_dependents_when_their_inputs_wait(UnderWay) says "of a flow began before its input":
            |workers: usize| move |flow: &Flow| {
                let countdown = Countdown::new(flow.graph());
                let polled_once = |task| RIGHT.begin(task, flow.start(task, &Blocking));
                let left = Mutex::new(Vec::new());
                let start = |task| -> Running<()> {
                    let mut begun = polled_once(task);
                    if !RIGHT.turn(&mut begun) {
                        left.lock().unwrap().push((begun.number, begun.task));
                    }
                    Box::pin(ready(()))
                };
                RIGHT.run(workers, roots(flow), start, |task| countdown.end(task).collect());
                let left: Vec<_> = left.into_inner().unwrap();
                let tasks = (0..left.len()).collect();
                let left = Mutex::new(left.into_iter().map(|(_, task)| Some(task)).collect::<Vec<_>>());
                RIGHT.run(workers, tasks, |task| left.lock().unwrap()[task].take().unwrap(), |_| Vec::new());
            };
        runs_what_waits_in_a_flow_one_by_one(UnderWay) says "only 1 of 2 tasks were under way at once":
            |_| |flow: &Flow| flow.run_range(0..flow.len());
        has_one_more_of_a_flow_under_way(UnderWay)
            says "tasks were under way at once, but it says it has 1 workers":
            |workers: usize| move |flow: &Flow| RIGHT.run_flow(workers + 1, flow);
        forgets_what_a_task_that_waited_made_ready(UnderWay) says "of a flow of": |workers: usize| move |flow: &Flow| {
            let countdown = Countdown::new(flow.graph());
            let end = |task| countdown.end(task).take(if flow.len() == 41 { 1 } else { usize::MAX }).collect();
            RIGHT.run(workers, roots(flow), |task| flow.start(task, &Blocking), end);
        };
        keeps_what_a_waiting_task_made_ready_to_itself(UnderWay)
            says "only 1 of 2 tasks were under way at once": |workers: usize| move |flow: &Flow| {
                let countdown = Arc::new(Countdown::new(flow.graph()));
                let start = |root| -> Running<()> {
                    let (flow, countdown) = (flow.clone(), Arc::clone(&countdown));
                    Box::pin(async move {
                        let mut mine = VecDeque::from([root]);
                        while let Some(task) = mine.pop_front() {
                            flow.start(task, &Blocking).await;
                            mine.extend(countdown.end(task));
                        }
                    })
                };
                RIGHT.run(workers, roots(flow), start, |_| Vec::new());
            };
    }
}

pub(crate) const COUNT: usize = bags::COUNT + flows::COUNT;
