//! What the compiler says to mistakes that the documentation of `Delayed` shows. Other versions say it in other words, so
//! that only those are asked for that point the way.
#![expect(clippy::disallowed_methods, reason = "the compiler reads files")]

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A word of a mistake by which it is known, and words of what the compiler says to it.
const POINTERS: [(&str, &[&str]); 17] = [
    ("let length = {", &["`words` does not live long enough", "dropped here while still borrowed"]),
    ("compute(&*executor)", &["closure may outlive the current function", "use the `move` keyword"]),
    ("let answer = ", &["temporary value dropped while borrowed", "consider using a `let` binding"]),
    ("&String", &["type mismatch in closure arguments", "{integer}"]),
    ("Rc::new", &["`Rc<{integer}>` cannot be shared between threads safely"]),
    ("list.push", &["cannot borrow `*list` as mutable"]),
    ("struct Answer", &["`Answer: Clone` is not satisfied", "#[derive(Clone)]"]),
    ("let sum = ", &["cannot add", "Delayed<'_, {integer}>"]),
    ("for number", &["`Delayed<'_, [{integer}; 2]>` is not an iterator"]),
    ("if delayed", &["expected `bool`, found `Delayed<'_, bool>`"]),
    ("Plan::new", &["expected `&Delayed<'_, {integer}>`, found `&Delayed<'_, &str>`"]),
    ("all([", &["expected `&Delayed<'_, {integer}>`, found `&Delayed<'_, &str>`"]),
    ("?", &["type annotations needed", "consider specifying the generic arguments"]),
    ("404", &["`{integer}` is no error", "`std::error::Error`, or a text"]),
    ("compute(2)", &["expected `&dyn Executor`, found integer"]),
    ("async ||", &["cannot add `{integer}` to", "async closure"]),
    ("snake", &["cannot find value `snake` in this scope"]),
];

/// The mistakes of the documentation, without what it says of them.
fn mistakes() -> Vec<String> {
    let documentation = include_str!("../src/handle.rs").split("/// ```compile_fail,").skip(1);
    documentation.map(|text| text.lines().skip(1).map_while(line).collect::<String>()).collect()
}

/// A line of a mistake.
fn line(text: &str) -> Option<String> {
    let text = text.strip_prefix("/// ").filter(|text| *text != "```")?;
    let code = text.strip_prefix("# ").unwrap_or(text);
    Some(format!("{}\n", code.split(" // ").next().unwrap_or_default()))
}

/// What the compiler says to the code in a function.
fn said_to(code: &str, folder: &Path, number: usize) -> String {
    let (source, output) = (folder.join(format!("{number}.rs")), folder.join(format!("{number}.rmeta")));
    fs::write(&source, format!("fn main() {{\n{code}}}\n")).unwrap();
    let libraries = env::current_exe().unwrap().parent().unwrap().to_owned();
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "--emit", "metadata", "-A", "warnings", "-L"]);
    rustc.arg(format!("dependency={}", libraries.display()));
    for name in ["centurion_delayed", "centurion_executors"] {
        rustc.arg("--extern").arg(format!("{name}={}", newest(&libraries, name).display()));
    }
    let said = rustc.arg("-o").arg(output).arg(source).output().expect("the compiler runs");
    assert!(!said.status.success(), "it compiles:\n{code}");
    String::from_utf8(said.stderr).unwrap()
}

/// The library that was built last, as for this test.
fn newest(folder: &Path, name: &str) -> PathBuf {
    let is_built = |path: &PathBuf| {
        let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        stem.starts_with(&format!("lib{name}-")) && path.extension() == Some(OsStr::new("rlib"))
    };
    let built = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(is_built);
    built.max_by_key(|path| path.metadata().and_then(|meta| meta.modified()).ok()).expect("it is built")
}

#[test]
fn what_the_compiler_says_to_a_mistake_points_the_way() {
    let (folder, mistakes) = (Path::new(env!("CARGO_TARGET_TMPDIR")), mistakes());
    assert_eq!(mistakes.len(), POINTERS.len());
    for (number, ((known, words), code)) in POINTERS.iter().zip(&mistakes).enumerate() {
        assert!(code.contains(known), "{known} is not in:\n{code}");
        let said = said_to(code, folder, number);
        for word in *words {
            assert!(said.contains(word), "not said: {word}\n{said}");
        }
    }
}
