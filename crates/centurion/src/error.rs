//! Errors as the command line says them.

use std::fmt;

/// A name that nothing has: what was typed can't be understood.
#[derive(Debug)]
pub(crate) struct UnknownName(pub(crate) String);

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownName {}

/// Libraries say what they failed to do; this says that it failed.
pub(crate) fn failed_to(error: impl fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("failed to {error}")
}

/// The name most like what was typed, if one is.
pub(crate) fn nearest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let alike = names.iter().map(|name| (strsim::jaro_winkler(typed, name), *name));
    let (alike, name) = alike.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (alike > 0.8).then_some(name)
}

/// The same as a question at the end of an error, or nothing.
pub(crate) fn did_you_mean(typed: &str, names: &[&str]) -> String {
    nearest(typed, names).map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_another_word() {
        let names = ["run", "verify", "compare", "report"];
        assert_eq!((nearest("verfy", &names), nearest("comapre", &names)), (Some("verify"), Some("compare")));
        assert_eq!(nearest("xyz", &names), None);
    }
}
