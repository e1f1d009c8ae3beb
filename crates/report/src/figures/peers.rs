//! Peers beside the serial loop and the fastest executor.

use super::{Drawing, Figures, Size, Words};
use crate::units::time;
use centurion_findings::{Contender, PeerComparison};
use centurion_plot::lines::{self, Horizontal, LineChart, LineSeries, Point, SeriesKind, Vertical};

impl Figures<'_> {
    /// Makespans of a workload, a row for each contender. Peers have identities after those of the executors.
    pub(crate) fn makespans(&self, beside: &PeerComparison, size: Size) -> Drawing {
        let contenders = &beside.contenders;
        let place = self.analysis.peers.iter().position(|other| other.workload == beside.workload);
        let words = Words {
            id: format!("peers-{}", place.unwrap_or(0)),
            title: format!("{}: makespan", beside.workload),
            subtitle: "Median and 95 % interval".into(),
            description: in_words(contenders),
        };
        let cores = contenders.iter().map(|contender| contender.cores).max().unwrap_or(1);
        let series = contenders.iter().enumerate().map(|(row, contender)| LineSeries {
            name: contender.name.clone(),
            index: self.cast.iter().position(|name| *name == contender.name).unwrap_or(self.cast.len() + row),
            kind: SeriesKind::Measured,
            points: point(contender, cores as f64).into_iter().collect(),
        });
        let chart = LineChart {
            frame: words.frame(size),
            x: Horizontal::Count,
            x_label: "cores at most".into(),
            y: Vertical::Nanoseconds,
            series: series.collect(),
            ceilings: Vec::new(),
            oversubscribed_above: None,
            sibling: None,
        };
        Drawing::new(&chart.frame, lines::render(&chart))
    }
}

fn point(contender: &Contender, x: f64) -> Option<Point> {
    let bag_ns = contender.outcome.as_ref().ok()?.bag_ns;
    Some(Point { x, y: bag_ns.value, band: bag_ns.interval.map(|ends| (ends.low, ends.high)) })
}

fn in_words(contenders: &[Contender]) -> String {
    let makespan = |contender: &Contender| match &contender.outcome {
        Ok(pace) => format!("{} {}", contender.name, time(pace.bag_ns.value)),
        Err(_) => format!("{} failed", contender.name),
    };
    format!("{}.", contenders.iter().map(makespan).collect::<Vec<_>>().join(", "))
}
