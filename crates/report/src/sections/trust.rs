//! What a reader needs to know to believe a figure.

use centurion_findings::{Analysis, FailedCells, RoundSpread, Trust};
use centurion_record::{Record, Role};
use centurion_stats::MIN_ROUNDS;

use super::Findings;
use super::environment::{machine, run};
use super::numbers::floor;
use crate::document::{Content, Fact, Outputs, Rank, Section, SectionBlock, TrustBox, paragraph};
use crate::units::{joined, percent, plural};
use crate::wording::{pace_uses, sentence, warning};

/// Machine, rounds, noise, disturbances, how much was judged, and what failed.
pub(super) fn facts(findings: &Findings<'_>) -> TrustBox {
    let (record, analysis) = (findings.record, findings.analysis);
    let trust = Trust::new(record, analysis);
    let pinning =
        if record.environment.pinning { "pinned to its CPUs" } else { "not pinned: cores are only workers" };
    let facts = vec![
        Fact::new("Machine", machine(&record.environment), pinning),
        Fact::new("Run", run(record), how_often(record)),
        noise(&trust),
        judged_cells(&trust, record),
        load(&trust),
        disturbance("Other programs", trust.foreign),
        disturbance("Stolen by the host", trust.stolen),
        throttling(&trust, record.environment.quota_cpus),
        clock(&trust, analysis),
    ];
    TrustBox {
        facts,
        doubts: analysis.warnings.iter().map(|doubt| sentence(&warning(doubt))).collect(),
        failures: FailedCells::from_record(record),
    }
}

/// How often cells were measured: some may be in every other round.
fn how_often(record: &Record) -> &'static str {
    let rounds = record.rounds.len();
    let all = record.cells.iter().all(|cell| cell.failure.is_some() || cell.round.len() == rounds);
    if all {
        "every cell once a round, in shuffled order"
    } else {
        "every cell once a round, some in every other, in shuffled order"
    }
}

fn noise(trust: &Trust) -> Fact {
    let floors: Vec<_> =
        trust.floors.iter().map(|(name, noise)| format!("{name} {}", floor(*noise))).collect();
    let lead = if floors.is_empty() { "not measured".into() } else { joined(&floors) };
    Fact::new("Noise floor", lead, "between identical cells, serial and on all cores")
}

/// Not all that are measured are judged: some are what others are judged by.
fn judged_cells(trust: &Trust, record: &Record) -> Fact {
    let failed = match trust.failed {
        0 => "none failed".into(),
        failed => format!("{failed} failed, listed below"),
    };
    let measured = record.cells.iter().filter(|cell| cell.role != Role::Peer).count();
    let text = match measured.saturating_sub(trust.cells) {
        0 => failed,
        others => format!("{failed}; {others} more are baselines, copies and the hardware's"),
    };
    Fact::new("Judged", format!("{} of {}", trust.judged, plural(trust.cells, "cell")), text)
}

fn load(trust: &Trust) -> Fact {
    let lead = trust.load.map_or("not observed".into(), |load| format!("{:.1}", load.median));
    let text = trust.load.map(|load| format!("median of the rounds; at most {:.1}", load.most));
    Fact::new("Load average", lead, text.unwrap_or_default())
}

fn disturbance(label: &'static str, share: Option<RoundSpread>) -> Fact {
    let lead = share.map_or("not observed".into(), |share| percent(share.median));
    let text = share.map(|share| format!("of all CPU time, median; at most {}", percent(share.most)));
    Fact::new(label, lead, text.unwrap_or_default())
}

fn throttling(trust: &Trust, quota_cpus: Option<f64>) -> Fact {
    let lead = match (trust.throttling_observed, trust.throttled) {
        (0, _) => "not observed".into(),
        (_, 0) => "never".into(),
        (all, some) => format!("in {some} of {}", plural(all, "round")),
    };
    let text = quota_cpus.map_or("no CPU quota".into(), |quota| format!("a quota of {quota} CPUs"));
    Fact::new("Throttled", lead, text)
}

fn clock(trust: &Trust, analysis: &Analysis) -> Fact {
    let lead =
        trust.clock_wander.map_or("not observed".into(), |share| format!("wanders by {}", percent(share)));
    let used = pace_uses(&analysis.paces).unwrap_or_else(|| "compared are times as measured".into());
    Fact::new("Clock of the CPUs", lead, used)
}

/// How much was judged, what marks mean, and the warnings, at the end of what a terminal shows.
pub(super) fn judged<'a>(findings: &Findings<'_>) -> Section<'a> {
    let (analysis, trust) = (findings.analysis, Trust::new(findings.record, findings.analysis));
    let (cells, rounds) = (plural(trust.cells, "cell"), plural(analysis.rounds, "round"));
    let legend = format!(
        "Marks, of those on the same cores and workers: * the fastest; = shown to be within 3 % of it; ~ undecided; ? \
         estimated at 1.25 times its time or more, which is not shown; · needs {MIN_ROUNDS} rounds; ^ above its ceiling. \"The \
         same\" is a copy, and its figure the original's time over its own: how far that is from 1× is noise."
    );
    let told = [paragraph(format!("{} of {cells} judged in {rounds}", trust.judged)), paragraph(legend)];
    let warnings = analysis.warnings.iter().map(|doubt| Content::Warning(warning(doubt)));
    Section::new("judged", "Judged", &[])
        .with(told.into_iter().chain(warnings).map(|content| SectionBlock::new(Outputs::TERMINAL, content)))
        .ranked(Rank::End)
}
