//! Runs of `centurion run -- COMMAND` in a folder of their own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::heeding;

/// A folder that runs are started in.
pub(crate) struct RunFolder(TempDir);

impl RunFolder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("there is room");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub(crate) fn run(&self, options: &[&str]) -> Command {
        let mut command = heeding::heeding(env!("CARGO_BIN_EXE_centurion"));
        command.arg("run").args(options).current_dir(&self.0).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub(crate) fn output(&self, options: &[&str]) -> Output {
        self.run(options).output().expect("it runs")
    }

    /// What is said by a run that must begin nothing.
    pub(crate) fn refusal(&self, options: &[&str]) -> String {
        let output = self.output(options);
        assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
        assert!(!self.path("begun").exists(), "an agent was begun");
        String::from_utf8(output.stderr).expect("it is UTF-8")
    }
}

pub(crate) fn results(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).expect("it is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn signal(process: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &process.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
}

pub(crate) fn is_alive(pid: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps is there");
    let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

pub(crate) fn wait_for(said: &mut BufReader<ChildStderr>, what: &str) {
    let mut line = String::new();
    while !line.contains(what) {
        line.clear();
        assert!(said.read_line(&mut line).expect("it is text") > 0, "it never said {what:?}");
    }
}
