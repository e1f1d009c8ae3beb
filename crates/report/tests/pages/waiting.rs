//! Waiting agents in every file: in growing numbers, beyond their timers, with long tails, and the mistakes.

use centurion_record::{Kind, Record};
use centurion_report::files;
use centurion_synthetic::{CALM, Synthetic};

use crate::canned::{EXECUTORS, FULL, HOSTILE, RecordPlan, SMALL};
use crate::files::{lines, words};

const SECOND: u64 = 1_000_000_000;

/// What an executor takes for so many agents: makespan, CPU time, context switches, memory, threads. Every second one
/// gives each agent a thread.
fn took(place: u64, agents: u64) -> [u64; 5] {
    let runtime = place.is_multiple_of(2);
    let late = if runtime { agents * 200 } else { agents * (100_000 + 10_000 * place) };
    let cpu = if runtime { 4_000_000 + agents * 3_000 } else { 9_000_000 + agents * 150_000 };
    let threads = if runtime { 2 } else { agents };
    [3 * SECOND / 2 + late, cpu, threads * 12, 600_000 + threads * 9_000, threads]
}

/// A plan's record in which agents only wait, and each executor ran a hundred, ten thousand and a hundred thousand of
/// them too, but for the last one, which fails, and the last but one, which is a mistake.
fn scaled(plan: &RecordPlan) -> Synthetic {
    let (cores, agents) = (plan.cores, plan.agents);
    let names = &EXECUTORS[..plan.executors];
    let waits = |cost: u64| cost - cost / 100;
    let longest = plan.record().workloads[0].costs_ns.iter().copied().max().map_or(0, waits);
    let mut synthetic = plan.synthetic().with(|record| {
        let workload = &mut record.workloads[0];
        workload.waits_ns = workload.costs_ns.iter().map(|&cost| waits(cost)).collect();
    });
    for (place, name) in names.iter().enumerate() {
        let of_cell = [30_000_000, 2_000_000, 900, 700_000 + place as u64 * 90_000, agents as u64];
        synthetic = synthetic.footprint("thinking", name, (cores, agents), (agents, longest), of_cell);
        for many in [100, 10_000, 100_000] {
            let bound = 3 * SECOND / 2 - 1;
            let figures = took(place as u64, many as u64);
            synthetic = synthetic.footprint("thinking", name, (cores, many), (many, bound), figures);
        }
    }
    synthetic.without_executions("agent 7 answered 3, not 4").mistake(names[plan.executors - 2])
}

/// A page with all of it for the tests in a browser.
pub(crate) fn page_record() -> Record {
    let tasks: Vec<u64> = (0..100u64).map(|task| 4_000_000 + task * task * task * 300).collect();
    let serial = tasks.iter().sum::<u64>() as f64;
    let crowded = RecordPlan { executors: 13, ..FULL };
    let llm = scaled(&crowded).workload("llm", Kind::Waiting, &tasks, serial);
    EXECUTORS[..13]
        .iter()
        .fold(llm, |synthetic, name| {
            synthetic.executor("llm", name, (2, 8), serial / 2.9).executor(
                "llm",
                name,
                (2, 100),
                serial / 3.6,
            )
        })
        .record()
}

#[test]
fn waiting_at_scale_looks_as_it_did() {
    let files = files(&scaled(&SMALL).record(), None);
    let page = words(&files["index.html"]);
    insta::assert_snapshot!("scale_page", lines(&page, "<section id=\"scale\"", "</section>"));
    insta::assert_snapshot!("timers_page", lines(&page, "<section id=\"timers\"", "</section>"));
    insta::assert_snapshot!("scale_readme", lines(&files["README.md"], "### Waiting at scale", "### grain"));
    insta::assert_snapshot!(
        "scale_summary",
        lines(&files["summary.md"], "<summary>Waiting at scale", "</details>")
    );
    insta::assert_snapshot!("footprints_csv", files["footprints.csv"]);
}

#[test]
fn long_tails_look_as_they_did() {
    let mut tasks = [1_000_000; 100];
    tasks[17] = 50_000_000;
    let record = Synthetic::new(6, 1, CALM)
        .workload("llm", Kind::Waiting, &tasks, 149e6)
        .executor("llm", "tokio", (2, 8), 149e6 / 2.9)
        .executor("llm", "tokio", (2, 100), 149e6 / 2.95)
        .record();
    let files = files(&record, None);
    let page = words(&files["index.html"]);
    insta::assert_snapshot!("tails_page", lines(&page, "<section id=\"tails\"", "</section>"));
    insta::assert_snapshot!("tails_readme", lines(&files["README.md"], "### Long tails", "## How"));
}

#[test]
fn memory_cpu_time_and_threads_stand_beside_makespans_where_they_were_looked_at() {
    let files = files(&scaled(&SMALL).record(), None);
    let page = words(&files["index.html"]);
    let thinking = lines(&page, "<summary>thinking: every figure", "</details>");
    let deciding = lines(&page, "<summary>deciding: every figure", "</details>");
    assert!(thinking.contains("threads") && !deciding.contains("threads"));
    let readme = lines(&files["README.md"], "### thinking on", "### deciding");
    assert!(readme.contains("| CPU time | memory | threads |"), "{readme}");
}

#[test]
fn a_mistake_is_marked_in_every_table_and_the_mark_is_explained() {
    let files = files(&scaled(&SMALL).record(), None);
    let mistake = format!("{}‡", EXECUTORS[SMALL.executors - 2]);
    for path in ["README.md", "index.html"] {
        assert!(
            files[path].contains(&mistake) && files[path].contains("a mistake that people make"),
            "{path}"
        );
    }
    assert!(!files["results.csv"].contains('‡'), "other programs know no marks");
}

#[test]
fn a_record_without_waiting_at_scale_has_no_word_of_it() {
    for (path, text) in files(&FULL.record(), None) {
        let told =
            ["at scale", "footprints", "Timers", "Long tails", "‡"].iter().any(|word| text.contains(word));
        assert!(!told || path == "schema.json", "{path}");
    }
}

#[test]
fn names_and_reasons_of_footprints_are_escaped() {
    let record = scaled(&SMALL).with(|record| {
        let name = record.executors.last().expect("there is one").name.clone();
        for footprint in record.footprints.iter_mut().filter(|footprint| footprint.executor == name) {
            footprint.executor = HOSTILE.into();
            footprint.failure = footprint.failure.as_ref().map(|_| HOSTILE.into());
        }
        for executor in record.executors.iter_mut().filter(|executor| executor.name == name) {
            executor.name = HOSTILE.into();
        }
        for cell in record.cells.iter_mut().filter(|cell| cell.executor == name) {
            cell.executor = HOSTILE.into();
        }
    });
    let files = files(&record.record(), None);
    for path in ["README.md", "summary.md", "index.html"] {
        assert!(!files[path].contains("<script>alert"), "{path}");
        assert!(!files[path].contains('\u{202e}') || path != "index.html", "{path}");
    }
}

#[test]
fn what_is_said_of_waiting_agents_names_their_scale_the_cores_of_mistakes_and_who_is_not_judged_of_one_bag() {
    let mut record = Synthetic::new(12, 5, CALM)
        .workload("thinking", Kind::Waiting, &[10_000_000; 100], 1e9)
        .executor("thinking", "quick", (1, 100), 1.2e7)
        .executor("thinking", "quick", (2, 100), 1.5e7)
        .executor("thinking", "seldom", (1, 100), 1.21e7)
        .executor("thinking", "slow", (1, 100), 3.6e7)
        .executor("thinking", "blocking", (2, 100), 6e7)
        .mistake("blocking")
        .record();
    record.workloads[0].parameters.insert("scale".into(), "0.005".into());
    for cell in record.cells.iter_mut().filter(|cell| ["quick", "slow"].contains(&cell.executor.as_str())) {
        cell.once_ns = cell.bag_times().map(|(_, ns)| ns as u64 + 1_000_000).collect();
    }
    let files = files(&record, None);
    for path in ["README.md", "summary.md", "index.html"] {
        let told = files[path].replace('\\', "");
        assert!(told.contains("1/200 of real time):") || path == "index.html", "{path}: {told}");
        assert!(told.contains("blocking‡ (4.00×, on 2 cores)"), "{path}: {told}");
        assert!(told.contains("1 and ‡ shown to be slower"), "{path}: {told}");
    }
    assert!(
        files["README.md"].contains("Not judged, as one bag of it was timed too seldom or never: seldom.")
    );
    let csv = &files["results.csv"];
    let once = csv
        .lines()
        .find(|line| line.starts_with("thinking,slow,"))
        .map(|line| line.split(',').collect::<Vec<_>>());
    let head: Vec<&str> = csv.lines().next().unwrap_or_default().split(',').collect();
    let place = head.iter().position(|&title| title == "once_ns").expect("the column is there");
    assert!(once.is_some_and(|fields| fields[place].starts_with("37") && fields[place].len() == 8), "{csv}");
}
