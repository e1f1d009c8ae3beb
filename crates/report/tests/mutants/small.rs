//! A small record with something of everything.

use serde_json::{Value, json};

const ROUNDS: u64 = 6;
const AGENTS: u64 = 5;

/// Workloads that wait and that compute, a graph, two families, executors, copies, the hardware, a peer, a failure and
/// timelines.
pub(crate) fn record() -> Value {
    json!({
        "schema": 2,
        "run": {
            "started": "2026-01-02T03:04:05Z", "command": "cargo bench", "mode": "full", "seed": 42,
            "complete": true, "narrowed_to": ["executors rayon"], "bench_code": "abc",
            "libraries": {"rayon": "1.12.0"},
        },
        "environment": {
            "cpu_model": "Invented 9000", "physical_cores": 2, "logical_cpus": 2, "quota_cpus": 1.5,
            "pinning": true, "governor": "performance", "virtualised": true, "memory_bytes": 8_000_000_000u64,
            "platform": "linux x86_64", "kernel": "6.1", "rustc": "rustc 1.96.0", "flags": "opt-level=3",
            "commit": "0123456789ab", "dirty": false,
        },
        "workloads": [
            workload("thinking", "thinking", "waiting", false),
            workload("council", "council", "computing", true),
            workload("grain-64", "grain", "computing", false),
            workload("grain-4096", "grain", "computing", false),
            workload("stencil-64", "stencil", "computing", true),
            workload("stencil-4096", "stencil", "computing", true),
        ],
        "graphs": [{"name": "tree", "inputs": [[], [], [0, 1], [1], [2, 3]]}],
        "executors": executors(),
        "rounds": (0..ROUNDS).map(round).collect::<Value>(),
        "cells": cells(),
        "timelines": [timeline("thinking/rayon/2c-4w"), timeline("council/chunks/2c-2w"), timeline("council/rayon/2c-2w")],
    })
}

fn executors() -> Value {
    let names = ["serial", "serial-again", "hardware", "chunks", "rayon", "rayon-again", "dask"];
    let entry = |name| json!({"name": name, "summary": "a line", "placement": "pinned"});
    names.map(entry).into_iter().collect()
}

fn workload(name: &str, family: &str, kind: &str, dependent: bool) -> Value {
    let alone = name == family;
    json!({
        "name": name, "family": family, "kind": kind, "agents": AGENTS, "graph": dependent.then_some("tree"),
        "parameters": {"seed": "42"}, "definition": format!("{name} as it is"),
        "agent_names": (0..AGENTS).filter(|_| alone).map(|agent| format!("agent {agent}")).collect::<Value>(),
        "costs_ns": (0..AGENTS).filter(|_| alone).map(|agent| 1_000_000 + 300_000 * agent).collect::<Value>(),
        "work": [],
    })
}

fn round(round: u64) -> Value {
    json!({
        "round": round, "wall_ns": 1_000_000_000u64, "load": 0.25, "steal_ns": 1_000, "foreign_ns": 70_000_000,
        "throttled_ns": round, "peak_memory_bytes": 4_096,
    })
}

fn cells() -> Value {
    let mut cells = Vec::new();
    let sizes = [("thinking", 8_000), ("council", 8_000), ("grain/64", 1), ("grain/4096", 60)];
    for (workload, serial) in sizes.into_iter().chain([("stencil/64", 1), ("stencil/4096", 60)]) {
        let serial = serial * 1_000;
        let workers = if workload == "thinking" { 4 } else { 2 };
        cells.push(cell(workload, "serial", "baseline", (1, 1), serial));
        cells.push(cell(workload, "serial-again", "repeat", (1, 1), serial));
        cells.push(cell(workload, "chunks", "executor", (2, workers), serial * 3 / 4));
        cells.push(cell(workload, "rayon", "executor", (2, workers), serial / 2));
        cells.push(cell(workload, "rayon-again", "repeat", (2, workers), serial / 2));
        cells.push(cell(workload, "dask", "peer", (2, 2), serial * 2));
    }
    cells.push(cell("council", "hardware", "hardware", (2, 2), 8_300_000));
    cells.push(cell("council", "chunks", "executor", (1, 1), 8_100_000));
    let mut failed = cell("council", "rayon", "executor", (1, 1), 1);
    failed["failure"] = "the answer was wrong".into();
    for series in ["round", "wall_ns", "cpu_ns", "startup_ns", "switches", "pace_ns", "throughput_ns"] {
        failed[series] = json!([]);
    }
    cells.push(failed);
    cells.into()
}

fn cell(workload: &str, executor: &str, role: &str, (cores, workers): (u64, u64), wall_ns: u64) -> Value {
    let (family, member) = workload.split_once('/').unwrap_or((workload, ""));
    let separator = if member.is_empty() { "" } else { "-" };
    let series = |of: &dyn Fn(u64) -> u64| (0..ROUNDS).map(of).collect::<Value>();
    json!({
        "id": format!("{family}/{executor}/{member}{separator}{cores}c-{workers}w"),
        "workload": format!("{family}{separator}{member}"), "executor": executor, "role": role,
        "workers": workers, "cores": cores, "batch": 3, "failure": null,
        "round": series(&|round| round),
        "wall_ns": series(&|round| wall_ns * (100 + round * 7 % 5) / 100 * 3),
        "cpu_ns": series(&|round| wall_ns * 3 + round),
        "pace_ns": series(&|round| 90_000 + round * 31 % 7),
        "throughput_ns": series(&|round| 80_000 + round * 37 % 11),
        "startup_ns": series(&|round| 5_000 + round),
        "switches": series(&|round| round),
        "memory_bytes": if role == "peer" { series(&|_| 84_000_000) } else { json!([]) },
        "server_cpu_ns": [],
    })
}

fn timeline(cell: &str) -> Value {
    let series = |of: &dyn Fn(u64) -> u64| (0..AGENTS).map(of).collect::<Value>();
    json!({
        "cell": cell, "makespan_ns": 4_000_000, "start_ns": series(&|agent| agent * 600_000),
        "end_ns": series(&|agent| agent * 600_000 + 1_000_000), "worker": series(&|agent| agent % 2),
        "answers": (0..AGENTS).map(|agent| format!("answer {agent}")).collect::<Value>(),
    })
}
