//! Scenarios that need each other's answers.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io::BufRead;

use centurion_graph::Graph;

use crate::{InputError, Scenario, Scenarios};

/// Scenarios that need each other's answers, each after those that it needs.
pub struct ScenarioGraph {
    pub(crate) scenarios: Vec<Scenario>,
    /// Who needs whom, by their places in the list.
    pub(crate) graph: Graph,
}

impl ScenarioGraph {
    /// Reads all scenarios; a line may need later ones.
    ///
    /// # Errors
    /// When a line can't be used, needs an id that no line has, or needs its own answer by way of others.
    pub fn read<R: BufRead>(mut input: Scenarios<R>) -> Result<Self, InputError> {
        let (mut scenarios, mut lines) = (Vec::new(), Vec::new());
        while let Some(scenario) = input.next() {
            scenarios.push(scenario?);
            lines.push(input.place().1);
        }
        let name = input.place().0;
        let needs = needs(&scenarios).map_err(|(number, id)| InputError::NeedsMissing {
            input: name.clone(),
            line: lines[number],
            id,
        })?;
        let order = order(&needs).map_err(|cycle| InputError::Cycle {
            input: name.clone(),
            line: lines[cycle[0]],
            cycle: told(&cycle, &scenarios),
        })?;
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &number)| places[number] = place);
        let inputs = order.iter().map(|&number| needs[number].iter().map(|&needed| places[needed]));
        let graph = Graph::new(inputs).map_err(|error| InputError::TooLarge { input: name, error })?;
        scenarios.sort_by_key(|scenario| places[scenario.number]);
        Ok(Self { scenarios, graph })
    }
}

/// The numbers of those that each needs. Otherwise who needs one that is not there.
fn needs(scenarios: &[Scenario]) -> Result<Vec<Vec<usize>>, (usize, String)> {
    let numbers: HashMap<&str, usize> =
        scenarios.iter().map(|scenario| (scenario.name.as_str(), scenario.number)).collect();
    let number = |scenario: &Scenario, id: &String| {
        numbers.get(id.as_str()).copied().ok_or_else(|| (scenario.number, id.clone()))
    };
    let needs_of = |scenario: &Scenario| scenario.needs.iter().map(|id| number(scenario, id)).collect();
    scenarios.iter().map(needs_of).collect()
}

/// Everybody after those that they need, and otherwise in their order. Or a cycle, from its first number on.
fn order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut needed_by = vec![Vec::new(); needs.len()];
    for (number, needed) in needs.iter().enumerate() {
        for &needed in needed {
            needed_by[needed].push(number);
        }
    }
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    let roots = (0..needs.len()).filter(|&number| missing[number] == 0);
    let mut ready: BinaryHeap<_> = roots.map(Reverse).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(Reverse(number)) = ready.pop() {
        order.push(number);
        for &dependent in &needed_by[number] {
            missing[dependent] -= 1;
            if missing[dependent] == 0 {
                ready.push(Reverse(dependent));
            }
        }
    }
    match missing.iter().position(|&missing| missing > 0) {
        None => Ok(order),
        Some(left) => Err(cycle(needs, &missing, left)),
    }
}

/// A cycle, reached from one that could not be ordered: each such needs another.
fn cycle(needs: &[Vec<usize>], missing: &[usize], from: usize) -> Vec<usize> {
    let mut walk = vec![from];
    loop {
        let last = walk[walk.len() - 1];
        let next = needs[last].iter().copied().find(|&needed| missing[needed] > 0);
        let next = next.expect("who could not be ordered needs one that could not be either");
        if let Some(begin) = walk.iter().position(|&seen| seen == next) {
            walk.drain(..begin);
            let first = (0..walk.len()).min_by_key(|&place| walk[place]);
            walk.rotate_left(first.expect("it is not empty"));
            return walk;
        }
        walk.push(next);
    }
}

/// Who needs whom in a cycle, of a long one the beginning.
fn told(cycle: &[usize], scenarios: &[Scenario]) -> String {
    const TOLD: usize = 8;
    let name = |number: usize| scenarios[number].name.as_str();
    let mut names: Vec<&str> = cycle.iter().take(TOLD).map(|&number| name(number)).collect();
    if cycle.len() > TOLD {
        names.push("…");
    }
    names.push(name(cycle[0]));
    names.join(" needs ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Result<ScenarioGraph, String> {
        ScenarioGraph::read(Scenarios::new("in.jsonl", lines.as_bytes())).map_err(|error| error.to_string())
    }

    fn refusal(lines: &str) -> String {
        read(lines).err().expect("it can't be used")
    }

    #[test]
    fn everybody_stands_after_those_that_they_need_and_otherwise_in_their_order() {
        let lines =
            "{\"id\": 1, \"needs\": [3]}\n{\"id\": 2}\n\n{\"id\": 3}\n{\"id\": 4, \"needs\": [2, \"1\"]}\n";
        let read = read(lines).expect("it can be used");
        let names: Vec<&str> = read.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
        assert_eq!(names, ["2", "3", "1", "4"]);
        assert_eq!((read.graph.inputs(2), read.graph.inputs(3)), (&[1][..], &[0, 2][..]));
    }

    #[test]
    fn what_no_line_has_can_not_be_needed() {
        let lines = "{\"id\": \"a\"}\n\n{\"id\": \"b\", \"needs\": [\"a\", \"c\"]}\n";
        assert_eq!(
            refusal(lines),
            "use in.jsonl:3: it needs c, and no line has that id; correct it, or add a line that has"
        );
    }

    #[test]
    fn who_needs_its_own_answer_is_named_with_the_way_to_it() {
        let own = "use in.jsonl:1: it needs its own answer: 0 needs 0; leave one of these needs out";
        assert_eq!(refusal("{\"needs\": [0]}\n"), own);
        let lines = "{\"id\": \"d\", \"needs\": [\"c\"]}\n{\"id\": \"a\", \"needs\": [\"b\"]}\n\
            {\"id\": \"b\", \"needs\": [\"c\"]}\n{\"id\": \"c\", \"needs\": [\"a\"]}\n";
        assert!(
            refusal(lines).starts_with("use in.jsonl:2: it needs its own answer: a needs b needs c needs a;")
        );
        let long: Vec<_> = (0..20).map(|n| format!("{{\"needs\": [{}]}}", (n + 1) % 20)).collect();
        assert!(refusal(&long.join("\n")).contains(" 6 needs 7 needs … needs 0;"));
    }
}
