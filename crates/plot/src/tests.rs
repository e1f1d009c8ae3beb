//! What holds for every chart, and a small snapshot of each.

use proptest::prelude::*;

use super::cases::{
    HOSTILE, agents, changes, council, curve, efficiency, fixed, frame, gallery, growing, losses, makespans,
    named, ranked, samples, speedup,
};
use super::text::Style;
use super::{forest, lines, loss, ranking, rounds, sizes, timeline};

/// Value of an attribute in a line of output.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let start = line.find(&format!(" {name}=\""))? + name.len() + 3;
    line[start..].split('"').next()
}

fn number(line: &str, name: &str) -> f64 {
    attribute(line, name).unwrap_or_else(|| panic!("no {name} in {line}")).parse().expect("a number")
}

/// Left, right, top and bottom of the text in a line of output.
fn extent(line: &str) -> [f64; 4] {
    let class = attribute(line, "class");
    let styles = [Style::Title, Style::Label, Style::Small];
    let style = styles.into_iter().find(|style| class == Some(style.class())).expect("a known class");
    let body = line.split_once('>').and_then(|(_, rest)| rest.strip_suffix("</text>")).expect("one line");
    let body = body.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    let (x, y, width) = (number(line, "x"), number(line, "y"), style.width(&body.replace("&#38;", "&")));
    let left = match attribute(line, "text-anchor") {
        Some("end") => x - width,
        Some("middle") => x - width / 2.0,
        _ => x,
    };
    [left, left + width, y - style.size(), y + 3.0]
}

/// Asserts what holds for every chart.
fn check(svg: &str) {
    let (width, height) = (number(svg, "width"), number(svg, "height"));
    for line in svg.lines().filter(|line| line.starts_with("<text")) {
        let [left, right, top, bottom] = extent(line);
        let inside = left >= 0.0 && right <= width && top >= 0.0 && bottom <= height;
        assert!(inside, "{line} leaves {width} x {height}: {left} {right} {top} {bottom}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf\"") && !svg.contains("script>"));
    assert!(svg.chars().all(|c| c == '\n' || !c.is_control()), "control characters are not XML");
    for line in svg.lines().filter(|line| line.starts_with('<')) {
        let elements = line.matches('<').count() - line.matches("</").count();
        let pattern = line.starts_with("<pattern") || line.starts_with("<defs>");
        assert!(pattern || elements - line.matches("<title>").count() <= 1, "two elements in {line}");
    }
}

#[test]
fn texts_stay_inside_and_names_are_escaped() {
    let sets =
        [named(1), named(2), named(4), named(14), vec![HOSTILE.repeat(3); 3], vec!["W".repeat(60); 14]];
    for (names, width) in sets.iter().flat_map(|names| [100, 360, 760, 1600].map(|width| (names, width))) {
        for svg in gallery(names, width) {
            check(&svg);
        }
    }
}

#[test]
fn labels_of_lines_do_not_overlap() {
    for (count, width) in [(1, 360), (4, 760), (14, 360), (14, 760), (14, 1600)] {
        let svg = lines::render(&speedup(&named(count), &[1.0, 2.0, 64.0], frame(width, false)));
        let labels = svg.lines().filter(|line| line.contains("class=\"cc-label\""));
        let mut heights: Vec<f64> = labels.map(|line| number(line, "y")).collect();
        heights.sort_by(f64::total_cmp);
        assert_eq!(heights.len(), count + 2, "every line and both ceilings have a label");
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= 15.0), "{count} at {width}: {heights:?}");
    }
}

#[test]
fn charts_without_data_say_so() {
    let charts = [
        lines::render(&speedup(&[], &[1.0, 2.0], frame(760, false))),
        timeline::render(&agents(0, 4, "")),
        loss::render(&losses(&[], frame(760, false))),
        rounds::render(&samples(&[], frame(760, false))),
        sizes::render(&growing(&[], frame(760, false))),
        forest::render(&changes(&[], frame(760, false))),
        ranking::render(&ranked(&[], frame(760, false))),
    ];
    for svg in charts {
        check(&svg);
        assert!(svg.contains("There is nothing to draw."));
    }
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let mut chart = speedup(&named(3), &[1.0, 2.0, 4.0], frame(760, false));
    chart.series[0].points.clear();
    chart.series[1].points[2].y = f64::NAN;
    chart.series[2].points[1].band = Some((f64::NEG_INFINITY, f64::INFINITY));
    let svg = lines::render(&chart);
    check(&svg);
    assert!(svg.contains("Nothing to draw for executor 0."));

    let mut chart = agents(10, 2, "agent");
    chart.agents[3].worker = 2;
    chart.agents[4].end_ns = f64::NAN;
    let svg = timeline::render(&chart);
    check(&svg);
    assert!(svg.contains("Not drawn: 2 of 10 agents"));
}

#[test]
fn one_position_makes_a_dot_plot() {
    let svg = lines::render(&speedup(&named(3), &[1.0], frame(760, false)));
    assert_eq!(svg.matches("<use class=\"cc-marks").count(), 3);
    assert!(!svg.contains("cc-line"));
}

#[test]
fn a_changed_point_changes_few_lines() {
    let before = speedup(&named(4), &[1.0, 2.0, 4.0, 8.0], frame(760, true));
    let mut after = before.clone();
    after.series[1].points[2].y *= 0.97;
    let (before, after) = (lines::render(&before), lines::render(&after));
    assert_eq!(before.lines().count(), after.lines().count());
    let changed = before.lines().zip(after.lines()).filter(|(before, after)| before != after).count();
    assert!((1..=2).contains(&changed), "{changed} lines");
}

#[test]
fn typical_charts_load_in_a_review() {
    for svg in gallery(&named(8), 760) {
        assert!(svg.len() <= 20_000, "{} bytes: {}", svg.len(), &svg[..100]);
    }
}

#[test]
fn ids_are_scoped_and_series_can_be_addressed() {
    let svg = lines::render(&speedup(&named(2), &[1.0, 2.0], frame(760, false)));
    assert!(svg.contains("id=\"a-chart-1\"") && svg.contains("href=\"#a-chart-1-m1\""));
    assert!(svg.contains("class=\"cc-1 series-1\" data-series=\"1\""));
    assert!(svg.split(" id=\"").skip(1).all(|rest| rest.starts_with("a-chart-1")));
}

proptest! {
    #![proptest_config(fixed(32))]

    #[test]
    fn any_figures_make_a_sound_and_repeatable_chart(
        values in prop::collection::vec(prop::collection::vec(1e-3..1e4f64, 1..6), 1..15),
        width in 200u32..1700,
        name in "\\PC{0,50}",
    ) {
        let mut chart = speedup(&vec![name; values.len()], &[1.0, 3.0, 4.0, 32.0, 100.0, 128.0], frame(width, false));
        for (series, values) in chart.series.iter_mut().zip(&values) {
            for (point, &value) in series.points.iter_mut().zip(values) {
                *point = lines::Point { y: value, band: Some((value * 0.1, value * 9.0)), ..*point };
            }
        }
        let svg = lines::render(&chart);
        check(&svg);
        prop_assert_eq!(svg, lines::render(&chart));
    }
}

#[test]
fn lines_look_as_they_did() {
    let mut chart = speedup(&named(2), &[1.0, 2.0, 4.0], frame(760, true));
    chart
        .series
        .push(lines::LineSeries { kind: lines::SeriesKind::Ghost, ..curve(1, "executor 1", &[1.0, 2.0]) });
    insta::assert_snapshot!(lines::render(&chart));
}

#[test]
fn dots_look_as_they_did() {
    insta::assert_snapshot!(lines::render(&speedup(&named(2), &[1.0], frame(360, false))));
}

#[test]
fn makespans_look_as_they_did() {
    insta::assert_snapshot!(lines::render(&makespans(&named(4), frame(360, false))));
}

#[test]
fn granularity_looks_as_it_did() {
    insta::assert_snapshot!(lines::render(&efficiency(&named(3), frame(360, false))));
}

#[test]
fn a_timeline_looks_as_it_did() {
    insta::assert_snapshot!(timeline::render(&agents(7, 2, "agent <")));
}

#[test]
fn a_critical_path_looks_as_it_did() {
    insta::assert_snapshot!(timeline::render(&council("agent", frame(760, false))));
}

#[test]
fn a_critical_path_is_outlined_and_joined_and_what_is_not_drawn_of_it_is_left_out() {
    let mut chart = council("agent", frame(760, false));
    let drawn = |chart: &timeline::TimelineChart| {
        let svg = timeline::render(chart);
        check(&svg);
        let count = |what: &str| svg.matches(what).count();
        (count("<rect class=\"cc-path\""), count("class=\"cc-path cc-thread\""), count("class=\"cc-last\""))
    };
    assert_eq!(drawn(&chart), (3, 1, 0), "only the path is outlined");
    chart.agents[2].worker = 9;
    assert_eq!(drawn(&chart), (2, 1, 0));
    chart.critical_path = vec![2, 99];
    assert_eq!(drawn(&chart), (0, 0, 1));
}

#[test]
fn siblings_share_their_range_and_name_their_lines_once() {
    let sibling = |names| {
        let mut chart = efficiency(&named(3), frame(360, false));
        chart.series.truncate(1);
        chart.sibling = Some(lines::Sibling { x: (1.0, 1e9), names });
        let svg = lines::render(&chart);
        check(&svg);
        (svg.contains(">executor 0</text>"), svg.contains(">1 ns</text>"), svg.matches("<use").count() > 10)
    };
    assert_eq!((sibling(true), sibling(false)), ((true, true, true), (false, true, true)));
}

#[test]
fn waiting_for_answers_is_shown_where_there_is_any() {
    let mut chart = losses(&named(2), frame(360, false));
    assert!(!loss::render(&chart).contains("waiting for answers"));
    chart.bars[1].parts_ns[5] = 1e7;
    let svg = loss::render(&chart);
    check(&svg);
    assert!(svg.contains("waiting for answers") && svg.contains("fill=\"url(#a-chart-1-p5)\""));
}

#[test]
fn losses_look_as_they_did() {
    insta::assert_snapshot!(loss::render(&losses(&named(2), frame(360, false))));
}

#[test]
fn rounds_look_as_they_did() {
    insta::assert_snapshot!(rounds::render(&samples(&named(2), frame(360, false))));
}

#[test]
fn growing_sizes_look_as_they_did() {
    insta::assert_snapshot!(sizes::render(&growing(&named(5), frame(760, false))));
}

#[test]
fn a_ranking_looks_as_it_did() {
    insta::assert_snapshot!(ranking::render(&ranked(&named(3), frame(360, false))));
}

#[test]
fn what_is_no_number_is_no_row_of_a_ranking() {
    let mut chart = ranked(&named(3), frame(360, false));
    chart.rows[1].value = f64::NAN;
    let svg = ranking::render(&chart);
    check(&svg);
    assert_eq!(svg.matches("<use class=\"cc-marks").count(), 2);
}

#[test]
fn a_forest_looks_as_it_did() {
    insta::assert_snapshot!(forest::render(&changes(&named(5), frame(760, false))));
}

/// Left, right, top and bottom of the text that begins with these words.
fn extent_of(svg: &str, words: &str) -> [f64; 4] {
    let begins = |line: &&str| line.starts_with("<text") && line.contains(&format!(">{words}"));
    extent(svg.lines().find(begins).unwrap_or_else(|| panic!("{words} in {svg}")))
}

#[test]
fn the_name_of_the_shade_stands_where_no_curve_is() {
    let mut chart = speedup(&["a".to_owned()], &[1.0, 2.0, 4.0, 8.0], frame(480, false));
    chart.oversubscribed_above = Some(1.0);
    let free = extent_of(&lines::render(&chart), "more workers than cores");
    chart.series[0].points[3].y = 1.0;
    let moved = extent_of(&lines::render(&chart), "more workers than cores");
    assert!(moved[0] < free[0] || moved[3] < free[2], "{moved:?} is elsewhere than {free:?}");
}

#[test]
fn no_line_of_a_timeline_runs_through_the_name_of_another() {
    for bound in [6.4e6, 7.6e6] {
        let mut chart = council("agent", frame(760, false));
        chart.makespan_ns = 7e6;
        chart.bound = Some(timeline::EarliestEnd { name: "lower bound", at_ns: bound });
        let svg = timeline::render(&chart);
        let [makespan, bounded] = ["makespan", "lower bound"].map(|words| extent_of(&svg, words)[3]);
        assert_eq!(makespan < bounded, bound < 7e6, "the last stands above");
    }
}
