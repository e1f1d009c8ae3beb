//! What is not ours stays, whatever is written where, and what fails changes nothing.
#![expect(clippy::disallowed_methods, reason = "what stands beside is made and looked at by hand")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

use crate::common::{BENCH, centurion, measure, read, word, write};
#[cfg(unix)]
use crate::heeding::heeding;

/// Every file below a folder and what it holds.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).expect("it can be read"));
        }
    }
    found
}

/// A rendered report: where the record is, the folder of the reports, and that of the machine.
fn rendered(folder: &Path) -> (PathBuf, PathBuf, PathBuf) {
    let (path, reports) = (folder.join("run.json"), folder.join("reports"));
    let machine = reports.join(measure(&path, "2").environment.machine());
    centurion(&["report", word(&path), "--into", word(&reports)]).assert().success();
    (path, reports, machine)
}

/// Commits all that is in the folder of a repository. Returns the commit.
fn commit(folder: &Path) -> String {
    let git = |words: &str| {
        let who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"];
        let mut git = std::process::Command::new("git");
        let output = git.current_dir(folder).args(who).args(words.split(' ')).output().expect("git is there");
        assert!(output.status.success(), "git {words}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is UTF-8").trim().to_owned()
    };
    git("init --quiet");
    git("add --all");
    git("commit --quiet --message report");
    git("rev-parse HEAD")
}

#[test]
fn a_report_names_the_commit_of_its_base_and_is_checked_with_it() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, _, machine) = rendered(folder.path());
    let commit = commit(folder.path());
    let mut now = read(&path);
    now.run.started = "2030-01-01T00:00:00Z".into();
    write(&path, &now);
    let report = |arguments: &[&str]| {
        let mut report = centurion(&[&["report"], arguments].concat());
        report.current_dir(folder.path()).assert()
    };
    report(&["run.json", "--against", "HEAD"]).success();
    report(&["--check"]).success();
    let base = machine.join("base.json");
    let (page, names) = (machine.join("index.html"), fs::read_to_string(&base).expect("it is there"));
    assert!(fs::read_to_string(&page).expect("it is there").contains("Against the base of 20"));
    assert!(names.contains(&commit) && names.len() < 500, "{names}");
    fs::write(&page, "edited").expect("there is room");
    report(&["--check"])
        .code(1)
        .stdout(contains("index.html differs").and(contains(format!("--against {commit}"))));

    let blob = names.lines().find(|line| line.contains("blob")).expect("it names one");
    fs::write(&base, names.replace(blob, "\"blob\": \"0123456789\"")).expect("there is room");
    report(&["--check"]).code(1).stderr(contains("get it with `git fetch --unshallow`"));
    fs::write(&base, fs::read(&path).expect("it is there")).expect("there is room");
    report(&["--check"]).code(1).stderr(contains("does not name a committed report"));
    report(&["run.json", "--against", "run.json"])
        .code(1)
        .stderr(contains("give --against a git revision").and(contains("centurion compare run.json")));
    report(&["run.json"]).success();
    assert!(!base.exists(), "what this program wrote and writes no more is gone");
    report(&["--check"]).success();
}

#[test]
fn a_report_leaves_what_it_has_not_written() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, machine) = rendered(folder.path());
    fs::write(machine.join("NOTES.md"), "mine").expect("there is room");
    fs::create_dir_all(machine.join("mine")).expect("there is room");
    fs::write(machine.join("mine/notes"), "mine").expect("there is room");
    fs::create_dir_all(reports.join("odd")).expect("there is room");
    fs::write(reports.join("odd/notes"), "mine").expect("there is room");
    centurion(&["report", word(&path), "--into", word(&reports)]).assert().success();
    for mine in [machine.join("NOTES.md"), machine.join("mine/notes"), reports.join("odd/notes")] {
        assert_eq!(fs::read_to_string(&mine).expect("it is still there"), "mine");
    }
}

#[test]
fn a_list_or_a_folder_of_somebody_else_is_not_written_into() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, elsewhere) = (folder.path().join("run.json"), folder.path().join("elsewhere"));
    let machine = measure(&path, "2").environment.machine();
    fs::create_dir_all(elsewhere.join(&machine)).expect("there is room");
    fs::write(elsewhere.join("README.md"), "# Mine\n").expect("there is room");
    let before = contents(&elsewhere);
    let mut report = centurion(&["report", word(&path), "--into", "."]);
    report.current_dir(&elsewhere).assert().code(1).stderr(contains("no list of reports"));
    assert_eq!(contents(&elsewhere), before);
    fs::remove_file(elsewhere.join("README.md")).expect("it was there");
    fs::write(elsewhere.join(&machine).join("index.html"), "mine").expect("there is room");
    centurion(&["report", word(&path), "--into", word(&elsewhere)])
        .assert()
        .code(1)
        .stderr(contains("no report in it").and(contains("--into")));
    assert_eq!(fs::read_to_string(elsewhere.join(&machine).join("index.html")).expect("it is there"), "mine");
}

#[test]
fn a_folder_with_a_record_of_somebody_else_is_not_ours() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, machine) = rendered(folder.path());
    for schema in [None, Some("{\"title\": \"Results\"}")] {
        match schema {
            None => fs::remove_file(machine.join("schema.json")).expect("it was there"),
            Some(theirs) => fs::write(machine.join("schema.json"), theirs).expect("there is room"),
        }
        let before = contents(&reports);
        centurion(&["report", word(&path), "--into", word(&reports)])
            .assert()
            .code(1)
            .stderr(contains("schema.json of ours").and(contains("--into")));
        assert_eq!(contents(&reports), before);
    }
}

/// What a report leaves that is killed at some moment: files that are not yet in their places, and of those in their
/// places some of the old report and some of the new one.
#[test]
fn a_report_that_was_cut_short_is_noticed_and_the_next_one_mends_it() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, machine) = rendered(folder.path());
    let report =
        |path: &Path| centurion(&["report", word(path), "--into", word(&reports)]).assert().success();
    let check = || centurion(&["report", "--into", word(&reports), "--check"]).assert();
    let old = contents(&machine);
    let mut other = read(&path);
    other.run.started = "2020-01-01T00:00:00Z".into();
    let other_path = folder.path().join("other.json");
    write(&other_path, &other);
    report(&other_path);
    fs::write(machine.join("results.json"), &old[&machine.join("results.json")]).expect("there is room");
    fs::write(machine.join(".centurion-abc"), "half of a fi").expect("there is room");
    check().code(1).stdout(contains("README.md differs").and(contains(".centurion-abc should not be there")));
    report(&other_path);
    check().success();

    fs::remove_dir_all(&machine).expect("it was there");
    fs::create_dir_all(machine.join("charts")).expect("there is room");
    fs::write(machine.join("charts/.centurion-def"), "half of a fi").expect("there is room");
    report(&path);
    check().success();
    assert_eq!(contents(&machine), old);
}

#[test]
#[cfg(unix)]
fn a_report_killed_at_any_moment_leaves_every_file_whole() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, machine) = rendered(folder.path());
    let old = contents(&machine);
    let mut other = read(&path);
    other.run.started = "2020-01-01T00:00:00Z".into();
    let other_path = folder.path().join("other.json");
    write(&other_path, &other);
    let arguments = ["report", word(&other_path), "--into", word(&reports)];
    centurion(&arguments).assert().success();
    let new = contents(&machine);
    for milliseconds in [0, 20, 40, 80] {
        centurion(&["report", word(&path), "--into", word(&reports)]).assert().success();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_centurion"));
        let mut report = command.args(arguments).stdout(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        report.kill().expect("it can be killed");
        report.wait().expect("it ends");
        for (path, bytes) in contents(&machine) {
            let is_temporary = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            let is_whole = [&old, &new].iter().any(|known| known.get(&path) == Some(&bytes));
            assert!(is_whole || is_temporary, "{}", path.display());
        }
        centurion(&arguments).assert().success();
        assert_eq!(contents(&machine), new);
    }
}

#[test]
fn a_report_that_fails_changes_no_byte() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, machine) = rendered(folder.path());
    let mut other = read(&path);
    other.run.started = "2020-01-01T00:00:00Z".into();
    let other_path = folder.path().join("other.json");
    write(&other_path, &other);
    let report = ["report", word(&other_path), "--into", word(&reports)];

    fs::create_dir_all(reports.join("odd")).expect("there is room");
    fs::write(reports.join("odd/results.json"), "{\"schema\": ").expect("there is room");
    let before = contents(&reports);
    centurion(&report).assert().code(1).stderr(contains("odd"));
    assert_eq!(contents(&reports), before);
    fs::remove_dir_all(reports.join("odd")).expect("it was there");

    fs::remove_file(machine.join("index.html")).expect("it was there");
    fs::create_dir_all(machine.join("index.html")).expect("there is room");
    let before = contents(&reports);
    centurion(&report).assert().code(1).stderr(contains("index.html").and(contains("it is a folder")));
    assert_eq!(contents(&reports), before);
}

#[test]
fn reports_at_once_all_succeed() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, _) = rendered(folder.path());
    for _ in 0..4 {
        let start = |_| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_centurion"));
            command.args(["report", word(&path), "--into", word(&reports)]);
            command.stdout(Stdio::null()).spawn().expect("it starts")
        };
        let mut running: Vec<_> = (0..3).map(start).collect();
        assert!(running.iter_mut().all(|one| one.wait().expect("it ends").success()));
        centurion(&["report", "--into", word(&reports), "--check"]).assert().success();
    }
}

#[test]
#[cfg(unix)]
fn links_are_followed_and_what_is_no_file_is_not_replaced() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    let folder = tempfile::tempdir().expect("there is room");
    let at = |name: &str| folder.path().join(name);
    symlink("real.json", at("link.json")).expect("there is room");
    measure(&at("link.json"), "1");
    assert!(at("link.json").is_symlink() && at("real.json").is_file());
    let pipe = at("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo");
    assert!(made.success());
    fs::write(at("notes"), "mine").expect("there is room");
    for (name, why) in [
        (word(&pipe), "it is a pipe"),
        (word(folder.path()), "it is a folder"),
        (word(&at("notes")), "no record"),
        (word(&at("notes/run.json")), "notes"),
    ] {
        centurion(&[&BENCH[..], &["--rounds", "1", "--record", name]].concat())
            .assert()
            .code(1)
            .stderr(contains("failed to write").and(contains(why)).and(contains("cells:").not()));
    }
    assert!(fs::symlink_metadata(&pipe).expect("it is there").file_type().is_fifo());
    assert_eq!(fs::read_to_string(at("notes")).expect("it is there"), "mine");
    centurion(&[&BENCH[..], &["--rounds", "1", "--record", "/dev/null"]].concat()).assert().success();
    assert!(fs::symlink_metadata("/dev/null").expect("it is there").file_type().is_char_device());
}

#[test]
fn two_runs_into_one_file_do_not_spoil_each_other() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let start = |_| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_centurion"));
        command.args(BENCH).args(["--rounds", "6", "--record", word(&path)]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let running: Vec<_> = (0..2).map(start).collect();
    let ended: Vec<_> = running.into_iter().map(|one| one.wait_with_output().expect("it ends")).collect();
    let failed: Vec<_> = ended.iter().filter(|one| !one.status.success()).collect();
    assert!(failed.len() < 2, "one of them has the file");
    for one in failed {
        assert!(String::from_utf8_lossy(&one.stderr).contains("something else has written into it"));
    }
    assert!(read(&path).run.complete);
}

#[test]
fn what_can_not_be_written_is_noticed_before_anything_is_measured() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("file");
    fs::write(&file, "mine").expect("there is room");
    let graph = format!("{}.svg/", word(&file));
    let record = folder.path().join("run.json");
    measure(&record, "1");
    for arguments in [
        &["prove", "--folder", word(&file)][..],
        &["run", "council", "--agents", "20", "--graph", &graph],
        &["report", "--into", word(&file), word(&record)],
    ] {
        let output = centurion(arguments).assert().code(1).stdout("").get_output().stderr.clone();
        let said = String::from_utf8_lossy(&output).into_owned();
        assert!(said.contains("name another") && !said.contains("cells:"), "{said}");
    }
}

#[test]
fn a_report_of_other_agents_is_not_lost() {
    let folder = tempfile::tempdir().expect("there is room");
    let (one, reports) = (folder.path().join("one.json"), folder.path().join("reports"));
    let mut record = measure(&one, "6");
    record.run.narrowed_to.clear();
    write(&one, &record);
    let render = || centurion(&["report", word(&one), "--into", word(&reports)]);
    render().assert().success();
    let text = record.to_text().replace("deciding", "hashing");
    centurion::files::write(&one, &text).expect("it is written");
    let into = format!("give --into {}", word(&reports.join("hashing")));
    render().assert().failure().stderr(contains(into));
}

#[test]
#[cfg(unix)]
fn a_limit_of_file_sizes_is_an_error_that_names_the_file_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports, _) = rendered(folder.path());
    let before = contents(folder.path());
    let program = env!("CARGO_BIN_EXE_centurion");
    let limited = |words: &[&str]| {
        let mut shell = assert_cmd::Command::new("sh");
        shell.current_dir(folder.path()).args(["-c", "ulimit -f 0; exec \"$0\" \"$@\"", program]).args(words);
        shell.assert().code(1)
    };
    let again = limited(&["report", word(&path), "--into", word(&reports)]);
    again.stderr(contains("error: failed to write").and(contains("File too large")));
    let run = ["run", "--agents", "1", "--journal", "j", "--", "echo", "1"];
    limited(&run).stderr(contains("error: failed to write the journal j: File too large"));
    fs::remove_file(folder.path().join("j")).expect("it was begun");
    assert_eq!(contents(folder.path()), before);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_rounds_that_were_written_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    measure(&path, "2");
    let blocks = fs::metadata(&path).expect("it is there").len() / 512 + 1;
    fs::remove_file(&path).expect("it is there");
    // No file may be larger than that, which is an error like that of a full disk.
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut run = heeding("sh");
    run.args(["-c", &limited, "sh", env!("CARGO_BIN_EXE_centurion")]);
    let output = run.args(BENCH).args(["--rounds", "1000", "--record"]).arg(&path).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let rounds = read(&path).rounds.len();
    let kept = if rounds == 1 {
        "1 finished round is kept".into()
    } else {
        format!("{rounds} finished rounds are kept")
    };
    assert!(said.contains(&kept) && said.contains("go on with "), "{said}");
    assert!(
        said.contains("error: failed to write ") && said.contains("; make room, or name another place"),
        "{said}"
    );
}
