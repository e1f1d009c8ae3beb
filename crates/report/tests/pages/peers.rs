//! Peers in every file, and that they change no drawing of the executors.

use centurion_record::{Record, Role};
use centurion_report::files;

use crate::canned::{FULL, RecordPlan, SMALL};
use crate::files::{lines, words};
use centurion_synthetic::Synthetic;

/// Names, how many times longer than the fastest executor, and nanoseconds of an empty agent.
const PEERS: [(&str, f64, f64); 4] = [
    ("dask-threads", 1.15, 396e3),
    ("dask-processes", 1.32, 9.3e6),
    ("dask-distributed", 1.21, 2.6e6),
    ("python-threads", 1.06, 15e3),
];

/// What a plan has, and peers of which one refuses to run waiting agents.
fn peered(plan: &RecordPlan) -> Synthetic {
    let shortest = |record: &Record, workload: &str| {
        let cells = record.cells.iter().filter(|cell| cell.workload == workload);
        let executors = cells.filter(|cell| cell.role == Role::Executor);
        executors.map(|cell| cell.wall_ns[0] / cell.batch).min().expect("there is an executor") as f64
    };
    let record = plan.record();
    let place = |workers| (plan.cores, workers);
    PEERS.iter().fold(plan.synthetic(), |synthetic, &(name, slower, empty)| {
        let thinking = shortest(&record, "thinking") * slower;
        let synthetic = match name {
            "dask-processes" => synthetic
                .peer("thinking", name, place(plan.cores), 1.0)
                .failing("a worker process died: the connection was closed before agent 17 came back"),
            _ => synthetic.peer("thinking", name, place(plan.agents), thinking),
        };
        synthetic.peer("deciding", name, place(plan.cores), shortest(&record, "deciding") * slower).peer(
            "grain-500",
            name,
            place(plan.cores),
            empty * plan.agents as f64,
        )
    })
}

/// A page with peers for the tests in a browser.
pub(crate) fn page_record() -> Record {
    peered(&FULL).record()
}

#[test]
fn peers_look_as_they_did() {
    let files = files(&peered(&SMALL).record(), None);
    let page = words(&files["index.html"]);
    insta::assert_snapshot!("peers_page", lines(&page, "<section id=\"peers\"", "</section>"));
    insta::assert_snapshot!("peers_readme", lines(&files["README.md"], "### Python and Dask", "## How"));
    insta::assert_snapshot!("peers_summary", lines(&files["summary.md"], "<summary>Python", "</details>"));
    let rows = files["results.csv"].lines().filter(|line| line.contains(",peer,") || line.contains(",role,"));
    insta::assert_snapshot!("peers_csv", rows.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_record_without_peers_has_no_word_of_them() {
    for (path, text) in files(&FULL.record(), None) {
        assert!(!text.contains("Dask") || path == "schema.json", "{path}");
    }
}

#[test]
fn peers_change_nothing_but_their_own_section_table_and_rows() {
    let (with, without) = (files(&peered(&FULL).record(), None), files(&FULL.record(), None));
    for path in with.keys().filter(|path| path.starts_with("charts/") || *path == "metg.csv") {
        assert_eq!(with[path], without[path], "{path}");
    }
    let cut = |text: &str, from: &str, to: &str| {
        let (before, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} is there"));
        format!("{before}{}", rest.split_once(to).unwrap_or_else(|| panic!("{to} is there")).1)
    };
    let page = cut(&with["index.html"], "<section id=\"peers\"", "</section>\n");
    let page = cut(&page, "<li><a href=\"#peers\">", "</li>\n");
    assert_eq!(page, without["index.html"]);
    let readme = cut(&with["README.md"], "### Python and Dask", "serial loop runs in every round.\n\n");
    assert_eq!(readme, without["README.md"]);
}

#[test]
fn a_reason_is_told_in_every_format() {
    let files = files(&peered(&SMALL).record(), None);
    for path in ["README.md", "summary.md", "index.html", "results.csv"] {
        assert!(files[path].contains("a worker process died"), "{path}");
    }
}

#[test]
fn a_peer_without_rounds_to_judge_is_not_judged() {
    let files = files(&peered(&RecordPlan { rounds: 3, ..SMALL }).record(), None);
    let page = words(&files["index.html"]);
    let section = lines(&page, "<section id=\"peers\"", "</section>");
    assert!(section.contains("needs rounds") && !section.contains("<td>slower"), "{section}");
}
