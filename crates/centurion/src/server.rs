//! The server that replying agents ask: this program once more, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ExitCode};

use anyhow::{Context as _, Result};
use centurion_agents::{Parameter, WorkloadFamily};
use centurion_server::ReplyServer;

use crate::child;
use crate::output::{note, say, say_failure};

/// What a child is told to be that is to serve.
pub(crate) const ROLE: &str = "server";

/// Where nobody listens: for workloads that are only told of.
pub(crate) const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Files that a process has open beside connections, with room to spare.
const OTHER_FILES: u64 = 100;

/// Serves until whoever started this process is gone, having printed where.
pub(crate) fn serve() -> ExitCode {
    let started = || -> Result<ReplyServer> {
        child::end_with_parent()?;
        centurion_server::allow_most_open_files();
        let server = ReplyServer::new()?;
        say(&server.address()?.to_string());
        Ok(server)
    };
    match started() {
        Ok(server) => server.serve(),
        Err(error) => {
            say_failure(&error.context("failed to serve replying agents"));
            ExitCode::FAILURE
        }
    }
}

/// A server that runs, until this is dropped or this process ends.
pub(crate) struct RunningServer {
    child: Child,
    address: SocketAddr,
}

impl RunningServer {
    /// Starts one if any of these families asks a server, and has this process have as many connections open as the
    /// system allows.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn for_families(families: &[WorkloadFamily], agents: usize) -> Result<Option<Self>> {
        if !families.iter().any(|family| family.parameters.contains(&Parameter::Server)) {
            return Ok(None);
        }
        warn_of_few_files(centurion_server::allow_most_open_files(), agents as u64);
        Self::start().context("failed to start the server that replying agents ask").map(Some)
    }

    fn start() -> Result<Self> {
        let mut child = child::command(ROLE)?.spawn()?;
        let mut address = String::new();
        BufReader::new(child.stdout.take().context("it has no standard output")?).read_line(&mut address)?;
        let address = address.trim().parse().context("it did not say where it listens")?;
        Ok(Self { child, address })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn warn_of_few_files(most: Option<u64>, agents: u64) {
    if let Some(most) = most.filter(|most| *most < agents + OTHER_FILES) {
        note(&format!(
            "warning: this process may have {most} files open, and each replying agent under way needs one; \
             allow more with `ulimit -n`, or run fewer at once"
        ));
    }
}
