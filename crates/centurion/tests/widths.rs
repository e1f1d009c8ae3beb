//! Nothing that a command prints is wider than the terminal.

use assert_cmd::Command;

const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/intel-xeon-2-cpus/results.json");

/// Lines that are wider than so many columns, of what a command prints in a terminal of as many.
fn too_wide(command: &[&str], columns: usize) -> Vec<String> {
    let mut centurion = Command::cargo_bin("centurion").expect("it is built");
    let ran = centurion.args(command).env("COLUMNS", columns.to_string()).output().expect("it runs");
    let printed = String::from_utf8(ran.stdout).expect("it prints UTF-8");
    assert!(
        !printed.trim().is_empty(),
        "{command:?} prints nothing: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let said = String::from_utf8(ran.stderr).expect("it says UTF-8");
    let wide = printed.lines().chain(said.lines()).filter(|line| line.chars().count() > columns);
    wide.map(|line| format!("{} at {columns}: {line}", command.join(" "))).collect()
}

#[test]
fn everything_that_is_printed_fits_sixty_columns_eighty_and_a_hundred_and_twenty() {
    let helps =
        ["run", "advise", "list", "verify", "bench", "show", "compare", "duel", "pair", "prove", "report"];
    let helps =
        helps.iter().filter(|name| cfg!(unix) || **name != "advise").map(|name| vec![*name, "--help"]);
    let helps: Vec<Vec<&str>> = helps.chain([vec!["--help"]]).collect();
    let others = [
        vec!["list"],
        vec!["show", REPORT],
        vec!["show", "--all", REPORT],
        vec!["compare", REPORT, REPORT],
        vec!["run", "stencil", "--executor", "serial"],
        vec!["pair", "serial", "std-counter", "--seconds", "0.05", "--no-wait"],
    ];
    let place = tempfile::tempdir().expect("there is room");
    let record = |name: &str| place.path().join(name).to_str().expect("it is UTF-8").to_owned();
    let (own, ours) = (record("own.json"), record("ours.json"));
    let short = [
        "--quick",
        "--agents",
        "2",
        "--rounds",
        "1",
        "--executors",
        "std-counter",
        "--cores",
        "1",
        "--no-wait",
    ];
    let mut benches = vec![[&["bench", "deciding", "--record", &ours], &short[..]].concat()];
    if cfg!(unix) {
        let of_own = ["bench", "--yes", "--waiting", "--workers", "2", "--record", &own];
        benches.push([&of_own[..], &short, &["--", "echo", "1"]].concat());
        benches.push(vec![
            "run",
            "--agents",
            "2",
            "--halt",
            "soon,fail=1",
            "--results",
            "/dev/null",
            "--workers",
            "1",
            "--",
            "sh",
            "-c",
            "exit 1",
        ]);
    }
    let benches = benches.iter().map(|command| too_wide(command, 60));
    let narrow = helps.iter().chain(&others).map(|command| too_wide(command, 60));
    let usual = helps.iter().chain(&others[..4]).map(|command| too_wide(command, 80));
    let roomy = others[..4].iter().map(|command| too_wide(command, 120));
    let wide: Vec<String> = narrow.chain(benches).chain(usual).chain(roomy).flatten().collect();
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[test]
fn a_terminal_of_no_columns_is_one_whose_width_nobody_knows() {
    let listed = |columns: &str| {
        let mut centurion = Command::cargo_bin("centurion").expect("it is built");
        centurion.arg("list").env("COLUMNS", columns).output().expect("it runs").stdout
    };
    assert_eq!(listed("0"), listed(""));
}
