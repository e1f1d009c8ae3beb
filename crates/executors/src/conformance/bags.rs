//! What every executor must do with a bag.

use std::panic::resume_unwind;

use super::subject::Subject;
use super::tally::Finding;
use super::waiting::pause;
use crate::map;

/// As few and as many as small types count, and such as no number of workers divides.
const LENGTHS: [usize; 14] = [0, 1, 2, 3, 7, 8, 9, 63, 65, 100, 255, 257, 1_000, 1_025];

/// More than a byte counts.
const CALLS: usize = 300;

pub(super) fn check(subject: &Subject) {
    subject.step("running bags of all sizes", |subject| {
        LENGTHS.into_iter().try_for_each(|len| subject.runs_bag(len))
    });
    subject.step("running bags whose tasks take their time", waits_for_slow_tasks);
    subject.step("mapping", keeps_results_in_order);
    subject.step("running a bag whose tasks panic", survives_panicking_tasks);
    subject.step("running a bag after others have panicked", |subject| subject.runs_bag(100));
    subject.step("running the same bag again", runs_a_bag_again);
    subject.step("called hundreds of times", |subject| (0..CALLS).try_for_each(|_| subject.runs_bag(5)));
}

/// Among them the last.
fn waits_for_slow_tasks(subject: &Subject) -> Finding {
    [1, 2, 20].into_iter().try_for_each(|len| {
        let (bag, tally) = subject.bag(len, move |index| {
            if index % 4 == 3 || index + 1 == len {
                pause();
            }
        });
        subject.execute(&bag, &tally)
    })
}

fn keeps_results_in_order(subject: &Subject) -> Finding {
    let results = map(&*subject.executor, 100, |index| index * 3);
    let right = results.into_iter().eq((0..100).map(|index| Ok(index * 3)));
    right.then_some(()).ok_or_else(|| "results are not in input order".into())
}

fn survives_panicking_tasks(subject: &Subject) -> Finding {
    let (bag, tally) = subject.bag(100, |index| {
        // `resume_unwind` panics without the hook's message on standard error.
        if index % 10 == 3 {
            resume_unwind(Box::new(format!("agent {index} gave up")));
        }
    });
    subject.executor.execute(&bag);
    tally.check(1)?;
    let panics = bag.panics();
    let right = panics.keys().copied().eq((3..100).step_by(10))
        && panics.iter().all(|(index, panic)| panic.message == format!("agent {index} gave up"));
    right.then_some(()).ok_or_else(|| format!("these panics were kept: {panics:?}"))
}

fn runs_a_bag_again(subject: &Subject) -> Finding {
    let (bag, tally) = subject.bag(50, |_| ());
    (1..=3).try_for_each(|times| {
        subject.executor.execute(&bag);
        tally.check(times)
    })
}
