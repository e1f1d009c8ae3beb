//! Variables of the environment: those that stand for flags, and those that are none of our children's business.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use clap::error::{ContextKind, ContextValue, ErrorKind};
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
    let words = &with_signs(command, words);
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
    let read = without(command.clone(), &beaten).try_get_matches_from(words);
    let mut matches = read.map_err(|error| naming_variable(error, command, words))?;
    T::from_arg_matches_mut(&mut matches)
}

/// The error with the variable that said what can't be understood, where no flag did.
fn naming_variable(mut error: clap::Error, command: &clap::Command, words: &[OsString]) -> clap::Error {
    let is_of_value = [ErrorKind::InvalidValue, ErrorKind::ValueValidation].contains(&error.kind());
    if let (true, Some(ContextValue::String(invalid))) = (is_of_value, error.get(ContextKind::InvalidArg))
        && let Some(flag) = invalid.split(' ').next().and_then(|flag| flag.strip_prefix("--"))
        && let Some(name) = variable_of(command, flag, words)
    {
        let tip = format!("the variable {name} says so");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// The variable that is set and stands for a flag, where that is not among the words under any of its names.
fn variable_of(command: &clap::Command, flag: &str, words: &[OsString]) -> Option<String> {
    let is_typed = |name: &str| {
        let flag = format!("--{name}");
        words.iter().any(|word| word.to_string_lossy().split('=').next() == Some(&flag))
    };
    let is_it = |known: &&clap::Arg| known.get_long() == Some(flag);
    let is_silent = |known: &&clap::Arg| {
        !is_typed(flag) && !known.get_all_aliases().unwrap_or_default().into_iter().any(is_typed)
    };
    let own = command.get_arguments().filter(is_it).filter(is_silent).find_map(clap::Arg::get_env);
    let set = own.filter(|name| std::env::var_os(name).is_some());
    let name = set.map(|name| name.to_string_lossy().into_owned());
    name.or_else(|| command.get_subcommands().find_map(|below| variable_of(below, flag, words)))
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

/// The words, where one that follows a flag of a number, a time or a share and begins with a sign is part of that flag: so it is the
/// flag's to say that it takes no `-1`, which is not taken for a flag that nobody knows.
fn with_signs(command: &clap::Command, words: &[OsString]) -> Vec<OsString> {
    let flags = number_flags(command);
    let mut heeded = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let is_sign = |next: &&OsString| {
            let next = next.to_string_lossy();
            next.starts_with('-') && !next.starts_with("--")
        };
        let mut word = word.clone();
        if flags.iter().any(|flag| word == flag.as_str())
            && let Some(value) = words.next_if(is_sign)
        {
            word.push("=");
            word.push(value);
        }
        if word == "--" {
            heeded.push(word);
            heeded.extend(words.cloned());
            return heeded;
        }
        heeded.push(word);
    }
    heeded
}

/// The flags whose value is neither text nor a path, of a command and those below it.
fn number_flags(command: &clap::Command) -> BTreeSet<String> {
    let of_text = [TypeId::of::<String>(), TypeId::of::<PathBuf>()];
    let is_number = |argument: &&clap::Arg| {
        let value = argument.get_value_parser().type_id();
        argument.get_action().takes_values() && !of_text.iter().any(|text| value == *text)
    };
    let own = command.get_arguments().filter(is_number).filter_map(clap::Arg::get_long);
    let below = command.get_subcommands().flat_map(number_flags);
    own.map(|flag| format!("--{flag}")).chain(below).collect()
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Cli;

    /// Flags with the words before them.
    fn flags(command: &clap::Command, before: &[&str]) -> Vec<Vec<String>> {
        let own = command.get_arguments().filter(|argument| argument.get_action().takes_values());
        let line = |flag| before.iter().copied().map(str::to_owned).chain([format!("--{flag}")]).collect();
        let below =
            command.get_subcommands().flat_map(|sub| flags(sub, &[before, &[sub.get_name()]].concat()));
        own.filter_map(clap::Arg::get_long).map(line).chain(below).collect()
    }

    /// What is said of the last words, if they are refused.
    fn refusal(line: &[String], words: &[&str]) -> Option<String> {
        let words = line.iter().map(OsString::from).chain(words.iter().map(OsString::from));
        let words: Vec<OsString> = words.collect();
        parse::<Cli>(&Cli::command(), &words).err().map(|error| error.to_string())
    }

    /// Whether a flag takes a number, a time or a share: then it says of anything else what to give.
    fn is_of_a_number(line: &[String]) -> bool {
        refusal(line, &["nan"]).is_some_and(|said| said.contains("give "))
    }

    #[test]
    fn a_flag_that_takes_no_minus_one_says_what_it_takes() {
        let all = flags(&Cli::command(), &["centurion"]);
        let of_numbers: Vec<_> = all.into_iter().filter(|line| is_of_a_number(line)).collect();
        assert!(of_numbers.len() > 30, "{of_numbers:?}");
        for line in of_numbers {
            let flag = line.last().expect("it is one");
            for value in ["-1", "-1s", "-5%", "-nan", "1e400", ""] {
                let said = refusal(&line, &[value]).expect("it is no number");
                assert!(
                    said.contains(&format!("'{value}' for '{flag} <")) && said.contains("give "),
                    "{said}"
                );
            }
            for words in [&["--"][..], &[]] {
                let said = refusal(&line, words).expect("it has no value");
                assert!(said.contains("a value is required for '--"), "{said}");
            }
        }
    }

    #[test]
    fn what_stands_behind_two_dashes_is_nobody_s_flag() {
        let words = ["centurion", "run", "--retries", "-1", "--", "--retries", "-1"].map(OsString::from);
        let heeded = with_signs(&Cli::command(), &words);
        assert_eq!(heeded, ["centurion", "run", "--retries=-1", "--", "--retries", "-1"]);
    }
}
