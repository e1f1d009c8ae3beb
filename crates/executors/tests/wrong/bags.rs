//! Executors that are wrong with bags.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::yield_now;

use centurion_executors::Bag;

use crate::{caught, hang, on_threads, run_rightly, sleep, unattended};

thread_local! {
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// The number of the executor that was started last.
static LATEST: AtomicUsize = AtomicUsize::new(0);

fn inside_each_other(bag: &Bag, index: usize) {
    if index < bag.len() {
        bag.run(index);
        inside_each_other(bag, index + 1);
    }
}

caught! { wrong_bag:
    skips_the_first_task(One) says "task 0 of 1 ran 0 times": |_| |bag: &Bag| bag.run_range(1..bag.len().max(1));
    skips_the_last_task(One) says "task 0 of 1 ran 0 times":
        |_| |bag: &Bag| bag.run_range(0..bag.len().saturating_sub(1));
    runs_the_first_task_twice(One) says "task 0 of 1 ran 2 times": |_| |bag: &Bag| {
        bag.run_range(0..bag.len());
        bag.run_range(0..bag.len().min(1));
    };
    runs_one_more_than_there_are(One) says "task 0 was run, of 0 counted from 0":
        |_| |bag: &Bag| bag.run_range(0..bag.len() + 1);
    runs_a_task_in_place_of_its_neighbour(One) says "task 0 of 2 ran 2 times":
        |_| |bag: &Bag| (0..bag.len()).for_each(|index| bag.run(index & !1));
    returns_before_the_end(One) says "ran 0 times by the time execute returned": |_| |bag: &Bag| {
        let bag = bag.clone();
        unattended(move || {
            sleep(5);
            bag.run_range(0..bag.len());
        });
    };
    runs_a_task_again_later(One) says "after the execution had returned": |_| |bag: &Bag| {
        bag.run_range(0..bag.len());
        if bag.len() == 1_000 {
            let bag = bag.clone();
            unattended(move || {
                sleep(50);
                bag.run(0);
            });
        }
    };
    runs_the_bag_before_this_one(One) says "task 0 of 1 ran 0 times": |_| {
        let before = Mutex::new(Bag::new(0, |_| ()));
        move |bag: &Bag| {
            let before = std::mem::replace(&mut *before.lock().unwrap(), bag.clone());
            before.run_range(0..before.len());
        }
    };
    counts_in_a_byte(One) says "task 1 of 257 ran 0 times":
        |_| |bag: &Bag| (0..bag.len() as u8).for_each(|index| bag.run(index.into()));
    counts_in_a_byte_for_ever(One) says "it hangs": |_| |bag: &Bag| {
        let mut index = 0_u8;
        while usize::from(index) < bag.len() {
            bag.run(index.into());
            index = index.wrapping_add(1);
            if index == 0 {
                sleep(10);
            }
        }
    };
    counts_in_sixteen_bits(One) says "of 70000 ran 0 times":
        |_| |bag: &Bag| (0..bag.len() as u16).for_each(|index| bag.run(index.into()));
    has_a_queue_of_sixty_four(One) says "task 64 of 65 ran 0 times":
        |_| |bag: &Bag| bag.run_range(0..bag.len().min(64));
    has_a_buffer_of_a_thousand(One) says "task 1024 of 1025 ran 0 times":
        |_| |bag: &Bag| bag.run_range(0..bag.len().min(1_024));
    waits_for_the_first_task_of_an_empty_bag(One) says "running bags of all sizes: it hangs": |_| |bag: &Bag| {
        if bag.is_empty() {
            hang();
        }
        bag.run_range(0..bag.len());
    };
    refuses_an_empty_bag(One) says "it panicked: nothing to do": |_| |bag: &Bag| {
        assert!(!bag.is_empty(), "nothing to do");
        bag.run_range(0..bag.len());
    };
    leaves_the_remainder_of_equal_shares(Any) says "ran 0 times": |workers: usize| move |bag: &Bag| {
        let share = bag.len() / workers;
        on_threads(workers, |worker| bag.run_range(worker * share..(worker + 1) * share));
    };
    rounds_shares_up(Any) says "was run, of": |workers: usize| move |bag: &Bag| {
        let share = bag.len().div_ceil(workers);
        on_threads(workers, |worker| bag.run_range(worker * share..(worker + 1) * share));
    };
    needs_as_many_tasks_as_workers(Any) says "task 0 of 1 ran 0 times": |workers: usize| move |bag: &Bag| {
        if bag.len() >= workers {
            run_rightly(workers, bag);
        }
    };
    counts_without_a_lock(Any) says "times by the time execute returned": |workers: usize| move |bag: &Bag| {
        let next = AtomicUsize::new(0);
        on_threads(workers.min(bag.len()), |_| {
            loop {
                let index = next.load(Ordering::Relaxed);
                if index >= bag.len() {
                    return;
                }
                yield_now();
                next.store(index + 1, Ordering::Relaxed);
                bag.run(index);
            }
        });
    };
    stops_at_a_panic(One) says "tasks panic: task 4 of 100 ran 0 times": |_| |bag: &Bag| {
        (0..bag.len()).take_while(|_| bag.panics().is_empty()).for_each(|index| bag.run(index));
    };
    tries_again_what_panicked(One) says "tasks panic: task 3 of 100 ran 2 times": |_| |bag: &Bag| {
        bag.run_range(0..bag.len());
        bag.panics().keys().for_each(|&index| bag.run(index));
    };
    panics_when_a_task_did(One) says "tasks panic: it panicked": |_| |bag: &Bag| {
        bag.run_range(0..bag.len());
        assert!(bag.panics().is_empty());
    };
    is_poisoned_by_a_panic(One) says "after others have panicked: task 0 of 100 ran 0 times": |_| {
        let poisoned = AtomicBool::new(false);
        move |bag: &Bag| {
            if !poisoned.load(Ordering::Relaxed) {
                bag.run_range(0..bag.len());
                poisoned.store(!bag.panics().is_empty(), Ordering::Relaxed);
            }
        }
    };
    works_once(One) says "task 0 of 1 ran 0 times": |_| {
        let used = AtomicBool::new(false);
        move |bag: &Bag| {
            if !used.swap(true, Ordering::Relaxed) {
                bag.run_range(0..bag.len());
            }
        }
    };
    counts_its_calls_in_a_byte(One) says "called hundreds of times: task 0 of 5 ran 0 times": |_| {
        let calls = AtomicU8::new(0);
        move |bag: &Bag| {
            if calls.fetch_add(1, Ordering::Relaxed) < u8::MAX {
                bag.run_range(0..bag.len());
            }
        }
    };
    runs_no_bag_twice(One) says "the same bag again: task 0 of 50 ran 1 times": |_| |bag: &Bag| {
        thread_local! { static LAST: Cell<usize> = const { Cell::new(0) }; }
        if bag.len() != 50 || LAST.replace(bag.len()) != 50 {
            bag.run_range(0..bag.len());
        }
    };
    has_one_counter_for_all_callers(Any) says "callers at once": |workers: usize| {
        let next = AtomicUsize::new(0);
        move |bag: &Bag| {
            next.store(0, Ordering::Relaxed);
            on_threads(workers.min(bag.len()), |_| {
                std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                    .take_while(|&index| index < bag.len())
                    .for_each(|index| bag.run(index));
            });
        }
    };
    has_room_for_two_callers(Any) says "by three callers at once": |workers: usize| {
        let callers = AtomicUsize::new(0);
        move |bag: &Bag| {
            if callers.fetch_add(1, Ordering::AcqRel) < 2 {
                run_rightly(workers, bag);
            }
            callers.fetch_sub(1, Ordering::AcqRel);
        }
    };
    has_room_for_four_callers(Any) says "by five callers at once": |workers: usize| {
        let callers = AtomicUsize::new(0);
        move |bag: &Bag| {
            if callers.fetch_add(1, Ordering::AcqRel) < 4 {
                run_rightly(workers, bag);
            }
            callers.fetch_sub(1, Ordering::AcqRel);
        }
    };
    serves_one_caller_at_a_time(One) says "from inside a task of one: it hangs": |_| {
        let busy = AtomicBool::new(false);
        move |bag: &Bag| {
            while busy.swap(true, Ordering::Acquire) {
                sleep(1);
            }
            bag.run_range(0..bag.len());
            busy.store(false, Ordering::Release);
        }
    };
    ignores_calls_from_inside_a_task(One) says "from inside a task of one": |_| |bag: &Bag| {
        if !WITHIN.replace(true) {
            bag.run_range(0..bag.len());
            WITHIN.set(false);
        }
    };
    works_for_the_latest_started_only(One) says "ran 0 times": |_| {
        let own = LATEST.fetch_add(1, Ordering::Relaxed) + 1;
        move |bag: &Bag| {
            if LATEST.load(Ordering::Relaxed) == own {
                bag.run_range(0..bag.len());
            }
        }
    };
    runs_tasks_of_a_bag_inside_each_other(One) says "bytes of a stack, which more overflow":
        |_| |bag: &Bag| inside_each_other(bag, 0);
    is_done_a_task_too_early(Any) says "ran 0 times by the time execute": |workers: usize| move |bag: &Bag| {
        let (bag, ended) = (bag.clone(), Arc::new(AtomicUsize::new(1)));
        let (len, counted) = (bag.len(), Arc::clone(&ended));
        unattended(move || {
            let next = AtomicUsize::new(0);
            on_threads(workers.min(len), |_| {
                std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                    .take_while(|&index| index < len)
                    .for_each(|index| {
                        bag.run(index);
                        counted.fetch_add(1, Ordering::Release);
                    });
            });
        });
        while ended.load(Ordering::Acquire) < len {
            yield_now();
        }
    };
    panics_when_there_are_three_callers(Any) says "by three callers at once: it panicked: too many": |workers: usize| {
        let callers = AtomicUsize::new(0);
        move |bag: &Bag| {
            let room = callers.fetch_add(1, Ordering::AcqRel) < 2;
            run_rightly(workers, bag);
            callers.fetch_sub(1, Ordering::AcqRel);
            assert!(room, "too many");
        }
    };
    keeps_every_bag(One) says "are kept for good": |_| {
        let kept = Mutex::new(Vec::new());
        move |bag: &Bag| {
            kept.lock().unwrap().push(bag.clone());
            bag.run_range(0..bag.len());
        }
    };
}
