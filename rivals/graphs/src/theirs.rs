//! Other libraries, used as their documentation has it.

use std::collections::HashMap;
use std::sync::Arc;

use ::dag_exec::{DagBuilder, Executor, ExecutorConfig};
use ::dagrs::{
    Action, Content, DefaultNode, EnvVar, Graph, InChannels, Node as _, NodeTable, OutChannels, Output,
};
use ::dagx::{DagRunner, Task, TaskHandle, task};
use anyhow::{Context as _, Result, anyhow};
use async_trait::async_trait;
use tokio::runtime::{Builder, Runtime};

use crate::shape::{Problem, TaskWork};

pub(crate) fn runtime(workers: usize) -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(workers).enable_all().build()?)
}

/// Its sequential executor where one worker is asked for.
pub(crate) fn dag_exec(problem: &Problem, workers: usize) -> Result<u64> {
    let mut builder = DagBuilder::<usize, u64, ()>::new();
    let work = problem.work;
    for task in 0..problem.len() {
        let inputs = problem.inputs(task).iter().map(|&input| input as usize).collect();
        let run = move |inputs: &[Arc<u64>]| Ok(work.of(task, inputs.iter().map(|input| **input)));
        builder.add_task(task, inputs, run).map_err(|error| anyhow!("{error:?}"))?;
    }
    let dag = builder.build().map_err(|error| anyhow!("{error:?}"))?;
    let config =
        ExecutorConfig { max_workers: workers, max_in_flight: 2 * workers, ..ExecutorConfig::default() };
    let (executor, lasts) = (Executor::new(config), problem.lasts.iter().copied());
    let results =
        if workers == 1 { executor.run_sequential(&dag, lasts) } else { executor.run_parallel(&dag, lasts) };
    let results = results.map_err(|error| anyhow!("{error:?}"))?;
    Ok(problem.sum(|task| *results[&task]))
}

struct Zero(usize, TaskWork);
struct One(usize, TaskWork);
struct Two(usize, TaskWork);
struct Three(usize, TaskWork);

#[task]
impl Zero {
    async fn run(&self) -> u64 {
        self.1.of(self.0, [])
    }
}

#[task]
impl One {
    async fn run(&self, a: &u64) -> u64 {
        self.1.of(self.0, [*a])
    }
}

#[task]
impl Two {
    async fn run(&self, a: &u64, b: &u64) -> u64 {
        self.1.of(self.0, [*a, *b])
    }
}

#[task]
impl Three {
    async fn run(&self, a: &u64, b: &u64, c: &u64) -> u64 {
        self.1.of(self.0, [*a, *b, *c])
    }
}

pub(crate) fn dagx(problem: &Problem, runtime: &Runtime) -> Result<u64> {
    let (dag, work) = (DagRunner::new(), problem.work);
    let mut handles: Vec<TaskHandle<u64>> = Vec::with_capacity(problem.len());
    for task in 0..problem.len() {
        let input = |input: u32| &handles[input as usize];
        let handle = match *problem.inputs(task) {
            [] => dag.add_task(Zero(task, work)).into(),
            [a] => dag.add_task(One(task, work)).depends_on(input(a)),
            [a, b] => dag.add_task(Two(task, work)).depends_on((input(a), input(b))),
            [a, b, c] => dag.add_task(Three(task, work)).depends_on((input(a), input(b), input(c))),
            _ => unreachable!("no task needs more than three"),
        };
        handles.push(handle);
    }
    let spawn = |future| drop(tokio::spawn(future));
    runtime.block_on(dag.run(spawn)).map_err(|error| anyhow!("{error:?}"))?;
    let results = problem.lasts.iter().map(|&task| dag.get::<u64, _>(&handles[task]));
    results.sum::<Result<u64, _>>().map_err(|error| anyhow!("{error:?}"))
}

struct Summed(usize, TaskWork);

#[async_trait]
impl Action for Summed {
    async fn run(&self, inputs: &mut InChannels, outputs: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        let number = |content: Result<Content, _>| content.ok().and_then(Content::into_inner::<u64>);
        let inputs = inputs.map(number).await;
        let sum = self.1.of(self.0, inputs.into_iter().map(|input| input.map_or(0, |input| *input)));
        outputs.broadcast(Content::new(sum)).await;
        Output::Out(Some(Content::new(sum)))
    }
}

pub(crate) fn dagrs(problem: &Problem, runtime: &Runtime) -> Result<u64> {
    let (mut table, mut graph) = (NodeTable::default(), Graph::new());
    let mut ids = Vec::with_capacity(problem.len());
    let mut dependents: HashMap<u32, Vec<_>> = HashMap::new();
    for task in 0..problem.len() {
        let node = DefaultNode::with_action(task.to_string(), Summed(task, problem.work), &mut table);
        problem.inputs(task).iter().for_each(|input| dependents.entry(*input).or_default().push(node.id()));
        ids.push(node.id());
        graph.add_node(node)?;
    }
    for (input, dependents) in dependents {
        graph.add_edge(ids[input as usize], dependents)?;
    }
    graph.set_env(EnvVar::new(table));
    runtime.block_on(graph.async_start())?;
    let results = graph.get_results::<u64>();
    let result = |task: &usize| results.get(&ids[*task]).cloned().flatten().context("a result is missing");
    problem.lasts.iter().map(|task| result(task).map(|result| *result)).sum()
}
