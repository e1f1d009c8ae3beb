//! What charts are tested with. The data is invented.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

use super::frame::Frame;
use super::{forest, lines, loss, ranking, rounds, sizes, timeline};

/// The same cases in every run.
pub(super) fn fixed(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(100),
        ..ProptestConfig::default()
    }
}

pub(super) const HOSTILE: &str = "<script>alert(\"1\")</script> & 'co' \u{202e}\u{0}\n]]>";

pub(super) fn frame(width: u32, styled: bool) -> Frame {
    Frame {
        id: "a chart/1".into(),
        title: "Speedup".into(),
        subtitle: "against the serial executor".into(),
        description: "It rises.".into(),
        width,
        styled,
        hovers: true,
    }
}

/// Amdahl's speedup with the given serial part.
pub(super) fn amdahl(serial: f64, cores: f64) -> f64 {
    cores / (1.0 + serial * (cores - 1.0))
}

pub(super) fn curve(index: usize, name: &str, cores: &[f64]) -> lines::LineSeries {
    let point = |&x: &f64| {
        let y = amdahl(0.01 * (index + 1) as f64, x);
        lines::Point { x, y, band: Some((y * 0.95, y * 1.04)) }
    };
    let points = cores.iter().map(point).collect();
    lines::LineSeries { name: name.into(), index, kind: lines::SeriesKind::Measured, points }
}

pub(super) fn speedup(names: &[String], cores: &[f64], frame: Frame) -> lines::LineChart {
    let ceiling = |limit, label: &str, share: f64| lines::Ceiling {
        limit,
        label: label.into(),
        points: cores.iter().map(|&x| (x, 1.0 + (x - 1.0) * share)).collect(),
    };
    lines::LineChart {
        frame,
        x: lines::Horizontal::Count,
        x_label: "cores".into(),
        y: lines::Vertical::Speedup,
        series: names.iter().enumerate().map(|(index, name)| curve(index, name, cores)).collect(),
        ceilings: vec![
            ceiling(lines::Limit::Schedule, "schedule ceiling", 1.0),
            ceiling(lines::Limit::Hardware, "hardware ceiling", 0.9),
        ],
        oversubscribed_above: cores.get(1).copied(),
        sibling: None,
    }
}

/// The same lines as efficiency over granularity, with predictions and a base.
pub(super) fn efficiency(names: &[String], frame: Frame) -> lines::LineChart {
    let grains: Vec<f64> = (0..12).map(|power| 50.0 * f64::from(power).exp2()).collect();
    let mut chart = speedup(names, &grains, frame);
    (chart.x, chart.y) = (lines::Horizontal::Nanoseconds, lines::Vertical::Efficiency);
    chart.x_label = "granularity".into();
    (chart.ceilings, chart.oversubscribed_above) = (Vec::new(), None);
    let kinds = [lines::SeriesKind::Measured, lines::SeriesKind::Ghost, lines::SeriesKind::Prediction];
    for (series, kind) in chart.series.iter_mut().zip(kinds.into_iter().cycle()) {
        series.kind = kind;
        for point in &mut series.points {
            point.y = point.x / (point.x + 900.0);
            point.band = Some((point.y * 0.9, point.y * 1.02));
        }
    }
    chart
}

/// Times of which each is a hundred times that before.
pub(super) fn makespans(names: &[String], frame: Frame) -> lines::LineChart {
    let mut chart = speedup(names, &[2.0], frame);
    (chart.y, chart.ceilings, chart.oversubscribed_above) = (lines::Vertical::Nanoseconds, Vec::new(), None);
    for (index, series) in chart.series.iter_mut().enumerate() {
        let y = 2_100.0 * 100f64.powf(index as f64);
        series.points = vec![lines::Point { x: 2.0, y, band: Some((y * 0.97, y * 1.05)) }];
    }
    chart
}

/// The best first, under a limit that was measured.
pub(super) fn ranked(names: &[String], frame: Frame) -> ranking::RankingChart {
    let row = |(index, name): (usize, &String)| {
        let value = 2.0 / (1.0 + 0.1 * index as f64);
        let ends = Some((value * 0.97, value * 1.04));
        ranking::RankedSeries { name: name.clone(), index, value, ends, before: (index == 1).then_some(1.0) }
    };
    let limit =
        ranking::RankingLimit { label: "the hardware, 1.96×".into(), value: 1.96, ends: Some((1.91, 2.01)) };
    ranking::RankingChart { frame, rows: names.iter().enumerate().map(row).collect(), limit: Some(limit) }
}

pub(super) fn agents(count: usize, workers: usize, name: &str) -> timeline::TimelineChart {
    let agent = |index: usize| {
        let start_ns = (index / workers) as f64 * 1e6;
        timeline::Agent {
            name: format!("{name} {index}"),
            answer: name.into(),
            worker: index % workers,
            start_ns,
            end_ns: start_ns + 1e5 * (index % 9 + 1) as f64,
        }
    };
    timeline::TimelineChart {
        frame: frame(760, false),
        workers,
        agents: (0..count).map(agent).collect(),
        makespan_ns: count.div_ceil(workers) as f64 * 1e6,
        bound: Some(timeline::EarliestEnd {
            name: "lower bound",
            at_ns: count.div_ceil(workers) as f64 * 5e5,
        }),
        critical_path: Vec::new(),
    }
}

/// Agents of which some wait for each other.
pub(super) fn council(name: &str, frame: Frame) -> timeline::TimelineChart {
    let bound = timeline::EarliestEnd { name: "critical path", at_ns: 2.4e6 };
    timeline::TimelineChart { frame, bound: Some(bound), critical_path: vec![1, 2, 6], ..agents(7, 2, name) }
}

pub(super) fn losses(names: &[String], frame: Frame) -> loss::LossChart {
    let bar = |(index, name): (usize, &String)| {
        let parts_ns = [8e7, -1e5 + 1e6 * index as f64, 2e6, 9e6, 1e5, 0.0];
        loss::LossBar { name: name.clone(), index, parts_ns }
    };
    loss::LossChart { frame, bars: names.iter().enumerate().map(bar).collect() }
}

pub(super) fn samples(names: &[String], frame: Frame) -> rounds::RoundsChart {
    let time = |round: u32| if round == 7 { 3e6 } else { 1e6 + 1e4 * f64::from(round * 7 % 5) };
    let series = |(index, name): (usize, &String)| rounds::RoundSeries {
        name: name.clone(),
        index,
        samples: (0..12).map(|round| (round, time(round))).collect(),
    };
    rounds::RoundsChart { frame, rounds: 12, series: names.iter().enumerate().map(series).collect() }
}

/// Three sizes, of which every fourth row lacks the largest.
pub(super) fn growing(names: &[String], frame: Frame) -> sizes::SizesChart {
    let point = |row: usize, size: usize| {
        let value = 1e6 * (1 + row) as f64 * 90f64.powf(size as f64);
        (row % 4 < 3 || size < 2).then_some(sizes::SizesPoint { value, ends: (value * 0.8, value * 1.3) })
    };
    let row = |(index, name): (usize, &String)| sizes::SizesRow {
        name: name.clone(),
        index,
        points: (0..3).map(|size| point(index, size)).collect(),
    };
    sizes::SizesChart {
        frame,
        unit: sizes::SizesUnit::Bytes,
        sizes: ["100 agents", "10,000 agents", "100,000 agents"].map(String::from).to_vec(),
        rows: names.iter().enumerate().map(row).collect(),
    }
}

pub(super) fn changes(names: &[String], frame: Frame) -> forest::ForestChart {
    let change = |(index, name): (usize, &String)| {
        let middle = [1.3, 0.8, 1.01, 90.0][index % 4];
        let ratio = forest::RatioInterval { low: middle * 0.96, middle, high: middle * 1.05 };
        let directions = [forest::Direction::Slower, forest::Direction::Faster, forest::Direction::Undecided];
        forest::RatioChange {
            name: name.clone(),
            index,
            ratio: (index % 5 < 4).then_some(ratio),
            floor: 0.03,
            verdict: ["slower", "faster", "within noise"][index % 3].into(),
            direction: directions[index % 3],
        }
    };
    forest::ForestChart { frame, changes: names.iter().enumerate().map(change).collect() }
}

pub(super) fn named(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("executor {index}")).collect()
}

/// Every chart with the given names, at a width.
pub(super) fn gallery(names: &[String], width: u32) -> Vec<String> {
    let name = names.first().map_or("", String::as_str);
    let cores: [&[f64]; 3] = [&[1.0], &[1.0, 2.0], &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 100.0]];
    let titled = || Frame { title: name.into(), subtitle: name.into(), ..frame(width, true) };
    let mut charts: Vec<String> =
        cores.iter().map(|cores| lines::render(&speedup(names, cores, titled()))).collect();
    charts.push(lines::render(&efficiency(names, titled())));
    charts.push(lines::render(&makespans(names, titled())));
    charts.extend([1, 4, 128].map(|workers| {
        timeline::render(&timeline::TimelineChart { frame: titled(), ..agents(100, workers, name) })
    }));
    charts.push(timeline::render(&council(name, titled())));
    charts.push(loss::render(&losses(names, titled())));
    charts.push(rounds::render(&samples(names, titled())));
    charts.push(sizes::render(&growing(names, titled())));
    charts.push(forest::render(&changes(names, titled())));
    charts.push(ranking::render(&ranked(names, titled())));
    charts
}
