//! The words of many files, a task for each file, which adds them to those of the file before: in a few chunks for each
//! worker, which are merged two by two. No count is copied. Merging single files two by two would hash each word again on
//! each of fifteen levels, and more chunks hold more counts at once.
//! `cargo run --release -p centurion-delayed --example word_count -- FOLDER`.
#![expect(clippy::disallowed_methods, reason = "it reads the files that it is given")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io, mem};

use centurion_delayed::{Delayed, TaskError, default_executor, delayed, tree_owned};

/// Chunks of files for each worker: several, for some are done sooner than others.
const CHUNKS: usize = 4;

pub(crate) type WordCounts = HashMap<String, u64>;

/// The words of a file.
pub(crate) fn count(file: &Path) -> io::Result<WordCounts> {
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
pub(crate) fn merge(mut one: WordCounts, mut other: WordCounts) -> WordCounts {
    if one.len() < other.len() {
        mem::swap(&mut one, &mut other);
    }
    for (word, count) in other {
        *one.entry(word).or_default() += count;
    }
    one
}

/// The words of others and of a file, when they are asked for.
fn with_words_of(file: &Path, others: Delayed<'static, WordCounts>) -> Delayed<'static, WordCounts> {
    let (file, name) = (file.to_owned(), file.display().to_string());
    others.try_then_owned(move |others| count(&file).map(|words| merge(others, words))).named(name)
}

/// The words of all files.
pub(crate) fn count_all(files: &[PathBuf]) -> Result<WordCounts, TaskError> {
    let chunk = files.len().div_ceil(CHUNKS * default_executor().workers()).max(1);
    let chunks = files
        .chunks(chunk)
        .map(|files| files.iter().fold(delayed(WordCounts::new), |others, file| with_words_of(file, others)));
    let Some(total) = tree_owned(chunks, merge) else { return Ok(WordCounts::new()) };
    total.run()?;
    Ok(total.into_result().ok_or("it has not ended")??)
}

fn main() -> Result<(), TaskError> {
    let folder = env::args().nth(1).unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/src").to_owned());
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    let mut words: Vec<_> = count_all(&files.collect::<Vec<_>>())?.into_iter().collect();
    words.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
    words.iter().take(5).for_each(|(word, count)| println!("{count:>9} {word}"));
    println!("{:>9} different words", words.len());
    Ok(())
}
