//! The words of many files, counted one file a task and merged two by two, without copying a count:
//! `cargo run --release -p centurion-delayed --example word_count -- FOLDER`.
#![expect(clippy::disallowed_methods, reason = "it reads the files that it is given")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io, mem};

use centurion_delayed::{tree_owned, try_delayed};

type WordCounts = HashMap<String, u64>;

fn count(file: &Path) -> io::Result<WordCounts> {
    let mut counts = WordCounts::new();
    for word in String::from_utf8_lossy(&fs::read(file)?).split_whitespace() {
        match counts.get_mut(word) {
            Some(count) => *count += 1,
            None => drop(counts.insert(word.to_owned(), 1)),
        }
    }
    Ok(counts)
}

/// Adds the fewer words to the more.
fn merge(mut one: WordCounts, mut other: WordCounts) -> WordCounts {
    if one.len() < other.len() {
        mem::swap(&mut one, &mut other);
    }
    for (word, count) in other {
        *one.entry(word).or_default() += count;
    }
    one
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = env::args().nth(1).unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/src").to_owned());
    let files: Vec<PathBuf> =
        fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    let counts = files.into_iter().map(|file| {
        let name = file.display().to_string();
        try_delayed(move || count(&file)).named(name)
    });
    let total = tree_owned(counts, merge).ok_or("no files there")?;
    total.run()?;
    let words = total.into_result().ok_or("it has ended")??;
    let mut words: Vec<_> = words.into_iter().collect();
    words.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
    words.iter().take(5).for_each(|(word, count)| println!("{count:>9} {word}"));
    println!("{:>9} different words", words.len());
    Ok(())
}
