//! Cargo's lock file, of which the build script and the running program read the same.

/// Every package and its version.
pub(crate) fn packages(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.split("[[package]]")
        .filter_map(|package| Some((value(package, "name")?, value(package, "version")?)))
}

fn value<'a>(package: &'a str, key: &str) -> Option<&'a str> {
    let rest = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
    Some(rest.trim_matches('"'))
}
