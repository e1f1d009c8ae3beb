//! Variables of the environment: those that stand for flags, and those that are none of our children's business.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::Command;

use clap::{ArgMatches, FromArgMatches};

use crate::error::did_you_mean;
use crate::git_variables;
use crate::output::note;

/// Flags that say the same thing in different ways: one that is given makes a variable for another mean nothing.
const RIVALS: [(&str, &str); 5] = [
    ("names", "workloads"),
    ("rounds", "budget"),
    ("record", "resume"),
    ("wait_quiet", "no_wait"),
    ("agents", "input"),
];
/// Says where Python is, not what to measure.
const PLACE_OF_PYTHON: &str = "CENTURION_PYTHON";
/// Variables that stand for no flag.
const OTHERS: [&str; 5] =
    [PLACE_OF_PYTHON, "CENTURION_SEQUENTIAL", "CENTURION_BUILT_FROM", "CENTURION_BROWSER", "CENTURION_AGENT"];

/// Reads a command line and the variables that stand for its flags. A variable set to nothing is not set, and a flag
/// beats a variable.
///
/// # Errors
/// When a flag or a variable can't be understood, or two contradict each other.
pub(crate) fn parse<T: FromArgMatches>(
    command: &clap::Command,
    words: &[OsString],
) -> Result<T, clap::Error> {
    let mut given = BTreeSet::new();
    if let Ok(typed) = deaf(command.clone()).try_get_matches_from(words) {
        collect(&typed, &mut given);
    }
    let beaten = |name: &str| {
        let rival = |(one, other): (&str, &str)| {
            name == one && given.contains(other) || name == other && given.contains(one)
        };
        RIVALS.into_iter().any(rival)
    };
    let mut matches = without(command.clone(), &beaten).try_get_matches_from(words)?;
    T::from_arg_matches_mut(&mut matches)
}

/// The names of what was typed.
fn collect(matches: &ArgMatches, given: &mut BTreeSet<String>) {
    let typed =
        |id: &&clap::Id| matches.value_source(id.as_str()) == Some(clap::parser::ValueSource::CommandLine);
    given.extend(matches.ids().filter(typed).map(ToString::to_string));
    if let Some((_, matches)) = matches.subcommand() {
        collect(matches, given);
    }
}

/// The command deaf to all variables.
pub(crate) fn deaf(command: clap::Command) -> clap::Command {
    without(command, &|_| true)
}

/// The command deaf to the variables of those arguments, and to all that are set to nothing.
fn without(command: clap::Command, deaf: &dyn Fn(&str) -> bool) -> clap::Command {
    let deafened = |argument: clap::Arg| {
        let empty = argument.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        if empty || deaf(argument.get_id().as_str()) { argument.env(None) } else { argument }
    };
    command.mut_args(deafened).mut_subcommands(|subcommand| without(subcommand, deaf))
}

/// Says of variables that begin as ours do and are none what was perhaps meant: nobody else heeds them.
pub(crate) fn warn_of_unknown(known: &[String]) {
    let names: Vec<&str> = known.iter().map(String::as_str).chain(OTHERS).collect();
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CENTURION_") && !names.contains(&&*name) {
            let meant = did_you_mean(&name, &names);
            note(&format!("warning: there is no variable {name} and it changes nothing{meant}"));
        }
    }
}

/// Whether a variable is set to something that means yes.
pub fn is_on(name: &str) -> bool {
    let value = std::env::var_os(name).unwrap_or_default().to_string_lossy().to_lowercase();
    !["", "0", "n", "no", "f", "false", "off"].contains(&value.as_str())
}

/// Takes from a child what this process was told to measure, and where git was told to look.
pub(crate) fn scrub(child: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CENTURION_") && name != PLACE_OF_PYTHON {
            child.env_remove(&*name);
        }
    }
    git_variables::scrub(child);
}
