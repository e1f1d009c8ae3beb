//! A Dask cluster on which the attempts of a command's run are made. All else of the run stays here.

use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use anyhow::{Result, ensure};
use centurion_commands::{Crew, Dispatcher, OutpostOrder};
use centurion_dask::{AttemptEvent, Cluster, DaskError, Driver};
use centurion_executors::MOST_WORKERS;

use crate::args::DemoArgs;
use crate::attempt_desk::AttemptDesk;
use crate::cluster;
use crate::command_plan::CommandPlan;
use crate::error::failed_to;
use crate::output::{note, plural};

/// A cluster that makes attempts.
pub(crate) struct CommandCluster {
    desk: Arc<AttemptDesk>,
    listening: JoinHandle<(Cluster, Result<(), DaskError>)>,
    /// How many agents are under way at once.
    pub(crate) workers: usize,
}

impl CommandCluster {
    /// Enters the cluster at `address`, and makes sure that every worker can run the command.
    ///
    /// # Errors
    /// When it can't be entered, has no worker, or one can't run the command.
    pub(crate) fn new(
        args: &DemoArgs,
        address: &str,
        plan: &CommandPlan,
        tell: impl Fn(&str) + Send + 'static,
    ) -> Result<Self> {
        let target = cluster::target(args, address, plan.workers)?;
        let cluster = Driver::launch().and_then(|driver| driver.connect(&target)).map_err(failed_to)?;
        let workers = worker_count(args.workers, &cluster)?;
        note(&format!(
            "Running on {}: {} in {} process{}.",
            cluster.address,
            plural(cluster.workers, "worker"),
            cluster.processes,
            if cluster.processes == 1 { "" } else { "es" }
        ));
        let desk = Arc::new(AttemptDesk::new(cluster.attempter()));
        let order = OutpostOrder::new(&plan.invocation, &plan.rules).text();
        let (ready, readiness) = mpsc::channel();
        let listener = Arc::clone(&desk);
        let listen = move || {
            let ended = cluster.make_attempts(&order, |event| match event {
                AttemptEvent::Ready => drop(ready.send(())),
                AttemptEvent::Ended(end) => listener.hear(end),
                AttemptEvent::Note(text) => tell(&text),
            });
            drop(ready);
            listener.shut();
            (cluster, ended)
        };
        #[expect(clippy::disallowed_methods, reason = "it waits for what a process says, and runs no agents")]
        let listening = std::thread::spawn(listen);
        let this = Self { desk, listening, workers };
        if readiness.recv().is_err() {
            let (_cluster, ended) = this.ended();
            ended.map_err(failed_to)?;
            anyhow::bail!("failed to run agents on a cluster: it was left before they began");
        }
        Ok(this)
    }

    /// A crew whose attempts are made on the cluster.
    pub(crate) fn crew(&self, plan: &CommandPlan, dispatcher: Arc<Dispatcher>) -> Crew {
        self.desk.set_brake(dispatcher.brake().clone());
        let desk = Arc::clone(&self.desk);
        Crew::with_away(move |wanted| desk.attempt(wanted), plan.rules, dispatcher)
    }

    /// Makes no more attempts. The cluster, which is left when it is dropped, and whether it was lost before.
    pub(crate) fn close(self) -> (Cluster, Result<(), DaskError>) {
        self.desk.close();
        self.ended()
    }

    fn ended(self) -> (Cluster, Result<(), DaskError>) {
        self.listening.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// How many agents are under way at once: as many as it has workers, unless fewer are asked for.
fn worker_count(asked: Option<usize>, cluster: &Cluster) -> Result<usize> {
    let (address, there) = (&cluster.address, cluster.workers);
    ensure!(there > 0, "failed to run agents on {address}: it has no worker yet; start one there");
    ensure!(
        asked.is_none_or(|asked| asked <= there),
        "failed to run {} agents at once on {address}: it has {}; start more there, or leave out --workers",
        asked.unwrap_or_default(),
        plural(there, "worker")
    );
    Ok(asked.unwrap_or(there).min(MOST_WORKERS))
}
