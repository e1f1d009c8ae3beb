//! Asking before something is done that may cost somebody something.

use std::io::{self, IsTerminal as _};

use anyhow::{Result, ensure};

use crate::output::note;

/// Goes on where `--yes` was given, or somebody at the terminal says so.
///
/// # Errors
/// When nobody agrees.
pub(crate) fn ensure_agreed(yes: bool, question: &str) -> Result<()> {
    if yes {
        return Ok(());
    }
    let asked = io::stdin().is_terminal() && io::stderr().is_terminal();
    if asked {
        note(&format!("{question} [y/N]"));
    }
    ensure!(asked && agrees(&answer()), "failed to begin: nobody agreed to that; give --yes");
    Ok(())
}

fn answer() -> String {
    let mut answer = String::new();
    // What can't be read is no yes.
    let _ = io::stdin().read_line(&mut answer);
    answer
}

fn agrees(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(agrees("y\n") && agrees("Yes\r\n"));
        assert!(["", "\n", "n\n", "yess\n", "no, yes\n"].iter().all(|answer| !agrees(answer)));
    }
}
