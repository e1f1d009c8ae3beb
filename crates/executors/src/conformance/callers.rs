//! Several callers at once, several executors at once, and calls from inside a task.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::yield_now;

use super::graphs::stencil;
use super::subject::Subject;
use super::tally::Finding;
use super::waiting::{Meeting, SHORT};
use super::watchdog::caught;
use crate::map;
use crate::spawn::on_threads;

/// Calls that each of several callers makes.
const CALLS: usize = 6;

pub(super) fn check(subject: &Subject, other: &Subject) {
    subject.step("handed bags by two callers at once", |subject| serves_callers(subject, 2));
    subject.step("handed bags by three callers at once", |subject| serves_callers(subject, 3));
    subject.step("handed bags by five callers at once", |subject| serves_callers(subject, 5));
    subject.step("handed flows by three callers at once", |subject| serves_callers_with_flows(subject, 3));
    let beside = subject.beside(&other.executor);
    subject.step("running beside another of its kind", move |subject| works_side_by_side(subject, &beside));
    subject.step("running a bag from inside a task of one", runs_bags_in_a_bag);
    subject.step("running flows and bags from inside a task of a flow", runs_flows_in_a_flow);
    subject.step("running flows and bags from inside tasks for three callers at once", |subject| {
        at_once(3, |_| (0..CALLS).try_for_each(|_| runs_flows_in_a_flow(subject)))
    });
}

/// Has several callers do something at once, and says what went wrong first.
pub(super) fn at_once(callers: usize, call: impl Fn(usize) -> Finding + Sync) -> Finding {
    let (wrong, begin) = (Mutex::new(Ok(())), Meeting::default());
    let work = |caller| {
        begin.attend(callers, SHORT);
        if let Err(sentence) = caught(|| call(caller)) {
            *wrong.lock().unwrap_or_else(PoisonError::into_inner) = Err(sentence);
        }
    };
    on_threads(callers, |_| (), work);
    wrong.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The first task of a bag waits a little for those of the other callers, so that bags overlap where they can.
fn serves_callers(subject: &Subject, callers: usize) -> Finding {
    let (shared, counted) = subject.bag(100, |_| yield_now());
    let meetings: Arc<Vec<Meeting>> = Arc::new((0..CALLS).map(|_| Meeting::default()).collect());
    at_once(callers, |_| {
        for call in 0..CALLS {
            let meetings = Arc::clone(&meetings);
            let (bag, tally) = subject.bag(60, move |index| match index {
                0 => meetings[call].attend(callers, SHORT),
                _ => yield_now(),
            });
            subject.execute(&bag, &tally)?;
        }
        subject.executor.execute(&shared);
        Ok(())
    })?;
    counted.check(callers)
}

fn serves_callers_with_flows(subject: &Subject, callers: usize) -> Finding {
    let shared = subject.flow(stencil(20, 20), |_| ());
    at_once(callers, |_| {
        for _ in 0..CALLS {
            subject.flow(stencil(8, 8), |_| yield_now()).run(&subject.executor, 1)?;
        }
        shared.execute(&subject.executor);
        Ok(())
    })?;
    shared.check(callers)
}

fn works_side_by_side(one: &Subject, other: &Subject) -> Finding {
    let run = |subject: &Subject| {
        subject.runs_bag(50)?;
        subject.flow(stencil(8, 8), |_| ()).run(&subject.executor, 1)
    };
    [one, other, one].into_iter().try_for_each(run)?;
    at_once(2, |caller| (0..CALLS).try_for_each(|_| run([one, other][caller])))
}

fn runs_bags_in_a_bag(subject: &Subject) -> Finding {
    let inner = Arc::clone(&subject.executor);
    let sums = map(&*subject.executor, 4, move |outer| {
        map(&*inner, 10, move |index| outer * index)
            .into_iter()
            .map(|result| result.unwrap_or(0))
            .sum::<usize>()
    });
    let right = sums == [Ok(0), Ok(45), Ok(90), Ok(135)];
    right.then_some(()).ok_or_else(|| "a bag run from inside a task gave wrong results".into())
}

fn runs_flows_in_a_flow(subject: &Subject) -> Finding {
    let (inside, wrong) = (subject.clone(), Arc::new(Mutex::new(Ok(()))));
    let noted = Arc::clone(&wrong);
    let outer = subject.flow(stencil(3, 3), move |_| {
        let flow = inside.flow(stencil(4, 3), |_| ()).run(&inside.executor, 1);
        if let Err(sentence) = flow.and_then(|()| inside.runs_bag(3)) {
            *noted.lock().unwrap_or_else(PoisonError::into_inner) = Err(sentence);
        }
    });
    outer.run(&subject.executor, 1)?;
    wrong.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
