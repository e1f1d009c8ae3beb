//! Files that can be read in one go, and nothing of a machine in them. Clippy holds the length of functions.

use crate::repository::{files, paths, read};

const LINES: usize = 500;

#[test]
fn no_file_is_longer_than_can_be_read() {
    let long: Vec<String> = files(&[".rs", ".py"])
        .into_iter()
        .filter(|file| file.text.lines().count() > LINES)
        .map(|file| file.path)
        .collect();
    assert!(long.is_empty(), "over {LINES} lines: {long:?}");
}

#[test]
fn no_file_names_a_folder_of_a_machine() {
    let folders = ["home", "root", "Users"].map(|folder| format!("/{folder}/"));
    let found: Vec<String> = paths(&[""])
        .into_iter()
        .filter(|path| folders.iter().any(|folder| read(path).contains(folder.as_str())))
        .collect();
    assert!(found.is_empty(), "{folders:?} in {found:?}");
}
