//! Which pace of the CPUs times are compared at, and what it explains.

use std::collections::BTreeMap;

use centurion_findings::compare::{Comparison, PaceShift};
use centurion_findings::{PaceProbe, PaceUse};

use super::sentence;
use crate::units::{joined, percent};

/// How far the CPUs' pace moved, what it explained, and where it was used. `None` where it was not looked at.
pub(crate) fn pace(comparison: &Comparison) -> Option<String> {
    let PaceShift { moved, throughput_moved, uses } = comparison.pace.as_ref()?;
    let by = |moved: &f64| format!("{:+.1} %", 100.0 * (moved - 1.0));
    let moved = match throughput_moved {
        Some(throughput) => {
            format!("{} by one chain of steps and by {} by eight at once", by(moved), by(throughput))
        }
        None => by(moved),
    };
    let compared = pace_uses(uses).map(|used| format!(" {}", sentence(&used)));
    Some(format!("The pace of the CPUs moved by {moved}.{}", compared.unwrap_or_default()))
}

/// `compared are times of deciding at the pace by eight chains of steps at once, which explains 56 % of how serial samples
/// vary; all other times as measured, for …`. `None` where no pace was looked at.
pub(crate) fn pace_uses(uses: &BTreeMap<String, PaceUse>) -> Option<String> {
    let probes = [
        (PaceProbe::Chain, "one chain of steps"),
        (PaceProbe::Throughput, "eight chains of steps at once"),
        (PaceProbe::Both, "the mean of one chain of steps and eight at once"),
    ];
    let mut said: Vec<String> =
        probes.into_iter().filter_map(|(probe, by)| at_pace(uses, probe, by)).collect();
    let unused = uses.values().filter(|used| used.probe.is_none()).map(|used| used.explained);
    if let Some(most) = unused.reduce(f64::max) {
        let which = if said.is_empty() { "times" } else { "all other times" };
        let most = percent(most.max(0.0));
        said.push(format!(
            "{which} as measured, for no pace is shown to explain a tenth of how serial samples vary (the best estimate is {most})"
        ));
    }
    (!said.is_empty()).then(|| format!("compared are {}", said.join("; ")))
}

/// What is said of the families whose times are compared at that pace, if there are any.
fn at_pace(uses: &BTreeMap<String, PaceUse>, probe: PaceProbe, by: &str) -> Option<String> {
    let families = || uses.iter().filter(|(_, used)| used.probe == Some(probe));
    let shares = || families().map(|(_, used)| used.explained);
    let [least, most] = [shares().reduce(f64::min)?, shares().reduce(f64::max)?].map(percent);
    let explained = if least == most { most } else { format!("{least} to {most}") };
    let names = joined(&families().map(|(name, _)| name).collect::<Vec<_>>());
    Some(format!(
        "times of {names} at the pace by {by}, which explains {explained} of how serial samples vary"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pace_is_named_with_what_it_explains_and_what_is_left_as_it_was() {
        let uses = [
            ("a", Some(PaceProbe::Throughput), 0.5),
            ("b", Some(PaceProbe::Throughput), 0.6),
            ("c", Some(PaceProbe::Chain), 0.28),
            ("d", None, 0.04),
            ("e", None, -0.1),
        ];
        let uses = |names: &str| {
            let named = uses.into_iter().filter(|(name, ..)| names.contains(name));
            let uses = named.map(|(name, probe, explained)| (name.to_owned(), PaceUse { probe, explained }));
            pace_uses(&uses.collect())
        };
        assert_eq!(
            uses("abcde").as_deref(),
            Some(
                "compared are times of c at the pace by one chain of steps, which explains 28 % of how serial samples vary; \
                 times of a, b at the pace by eight chains of steps at once, which explains 50 % to 60 % of how serial \
                 samples vary; all other times as measured, for no pace is shown to explain a tenth of how serial \
                 samples vary (the best estimate is 4.0 %)"
            )
        );
        assert!(uses("e").is_some_and(
            |said| said.starts_with("compared are times as measured") && said.ends_with(" 0.0 %)")
        ));
        assert_eq!(uses(""), None);
    }
}
