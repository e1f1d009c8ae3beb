//! What a reader must know before anything else: that figures are of less, or of something else, than they seem.

use centurion_findings::Warning;

use super::Findings;
use crate::document::Caution;
use crate::units::{joined, plural};
use crate::wording;

/// Gravest first. Empty for a full run, of an optimised build, that is compared with one of the same build.
pub(super) fn cautions(findings: &Findings<'_>) -> Vec<Caution> {
    let kinds = [unoptimised(findings), partial(findings), narrowed(findings), other_build(findings)];
    kinds.into_iter().flatten().collect()
}

fn unoptimised(findings: &Findings<'_>) -> Option<Caution> {
    let mut warnings = findings.analysis.warnings.iter();
    let warning = warnings.find(|warning| matches!(warning, Warning::Unoptimised { .. }))?;
    Some(Caution::new("Not optimised.", wording::sentence(&wording::warning(warning))))
}

fn partial(findings: &Findings<'_>) -> Option<Caution> {
    let rounds = plural(findings.record.rounds.len(), "round");
    let text = format!(
        "This run was stopped after {rounds}. What follows is partial: figures may move and cells may be missing."
    );
    (!findings.record.run.complete).then(|| Caution::new("Partial.", text))
}

fn narrowed(findings: &Findings<'_>) -> Option<Caution> {
    let record = findings.record;
    let text = format!(
        "Only a part was measured: {}. What is missing here was not asked for.",
        joined(&record.run.narrowed_to)
    );
    record.is_narrowed().then(|| Caution::new("Narrowed.", text))
}

fn other_build(findings: &Findings<'_>) -> Option<Caution> {
    let text = wording::reservations(&findings.base?.comparison)?;
    Some(Caution::new("Not like the base.", text))
}
