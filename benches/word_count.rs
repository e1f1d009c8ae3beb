//! Counting the words of many files with `centurion-delayed` and with rayon's `try_reduce`: the most memory and the CPU
//! time that each takes, in processes of their own, by turns. `cargo bench --bench word_count`.
#![expect(
    clippy::disallowed_methods,
    reason = "it writes the files that are counted, and the kernel speaks through files"
)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use centurion::bench::{BenchArguments, BenchMode};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

#[path = "../crates/delayed/examples/word_count.rs"]
#[expect(dead_code, reason = "an example has a main, which this has as well")]
mod word_count;

const FILES: usize = 20_000;
const WORDS: usize = 500;
const VOCABULARY: u64 = 20_000;
const ROUNDS: usize = 5;
const WAYS: [&str; 2] = ["delayed", "rayon"];

/// Names the way and the folder of a process that counts.
const WAY: &str = "CENTURION_WORD_COUNT";

/// Writes files of words, few of which are frequent.
fn write_files(folder: &Path, files: usize) -> io::Result<()> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % VOCABULARY
    };
    for file in 0..files {
        let words = (0..WORDS).map(|_| format!("word{} ", next() * next() / VOCABULARY));
        fs::write(folder.join(format!("{file}.txt")), words.collect::<String>())?;
    }
    Ok(())
}

/// Counts in one of the ways, and says how many words there are, what memory the process had at most and what CPU time it
/// took.
fn count(way: &str, folder: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    let counts = if way == WAYS[0] {
        word_count::count_all(&files)?
    } else {
        let counts = files.into_par_iter().map(|file| word_count::count(&file));
        counts.try_reduce(Default::default, |one, other| Ok(word_count::merge(one, other)))?
    };
    println!("{} {} {}", counts.values().sum::<u64>(), most_memory()?, cpu_ticks()?);
    Ok(())
}

/// Kilobytes.
fn most_memory() -> Result<u64, Box<dyn Error + Send + Sync>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the kernel tells no memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Hundredths of a second, in the program and in the kernel for it.
fn cpu_ticks() -> Result<u64, Box<dyn Error + Send + Sync>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after_name.split(' ').skip(11).take(2).map(str::parse::<u64>);
    Ok(ticks.sum::<Result<u64, _>>()?)
}

/// What a process that counted said.
fn measure(way: &str, folder: &Path) -> io::Result<[f64; 3]> {
    let output = Command::new(env::current_exe()?).env(WAY, way).arg(folder).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let failed = || io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned());
    numbers.try_into().map_err(|_| failed())
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    if let Ok(way) = env::var(WAY) {
        return count(&way, &env::args().nth(1).ok_or("which folder?")?);
    }
    let measured = BenchArguments::read().mode == BenchMode::Measure;
    let (files, rounds) = if measured { (FILES, ROUNDS) } else { (100, 1) };
    let folder = tempfile::tempdir()?;
    write_files(folder.path(), files)?;
    let mut samples = WAYS.map(|_| Vec::new());
    for _ in 0..rounds {
        for (way, samples) in WAYS.iter().zip(&mut samples) {
            samples.push(measure(way, folder.path())?);
        }
    }
    println!("Counting the words of {files} files, medians of {rounds} rounds:");
    for (way, samples) in WAYS.iter().zip(&samples) {
        assert!(samples.iter().all(|sample| sample[0] as usize == files * WORDS), "{way} counts wrong");
        let median = |value: usize| {
            let values: Vec<f64> = samples.iter().map(|sample| sample[value]).collect();
            centurion_stats::median(&values).unwrap_or_default()
        };
        println!(
            "  {way:<8} {:>7.1} MiB at most {:>7.2} s of CPU time",
            median(1) / 1024.0,
            median(2) / 100.0
        );
    }
    Ok(())
}
