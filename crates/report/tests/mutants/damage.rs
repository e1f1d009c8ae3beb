//! What is done to a record: by its meaning, to the tree of its text, and to its bytes.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use serde_json::{Value, json};

/// Numbers at the ends of what some type holds.
const NUMBERS: [u64; 18] = [
    0,
    1,
    2,
    3,
    5,
    100,
    255,
    65_536,
    99_000,
    1_000_000,
    1_000_000_000,
    1 << 32,
    1 << 44,
    1 << 53,
    (1 << 53) + 1,
    1 << 62,
    1 << 63,
    u64::MAX,
];

const FLOATS: [f64; 8] = [-0.0, -1.0, 0.5, 1e-308, 1e308, 0.123_456_789_012_345_6, 1e17, -9e18];

const TEXTS: [&str; 16] = [
    "",
    " ",
    "\u{1b}[31mred\u{7}",
    "\u{202e}evil\u{2066}",
    "<script>alert(1)</script>",
    "](http://evil) `x` | @all",
    "=1+1",
    "-again",
    "serial",
    "grain-64",
    "a/b/c",
    "../../x",
    "\0\r\n\t",
    "%s{}{{",
    "٣",
    "🦀👩‍👩‍👧",
];

fn pick<'a, T>(from: &'a [T], random: &mut ChaCha8Rng) -> &'a T {
    &from[below(from.len(), random)]
}

fn below(end: usize, random: &mut ChaCha8Rng) -> usize {
    random.next_u32() as usize % end.max(1)
}

fn text(random: &mut ChaCha8Rng) -> String {
    let repeat = *pick(&[1, 1, 1, 3, 40, 200, 10_000], random);
    pick(&TEXTS, random).repeat(repeat).chars().take(10_000).collect()
}

fn value(random: &mut ChaCha8Rng) -> Value {
    match below(8, random) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!({}),
        3 => json!(below(2, random) == 0),
        4 => json!(*pick(&FLOATS, random)),
        5 => text(random).into(),
        _ => json!(*pick(&NUMBERS, random)),
    }
}

/// One damage.
pub(crate) fn record(record: &mut Value, random: &mut ChaCha8Rng) {
    if !record.is_object() {
        return;
    }
    match below(16, random) {
        0 => tree(record, random, &mut |node, random| *node = value(random)),
        1 => tree(record, random, &mut lists),
        2..=4 => tree(record, random, &mut alike),
        5 => agents(record, random),
        6 => fail(record, random),
        7 => leave_out(record, random),
        8 => rounds(record, random),
        9 => times(record, random),
        10 => executors(record, random),
        11 => rename(record, random),
        12 => roles(record, random),
        13 => graph(record, random),
        14 => timelines(record, random),
        _ => places(record, random),
    }
}

/// Changes one node of a tree, any with the same chance.
fn tree(root: &mut Value, random: &mut ChaCha8Rng, change: &mut dyn FnMut(&mut Value, &mut ChaCha8Rng)) {
    let mut place = below(size(root), random);
    if let Some(node) = nth(root, &mut place) {
        change(node, random);
    }
}

fn size(node: &Value) -> usize {
    1 + match node {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

fn nth<'a>(node: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(node);
    }
    *place -= 1;
    match node {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, place)),
        Value::Object(fields) => fields.values_mut().find_map(|field| nth(field, place)),
        _ => None,
    }
}

/// Another value of the same type.
fn alike(node: &mut Value, random: &mut ChaCha8Rng) {
    match node {
        Value::Number(number) if number.is_f64() => *node = json!(*pick(&FLOATS, random)),
        Value::Number(_) => *node = json!(*pick(&NUMBERS, random)),
        Value::String(_) => *node = text(random).into(),
        Value::Bool(held) => *held = !*held,
        Value::Null => *node = value(random),
        Value::Array(_) | Value::Object(_) => lists(node, random),
    }
}

/// Fewer, more or other items, or fields less.
fn lists(node: &mut Value, random: &mut ChaCha8Rng) {
    match node {
        Value::Array(items) if !items.is_empty() => {
            let (one, other) = (below(items.len(), random), below(items.len(), random));
            match below(4, random) {
                0 => items.swap(one, other),
                1 => items.truncate(one),
                2 => drop(items.remove(one)),
                _ => items.push(items[one].clone()),
            }
        }
        Value::Object(fields) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            if let Some(name) = names.get(below(names.len(), random)) {
                fields.remove(name);
            }
        }
        _ => *node = value(random),
    }
}

fn list<'a>(record: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    let items = record.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten();
    items.filter(|item| item.is_object())
}

/// One in `share` of the items of a list.
fn some<'a>(record: &'a mut Value, name: &str, share: usize, random: &mut ChaCha8Rng) -> Vec<&'a mut Value> {
    list(record, name).filter(|_| below(share, random) == 0).collect()
}

fn resize(node: &mut Value, name: &str, length: usize, fill: &Value) {
    if let Some(items) = node.get_mut(name).and_then(Value::as_array_mut).filter(|items| !items.is_empty()) {
        items.resize(length, fill.clone());
    }
}

/// Another number of agents, wherever it is said.
fn agents(record: &mut Value, random: &mut ChaCha8Rng) {
    let agents = *pick(&[1, 1, 2, 3, 6, 150, 3_000], random);
    for workload in list(record, "workloads") {
        workload["agents"] = json!(agents);
        let fills = [("agent_names", json!("another")), ("costs_ns", json!(1)), ("work", json!(1))];
        for (name, fill) in &fills {
            resize(workload, name, agents, fill);
        }
    }
    list(record, "graphs").for_each(|graph| resize(graph, "inputs", agents, &json!([0])));
    for timeline in list(record, "timelines") {
        let last = json!(agents - 1);
        let fills =
            [("start_ns", &json!(7)), ("end_ns", &json!(9)), ("worker", &last), ("answers", &json!(""))];
        for (name, fill) in &fills {
            resize(timeline, name, agents, fill);
        }
        let worker = timeline.get_mut("worker").and_then(Value::as_array_mut).into_iter().flatten();
        worker.enumerate().filter(|(agent, _)| *agent > 5).for_each(|(agent, lane)| *lane = json!(agent));
        worker_within(timeline, agents);
    }
}

fn worker_within(timeline: &mut Value, agents: usize) {
    for lane in timeline.get_mut("worker").and_then(Value::as_array_mut).into_iter().flatten() {
        *lane = json!(lane.as_u64().unwrap_or(0).min(agents as u64 - 1));
    }
}

const SERIES: [&str; 10] = [
    "round",
    "wall_ns",
    "cpu_ns",
    "pace_ns",
    "throughput_ns",
    "startup_ns",
    "switches",
    "memory_bytes",
    "server_cpu_ns",
    "once_ns",
];

/// Some cells fail, or all.
fn fail(record: &mut Value, random: &mut ChaCha8Rng) {
    let share = *pick(&[1, 2, 4], random);
    let reason = text(random);
    for cell in some(record, "cells", share, random) {
        cell["failure"] = if below(4, random) == 0 { Value::Null } else { reason.as_str().into() };
        for name in SERIES {
            cell[name] = json!([]);
        }
    }
}

/// Some of what there is one of many of is not there.
fn leave_out(record: &mut Value, random: &mut ChaCha8Rng) {
    let what = *pick(&["cells", "cells", "timelines", "executors", "workloads", "graphs"], random);
    let role = *pick(&["baseline", "repeat", "executor", "hardware", "peer", ""], random);
    let share = *pick(&[1, 2, 8], random);
    let Some(items) = record.get_mut(what).and_then(Value::as_array_mut) else { return };
    items.retain(|item| {
        let is_meant = role.is_empty() || item.get("role").is_none_or(|its| its == role);
        !(is_meant && below(share, random) == 0)
    });
}

/// Fewer rounds or more, with samples of them all or only of some.
fn rounds(record: &mut Value, random: &mut ChaCha8Rng) {
    let count = *pick(&[0, 1, 2, 5, 7, 60, 300], random);
    let first = list(record, "rounds").next().cloned().unwrap_or(json!({}));
    record["rounds"] = (0..count).map(|round| with(&first, "round", json!(round))).collect();
    let ragged = below(3, random) == 0;
    for cell in list(record, "cells") {
        let count = if ragged { below(count + 1, random) } else { count };
        for name in SERIES {
            let fill = json!(1_000 + below(1_000_000, random));
            resize(cell, name, count, &fill);
        }
        if cell["round"].as_array().is_some_and(|rounds| !rounds.is_empty()) {
            cell["round"] = (0..count).collect();
        }
    }
}

fn with(node: &Value, name: &str, value: Value) -> Value {
    let mut node = node.clone();
    if node.is_object() {
        node[name] = value;
    }
    node
}

/// A whole series is one extreme time, or wild.
fn times(record: &mut Value, random: &mut ChaCha8Rng) {
    let name = *pick(&SERIES[1..], random);
    let share = *pick(&[1, 3, 10], random);
    let (time, wild) =
        (*pick(&[0u64, 1, 1, 7, 1 << 20, 1 << 40, 1 << 53, 1 << 63], random), below(3, random) == 0);
    for cell in some(record, "cells", share, random) {
        for item in cell.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten() {
            *item = json!(if wild { 1u64 << below(54, random) } else { time });
        }
    }
}

/// Every cell of an executor for many others as well.
fn executors(record: &mut Value, random: &mut ChaCha8Rng) {
    let count = *pick(&[1, 3, 20, 200], random);
    let most = if count > 20 { 2 } else { 20 };
    let copied: Vec<Value> = list(record, "cells")
        .filter(|cell| cell["executor"] == "rayon")
        .take(most)
        .map(|cell| cell.clone())
        .collect();
    for number in 0..count {
        let name = format!("rayon-{number}");
        let entry = json!({"name": name, "summary": "", "placement": "free"});
        record["executors"].as_array_mut().into_iter().for_each(|entries| entries.push(entry.clone()));
        let renamed = copied.iter().map(|cell| {
            let id = cell["id"].as_str().unwrap_or_default().replace("/rayon/", &format!("/{name}/"));
            with(&with(cell, "id", id.into()), "executor", name.as_str().into())
        });
        record["cells"].as_array_mut().into_iter().for_each(|cells| cells.extend(renamed.clone()));
    }
}

/// Another name, wherever it stands.
fn rename(record: &mut Value, random: &mut ChaCha8Rng) {
    let names =
        ["rayon", "serial", "hardware", "dask", "chunks", "thinking", "council", "grain", "tree", "stencil"];
    let (old, new) = (*pick(&names, random), text(random));
    rename_in(record, old, &new);
}

fn rename_in(node: &mut Value, old: &str, new: &str) {
    match node {
        Value::String(text) => *text = text.replace(old, new),
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in(item, old, new)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename_in(field, old, new)),
        _ => {}
    }
}

fn roles(record: &mut Value, random: &mut ChaCha8Rng) {
    let share = *pick(&[1, 3, 20], random);
    let kind = *pick(&["waiting", "computing"], random);
    for cell in some(record, "cells", share, random) {
        cell["role"] = (*pick(&["baseline", "repeat", "executor", "hardware", "peer"], random)).into();
    }
    for workload in some(record, "workloads", 2, random) {
        workload["kind"] = kind.into();
    }
}

/// Other inputs, and other workloads that have them.
fn graph(record: &mut Value, random: &mut ChaCha8Rng) {
    for workload in some(record, "workloads", 2, random) {
        workload["graph"] = if below(2, random) == 0 { "tree".into() } else { Value::Null };
        if below(3, random) == 0 {
            workload["family"] = (*pick(&["grain", "stencil", "thinking", "lone"], random)).into();
        }
    }
    for inputs in list(record, "graphs").filter_map(|graph| graph["inputs"].as_array_mut()) {
        for (agent, needs) in inputs.iter_mut().enumerate() {
            let count = below(4, random).min(agent);
            *needs = (0..count).map(|_| below(agent, random)).collect();
        }
    }
}

/// Times out of order, and workers that there are not.
fn timelines(record: &mut Value, random: &mut ChaCha8Rng) {
    let most = *pick(&[1, 4, 1 << 23, 1 << 53, u64::MAX], random);
    for timeline in list(record, "timelines") {
        for name in ["start_ns", "end_ns", "worker"] {
            let most = if name == "worker" { 5 } else { most };
            let items = timeline.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten();
            items.for_each(|item| *item = json!(random.next_u64() % most));
        }
        if below(3, random) == 0 {
            timeline["makespan_ns"] = json!(*pick(&NUMBERS, random));
        }
    }
}

/// Other numbers of cores and workers, whatever the id says.
fn places(record: &mut Value, random: &mut ChaCha8Rng) {
    let share = *pick(&[1, 3, 20], random);
    for cell in some(record, "cells", share, random) {
        let name = *pick(&["cores", "workers", "batch"], random);
        cell[name] = json!(*pick(&NUMBERS, random));
    }
}

/// A few bytes of a text are others, are gone, or stand there twice.
pub(crate) fn bytes(text: &str, random: &mut ChaCha8Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=below(3, random) {
        let (from, length) = (below(bytes.len(), random), 1 + below(8, random));
        let to = (from + length).min(bytes.len());
        match below(4, random) {
            0 => bytes.insert(from, random.next_u32() as u8),
            1 => bytes[from] = b'0' + random.next_u32() as u8 % 10,
            2 => drop(bytes.drain(from..to)),
            _ => bytes.extend_from_within(from..to),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
