//! A workload as Python is told of it.

use std::collections::BTreeMap;

use centurion_agents::{Deciding, Parameter, Workload, WorkloadFamily};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::DaskError;

/// The parameter that names the table of positions.
const TABLE: &str = "table";

/// The parameter that says how many agents there are.
const AGENTS: &str = "agents";

/// What a workload is made from, and the name and parameters that tell whether the same was made of it: both
/// sides are built from the same sources.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    family: String,
    parameters: Map<String, Value>,
    name: String,
    described: BTreeMap<String, String>,
}

impl Definition {
    /// Describes a built-in workload.
    ///
    /// # Errors
    /// [`DaskError::NotSent`] when its agents ask a server of this process, or it has a table of its own: that takes
    /// [`Self::with_positions`].
    pub fn new(workload: &dyn Workload) -> Result<Self, DaskError> {
        let bundled = Deciding::bundled(0).parameters();
        if workload.parameters().get(TABLE).is_some_and(|table| *table != bundled[TABLE]) {
            return Err(not_sent(workload, "its positions are missing; this is a mistake in Centurion"));
        }
        Self::described(workload)
    }

    /// Describes a workload that was made from a table of positions: its text, and the name of its file.
    ///
    /// # Errors
    /// [`DaskError::NotSent`] when its agents ask a server of this process.
    pub fn with_positions(workload: &dyn Workload, text: &str, origin: &str) -> Result<Self, DaskError> {
        let mut described = Self::described(workload)?;
        described.parameters.insert("positions".into(), json!(text));
        described.parameters.insert("origin".into(), json!(origin));
        Ok(described)
    }

    fn described(workload: &dyn Workload) -> Result<Self, DaskError> {
        if workload.server().is_some() {
            return Err(not_sent(workload, "its agents ask a server of this process; choose thinking"));
        }
        let family = workload.family();
        let given = given(&family, workload.parameters());
        Ok(Self {
            family,
            parameters: given.map(|(name, value)| (name, typed(&value))).collect(),
            name: workload.name(),
            described: workload.parameters(),
        })
    }
}

/// Of what describes a workload, what its family makes it from: a council's agents are those that decide, and how many a
/// pattern has is its own matter.
fn given(
    family: &str,
    mut described: BTreeMap<String, String>,
) -> impl Iterator<Item = (String, String)> + use<> {
    let heeds_agents =
        WorkloadFamily::find(family).map_or(true, |family| family.parameters.contains(&Parameter::Agents));
    if !heeds_agents {
        described.remove(AGENTS);
    }
    if let Some(deciders) = described.remove("deciders") {
        described.insert(AGENTS.into(), deciders);
    }
    described.into_iter().filter(|(name, _)| name != TABLE)
}

/// A parameter as a number where it is one.
fn typed(value: &str) -> Value {
    value
        .parse::<u64>()
        .map(Value::from)
        .or_else(|_| value.parse::<f64>().map(Value::from))
        .unwrap_or(value.into())
}

fn not_sent(workload: &dyn Workload, why: &'static str) -> DaskError {
    DaskError::NotSent { workload: workload.name(), why }
}

#[cfg(test)]
mod tests {
    use centurion_agents::{Council, DependencePattern, Grain, Pattern, Thinking};

    use super::*;

    fn described(workload: &dyn Workload) -> Value {
        let definition = Definition::new(workload).expect("it can be described");
        serde_json::to_value(definition).expect("it is JSON")
    }

    #[test]
    fn parameters_are_numbers_as_python_wants_them() {
        let thinking = Thinking::new(100, 42, 0.01).expect("the scale is in range");
        assert_eq!(
            described(&thinking),
            json!({
                "family": "thinking",
                "parameters": {"agents": 100, "scale": 0.01, "seed": 42},
                "name": "thinking",
                "described": {"agents": "100", "scale": "0.01", "seed": "42"},
            })
        );
        let parameters = &described(&Grain::new(3, 4096, u64::MAX))["parameters"];
        assert_eq!(*parameters, json!({"agents": 3, "iterations": 4096, "seed": u64::MAX}));
        assert_eq!(described(&Deciding::bundled(7))["parameters"], json!({"agents": 7}));
    }

    #[test]
    fn a_table_of_one_s_own_is_sent_with_its_text() {
        let text = "position\tboard\tto_move\tmove\texact_score\n\
                    own\t--XXXXX--OOOXX-O-OOOXXOX-OXOXOXXOXXXOXXX--XOXOXX-XXXOOO--OOOOO--\tX\tA4\t-22\n";
        let own = Deciding::parse(text, "a/own.tsv", Some(2)).expect("the table is well-formed");
        let error = Definition::new(&own).expect_err("the text is missing");
        assert!(error.to_string().contains("positions are missing"), "{error}");
        let sent = Definition::with_positions(&own, text, "a/own.tsv").expect("it can be described");
        let expected = json!({"agents": 2, "positions": text, "origin": "a/own.tsv"});
        assert_eq!(Value::from(sent.parameters), expected);
    }

    #[test]
    fn agents_that_need_each_other_are_described_as_python_makes_them() {
        let stencil = described(&Pattern::new(DependencePattern::Stencil, 5, 1));
        assert_eq!(stencil["parameters"], json!({"iterations": 5, "seed": 1}));
        let council = described(&Council::new(Deciding::bundled(20)).expect("they are enough"));
        assert_eq!(council["parameters"], json!({"agents": 20}));
        assert_eq!(council["described"]["agents"], "33");
    }
}
