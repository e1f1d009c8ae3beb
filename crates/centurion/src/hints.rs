//! What was perhaps meant by a command line that can't be understood.

use std::ffi::OsString;
use std::path::Path;

use centurion_agents::WorkloadFamily;
use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::args::Cli;
use crate::command::quoted;
use crate::error::nearest;

/// The error with the command that was perhaps meant, where the first word is none.
pub(crate) fn with_hint(error: clap::Error, words: &[OsString]) -> clap::Error {
    let mut error = match unknown_command(&error, words) {
        Some(unknown) => return unknown,
        None => error,
    };
    let tip = match scenarios_without_input(&error, words) {
        None if lacks_dashes(&error, words) || lacks_command(&error) => {
            Some(format!("{BEHIND_DASHES}, as in `-- python3 eval.py`"))
        }
        found => found,
    };
    match tip {
        Some(tip) => _ = error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()])),
        // What comes behind two dashes here is a command or a file, and neither begins with a dash.
        None if error.kind() == ErrorKind::UnknownArgument && !is_word(&error) => {
            _ = error.remove(ContextKind::Suggested);
        }
        None => (),
    }
    error
}

/// What is said of a first word that is no command: which was perhaps meant, or which there are.
fn unknown_command(error: &clap::Error, words: &[OsString]) -> Option<clap::Error> {
    let of_help = error.kind() == ErrorKind::InvalidSubcommand;
    let typed = words.get(if of_help { 2 } else { 1 })?.to_str()?;
    let is_first = error.get(ContextKind::InvalidArg) == Some(&ContextValue::String(typed.to_owned()));
    if !of_help && (!is_first || typed.starts_with('-')) {
        return None;
    }
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let meant = match nearest(&typed.to_lowercase(), &names) {
        Some(name) => Some(name.to_owned()),
        None => WorkloadFamily::find(typed).is_ok().then(|| format!("run {typed}")),
    };
    let mut unknown = clap::Error::new(ErrorKind::InvalidSubcommand).with_cmd(&command);
    unknown.insert(ContextKind::InvalidSubcommand, ContextValue::String(typed.to_owned()));
    if let Some(meant) = meant {
        unknown.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![meant]));
    } else {
        let tip = of_scenarios(typed).or_else(|| of_command(typed, false)).unwrap_or_else(|| listed(&names));
        unknown.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    Some(unknown)
}

/// The commands that there are, in lines that fit a narrow terminal below a tip.
fn listed(names: &[&str]) -> String {
    let lines: Vec<String> = names.chunks(6).map(|names| names.join(", ")).collect();
    format!("there are {}", lines.join(",\n       "))
}

/// Where a command stands.
pub(crate) const BEHIND_DASHES: &str = "a command of your own stands behind two dashes";

/// What perhaps was meant by a workload that is none, if that looks like a command.
pub(crate) fn of_command(typed: &str, has_input: bool) -> Option<String> {
    let is_one = has_input || typed.contains(['/', '.']);
    is_one.then(|| format!("{BEHIND_DASHES}, as in `-- {}`", quoted(typed)))
}

/// What perhaps was meant by a workload that is none, if that looks like a file of scenarios.
pub(crate) fn of_scenarios(typed: &str) -> Option<String> {
    let is_one = Path::new(typed).extension().is_some_and(|extension| extension == "jsonl");
    is_one.then(|| format!("scenarios are named by --input, as in `--input {}`", quoted(typed)))
}

/// The same of a word before the command that no option has before it.
fn scenarios_without_input(error: &clap::Error, words: &[OsString]) -> Option<String> {
    let misplaced = [ErrorKind::UnknownArgument, ErrorKind::ArgumentConflict].contains(&error.kind());
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let is_value = |before: &OsString| before.to_string_lossy().starts_with("--");
    let alone = words[..end].windows(2).filter(|pair| misplaced && !is_value(&pair[0]));
    alone.filter_map(|pair| pair[1].to_str()).find_map(of_scenarios)
}

/// Whether there is no command where an option needs one.
fn lacks_command(error: &clap::Error) -> bool {
    let missing = matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::Strings(names))
        if names.iter().any(|name| name.starts_with("<COMMAND>")));
    error.kind() == ErrorKind::MissingRequiredArgument && missing
}

/// Whether a word that is no flag came where a command would, or a flag that is like none of ours and so perhaps a command's,
/// without `--` before it.
fn lacks_dashes(error: &clap::Error, words: &[OsString]) -> bool {
    let takes_one =
        words.get(1).is_some_and(|word| ["run", "advise", "bench"].iter().any(|name| word == name));
    takes_one
        && error.kind() == ErrorKind::UnknownArgument
        && (is_word(error) || error.get(ContextKind::SuggestedArg).is_none())
        && words.iter().all(|word| word != "--")
}

/// Whether what can't be understood is no flag.
fn is_word(error: &clap::Error) -> bool {
    matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(it)) if !it.starts_with('-'))
}
