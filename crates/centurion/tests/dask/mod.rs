//! Clusters of Dask for runs of `centurion run -- COMMAND`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::OnceLock;

use centurion_dask::{Driver, Python};

use crate::run_folder::{RunFolder, signal};

pub(crate) const CLUSTER: [&str; 2] = ["--cluster", "local"];

/// Whether the Python side is set up for these sources; if not, that is said.
pub(crate) fn set_up() -> bool {
    static SET_UP: OnceLock<bool> = OnceLock::new();
    *SET_UP.get_or_init(|| {
        Driver::launch().inspect_err(|error| eprintln!("left out: failed to {error}")).is_ok()
    })
}

/// A process of Dask, with what it says once something was said.
pub(crate) struct Dask(
    Child,
    #[expect(dead_code, reason = "it would end it to close what it writes to")] BufReader<ChildStderr>,
);

impl Dask {
    pub(crate) fn start(place: &RunFolder, arguments: &[&str], until: &str) -> (Self, String) {
        let private = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"];
        let mut dask = Command::new(Python::find().expect("it is set up").path());
        dask.args(["-m", "dask"]).args(arguments).args(private).env("DASK_LOGGING__DISTRIBUTED", "info");
        let mut child = dask.current_dir(place.path(".")).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        while !line.contains(until) {
            line.clear();
            assert!(said.read_line(&mut line).expect("it is text") > 0, "it never said {until:?}");
        }
        let address = line.rsplit_once(' ').expect("it says its address").1.trim().to_owned();
        (Self(child, said), address)
    }

    pub(crate) fn worker(place: &RunFolder, scheduler: &str) -> Self {
        Self::start(place, &["worker", scheduler, "--nthreads", "2", "--no-nanny"], "Registered to:").0
    }
}

impl Drop for Dask {
    fn drop(&mut self) {
        signal(&self.0, "-KILL");
        let _ = self.0.wait();
    }
}
