//! How many results are alive at once, counted by their drops, on every executor.

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use centurion_delayed::{Delayed, Plan, all, delayed, tree, tree_owned};
use centurion_executors::{Executor, Start, VirtualTime, Workers};

/// Results that are alive, the most that ever were, and how many were cloned. Clones are the same counts.
#[derive(Clone, Default)]
struct ResultCensus(Arc<[AtomicIsize; 3]>);

impl ResultCensus {
    fn born(&self) -> CountedResult {
        let alive = self.0[0].fetch_add(1, Ordering::AcqRel) + 1;
        self.0[1].fetch_max(alive, Ordering::AcqRel);
        CountedResult(self.clone())
    }

    fn alive(&self) -> isize {
        self.0[0].load(Ordering::Acquire)
    }

    fn most(&self) -> isize {
        self.0[1].load(Ordering::Acquire)
    }

    fn clones(&self) -> isize {
        self.0[2].load(Ordering::Acquire)
    }
}

/// A result that is counted.
struct CountedResult(ResultCensus);

impl Clone for CountedResult {
    fn clone(&self) -> Self {
        self.0.0[2].fetch_add(1, Ordering::AcqRel);
        self.0.born()
    }
}

impl Drop for CountedResult {
    fn drop(&mut self) {
        self.0.0[0].fetch_sub(1, Ordering::AcqRel);
    }
}

fn leaf(census: &ResultCensus) -> Delayed<'static, CountedResult> {
    let census = census.clone();
    delayed(move || census.born())
}

/// Every executor that may have so many workers and no more.
fn executors(workers: usize) -> impl Iterator<Item = (String, Box<dyn Executor>)> {
    let fit = move |allowed: Workers| match allowed {
        Workers::One => Some(1),
        Workers::PerAgent => None,
        Workers::Any | Workers::UnderWay => Some(workers),
    };
    let started = centurion_executors::all().into_iter().filter_map(move |factory| {
        let executor = factory.start(&Start::workers(fit(factory.workers)?)).expect("it starts");
        Some((factory.name.to_owned(), executor))
    });
    let virtual_time: Box<dyn Executor> = Box::new(VirtualTime::new(workers, Vec::new()));
    started.chain([("virtual time".to_owned(), virtual_time)])
}

/// The most results alive while `make` and what it needs is computed.
fn most_alive<T: Send + Sync + 'static>(
    executor: &dyn Executor,
    make: impl Fn(&ResultCensus) -> Delayed<'static, T>,
) -> isize {
    let census = ResultCensus::default();
    let plan = Plan::new([&make(&census)]);
    plan.compute(executor).unwrap();
    census.most()
}

#[test]
fn of_a_chain_two_results_are_alive() {
    for (name, executor) in executors(2) {
        let chain =
            |census: &ResultCensus| (1..1_000).fold(leaf(census), |last, _| last.then(|last| last.0.born()));
        assert_eq!(most_alive(&*executor, chain), 2, "{name}");
    }
}

#[test]
fn of_what_is_loaded_and_shrunk_two_results_a_worker_are_alive() {
    for (name, executor) in executors(2) {
        let shrunk =
            |census: &ResultCensus| all((0..100).map(|_| leaf(census).then(|_| 1))).then(|all| all.len());
        assert!(most_alive(&*executor, shrunk) <= 4, "{name}");
    }
}

#[test]
fn what_was_begun_comes_to_its_end_before_more_is_begun() {
    for (name, executor) in executors(1) {
        // Nothing is fused, for each needs what all need.
        let shared = delayed(|| 1);
        let shrunk = |census: &ResultCensus| {
            all((0..1_000).map(|_| leaf(census).with(&shared, |_, one| *one))).then(|all| all.len())
        };
        let most = most_alive(&*executor, shrunk);
        assert!(most <= 2, "{name}: {most}");
    }
}

#[test]
fn of_a_tree_of_1024_leaves_twelve_results_are_alive() {
    for (name, executor) in executors(1) {
        let merged =
            |census: &ResultCensus| tree((0..1_024).map(|_| leaf(census)), |a, _| a.0.born()).unwrap();
        let most = most_alive(&*executor, merged);
        assert!(most <= 12, "{name}: {most}");
    }
}

#[test]
fn whichever_way_a_sum_leans_two_or_three_results_are_alive() {
    let (_, serial) = executors(1).next().expect("serial is the first");
    let add = |a: &CountedResult, _: &CountedResult| a.0.born();
    let left = |census: &ResultCensus| (1..100).fold(leaf(census), |sum, _| sum.with(&leaf(census), add));
    let right = |census: &ResultCensus| (1..100).fold(leaf(census), |sum, _| leaf(census).with(&sum, add));
    assert!(most_alive(&*serial, left) <= 3 && most_alive(&*serial, right) <= 3);
}

#[test]
fn a_plan_that_is_kept_pins_what_was_asked_for_and_nothing_else() {
    for (name, executor) in executors(2) {
        let census = ResultCensus::default();
        let sum = tree((0..100).map(|_| leaf(&census)), |a, _| a.0.born()).unwrap();
        let plan = Plan::new([&sum]);
        plan.compute(&*executor).unwrap();
        assert_eq!(census.alive(), 1, "{name}");
        assert_eq!(plan.explain().recorded.unwrap().ran, 199, "what ran is told all the same");
        drop(sum);
        assert_eq!(census.alive(), 1, "it was asked for");
        drop(plan);
        assert_eq!(census.alive(), 0);
    }
}

#[test]
fn who_needs_a_result_last_owns_it() {
    for (name, executor) in executors(2) {
        let census = ResultCensus::default();
        let merged = tree_owned((0..100).map(|_| leaf(&census)), |left, _| left).unwrap();
        let last = merged.then_owned(|result| result);
        last.compute(&*executor).unwrap();
        let result = last.into_result().unwrap().unwrap();
        assert_eq!((census.clones(), census.alive()), (0, 1), "{name}");
        drop(result);
    }
}

#[test]
fn a_result_that_others_hold_is_cloned() {
    let census = ResultCensus::default();
    let held = leaf(&census);
    let owner = held.clone().then_owned(|result| result);
    owner.compute_scoped(1).unwrap();
    assert!(held.outcome().is_some_and(|outcome| outcome.is_ok()));
    assert_eq!((census.clones(), census.alive()), (1, 2));
    let other = owner.clone();
    drop((owner.into_result(), other));
    assert_eq!((census.clones(), census.alive()), (2, 1));
    assert!(leaf(&census).into_result().is_none(), "it has not run");
}

#[test]
fn all_own_their_results() {
    let census = ResultCensus::default();
    let count = all((0..10).map(|_| leaf(&census))).then_owned(|results| results.len());
    assert_eq!(count.compute_scoped(2), Ok(&10));
    assert_eq!((census.clones(), census.alive()), (0, 0));
}
