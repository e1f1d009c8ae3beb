//! What every executor must do with tasks that wait.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use centurion_graph::Graph;
use centurion_wait::Wait;

use super::callers::at_once;
use super::graphs::{chain, fan_out, layers, stencil};
use super::subject::Subject;
use super::tally::Finding;
use super::under_way::{Bell, CensusUnderWay, MeetingUnderWay, again, beside};
use crate::map_waiting;

/// Tasks that must be under way at once where every task has a worker of its own.
const AT_ONCE: usize = 20;

/// Calls that each of several callers makes.
const CALLS: usize = 4;

const MOMENT: Duration = Duration::from_millis(2);

/// Checks tasks that wait. `as_many`: whether as many are under way at once as it says.
pub(super) fn check(subject: &Subject, as_many: bool) {
    subject.step("running bags of tasks that wait", |subject| {
        [0, 1, 2, 9, 65, 300].into_iter().try_for_each(|len| runs_waiting_bag(subject, len))
    });
    subject.step("mapping tasks that wait", keeps_results_in_order);
    subject.step("running tasks that are woken from elsewhere", wakes_from_elsewhere);
    subject.step("running a bag of waiting tasks that panic", survives_panics_at_any_poll);
    subject.step("running flows of tasks that wait", runs_flows_that_wait);
    subject.step("running a flow of waiting tasks that panic", releases_what_depends_on_a_panicking_task);
    subject.step("running a bag that counts tasks under way", never_has_more_under_way);
    subject.step("running a flow that counts tasks under way", never_has_more_of_a_flow_under_way);
    if as_many {
        subject.step("running a bag of waiting tasks that wait for each other", has_as_many_under_way);
        subject.step("running a flow of waiting tasks that wait for each other", has_as_many_of_a_flow);
    }
}

/// Checks several callers at once, and calls from inside tasks that wait.
pub(super) fn check_callers(subject: &Subject) {
    subject.step("handed tasks that wait by three callers at once", |subject| {
        at_once(3, |_| (0..CALLS).try_for_each(|_| runs_waiting_bag(subject, 30)))
    });
    subject.step("running bags and flows from inside tasks that wait", runs_inside_a_waiting_task);
}

/// Waits as the task's number says: for time to pass, to be polled again at once, or not at all.
async fn wait_a_while(task: usize, wait: &'static dyn Wait) {
    match task % 8 {
        0 => wait.sleep(MOMENT).await,
        7 => {}
        times => again(times).await,
    }
}

fn runs_waiting_bag(subject: &Subject, len: usize) -> Finding {
    let (bag, tally) = subject.waiting_bag(len, wait_a_while);
    subject.execute(&bag, &tally)
}

fn keeps_results_in_order(subject: &Subject) -> Finding {
    let results = map_waiting(&*subject.executor, 100, |index, wait| async move {
        wait_a_while(index, wait).await;
        index * 3
    });
    let right = results.into_iter().eq((0..100).map(|index| Ok(index * 3)));
    right.then_some(()).ok_or_else(|| "results are not in input order".into())
}

/// By another thread, twice each time, and again after they have ended.
fn wakes_from_elsewhere(subject: &Subject) -> Finding {
    let bell = Bell::default();
    beside(
        |over| bell.ring_until(over),
        || {
            let rung = bell.clone();
            let (bag, tally) = subject.waiting_bag(40, move |_, _| {
                let bell = rung.clone();
                async move {
                    bell.rung().await;
                    bell.rung().await;
                }
            });
            subject.execute(&bag, &tally)
        },
    )
}

/// Before it is a future, at the first poll, at the second, and after waiting.
async fn panic_at(poll: usize, task: usize, wait: &'static dyn Wait) {
    if poll > 1 {
        again(1).await;
    }
    if poll > 2 {
        wait.sleep(MOMENT).await;
    }
    gives_up(task);
}

/// Panics without the hook's message on standard error.
fn gives_up(task: usize) -> ! {
    resume_unwind(Box::new(format!("task {task} gave up")))
}

fn survives_panics_at_any_poll(subject: &Subject) -> Finding {
    let (bag, tally) = subject.waiting_bag(100, |index, wait| {
        if index % 10 == 0 {
            gives_up(index);
        }
        async move {
            match index % 10 {
                poll @ 1..=3 => panic_at(poll, index, wait).await,
                _ => wait_a_while(index, wait).await,
            }
        }
    });
    subject.executor.execute(&bag);
    tally.check(1)?;
    let panics = bag.panics();
    let right = panics.keys().copied().eq((0..100).filter(|index| index % 10 < 4))
        && panics.iter().all(|(index, panic)| panic.message == format!("task {index} gave up"));
    right.then_some(()).ok_or_else(|| format!("these panics were kept: {panics:?}"))
}

fn runs_flows_that_wait(subject: &Subject) -> Finding {
    [Graph::independent(9), chain(7), fan_out(40), layers(4, 4), stencil(6, 6)]
        .into_iter()
        .try_for_each(|graph| subject.waiting_flow(graph, wait_a_while).run(&subject.executor, 1))
}

fn releases_what_depends_on_a_panicking_task(subject: &Subject) -> Finding {
    let flow = subject.waiting_flow(stencil(10, 10), |task, wait| async move {
        match task % 10 {
            poll @ 1..=3 => panic_at(poll, task, wait).await,
            _ => wait_a_while(task, wait).await,
        }
    });
    flow.execute(&subject.executor);
    flow.check(1)?;
    flow.check_panics((0..100).filter(|task| (1..=3).contains(&(task % 10))))
}

fn never_has_more_under_way(subject: &Subject) -> Finding {
    let census = Arc::<CensusUnderWay>::default();
    let counted = Arc::clone(&census);
    let (bag, tally) = subject.waiting_bag(2 * subject.asked + 2, move |_, wait| {
        let census = Arc::clone(&counted);
        async move { census.stay(wait.sleep(MOMENT)).await }
    });
    subject.execute(&bag, &tally)?;
    census.check(subject.executor.workers())
}

fn never_has_more_of_a_flow_under_way(subject: &Subject) -> Finding {
    let census = Arc::<CensusUnderWay>::default();
    let counted = Arc::clone(&census);
    let flow = subject.waiting_flow(fan_out(2 * subject.asked + 2), move |_, wait| {
        let census = Arc::clone(&counted);
        async move { census.stay(wait.sleep(MOMENT)).await }
    });
    flow.run(&subject.executor, 1)?;
    census.check(subject.executor.workers())
}

fn has_as_many_under_way(subject: &Subject) -> Finding {
    let (meeting, workers) = (MeetingUnderWay::default(), subject.executor.workers().min(AT_ONCE));
    let attended = meeting.clone();
    let (bag, tally) = subject.waiting_bag(workers, move |_, _| attended.clone().attend(workers));
    meeting.run(workers, || subject.execute(&bag, &tally))
}

/// First among tasks that need nothing, then among those that one has made ready.
fn has_as_many_of_a_flow(subject: &Subject) -> Finding {
    let workers = subject.executor.workers().min(AT_ONCE);
    [Graph::independent(workers), fan_out(workers)].into_iter().try_for_each(|graph| {
        let (meeting, first) = (MeetingUnderWay::default(), graph.len() - workers);
        let attended = meeting.clone();
        let flow = subject.waiting_flow(graph, move |task, _| {
            let meeting = attended.clone();
            async move {
                if task >= first {
                    meeting.attend(workers).await;
                }
            }
        });
        meeting.run(workers, || flow.run(&subject.executor, 1))
    })
}

fn runs_inside_a_waiting_task(subject: &Subject) -> Finding {
    let (inside, wrong) = (subject.clone(), Arc::new(Mutex::new(Ok(()))));
    let noted = Arc::clone(&wrong);
    let outer = subject.waiting_flow(stencil(2, 2), move |task, wait| {
        let (inside, noted) = (inside.clone(), Arc::clone(&noted));
        async move {
            wait_a_while(task, wait).await;
            let flow = inside.waiting_flow(stencil(3, 2), wait_a_while).run(&inside.executor, 1);
            if let Err(sentence) = flow.and_then(|()| runs_waiting_bag(&inside, 3)) {
                *noted.lock().unwrap_or_else(PoisonError::into_inner) = Err(sentence);
            }
        }
    });
    outer.run(&subject.executor, 1)?;
    wrong.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
