//! What a run prints at its end.

use centurion_record::Kind;
use centurion_report::{full_terminal, terminal};
use centurion_synthetic::{CALM, ROUND_NS, STORMY, Synthetic, Weather};

const SERIAL: f64 = 1.2e9;

fn uneven() -> Vec<u64> {
    (0..100).map(|agent| 1_000_000 + 200_000 * agent).collect()
}

fn full(rounds: u32, weather: Weather) -> Synthetic {
    let synthetic = Synthetic::new(rounds, 42, weather)
        .workload("deciding", Kind::Computing, &uneven(), SERIAL)
        .hardware("deciding", 2, 1.95, SERIAL)
        .executor("deciding", "rayon-each", (1, 1), SERIAL * 1.01)
        .executor("deciding", "std-chunks", (1, 1), SERIAL)
        .executor("deciding", "rayon-each", (2, 2), SERIAL / 1.93)
        .executor("deciding", "std-chunks", (2, 2), SERIAL / 1.4)
        .executor("deciding", "std-counter", (2, 2), SERIAL / 1.92)
        .executor("deciding", "std-thread-per-agent", (2, 100), SERIAL / 1.7)
        .failed("deciding", "tokio", (2, 2), "agent 7 answered \"12\" instead of \"14\"")
        .workload("thinking", Kind::Waiting, &uneven(), SERIAL)
        .executor("thinking", "rayon-each", (1, 100), SERIAL / 44.0)
        .executor("thinking", "rayon-each", (2, 2), SERIAL / 1.95)
        .executor("thinking", "std-counter", (2, 2), SERIAL / 1.95)
        .executor("thinking", "rayon-each", (2, 100), SERIAL / 44.0)
        .executor("thinking", "std-thread-per-agent", (2, 100), SERIAL / 38.0);
    (0..8).map(|power| 500 << (2 * power)).fold(synthetic, |synthetic, size| {
        let (name, serial) = (format!("grain-{size}"), f64::from(size) * 100.0);
        synthetic
            .workload(&name, Kind::Computing, &[], serial)
            .executor(&name, "rayon-each", (2, 2), serial / 2.0 + 50.0 * 900.0)
            .executor(&name, "std-counter", (2, 2), serial / 2.0 + 50.0 * 950.0)
            .executor(&name, "std-thread-per-agent", (2, 100), serial / 2.0 + 50.0 * 90_000.0)
            .failed(&name, "tokio", (2, 2), "the pool refused to start")
    })
}

fn summary(synthetic: Synthetic, width: usize) -> String {
    terminal(&synthetic.record(), Some(width), false)
}

#[test]
fn a_full_run_in_calm_weather() {
    insta::assert_snapshot!(summary(full(10, CALM), 100));
}

#[test]
fn a_stopped_run_of_three_rounds_on_a_disturbed_machine() {
    let synthetic = full(3, STORMY).with(|record| {
        record.run.complete = false;
        record.environment.quota_cpus = Some(1.5);
        record.rounds[1].foreign_ns = Some(ROUND_NS);
    });
    insta::assert_snapshot!(summary(synthetic, 100));
}

/// Patterns of 16 agents of every size, and a council whose critical path limits it.
fn dependent() -> Synthetic {
    let row = |agent: u32| if agent < 4 { Vec::new() } else { (agent / 4 * 4 - 4..agent / 4 * 4).collect() };
    let chain = |agent: u32| agent.checked_sub(1).into_iter().collect();
    let graph = |inputs: &dyn Fn(u32) -> Vec<u32>| (0..16).map(inputs).collect::<Vec<_>>();
    let council = Synthetic::new(8, 42, CALM)
        .workload("council", Kind::Computing, &[5_000_000; 16], SERIAL)
        .depending("council", &graph(&chain))
        .executor("council", "rayon", (1, 1), SERIAL * 1.01)
        .executor("council", "rayon", (2, 2), SERIAL * 1.02);
    let patterns = [("no-communication", graph(&chain), 16.0), ("stencil", graph(&row), 8.0)];
    patterns.iter().fold(council, |synthetic, (name, inputs, steps)| {
        (0..6).fold(synthetic, |synthetic, power| {
            let (name, size) = (format!("{name}-{}", 500 << (2 * power)), f64::from(500 << (2 * power)));
            synthetic
                .workload(&name, Kind::Computing, &[], size * 16.0)
                .depending(name.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit()), inputs)
                .executor(&name, "rayon", (2, 2), steps * (size + 900.0))
                .executor(&name, "std-counter", (2, 2), steps * (size + 910.0))
                .executor(&name, "std-thread-per-agent", (2, 16), steps * (size + 1e6))
                .executor(&name, "light", (2, 2), steps * (size + 1.0))
                .failed(&name, "tokio", (2, 2), "the pool refused to start")
        })
    })
}

/// Waiting, deciding and empty agents under an executor and two peers.
fn peered() -> Synthetic {
    Synthetic::new(8, 42, CALM)
        .workload("thinking", Kind::Waiting, &uneven(), SERIAL)
        .executor("thinking", "rayon-each", (2, 100), SERIAL / 44.0)
        .peer("thinking", "dask-threads", (2, 100), SERIAL / 38.0)
        .peer("thinking", "dask-processes", (2, 2), SERIAL / 1.8)
        .workload("deciding", Kind::Computing, &uneven(), SERIAL)
        .executor("deciding", "std-thread-per-agent", (2, 100), SERIAL / 1.7)
        .peer("deciding", "dask-threads", (2, 2), SERIAL / 1.6)
        .peer("deciding", "dask-processes", (2, 2), 1.0)
        .failing("a worker process died")
        .workload("grain-0", Kind::Computing, &[], 900.0)
        .executor("grain-0", "rayon-each", (2, 2), 26_000.0)
        .peer("grain-0", "dask-threads", (2, 2), 39_600_000.0)
        .peer("grain-0", "dask-processes", (2, 2), 932_100_000.0)
}

#[test]
fn peers_beside_the_executors() {
    let text = summary(peered(), 100);
    insta::assert_snapshot!(&text[text.find("Python and Dask").expect("they are told of")..]);
}

#[test]
fn dependent_agents_by_pattern() {
    insta::assert_snapshot!(summary(dependent(), 100));
}

#[test]
fn without_recorded_costs_the_ceiling_is_unknown() {
    let synthetic = Synthetic::new(6, 1, CALM).workload("deciding", Kind::Computing, &[], SERIAL).executor(
        "deciding",
        "rayon",
        (2, 2),
        SERIAL / 1.9,
    );
    let text = summary(synthetic, 100);
    assert!(text.contains("by the schedule unknown, as costs were not recorded"), "{text}");
}

#[test]
fn a_narrow_terminal_shows_fewer_columns_and_whole_names() {
    for width in [60, 80, 120] {
        for (synthetic, name) in
            [(full(10, CALM), "deciding"), (dependent(), "council"), (peered(), "dask-threads")]
        {
            let record = synthetic.record();
            for text in [terminal(&record, Some(width), false), full_terminal(&record, Some(width), false)] {
                assert!(text.lines().all(|line| line.chars().count() <= width), "{width}\n{text}");
                assert!(text.contains(name) && text.contains("std-thread-per-agent"), "{width}\n{text}");
                assert_eq!(
                    text.contains("Left out in so narrow a terminal:"),
                    width < 100,
                    "{width}\n{text}"
                );
            }
        }
    }
}

#[test]
fn every_row_is_shown_only_where_it_is_asked_for() {
    let record = full(10, CALM).record();
    let (brief, all) = (terminal(&record, None, false), full_terminal(&record, None, false));
    let of_one_core =
        |text: &str| text.lines().any(|line| line.contains("rayon-each") && line.contains("1 × 1 "));
    assert!(of_one_core(&all) && !all.contains("show --all"), "{all}");
    assert!(!of_one_core(&brief) && brief.contains("`centurion show --all` has the others"), "{brief}");
}

#[test]
fn nothing_is_wider_than_a_hundred_columns_by_default() {
    let text = terminal(&full(10, STORMY).record(), None, false);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}\n{text}");
}

#[test]
fn colour_only_adds_styles() {
    let record = full(3, CALM).record();
    let (plain, coloured) = (terminal(&record, None, false), terminal(&record, None, true));
    assert!(!plain.contains('\u{1b}') && coloured.contains("\u{1b}[1m") && coloured.contains("\u{1b}[33m"));
    let parts = coloured.split('\u{1b}').enumerate();
    let stripped: String =
        parts.map(|(place, part)| if place == 0 { part } else { part.split_once('m').unwrap().1 }).collect();
    assert_eq!(stripped, plain);
}

#[test]
fn control_characters_in_names_and_reasons_do_not_reach_the_terminal() {
    let synthetic = Synthetic::new(6, 1, CALM)
        .workload("bad\u{1b}[2Jname", Kind::Computing, &[], SERIAL)
        .failed("bad\u{1b}[2Jname", "evil\u{7}", (2, 2), "two\nlines");
    let text = summary(synthetic, 100);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
}

#[test]
fn what_must_be_known_first_is_said_first() {
    let mut record = full(10, CALM).record();
    assert!(!terminal(&record, None, false).starts_with("Not optimised."));
    record.environment.flags = "opt-level=0".into();
    record.run.narrowed_to = vec!["executors <b>rayon</b>".into()];
    record.run.complete = false;
    let text = terminal(&record, Some(200), false);
    let leads: Vec<_> = text.lines().take(3).map(|line| line.split('.').next().unwrap()).collect();
    assert_eq!(leads, ["Not optimised", "Partial", "Narrowed"], "{text}");
    let files = centurion_report::files(&record, None);
    for file in ["README.md", "summary.md", "index.html"] {
        let text = &files[file];
        let places = ["Not optimised.", "Partial.", "Narrowed."].map(|lead| text.find(lead).unwrap());
        assert!(places.is_sorted() && !text.contains("<b>rayon"), "{file}");
    }
    assert!(files["README.md"].find("Not optimised.") < files["README.md"].find("## Which executor"));
}
