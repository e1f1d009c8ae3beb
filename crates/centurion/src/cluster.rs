//! `centurion run --cluster`: the agents of the demo on a Dask cluster, their outcomes in order as they come.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use centurion_dask::{Driver, Target, Tls};

use crate::args::{ClusterArgs, DemoArgs};
use crate::cluster_outcome::ClusterOutcome;
use crate::cluster_work::ClusterWork;
use crate::demo::needed;
use crate::error::failed_to;
use crate::interrupt;
use crate::output::{after_ctrl_c, note, say, say_json};

/// Runs the demo on the cluster at `address`, and says what comes of it.
///
/// # Errors
/// When the options can't be followed, or the cluster can't be used.
pub fn run(args: &DemoArgs, address: &str) -> Result<ExitCode> {
    let work = ClusterWork::from_args(args)?;
    ensure!(
        args.workers.is_none() || address == "local",
        "failed to start workers: {address} has its own; leave out --workers, or use --cluster local"
    );
    let target = target(args, address, work.most_at_once())?;
    let driver = Driver::launch().map_err(failed_to)?;
    let canceller = driver.canceller();
    interrupt::watch_and(move || {
        note(&after_ctrl_c("cancelling on the cluster; press Ctrl-C again to stop at once"));
        canceller.cancel();
    });
    let cluster = driver.connect(&target).map_err(failed_to)?;
    if !args.json {
        say(&work.beginning(&cluster));
        if let Some(needed) = needed(&*work.workload) {
            say(&needed);
        }
    }
    let outcome = ClusterOutcome::send(&work, &cluster, args)?;
    if args.json {
        say_json(&outcome.as_json(&cluster, args.seed));
    } else {
        outcome.print();
    }
    Ok(outcome.exit_code())
}

/// The cluster at `address`; one that is started here gets so many workers.
pub(crate) fn target(args: &DemoArgs, address: &str, workers: usize) -> Result<Target> {
    if address == "local" {
        return Ok(Target::Local { workers: args.workers.unwrap_or(workers) });
    }
    ensure!(
        address.contains("://"),
        "failed to find the cluster {address:?}; give the address of its scheduler, such as \
         tcp://127.0.0.1:8786, or local to start one here"
    );
    Ok(Target::Running { address: address.to_owned(), tls: tls(&args.on_cluster) })
}

fn tls(args: &ClusterArgs) -> Option<Tls> {
    let (ca, cert, key) = (args.tls_ca.clone()?, args.tls_cert.clone()?, args.tls_key.clone()?);
    Some(Tls { ca, cert, key })
}
