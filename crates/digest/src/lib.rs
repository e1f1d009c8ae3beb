//! Digests that tell one build of some code from another.
//!
//! A package digests its own sources in its build script and keeps the digest as a constant, so that nothing outside
//! the package is read, however it was got:
//!
//! ```no_run
//! let digest = centurion_digest::sources(&["src", "data"])?;
//! println!("cargo::rustc-env=MY_SOURCES={digest}");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::path::Path;
use std::{fs, io};

use sha2::{Digest as _, Sha256};

/// Digest of every file below these folders, its path and its contents, as 16 hex digits; has cargo run the build
/// script again when one changes. For build scripts, whose folder is that of their package.
///
/// # Errors
/// When a folder can't be listed or a file can't be read; it is named.
pub fn sources(folders: &[&str]) -> io::Result<String> {
    let mut parts = Vec::new();
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
        add_folder(Path::new(folder), folder, &mut parts)?;
    }
    Ok(digest(parts.iter().map(Vec::as_slice)))
}

/// Digest of several digests, in their order, as 16 hex digits.
pub fn combined(digests: &[&str]) -> String {
    digest(digests.iter().map(|digest| digest.as_bytes()))
}

/// Adds name and contents of every file below a folder, sorted by name. Names have slashes on every system.
#[expect(clippy::disallowed_methods, reason = "a build script reads the sources that it describes")]
fn add_folder(folder: &Path, name: &str, parts: &mut Vec<Vec<u8>>) -> io::Result<()> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(|error| named(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), format!("{name}/{}", entry.file_name().display()));
        if path.is_dir() {
            add_folder(&path, &name, parts)?;
        } else {
            let contents = fs::read(&path).map_err(|error| named(&path, &error))?;
            parts.extend([name.into_bytes(), contents]);
        }
    }
    Ok(())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("failed to read {}: {error}", path.display()))
}

/// The first 64 bits of the SHA-256 of the parts, each after its length, so that no two lists are the same bytes.
fn digest<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let start = *digest.finalize().first_chunk().expect("a digest has 32 bytes");
    format!("{:016x}", u64::from_be_bytes(start))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests write the sources that are digested")]
mod tests {
    use super::*;

    /// The digest of a folder with these files.
    fn of_files(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().expect("there is room");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        let mut parts = Vec::new();
        add_folder(folder.path(), "src", &mut parts).expect("it can be read");
        digest(parts.iter().map(Vec::as_slice))
    }

    #[test]
    fn the_digest_is_the_published_hash_of_lengths_and_parts() {
        // `printf '\3\0\0\0\0\0\0\0abc' | sha256sum`
        assert_eq!(combined(&["abc"]), "ce91dc5eec0139ad");
        assert_ne!(combined(&["ab", "c"]), combined(&["a", "bc"]));
    }

    #[test]
    fn every_name_and_every_byte_counts_and_the_folder_s_place_does_not() {
        let same = [("lib.rs", "mod a;"), ("a/b.rs", "1")];
        let digests = [
            of_files(&same),
            of_files(&[("lib.rs", "mod a;"), ("a/b.rs", "2")]),
            of_files(&[("lib.rs", "mod a;"), ("a/c.rs", "1")]),
            of_files(&[("lib.rs", "mod a;"), ("b.rs", "1")]),
            of_files(&[("lib.rs", "mod a;")]),
        ];
        assert_eq!(digests[0], of_files(&same));
        for (place, digest) in digests.iter().enumerate() {
            assert!(!digests[..place].contains(digest));
        }
    }

    #[test]
    fn a_folder_that_is_missing_is_named() {
        let error = sources(&["no-such-folder"]).expect_err("there is none");
        assert!(error.to_string().starts_with("failed to read no-such-folder: "), "{error}");
    }
}
