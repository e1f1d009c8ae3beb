//! A program whose allocator counts.

use std::thread;

use centurion_allocations::{Allocations, Counting, counted};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// In one test, for what other tests allocate at the same time would count.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "an allocator is everybody's, and this room knows no executors"
)]
fn every_allocation_of_the_work_is_counted_and_no_other() {
    let before = vec![0_u8; 1_000];
    let (_, nothing) = counted(|| before.len());
    assert_eq!(nothing, Some(Allocations { count: 0, bytes: 0 }));

    let (grown, allocations) = counted(|| {
        let mut numbers: Vec<u64> = Vec::with_capacity(4);
        numbers.extend([1, 2, 3, 4]);
        numbers.reserve_exact(4);
        (numbers, vec![0_u8; 100])
    });
    assert_eq!(grown.0.len(), 4);
    assert_eq!(allocations, Some(Allocations { count: 3, bytes: 4 * 8 + 8 * 8 + 100 }));

    let boxes = |count: u64| (0..count).map(Box::new).fold(0, |sum, number| sum + *number);
    let of_threads = || {
        thread::scope(|scope| {
            let threads = [1_000, 2_000].map(|count| scope.spawn(move || boxes(count)));
            threads.map(|thread| thread.join().expect("it counts"))
        })
    };
    let (sums, allocations) = counted(of_threads);
    assert_eq!(sums, [499_500, 1_999_000]);
    let count = allocations.expect("it counts").count;
    assert!((3_000..3_100).contains(&count), "{count}: the threads take some of their own");
}
