//! Executors that are wrong with flows.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::yield_now;

use centurion_executors::{Countdown, Flow};
use centurion_graph::Graph;

use crate::{caught, hang, on_threads, sleep, unattended};

/// Runs a flow on this thread: what `end` makes ready when a task has ended, first come, first served.
fn one_by_one(flow: &Flow, mut end: impl FnMut(usize) -> Vec<usize>) {
    let mut ready: VecDeque<usize> = flow.graph().roots().iter().map(|&root| root as usize).collect();
    while let Some(task) = ready.pop_front() {
        flow.run(task);
        ready.extend(end(task));
    }
}

/// What a countdown makes ready that starts at `count` for each task, and goes down by one for each input that ends.
fn counting_down(graph: &Graph, count: impl Fn(usize) -> usize) -> impl FnMut(usize) -> Vec<usize> {
    let mut missing: Vec<usize> = graph.tasks().map(count).collect();
    move |task| {
        let mut ready = Vec::new();
        for dependent in graph.dependents(task).iter().map(|&dependent| dependent as usize) {
            missing[dependent] = missing[dependent].wrapping_sub(1);
            if missing[dependent] == 0 {
                ready.push(dependent);
            }
        }
        ready
    }
}

/// Runs a flow on so many threads, rightly if `end` returns what a task makes ready. What it leaves out is waited for.
fn on_queue(workers: usize, flow: &Flow, end: impl Fn(usize) -> Vec<usize> + Sync) {
    let queue = Mutex::new(flow.graph().roots().iter().map(|&root| root as usize).collect::<VecDeque<_>>());
    let ended = AtomicUsize::new(0);
    on_threads(workers.min(flow.len()), |_| {
        while ended.load(Ordering::Acquire) < flow.len() {
            let next = queue.lock().unwrap().pop_front();
            let Some(task) = next else {
                sleep(1);
                continue;
            };
            flow.run(task);
            let ready = end(task);
            queue.lock().unwrap().extend(ready);
            ended.fetch_add(1, Ordering::AcqRel);
        }
    });
}

fn rightly(workers: usize, flow: &Flow) {
    let countdown = Countdown::new(flow.graph());
    on_queue(workers, flow, |task| countdown.end(task).collect());
}

fn inside_each_other(flow: &Flow, countdown: &Countdown, task: usize) {
    flow.run(task);
    countdown.end(task).for_each(|next| inside_each_other(flow, countdown, next));
}

/// Length of the shortest way from a root to each task.
fn shortest(graph: &Graph) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::new();
    for task in graph.tasks() {
        levels.push(graph.inputs(task).iter().map(|&input| levels[input as usize] + 1).min().unwrap_or(0));
    }
    levels
}

caught! { wrong_flow:
    skips_the_first_task_of_a_flow(One) says "task 0 of a flow of 1 ran 0 times":
        |_| |flow: &Flow| flow.run_range(1..flow.len().max(1));
    skips_the_last_task_of_a_flow(One) says "task 0 of a flow of 1 ran 0 times":
        |_| |flow: &Flow| flow.run_range(0..flow.len().saturating_sub(1));
    runs_the_first_task_of_a_flow_twice(One) says "task 0 of a flow of 1 ran 2 times": |_| |flow: &Flow| {
        flow.run_range(0..flow.len());
        flow.run_range(0..flow.len().min(1));
    };
    runs_one_more_than_a_flow_has(One) says "task 0 was run, of 0 counted from 0":
        |_| |flow: &Flow| flow.run_range(0..flow.len() + 1);
    runs_flows_backwards(One) says "task 126 of a flow began before its input 124 had ended":
        |_| |flow: &Flow| (0..flow.len()).rev().for_each(|task| flow.run(task));
    starts_at_the_first_input(One) says "of a flow began before its input":
        |_| |flow: &Flow| one_by_one(flow, counting_down(flow.graph(), |_| 1));
    starts_before_the_last_input(One) says "of a flow began before its input": |_| |flow: &Flow| {
        let inputs = |task| flow.graph().inputs(task).len();
        one_by_one(flow, counting_down(flow.graph(), |task| inputs(task).saturating_sub(1).max(1)));
    };
    counts_inputs_in_a_byte(One) says "of a flow began before its input": |_| |flow: &Flow| {
        let inputs = |task| flow.graph().inputs(task).len();
        one_by_one(flow, counting_down(flow.graph(), |task| usize::from(inputs(task) as u8)));
    };
    has_a_bit_for_each_of_sixty_four_inputs(One) says "of a flow began before its input": |_| |flow: &Flow| {
        let inputs = |task| flow.graph().inputs(task).len();
        one_by_one(flow, counting_down(flow.graph(), |task| inputs(task).min(64)));
    };
    hands_on_255_dependents_at_most(One) says "ran 0 times by the time execute_flow returned": |_| |flow: &Flow| {
        let countdown = Countdown::new(flow.graph());
        one_by_one(flow, |task| countdown.end(task).collect::<Vec<_>>().into_iter().take(255).collect());
    };
    counts_an_input_named_twice_once(One) says "ran 0 times by the time execute_flow returned": |_| |flow: &Flow| {
        let mut missing: Vec<_> = flow.graph().tasks().map(|task| flow.graph().inputs(task).len()).collect();
        one_by_one(flow, |task| {
            let mut dependents = flow.graph().dependents(task).to_vec();
            dependents.dedup();
            dependents.retain(|&dependent| {
                missing[dependent as usize] -= 1;
                missing[dependent as usize] == 0
            });
            dependents.into_iter().map(|dependent| dependent as usize).collect()
        });
    };
    waits_for_an_input_named_twice_for_ever(Any) says "it hangs": |workers: usize| move |flow: &Flow| {
        let named_twice = |task| flow.graph().inputs(task).windows(2).any(|pair| pair[0] == pair[1]);
        if flow.graph().tasks().any(named_twice) {
            hang();
        }
        rightly(workers, flow);
    };
    counts_inputs_without_a_lock(Any) says "it hangs": |workers: usize| move |flow: &Flow| {
        let inputs = |task| AtomicUsize::new(flow.graph().inputs(task).len());
        let missing: Vec<_> = flow.graph().tasks().map(inputs).collect();
        on_queue(workers, flow, |task| {
            let dependents = flow.graph().dependents(task).iter().map(|&dependent| dependent as usize);
            let last = |&dependent: &usize| {
                let left = missing[dependent].load(Ordering::Relaxed) - 1;
                yield_now();
                missing[dependent].store(left, Ordering::Relaxed);
                left == 0
            };
            dependents.filter(last).collect()
        });
    };
    runs_what_two_inputs_make_ready_twice(Any) says "ran 2 times by the time execute_flow returned":
        |workers: usize| move |flow: &Flow| {
            let ended: Vec<_> = flow.graph().tasks().map(|_| AtomicBool::new(false)).collect();
            let all = |task: usize| {
                flow.graph().inputs(task).iter().all(|&input| ended[input as usize].load(Ordering::Acquire))
            };
            let left = AtomicUsize::new(flow.len());
            let queue: Mutex<VecDeque<usize>> =
                Mutex::new(flow.graph().roots().iter().map(|&root| root as usize).collect());
            on_threads(workers.min(flow.len()), |_| {
                while left.load(Ordering::Acquire) > 0 {
                    let next = queue.lock().unwrap().pop_front();
                    let Some(task) = next else {
                        yield_now();
                        continue;
                    };
                    flow.run(task);
                    let first = !ended[task].swap(true, Ordering::AcqRel);
                    yield_now();
                    let dependents = flow.graph().dependents(task).iter().map(|&task| task as usize);
                    let ready: Vec<_> = dependents.filter(|&task| all(task)).collect();
                    queue.lock().unwrap().extend(ready);
                    left.fetch_sub(usize::from(first), Ordering::AcqRel);
                }
            });
        };
    goes_by_the_shortest_way_to_a_task(One) says "of a flow began before its input": |_| |flow: &Flow| {
        let levels = shortest(flow.graph());
        let mut order: Vec<_> = flow.graph().tasks().collect();
        order.sort_by_key(|&task| levels[task]);
        for task in order {
            flow.run(task);
        }
    };
    forgets_tasks_that_nothing_needs_and_that_need_nothing(One) says "task 0 of a flow of 1 ran 0 times":
        |_| |flow: &Flow| {
            let graph = flow.graph();
            let linked = |&task: &usize| !graph.inputs(task).is_empty() || !graph.dependents(task).is_empty();
            graph.tasks().filter(linked).for_each(|task| flow.run(task));
        };
    begins_at_the_first_root_only(One) says "of a flow of 2 ran 0 times": |_| |flow: &Flow| {
        let countdown = Countdown::new(flow.graph());
        if !flow.is_empty() {
            inside_each_other(flow, &countdown, 0);
        }
    };
    does_not_release_what_needs_a_task_that_panicked(One) says "tasks panic: task 12 of a flow of 100 ran 0 times":
        |_| |flow: &Flow| {
            let countdown = Countdown::new(flow.graph());
            one_by_one(flow, |task| {
                let ready = countdown.end(task);
                if flow.panics().contains_key(&task) { vec![] } else { ready.collect() }
            });
        };
    runs_tasks_of_a_chain_inside_each_other(One) says "bytes of a stack, which more overflow":
        |_| |flow: &Flow| {
            let countdown = Countdown::new(flow.graph());
            flow.graph().roots().iter().for_each(|&root| inside_each_other(flow, &countdown, root as usize));
        };
    numbers_tasks_in_sixteen_bits(One) says "a flow of 100000 ran":
        |_| |flow: &Flow| flow.graph().tasks().for_each(|task| flow.run(usize::from(task as u16)));
    returns_when_the_last_task_has_ended(Any) says "ran 0 times by the time execute_flow returned":
        |workers: usize| move |flow: &Flow| {
            let (flow, done) = (flow.clone(), Arc::new(AtomicBool::new(flow.is_empty())));
            let ended = Arc::clone(&done);
            let last = flow.len().wrapping_sub(1);
            unattended(move || {
                let countdown = Countdown::new(flow.graph());
                on_queue(workers, &flow, |task| {
                    ended.fetch_or(task == last, Ordering::AcqRel);
                    if task % 5 == 2 {
                        sleep(1);
                    }
                    countdown.end(task).collect()
                });
            });
            while !done.load(Ordering::Acquire) {
                sleep(1);
            }
        };
    runs_a_flow_once(One) says "the same flow again: task 0 of a flow of 400 ran 1 times": |_| {
        let seen = AtomicUsize::new(0);
        move |flow: &Flow| {
            let graph = Arc::as_ptr(flow.graph()).addr();
            if flow.len() != 400 || seen.swap(graph, Ordering::Relaxed) != graph {
                flow.run_range(0..flow.len());
            }
        }
    };
    runs_a_task_of_a_flow_again_later(One) says "after the execution had returned": |_| |flow: &Flow| {
        flow.run_range(0..flow.len());
        if flow.len() == 127 {
            let flow = flow.clone();
            unattended(move || {
                sleep(50);
                flow.run(126);
            });
        }
    };
    has_four_threads_for_a_flow_when_told_one(One) says "tasks ran at once, but it says it has 1 workers":
        |_| |flow: &Flow| rightly(4, flow);
    runs_flows_on_one_thread_whatever_it_says(Any) says "tasks wait for each other: only 1 of 2 tasks ran at once":
        |_| |flow: &Flow| flow.run_range(0..flow.len());
    keeps_what_a_task_made_ready_for_its_worker(Any)
        says "tasks wait for each other: only 1 of 2 tasks ran at once": |workers: usize| move |flow: &Flow| {
            let countdown = Countdown::new(flow.graph());
            let (roots, next) = (flow.graph().roots(), AtomicUsize::new(0));
            on_threads(workers.min(flow.len()), |_| {
                while let Some(&root) = roots.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut mine = vec![root as usize];
                    while let Some(task) = mine.pop() {
                        flow.run(task);
                        mine.extend(countdown.end(task));
                    }
                }
            });
        };
    leaves_a_thread_behind_in_every_flow(One) says "left behind": |_| |flow: &Flow| {
        unattended(|| hang());
        flow.run_range(0..flow.len());
    };
    runs_one_flow_at_a_time(One) says "from inside a task of a flow: it hangs": |_| {
        let busy = AtomicBool::new(false);
        move |flow: &Flow| {
            while busy.swap(true, Ordering::Acquire) {
                sleep(1);
            }
            flow.run_range(0..flow.len());
            busy.store(false, Ordering::Release);
        }
    };
    ignores_a_flow_while_it_runs_another(One) says "ran": |_| {
        let busy = AtomicBool::new(false);
        move |flow: &Flow| {
            if !busy.swap(true, Ordering::AcqRel) {
                flow.run_range(0..flow.len());
                busy.store(false, Ordering::Release);
            }
        }
    };
    sleeps_when_the_queue_is_empty_and_is_never_woken(Any) says "it hangs": |workers: usize| move |flow: &Flow| {
        let (countdown, slept) = (Countdown::new(flow.graph()), AtomicBool::new(false));
        let queue: Mutex<Vec<_>> = Mutex::new(flow.graph().roots().to_vec());
        let ended = AtomicUsize::new(0);
        on_threads(workers.min(flow.len()), |_| {
            while ended.load(Ordering::Acquire) < flow.len() {
                let next = queue.lock().unwrap().pop();
                match next {
                    None if workers > 1 && !slept.swap(true, Ordering::Relaxed) => hang(),
                    None => sleep(1),
                    Some(task) => {
                        flow.run(task as usize);
                        queue.lock().unwrap().extend(countdown.end(task as usize).map(|task| task as u32));
                        ended.fetch_add(1, Ordering::AcqRel);
                    }
                }
            }
        });
    };
    keeps_every_flow(One) says "are kept for good": |_| {
        let kept = Mutex::new(Vec::new());
        move |flow: &Flow| {
            kept.lock().unwrap().push(flow.clone());
            flow.run_range(0..flow.len());
        }
    };
}
