//! Reading and writing records.

use centurion_record::{
    Cell, CellId, Difference, Environment, ExecutorEntry, Footprint, GraphEntry, Kind, Mode, Record,
    RecordError, Role, Round, Run, SCHEMA, Timeline, WorkloadEntry,
};

fn workload(name: &str) -> WorkloadEntry {
    WorkloadEntry {
        name: name.into(),
        family: name.into(),
        kind: Kind::Computing,
        agents: 2,
        graph: None,
        parameters: [("seed".into(), "42".into())].into(),
        definition: "0123456789abcdef".into(),
        agent_names: vec!["one".into(), "two".into()],
        costs_ns: vec![10, 20],
        work: Vec::new(),
        waits_ns: Vec::new(),
    }
}

fn id(text: &str) -> CellId {
    text.parse().expect("it is the id of a cell")
}

fn cell(workload: &str, executor: &str, role: Role, cores: usize) -> Cell {
    Cell {
        id: CellId::new(workload, workload, executor, (cores, cores)),
        workload: workload.into(),
        executor: executor.into(),
        role,
        workers: cores,
        cores,
        batch: 3,
        failure: None,
        round: vec![0, 1],
        wall_ns: vec![300, 330],
        cpu_ns: vec![290, 300],
        pace_ns: vec![90_000, 91_000],
        throughput_ns: vec![80_000, 85_000],
        startup_ns: vec![5, 6],
        switches: vec![0, 1],
        memory_bytes: Vec::new(),
        server_cpu_ns: Vec::new(),
        once_ns: Vec::new(),
    }
}

fn footprint(agents: usize) -> Footprint {
    Footprint {
        workload: "b".into(),
        agents,
        executor: "rayon".into(),
        workers: agents,
        cores: 2,
        bound_ns: 900,
        failure: None,
        wall_ns: vec![1_000, 1_100, 1_050],
        cpu_ns: vec![10, 11, 12],
        switches: vec![4, 5, 6],
        memory_bytes: vec![8_192; 3],
        threads: vec![2; 3],
        allocations: Vec::new(),
        allocated_bytes: Vec::new(),
    }
}

fn record() -> Record {
    let round = |round| Round {
        round,
        wall_ns: 1_000,
        load: Some(0.25),
        steal_ns: Some(0),
        foreign_ns: None,
        throttled_ns: None,
        peak_memory_bytes: Some(4_096),
        retaken: 0,
    };
    let executor = |name: &str| ExecutorEntry {
        name: name.into(),
        summary: String::new(),
        placement: String::new(),
        mistake: false,
    };
    Record {
        schema: SCHEMA,
        run: Run {
            started: "2026-01-01T00:00:00Z".into(),
            command: "cargo bench".into(),
            mode: Mode::Full,
            seed: 42,
            complete: true,
            narrowed_to: Vec::new(),
            bench_code: "abc".into(),
            libraries: [("rayon".into(), "1.12.0".into())].into(),
        },
        environment: Environment::unknown(),
        workloads: vec![workload("b"), WorkloadEntry { graph: Some("pair".into()), ..workload("a") }],
        graphs: vec![GraphEntry { name: "pair".into(), inputs: vec![vec![], vec![0]] }],
        executors: vec![executor("serial"), executor("rayon")],
        rounds: vec![round(0), round(1)],
        cells: vec![
            cell("b", "serial", Role::Baseline, 1),
            cell("b", "rayon", Role::Executor, 1),
            cell("b", "rayon", Role::Executor, 2),
            cell("a", "serial", Role::Baseline, 1),
        ],
        timelines: vec![Timeline {
            cell: id("b/rayon/2c-2w"),
            makespan_ns: 30,
            start_ns: vec![0, 1],
            end_ns: vec![10, 21],
            worker: vec![0, 1],
            answers: vec!["yes".into(), "no".into()],
        }],
        footprints: vec![footprint(100), footprint(10_000)],
    }
}

/// What damages a record.
type Damage = fn(&mut Record);

/// The error of reading a record that was changed.
fn error_after(change: Damage) -> String {
    let mut record = record();
    change(&mut record);
    match Record::parse(&record.to_text(), "run.json") {
        Err(error @ RecordError::Inconsistent { .. }) => error.to_string(),
        other => panic!("it should contradict itself, but gave {other:?}"),
    }
}

#[test]
fn a_record_reads_back_as_it_was_written() {
    assert_eq!(Record::parse(&record().to_text(), "run.json").expect("it is whole"), record());
}

#[test]
fn a_record_in_two_files_reads_back_as_one() {
    let (results, executions) = record().to_texts();
    let executions = executions.expect("it has timelines");
    let rounds = Record::parse(&results, "results.json").expect("it is a record by itself");
    assert!(rounds.timelines.is_empty() && rounds.footprints.is_empty());
    let joined = |text: &str| rounds.clone().with_executions(text, "executions.json");
    assert_eq!(joined(&executions).expect("it is whole"), record());

    let error = |text: &str| joined(text).expect_err("it is damaged").to_string();
    let other = error(&executions.replace("2026-01-01", "2026-01-02"));
    assert!(other.contains("read executions.json: it is of the run of 2026-01-02"), "{other}");
    assert!(error(&executions.replace("\"schema\": 3", "\"schema\": 4")).contains("update Centurion"));
    assert!(error(&executions.replace("[0,1]", "[0,true]")).contains(": timelines[0]."));
    assert!(
        error(&executions.replace("b/rayon/2c", "b/rayon/3c")).contains("has a timeline but is not there")
    );

    let bare = Record { timelines: Vec::new(), footprints: Vec::new(), ..record() };
    assert_eq!(bare.to_texts(), (bare.to_text(), None));
}

#[test]
fn a_record_of_schema_2_is_read_and_written_as_of_this_one() {
    let text = include_str!("schema-2.json");
    let read = Record::parse(text, "run.json").expect("it is whole");
    assert_eq!(read.schema, SCHEMA);
    assert_eq!(read.to_text(), include_str!("one-of-everything.json"));
    assert_eq!(Record::parse(&read.to_text(), "run.json").expect("it is whole"), read);
}

#[test]
fn what_follows_from_the_rest_is_left_out_and_what_does_not_is_kept() {
    let mut record = record();
    record.cells[1] = Cell {
        round: vec![1],
        wall_ns: vec![5_000],
        cpu_ns: vec![5_000],
        pace_ns: vec![5_000],
        throughput_ns: Vec::new(),
        startup_ns: vec![0],
        switches: vec![0],
        ..record.cells[1].clone()
    };
    record.workloads[0].family = "group".into();
    for cell in record.cells.iter_mut().filter(|cell| cell.workload == "b") {
        cell.id = CellId { family: "group".into(), member: "b".into(), ..cell.id.clone() };
    }
    record.timelines[0].cell = record.cells[2].id.clone();
    let first = record.timelines[0].clone();
    record.timelines[0].answers = vec!["no".into(), "no".into()];
    for cell in [1, 0] {
        record.timelines.push(Timeline { cell: record.cells[cell].id.clone(), ..first.clone() });
    }
    record = record.canonical();
    let text = record.to_text();
    assert!(text.contains("{\"id\":\"group/rayon/b-1c-1w\",\"batch\":3,\n\"round\":[1],\n"), "{text}");
    assert!(text.contains("\n\"cpu_us\":[5],\n\"pace_ns\":[5000]}"), "{text}");
    assert_eq!(text.matches("\"answers\"").count(), 2, "{text}");
    assert_eq!(Record::parse(&text, "run.json").expect("it is whole"), record);
}

#[test]
fn a_graph_that_can_not_be_meant_is_refused() {
    let text = record().to_text();
    let error = |runs: &str| {
        let damaged = text.replace("[[1,[]],[1,[1]]]", runs);
        Record::parse(&damaged, "run.json").expect_err(runs).to_string()
    };
    assert!(error("[[1,[1]],[1,[1]]]").contains("graphs[0]: agent 0 has inputs before the first agent"));
    for runs in
        ["[[9007199254740992,[]]]", "[[1999999,[]],[2,[]]]", "[[1,[]],[1999999,[1,1,1,1,1,1,1,1,1,1,1]]]"]
    {
        assert!(error(runs).contains("more than 2000000 agents or 20000000 inputs"), "{runs}");
    }
}

#[test]
fn a_workload_leads_to_its_graph() {
    let record = record();
    let graph = |name| record.workload(name).and_then(|workload| record.graph(workload));
    assert_eq!(graph("a").map(|graph| graph.name.as_str()), Some("pair"));
    assert_eq!(graph("b"), None);
}

#[test]
fn the_order_of_cells_does_not_change_the_text() {
    let mut shuffled = record();
    shuffled.cells.reverse();
    shuffled.rounds.reverse();
    shuffled.footprints.reverse();
    assert_eq!(shuffled.to_text(), record().to_text());
}

#[test]
fn every_series_has_a_line_of_its_own() {
    let text = record().to_text();
    let cell = "{\"id\":\"b/serial/1c-1w\",\"role\":\"baseline\",\"batch\":3,\n\"wall_ns\":[300,330],\n";
    assert!(text.contains(cell), "{text}");
    assert!(text.contains("\n\"runs\":[[1,[]],[1,[1]]]}"), "{text}");
    assert!(text.ends_with("}\n") && !text.contains('\r'));
}

#[test]
fn every_cut_of_the_text_is_refused_with_the_file_and_a_line() {
    let text = record().to_text();
    for end in (1..text.trim_end().len()).step_by(7) {
        let error = Record::parse(&text[..end], "run.json").expect_err("it is cut short").to_string();
        assert!(error.starts_with("read run.json, line "), "{error}");
    }
}

#[test]
fn foreign_and_future_files_are_told_apart() {
    let error = |text| Record::parse(text, "x.json").expect_err("it is not a record").to_string();
    for text in ["{\"name\": \"other\"}", "[]", "[1, 2]", "null", " 7", "hello"] {
        assert!(error(text).contains("x.json, line 1: this is not a Centurion record"), "{}", error(text));
    }
    assert!(
        error("{\"schema\": 4}").contains("schema 4, this version reads schemas 2 to 3; update Centurion")
    );
    let older = error("{\"schema\": 1, \"run\": {}}");
    assert!(older.contains("schema 1, this version reads schemas 2 to 3; make a new record"), "{older}");
    let unknown_field = record().to_text().replace("\"batch\"", "\"bach\"");
    assert!(error(&unknown_field).contains("bach"));
}

#[test]
fn a_record_that_contradicts_itself_is_refused_by_place() {
    let cases: [(&str, Damage); 36] = [
        ("b/rayon/1c-1w has 2 rounds but a series of 1", |r| r.cells[1].cpu_ns.truncate(1)),
        ("is there twice", |r| r.cells[1].id = r.cells[0].id.clone()),
        ("refers to the workload \"c\"", |r| r.cells[3].workload = "c".into()),
        ("refers to the executor \"tokio\"", |r| r.cells[3].executor = "tokio".into()),
        ("failed and has samples", |r| r.cells[1].failure = Some("wrong".into())),
        ("has a sample of round 7", |r| r.cells[1].round[1] = 7),
        ("has rounds out of order", |r| r.cells[1].round = vec![1, 0]),
        ("a refers to the graph \"ring\"", |r| r.workloads[1].graph = Some("ring".into())),
        ("a has 2 agents but its graph \"pair\" has 3", |r| r.graphs[0].inputs.push(vec![])),
        ("pair has an agent 1 that needs the answer of 1", |r| r.graphs[0].inputs[1] = vec![1]),
        ("pair is there twice", |r| r.graphs.push(r.graphs[0].clone())),
        ("b/rayon/1c-1w has 2 rounds but a series of 1, pace_ns", |r| r.cells[1].pace_ns.truncate(1)),
        ("b/rayon/1c-1w has a pace of 0 ns in throughput_ns", |r| r.cells[1].throughput_ns[0] = 0),
        ("b/rayon/1c-1w is on 2 cores with 1 workers", |r| r.cells[1].cores = 2),
        ("has workers of 0, not 1 to ", |r| r.cells[1].workers = 0),
        ("has workers of 18446744073709551615", |r| r.cells[1].workers = usize::MAX),
        ("has a batch of 0", |r| r.cells[1].batch = 0),
        ("b/rayon/1c-1w has 9007199254740993 in wall_ns", |r| r.cells[1].wall_ns[1] = (1 << 53) + 1),
        ("b has 0 agents, not 1 to 2000000", |r| r.workloads[0].agents = 0),
        ("b has 4294967296 agents, not 1 to 2000000", |r| r.workloads[0].agents = 1 << 32),
        ("a has numbers in costs_ns that add up to more than", |r| {
            r.workloads[1].costs_ns = vec![1 << 63, 1];
        }),
        ("a has 2 agents but 1 entries for them in work", |r| r.workloads[1].work = vec![1]),
        ("… has more than 200 characters", |r| r.workloads[1].family = "ä".repeat(201)),
        ("… has more than 10000 characters", |r| r.executors[1].summary = "x".repeat(100_000)),
        ("environment has logical_cpus of 0", |r| r.environment.logical_cpus = 0),
        ("round 1 has a load of -1", |r| r.rounds[1].load = Some(-1.0)),
        ("1 is there twice", |r| r.rounds[0].round = 1),
        ("whose start_ns, end_ns and makespan_ns are not in this order", |r| r.timelines[0].start_ns[1] = 22),
        ("whose workers are not numbered from 0", |r| r.timelines[0].worker[1] = 7),
        ("has a timeline but is not there", |r| r.timelines[0].cell = id("gone/rayon/2c-2w")),
        ("b has 2 agents but 1 entries for them in waits_ns", |r| r.workloads[0].waits_ns = vec![1]),
        ("the footprint b/tokio/2c-100w of 100 agents and 900 ns refers to", |r| {
            r.footprints[0].executor = "tokio".into();
        }),
        ("and 900 ns is there twice", |r| r.footprints[1] = r.footprints[0].clone()),
        ("has 3 executions but a series of 1, threads", |r| r.footprints[0].threads.truncate(1)),
        ("failed and has executions", |r| r.footprints[0].failure = Some("it ended".into())),
        ("has workers of 0, not 1 to ", |r| r.footprints[0].workers = 0),
    ];
    for (expected, change) in cases {
        let error = error_after(change);
        assert!(error.contains(expected) && error.starts_with("read run.json"), "{error}");
    }
}

#[test]
fn what_two_runs_differ_in_is_named() {
    let (one, mut two) = (record(), record());
    assert_eq!((one.build_differences(&two), one.plan_differences(&two)), (vec![], vec![]));
    two.environment.rustc = "rustc 1.0.0".into();
    two.environment.dirty = true;
    two.run.libraries.insert("rayon".into(), "1.13.0".into());
    two.run.libraries.insert("crossbeam".into(), "0.8.0".into());
    let fields =
        |differences: Vec<Difference>| differences.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected = [
        r#"rustc: "" and "rustc 1.0.0""#,
        r#"uncommitted changes: "no" and "yes""#,
        r#"crossbeam: "none" and "0.8.0""#,
        r#"rayon: "1.12.0" and "1.13.0""#,
    ];
    assert_eq!(fields(one.build_differences(&two)), expected);
    assert_eq!(one.plan_differences(&two), []);
    two.run.seed = 7;
    two.run.narrowed_to = vec!["executors rayon".into()];
    two.workloads[1].definition = "other".into();
    let expected = [
        r#"seed: "42" and "7""#,
        r#"narrowed to: "" and "executors rayon""#,
        r#"workload a: "0123456789abcdef" and "other""#,
    ];
    assert_eq!(fields(one.plan_differences(&two)), expected);
}

#[test]
fn a_narrowed_run_is_known_as_one_and_an_older_record_as_a_run_of_everything() {
    let mut narrowed = record();
    narrowed.run.narrowed_to = vec!["executors rayon".into()];
    assert!(Record::parse(&narrowed.to_text(), "run.json").expect("it is whole").is_narrowed());
    let text = record().to_text();
    assert!(!text.contains("narrowed_to"));
    assert!(!Record::parse(&text, "run.json").expect("it is whole").is_narrowed());
}

#[test]
fn what_older_records_lack_is_absent_where_there_is_none_of_it() {
    let mut older = record();
    older.footprints.clear();
    let text = older.to_text();
    assert!(!text.contains("footprints") && !text.contains("waits_ns"));
    assert_eq!(Record::parse(&text, "run.json").expect("it is whole"), older);
}

#[test]
fn what_the_platform_does_not_tell_of_a_footprint_may_be_absent() {
    let mut record = record();
    record.footprints[0].memory_bytes.clear();
    record.footprints[0].threads.clear();
    assert_eq!(Record::parse(&record.to_text(), "run.json").expect("it is whole"), record);
}

#[test]
fn what_is_wrong_in_the_form_is_named_by_its_field() {
    let error = |damaged: String| Record::parse(&damaged, "x.json").expect_err("it is damaged").to_string();
    let text = record().to_text();
    assert!(
        error(text.replacen("\"wall_ns\":[300,", "\"wall_ns\":[\"300\",", 1))
            .contains(": cells[0].wall_ns[0]: ")
    );
    assert!(error(text.replacen("\"load\":0.25", "\"load\":NaN", 1)).contains(": rounds[0].load: "));
    assert!(error(text.replacen("\"load\":0.25", "\"load\":1e999", 1)).contains(": rounds[0].load: "));
    assert!(
        error(text.replacen("b/serial/1c-1w", "b/serial", 1))
            .contains(": cells[0].id: \"b/serial\" is not the id")
    );
    assert!(error(text.replacen("\"seed\": 42", "\"seed\": -42", 1)).contains(": run.seed: "));
}

#[test]
fn what_only_stands_for_a_record_is_called_that_with_the_right_advice() {
    let text = record().to_text();
    let error = |text: &str| Record::parse(text, "run.json").expect_err("it is no record").to_string();
    assert!(error(&format!("\u{feff}{text}")).contains("byte-order mark"));
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    assert!(error(pointer).contains("`git lfs pull`"));
    let conflict = text.replacen("\"seed\"", "\n<<<<<<< HEAD\n\"seed\"", 1);
    let conflict = error(&conflict);
    assert!(
        conflict.starts_with("read run.json, line ") && conflict.contains("git checkout --ours"),
        "{conflict}"
    );
}

#[test]
fn a_number_of_seventeen_digits_is_read_back_to_the_last() {
    let mut record = record();
    for load in [0.475_000_000_000_000_03, 1.226_530_612_244_898_2, 5e-324, 0.1 + 0.2] {
        record.rounds[0].load = Some(load);
        let text = record.to_text();
        assert_eq!(Record::parse(&text, "run.json").expect("it is whole").to_text(), text);
    }
}

#[test]
fn an_error_quotes_the_beginning_of_a_long_text_only() {
    let long = format!("\"seed\": \"{}\"", "x".repeat(10_000));
    let text = record().to_text().replace("\"seed\": 42,", &format!("{long},"));
    let error = Record::parse(&text, "run.json").expect_err("a text is no number").to_string();
    assert!(error.contains("invalid type: string") && error.len() < 1_000, "{error}");
}
