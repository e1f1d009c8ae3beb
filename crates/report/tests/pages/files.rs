//! Which files there are, and what is in them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use centurion_findings::Analysis;
use centurion_record::Record;
use centurion_report::{files, index};

use crate::canned::{self, FULL, RecordPlan, SMALL};
use crate::peers;
use crate::schema::committed;

const CHART_BYTES: usize = 20_000;

/// A machine's name, its record and its report.
type Case = (&'static str, Record, BTreeMap<String, String>);

/// Machines of all kinds, rendered once for all tests.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let crowded = RecordPlan { cores: 64, executors: 14, rounds: 12, sizes: 16, ..FULL };
    let records = [
        ("two cores", FULL.record()),
        ("one core", RecordPlan { cores: 1, ..FULL }.record()),
        ("64 cores", RecordPlan { cores: 64, ..FULL }.record()),
        ("14 executors", RecordPlan { executors: 14, sizes: 20, ..FULL }.record()),
        ("14 executors on 64 cores", crowded.record()),
        ("failures", canned::failures()),
        ("stopped", canned::stopped()),
        ("hostile", canned::hostile()),
        ("no cells", RecordPlan { executors: 0, sizes: 0, ..SMALL }.record()),
        ("a thousand cells", canned::thousand_cells()),
        ("peers", peers::page_record()),
        ("33 executors", canned::suite()),
        ("192 simulated cores", canned::simulated(2, 192, 2)),
        ("dependent agents", RecordPlan { executors: 9, ..FULL }.dependent().record()),
        ("dependent agents on 64 cores", RecordPlan { cores: 64, executors: 9, ..FULL }.dependent().record()),
    ];
    records.into_iter().map(|(name, record)| (name, record.clone(), files(&record, None))).collect()
});

/// The page without style, script and drawings.
pub(crate) fn words(page: &str) -> String {
    let without = |text: &str, from: &str, to: &str| {
        let mut parts = text.split(from);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |kept, part| kept + part.split_once(to).map_or("", |(_, after)| after))
    };
    let page = without(page, "<style>", "</style>");
    let page = without(&page, "<script>", "</script>");
    without(&page, "<svg", "</svg>")
}

#[test]
fn how_far_the_clock_wandered_is_said_for_all_cores_without_the_ends() {
    let mut record = SMALL.record();
    let most = record.cells.iter().map(|cell| cell.cores).max();
    for cell in &mut record.cells {
        let fast = if Some(cell.cores) == most { 90_000 } else { 50_000 };
        cell.pace_ns = cell.round.iter().map(|round| fast + u64::from(round % 2) * fast / 10).collect();
        if let Some(first) = cell.pace_ns.first_mut().filter(|_| cell.id.executor == "eager") {
            *first = 900_000;
        }
    }
    let readme = &files(&record, None)["README.md"];
    assert!(readme.contains("| Clock of the CPUs | wanders by 10 % |"), "{readme}");
}

#[test]
fn every_file_of_a_small_record_looks_as_it_did() {
    let files = files(&SMALL.record(), None);
    for (path, name) in [
        ("README.md", "readme"),
        ("summary.md", "summary"),
        ("results.csv", "csv"),
        ("environment.json", "environment"),
    ] {
        insta::assert_snapshot!(name, files[path]);
    }
    insta::assert_snapshot!("page", words(&files["index.html"]));
}

#[test]
fn dependent_agents_look_as_they_did() {
    let files = files(&RecordPlan { sizes: 6, ..SMALL }.dependent().record(), None);
    let page = words(&files["index.html"]);
    let section = lines(&page, "<section id=\"dependent\"", "</section>");
    insta::assert_snapshot!("dependent_page", section);
    insta::assert_snapshot!("dependent_readme", lines(&files["README.md"], "### 8 patterns", "!["));
    insta::assert_snapshot!(
        "dependent_readme_table",
        lines(&files["README.md"], "### Dependent agents", "## How")
    );
    insta::assert_snapshot!("dependent_summary", lines(&files["summary.md"], "- For", "<details>"));
    insta::assert_snapshot!("dependent_metg", files["metg.csv"]);
}

/// From a line that holds `from` up to one that holds `to`.
pub(crate) fn lines(text: &str, from: &str, to: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.contains(from)).take_while(|line| !line.contains(to));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_first_pattern_and_the_critical_path_of_the_council_are_drawn() {
    let files = files(&RecordPlan { executors: 9, sizes: 6, ..FULL }.dependent().record(), None);
    let page = &files["index.html"];
    assert!(page.contains(" id=\"granularity-1\""), "the first pattern is drawn, the others are in a table");
    assert!(page.contains("class=\"cc-path cc-thread\""), "the critical path is on the council's timeline");
    assert!(page.contains("class=\"cg-line cg-critical\""), "and on its graph");
    assert!(files["charts/dependent-agents.svg"].contains("stencil: efficiency"));
}

#[test]
fn a_simulated_machine_is_named_so_wherever_it_is_shown() {
    for (sockets, cores) in [(1, 8), (2, 64), (2, 192)] {
        let record = canned::simulated(sockets, cores, 2);
        let files = files(&record, None);
        for path in ["index.html", "README.md", "summary.md", "environment.json"] {
            assert!(files[path].contains("Simulated"), "{path} of {cores} cores");
        }
        assert!(index(&[("simulated", &record)]).contains("Simulated"), "the list of machines");
        for (path, svg) in files.iter().filter(|(path, _)| path.starts_with("charts/")) {
            assert!(svg.contains("Simulated machine."), "{path} of {cores} cores");
        }
        let page = &files["index.html"];
        let named = page.matches("Simulated machine. ").count();
        assert!(named >= page.matches("<svg class=\"cc\" ").count(), "every chart of the page says so");
        let csv = &files["results.csv"];
        for cpus in [1, cores, 2 * cores] {
            let row = format!("deciding,std-chunks,executor,{cpus},{cpus},");
            assert!(csv.contains(&row), "{row}: one core, all cores and all their threads are swept");
        }
    }
    assert!(!files(&SMALL.record(), None)["index.html"].contains("Simulated"), "and no other machine");
}

#[test]
fn every_one_of_33_executors_is_in_every_output_and_told_apart() {
    let record = canned::suite();
    let files = files(&record, None);
    for name in canned::EXECUTORS {
        for path in ["index.html", "README.md", "results.csv", "metg.csv", "charts/small-agents.svg"] {
            assert!(files[path].contains(name), "{name} in {path}");
        }
    }
    let page = &files["index.html"];
    for place in 0..canned::EXECUTORS.len() {
        assert!(page.contains(&format!("id=\"show-{place}\"")), "a box for each executor");
    }
}

#[test]
fn what_limits_the_council_on_many_cores_is_its_critical_path_in_every_format() {
    let files = files(&RecordPlan { cores: 64, ..SMALL }.dependent().record(), None);
    for path in ["index.html", "README.md", "summary.md"] {
        let limit =
            files[path].find("The critical path.").unwrap_or_else(|| panic!("{path} does not name it"));
        assert!(files[path][limit..].contains("4 agents that wait for each other"), "{path}");
    }
    assert!(files["charts/council-speedup.svg"].contains(">the critical path, "));
}

#[test]
fn a_record_without_costs_has_an_unknown_ceiling_in_every_format() {
    let files = files(&canned::stopped(), None);
    for path in ["index.html", "README.md", "summary.md"] {
        assert!(files[path].contains("Unknown."), "{path}");
    }
    let row = files["results.csv"].lines().find(|line| line.starts_with("deciding,rayon,executor"));
    let mut fields = row.expect("there is a row").split(',').skip(14);
    assert_eq!((fields.next(), fields.next()), (Some(""), Some("")), "of_ceiling and schedule_ceiling");
    assert!(!files["charts/deciding-speedup.svg"].contains("schedule ceiling"));
}

#[test]
fn too_noisy_to_rank_is_said_instead_of_a_pick() {
    let noisy = SMALL.synthetic().with(|record| {
        let copy = record
            .cells
            .iter_mut()
            .find(|cell| cell.id.to_string().starts_with("deciding/serial-again"))
            .unwrap();
        copy.wall_ns.iter_mut().for_each(|wall| *wall = *wall * 3 / 2);
    });
    let files = files(&noisy.record(), None);
    for path in ["index.html", "README.md", "summary.md"] {
        let (_, answer) = files[path].split_once("Computing agents").unwrap_or_else(|| panic!("{path}"));
        let answer = answer.split_once("): ").expect("there is an answer").1;
        assert!(answer.starts_with("not ranked: even the same code differed by up to "), "{path}: {answer}");
    }
}

#[test]
fn a_size_whose_interval_is_wide_stands_nowhere_alone() {
    let erratic = FULL.synthetic().with(|record| {
        let of = |cell: &&mut centurion_record::Cell| {
            cell.executor == "std-chunks" && cell.workload == "grain-64000"
        };
        let cell = record.cells.iter_mut().find(of).expect("it is measured");
        cell.wall_ns.iter_mut().step_by(2).for_each(|wall| *wall *= 3);
    });
    let record = erratic.record();
    let (files, terminal) =
        (files(&record, None), centurion_report::full_terminal(&record, Some(200), false));
    let readme = files["README.md"].replace("&gt;", ">").replace("&lt;", "<").replace('\\', "");
    assert!(
        readme.contains("Perhaps avoid std-chunks (not shown to be efficient at any size measured)."),
        "{readme}"
    );
    assert!(readme.contains("| std-chunks | 1.04 | 1.04 | 1.7–>194 µs? |"), "{readme}");
    assert!(readme.contains("std-chunks not reached [2, >194] µs"), "{readme}");
    assert!(readme.contains("| std-chunks | <0.90–>194 µs |"), "{readme}");
    assert!(readme.contains("Two figures with – between"), "{readme}");
    assert!(terminal.contains(" <0.90–>194 µs"), "{terminal}");
}

#[test]
fn failures_and_missing_cells_are_told_in_every_format() {
    let files = files(&canned::failures(), None);
    insta::assert_snapshot!("readme_with_failures", files["README.md"]);
    insta::assert_snapshot!("summary_with_failures", files["summary.md"]);
    for path in ["README.md", "summary.md", "index.html", "results.csv"] {
        assert!(files[path].contains("the pool refused to start"), "{path}");
    }
    let chunks = words(&files["index.html"]);
    let row =
        chunks.lines().find(|line| line.contains("<th scope=\"row\">std-chunks<td>–")).unwrap_or_default();
    assert!(!row.is_empty(), "the missing cell is a dash in the matrix");
}

#[test]
fn a_stopped_run_says_so_first() {
    let files = files(&canned::stopped(), None);
    for path in ["README.md", "summary.md", "index.html"] {
        let (before, _) =
            files[path].split_once("Partial.").unwrap_or_else(|| panic!("{path} does not say it"));
        assert!(!before.contains("pick"), "{path} gives its verdict first");
    }
}

#[test]
fn two_renders_and_any_order_of_cells_give_the_same_bytes() {
    let record = FULL.record();
    let mut shuffled = record.clone();
    shuffled.cells.reverse();
    shuffled.cells.rotate_left(7);
    shuffled.timelines.reverse();
    shuffled.rounds.reverse();
    let rendered = files(&record, None);
    assert_eq!(rendered, files(&record, None));
    assert!(shuffled.cells != record.cells);
    assert_eq!(rendered, files(&shuffled, None));
}

#[test]
fn the_data_renders_to_itself() {
    let rendered = files(&FULL.record(), None);
    let read = Record::parse(&rendered["results.json"], "results.json").expect("it is a record");
    let read = read.with_executions(&rendered["executions.json"], "executions.json");
    assert_eq!(files(&read.expect("they are of the run"), None), rendered);
}

#[test]
fn no_file_is_larger_than_it_may_be() {
    for (name, _, files) in &*CASES {
        let size = |path: &str| files[path].len();
        assert!(size("index.html") < 500_000, "{name}: the page has {} bytes", size("index.html"));
        assert!(size("README.md") <= 20_000, "{name}: the README has {} bytes", size("README.md"));
        assert!(files["README.md"].lines().count() <= 400, "{name}: the README is too long");
        let charts: Vec<_> = files.iter().filter(|(path, _)| path.starts_with("charts/")).collect();
        assert!(charts.len() <= 6, "{name}: {} charts", charts.len());
        for (path, svg) in charts {
            // A curve for each of so many: GitHub folds its diff, and shows the chart all the same.
            let most = if *name == "33 executors" { CHART_BYTES * 5 / 4 } else { CHART_BYTES };
            assert!(svg.len() <= most, "{name}: {path} has {} bytes", svg.len());
        }
    }
}

#[test]
fn every_text_file_ends_in_one_line_feed_and_has_no_carriage_return() {
    for (name, _, files) in &*CASES {
        for (path, text) in files {
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}: {path}");
            assert!(!text.contains('\r'), "{name}: {path}");
        }
    }
}

#[test]
fn the_readme_shows_every_chart_with_words_for_it() {
    let files = files(&FULL.record(), None);
    let charts: Vec<_> = files.keys().filter(|path| path.starts_with("charts/")).collect();
    assert_eq!(charts.len(), 4);
    for chart in charts {
        let image = files["README.md"].lines().find(|line| line.ends_with(&format!("]({chart})")));
        let alt = image.unwrap_or_else(|| panic!("{chart} is not shown")).trim_start_matches("![");
        assert!(alt.len() > chart.len() + 30, "{chart} is hardly described: {alt}");
    }
}

#[test]
fn a_summary_has_at_most_ten_findings_that_are_not_folded() {
    let crowded = (0..15).fold(SMALL.synthetic(), |synthetic, place| {
        synthetic.failed("deciding", &format!("broken-{place}"), (2, 2), &format!("reason {place}"))
    });
    let summary = &files(&crowded.record(), None)["summary.md"];
    let (open, folded) = summary.split_once("<details>").expect("something is folded");
    assert_eq!(open.lines().filter(|line| line.starts_with("- ")).count(), 10);
    assert!(folded.contains("reason 14"));
}

#[test]
fn a_changed_sample_changes_only_lines_of_its_cell_in_the_data() {
    let before = FULL.record();
    let mut after = before.clone();
    let cell = after
        .cells
        .iter_mut()
        .find(|cell| cell.id.to_string() == "deciding/std-chunks/1c-1w")
        .expect("it is there");
    cell.wall_ns[3] += 1_000_000;
    let (before, after) = (files(&before, None), files(&after, None));
    let changed = |path: &str| {
        let lines = before[path].lines().zip(after[path].lines());
        lines.filter(|(old, new)| old != new).map(|(_, new)| new.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(changed("results.json").len(), 1);
    let rows = changed("results.csv");
    assert!(rows.len() <= 1 && rows.iter().all(|row| row.contains("std-chunks")), "{rows:?}");
    assert!(changed("charts/thinking-speedup.svg").is_empty());
}

#[test]
fn csv_has_a_row_for_every_cell_and_as_many_fields_in_each() {
    for (name, record, files) in &*CASES {
        let text = &files["results.csv"];
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Result<Vec<_>, _> = reader.records().collect();
        assert_eq!(
            rows.unwrap_or_else(|error| panic!("{name}: {error}")).len(),
            record.cells.len(),
            "{name}"
        );
    }
}

#[test]
fn the_index_lists_every_machine_with_its_verdict() {
    let (two, many) = (SMALL.record(), RecordPlan { cores: 64, ..SMALL }.record());
    insta::assert_snapshot!(index(&[("invented-2", &two), ("a b", &many)]));
}

#[test]
fn an_index_of_no_machines_is_still_a_page() {
    assert!(index(&[]).starts_with("# Reports\n"));
}

#[test]
fn paths_stay_inside_the_folder_whatever_a_workload_is_called() {
    let files: BTreeMap<String, String> = files(&canned::hostile(), None);
    for path in files.keys() {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        assert!(path.chars().all(plain) && !path.contains("..") && !path.starts_with('/'), "{path}");
    }
}

/// The committed reports' records.
fn measured() -> Vec<Record> {
    let parsed = |text: &String| Record::parse(text, "results.json").expect("it is a record");
    committed("results.json").iter().map(parsed).collect()
}

#[test]
fn the_verdict_of_one_bag_has_a_mark_and_a_colour_of_its_own_in_the_matrix() {
    for record in measured() {
        let files = files(&record, None);
        let page = &files["index.html"];
        assert!(page.contains("<small class=avoid>one bag "), "beside a figure that is fine");
        assert!(page.contains(" avoid</small>"), "and in words");
    }
}

#[test]
fn charts_under_the_answers_have_their_order() {
    for record in measured() {
        let analysis = Analysis::new(&record);
        let files = files(&record, None);
        for question in analysis.overview().questions.iter().filter(|question| question.is_judged()) {
            let Some(chart) = files.get(&format!("charts/{}-speedup.svg", question.subject.name())) else {
                continue;
            };
            let places = question.front.iter().map(|name| chart.find(&format!(">{name}<")));
            let places: Vec<_> = places.map(|place| place.expect("it is named in the chart")).collect();
            assert!(places.is_sorted(), "{}: {:?}", question.subject.name(), question.front);
        }
    }
}

#[test]
fn answers_say_what_was_reached_before_what_limits_and_the_key_explains_how_sure_in_order() {
    for record in measured() {
        let files = files(&record, None);
        let page = files["index.html"].replace('\u{a0}', " ");
        for text in [&files["README.md"], &files["summary.md"], &page] {
            assert!(text.contains(" Speedup ") && !text.contains("s limit, "), "{text}");
            let key = text.split_once("How sure, the surest first: ").expect("there is a key").1;
            let words = ["sure, ", "partly, ", "roughly, ", "undecided, "].map(|word| key.find(word));
            assert!(words.is_sorted() && words.iter().all(Option::is_some), "{words:?}");
            assert!(!text.contains("Avoid (!)") && !text.contains("Avoid (\\!)"), "the terminal's mark");
        }
    }
}

#[test]
fn where_starting_takes_next_to_nothing_one_bag_is_no_other_matter_and_else_nothing_is_said() {
    let told = |share: f64| {
        let mut record = FULL.record();
        for cell in &mut record.cells {
            let starts = cell.bag_times().map(|(_, ns)| (ns * share) as u64);
            cell.startup_ns = starts.collect();
        }
        files(&record, None).remove("README.md").expect("there is a README")
    };
    assert!(told(0.004).contains("For one bag the same: starting takes at most 0.4"));
    assert!(!told(0.05).contains("For one bag the same"));
}
