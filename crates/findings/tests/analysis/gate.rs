//! What a gate is told when the truth is known.

use crate::shared::{run, slowed};
use centurion_findings::compare::{Comparison, GateVerdict, Rules};
use centurion_record::Record;
use centurion_synthetic::{CALM, Weather};

fn gate(base: &Record, now: &Record) -> GateVerdict {
    Comparison::new(base, now, Rules::default()).gate()
}

/// The run without the cells of an executor.
fn without(executor: &str, mut record: Record) -> Record {
    record.cells.retain(|cell| cell.executor != executor);
    record
}

#[test]
fn it_is_passed_where_all_was_shown_not_to_be_slower() {
    assert_eq!(gate(&run(1, CALM), &run(2, CALM)), GateVerdict::Passed);
    let faster = slowed(run(2, CALM), 0.5, |cell| cell.executor == "c");
    assert_eq!(gate(&run(1, CALM), &faster), GateVerdict::Passed);
}

#[test]
fn it_fails_where_a_cell_was_shown_to_be_slower() {
    let now = slowed(run(2, CALM), 1.1, |cell| cell.executor == "c" && cell.workload == "fan");
    assert_eq!(gate(&run(1, CALM), &now), GateVerdict::Regression { cells: 1, shared: 0 });
}

#[test]
fn what_is_too_noisy_or_too_short_is_inconclusive_and_it_says_how_much_may_hide() {
    let noisy = Weather { noise: 0.1, drift: 0.0, spikes: 0.0 };
    let GateVerdict::Inconclusive { cells, at_most: Some(at_most) } = gate(&run(1, noisy), &run(2, noisy))
    else {
        panic!("nothing can be shown");
    };
    assert!(cells > 12 && at_most > 1.1, "{cells} {at_most}");
    let bold = Rules { least: at_most - 1.0 + 0.001, ..Rules::default() };
    assert_eq!(Comparison::new(&run(1, noisy), &run(2, noisy), bold).gate(), GateVerdict::Passed);
    let short = |seed| {
        let mut record = run(seed, CALM);
        for cell in &mut record.cells {
            cell.round.truncate(5);
            cell.wall_ns.truncate(5);
        }
        record
    };
    let open = GateVerdict::Inconclusive { cells: 16, at_most: None };
    assert_eq!(gate(&short(1), &short(2)), open);
    let judged = Comparison::new(&short(1), &short(2), Rules::default()).gate_of_judged();
    assert_eq!(judged, open, "to ask for less makes nothing of it that can't be compared");
}

#[test]
fn what_the_base_has_must_be_there_and_what_is_new_need_not() {
    assert_eq!(gate(&run(1, CALM), &without("c", run(2, CALM))), GateVerdict::NotComparable { cells: 4 });
    assert_eq!(gate(&without("c", run(1, CALM)), &run(2, CALM)), GateVerdict::Passed);
    let mut other = run(2, CALM);
    other.environment.logical_cpus = 64;
    assert_eq!(gate(&run(1, CALM), &other), GateVerdict::NotComparable { cells: 0 });
    let mut empty = run(1, CALM);
    empty.cells.clear();
    assert_eq!(gate(&empty, &run(2, CALM)), GateVerdict::NotComparable { cells: 0 });
}

#[test]
fn a_regression_is_said_before_what_is_missing() {
    let now = slowed(without("a", run(2, CALM)), 1.2, |cell| cell.executor == "c" && cell.workload == "fan");
    assert_eq!(gate(&run(1, CALM), &now), GateVerdict::Regression { cells: 1, shared: 0 });
}
