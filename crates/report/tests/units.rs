//! Numbers in words.

use centurion_report::units::{
    Quantity, crossing, crossing_in_microseconds, crossing_in_short, crossing_parts, digits, grouped, joined,
    measured_time, memory, microseconds, percent, plural, ratio, rough_count, rough_crossing, rough_memory,
    rough_time, time, time_estimate, time_in_short, times, times_estimate, times_in_short,
};
use centurion_stats::{Crossing, Estimate, Interval};

#[test]
fn times_have_three_significant_digits_in_the_unit_that_suits_them() {
    let expected = [
        (0.0, "0.00 ns"),
        (0.5, "0.500 ns"),
        (7.0, "7.00 ns"),
        (999.4, "999 ns"),
        (999.6, "1.00 µs"),
        (12_345.0, "12.3 µs"),
        (9_996.0, "10.0 µs"),
        (1_234_567.0, "1.23 ms"),
        (1.5e9, "1.50 s"),
        (1.234e12, "1234 s"),
    ];
    for (ns, shown) in expected {
        assert_eq!(time(ns), shown);
    }
}

#[test]
fn repetitions_far_apart_leave_fewer_digits() {
    for (ns, apart, shown) in [
        (1.523e9, 0.0, "1.52 s"),
        (1.523e9, 0.06e9, "1.52 s"),
        (1.523e9, 0.3e9, "1.5 s"),
        (7.31e9, 4e9, "7.3 s"),
        (86.4e9, 30e9, "86 s"),
    ] {
        assert_eq!(rough_time(ns, apart), shown);
    }
    assert_eq!([rough_memory(3.44e6, 0.3e6), rough_memory(2.34e9, 0.0)], ["3.4 MB", "2.34 GB"]);
    assert_eq!([rough_count(9_083.0, 4.0), rough_count(123_456.0, 5_000.0)], ["9,083", "123,000"]);
    assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
}

#[test]
fn a_figure_whose_interval_ends_are_far_apart_does_not_stand_alone() {
    let estimate = |value, low, high| Estimate { value, interval: Some(Interval { low, high }) };
    let wide = estimate(3_098.0, 1_723.0, 721_445.0);
    let narrow = estimate(3_098.0, 1_723.0, 5_168.0);
    assert_eq!([measured_time(wide), time_in_short(wide)], ["1.7–721 µs", "1.7–721 µs"]);
    assert_eq!([measured_time(narrow), time_in_short(narrow)], ["3.1 µs", "3.10 µs"]);
    assert_eq!(time_in_short(estimate(434.0, 421.7, 573_107.0)), "0.42–573 µs");
    assert_eq!(time_in_short(estimate(434.0, 42.1, 57_310.0)), "42 ns–57 µs");
    assert_eq!(ratio(estimate(1.2, 0.516, 2.14)), "0.52–2.1");
    assert_eq!(ratio(estimate(1.2, 0.8, 2.14)), "1.2");
    assert_eq!(times_in_short(estimate(1.2, 0.516, 2.14)), "1.20× [0.52, 2.14]");
    assert_eq!(times_in_short(estimate(1.2, 0.8, 2.14)), "1.20×");
    let at = Crossing::At(3_098.0);
    let crossings = |far| {
        let ends = Some((Crossing::At(1_723.0), far));
        [crossing_in_short(at, ends), rough_crossing(at, ends), crossing_in_microseconds(at, ends)]
    };
    assert_eq!(crossings(Crossing::At(721_445.0)), ["3.10 [1.72, 721] µs", "1.7–721 µs", "1.7–721"]);
    assert_eq!(
        crossings(Crossing::NotReached(4_000.0)),
        ["3.10 [1.72, >4.00] µs", "1.7–>4.0 µs", "1.7–>4.0"]
    );
    assert_eq!(crossings(Crossing::At(5_168.0)), ["3.10 µs", "3.1 µs", "3.10"]);
}

#[test]
fn digits_survive_rounding_up_and_signs() {
    for (value, shown) in
        [(9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (-0.012_345, "-0.0123"), (1e-12, "0.000000000")]
    {
        assert_eq!(digits(value), shown);
    }
}

#[test]
fn estimates_share_the_unit_of_their_value() {
    let interval = Some(Interval { low: 980_000.0, high: 1_310_000.0 });
    assert_eq!(time_estimate(Estimate { value: 1_200_000.0, interval }).to_string(), "1.20 [0.98, 1.31] ms");
    assert_eq!(time_estimate(Estimate { value: 1_200_000.0, interval: None }).to_string(), "1.20 ms");
    let interval = Some(Interval { low: 1.9, high: 1.961 });
    assert_eq!(times_estimate(Estimate { value: 1.93, interval }).to_string(), "1.93× [1.90, 1.96]");
    assert_eq!(times(65.04), "65.0×");
}

#[test]
fn crossings_say_on_which_side_they_were_missed() {
    assert_eq!(crossing(Crossing::Below(310.0), None), "below 310 ns");
    assert_eq!(crossing(Crossing::NotReached(310.0), None), "not reached");
    assert_eq!(crossing(Crossing::At(820.0), None), "820 ns");
    let ends = Some((Crossing::Below(0.31e3), Crossing::NotReached(9e4)));
    assert_eq!(crossing(Crossing::At(1.2e3), ends), "1.20 [<0.31, >90.0] µs");
}

#[test]
fn percentages_below_ten_have_a_decimal() {
    for (fraction, shown) in
        [(0.0, "0.0 %"), (0.0421, "4.2 %"), (0.0996, "10 %"), (0.984, "98 %"), (1.2, "120 %")]
    {
        assert_eq!(percent(fraction), shown);
    }
}

#[test]
fn memory_is_in_megabytes_and_from_a_thousand_of_them_in_gigabytes() {
    let shown = [4_200_000.0, 84_000_000.0, 999_400_000.0, 1.5e9].map(memory);
    assert_eq!(shown, ["4.20 MB", "84.0 MB", "999 MB", "1.50 GB"]);
}

#[test]
fn microseconds_stay_microseconds() {
    assert_eq!([349.0, 396_000.0, 9.3e6].map(microseconds), ["0.349 µs", "396 µs", "9300 µs"]);
}

#[test]
fn long_lists_are_counted() {
    assert_eq!(joined(&["a", "b", "c", "d"]), "a, b, c, d");
    assert_eq!(joined(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    assert_eq!(joined(&[""; 0]), "");
    assert_eq!((plural(1, "core"), plural(2, "core")), ("1 core".into(), "2 cores".into()));
}

#[test]
fn the_interval_of_a_crossing_stands_apart_and_only_where_it_says_something() {
    use Crossing::{At, Below, NotReached};
    let parts = |at, interval| {
        let Quantity { value, interval: ends, .. } = crossing_parts(at, interval);
        format!("{value}|{ends}")
    };
    assert_eq!(parts(At(820.0), Some((At(790.0), NotReached(900.0)))), "820 ns|[790, >900]");
    assert_eq!(parts(At(820.0), None), "820 ns|");
    assert_eq!(parts(At(1_230.0), Some((Below(85.0), NotReached(149_650.0)))), "1.23 µs|[<0.09, >150]");
    assert_eq!(parts(At(208.0), Some((Below(93.0), NotReached(149_650.0)))), "208 ns|[<93.0 ns, >150 µs]");
    assert_eq!(parts(At(2.08e6), Some((At(3_400.0), At(2.5e6)))), "2.08 ms|[3.40 µs, 2.50 ms]");
    assert_eq!(
        parts(NotReached(96_000.0), Some((At(5_100.0), NotReached(96_000.0)))),
        "not reached|[5.1, >96.0] µs"
    );
    assert_eq!(parts(NotReached(96_000.0), Some((NotReached(9.0), NotReached(9.0)))), "not reached|");
    assert_eq!(parts(Below(700.0), Some((Below(700.0), At(750.0)))), "below 700 ns|[<700, 750] ns");
    assert_eq!(parts(Below(700.0), Some((Below(700.0), Below(700.0)))), "below 700 ns|");
}
