//! The tables, as Markdown.

use std::fmt::Write as _;

use centurion_stats::{median, median_interval};

use crate::driver::MeasuredCell;
use crate::ways::Way;

/// All of it: time and memory a task, METG, and what is missing.
pub(crate) fn markdown(measured: &[MeasuredCell]) -> String {
    let mut ways: Vec<Way> = Vec::new();
    for one in measured {
        if !ways.contains(&one.cell.way) {
            ways.push(one.cell.way);
        }
    }
    let graphs: Vec<_> = measured.iter().filter(|one| one.cell.tasks > 0).collect();
    let rounds = measured.iter().map(|one| one.times.len()).max().unwrap_or(0);
    let mut text = format!("Nanoseconds a task: build, plan, run and drop. Medians of {rounds} rounds");
    text += ", with 95 % intervals where there are six and more; \"once\" is one measurement.\n\n";
    text += &times(&graphs, &ways);
    text += "\nBytes a task at most, of the most tasks that were measured, on one worker.\n\n";
    text += &bytes(&graphs, &ways);
    text += "\nMETG(50 %) on the stencil of 1,024 tasks, two workers, building included.\n\n";
    text += &granularities(measured);
    text += &missing(measured);
    text
}

fn header(first: &[&str], ways: &[Way]) -> String {
    let names: Vec<_> = first.iter().copied().chain(ways.iter().map(|way| way.name())).collect();
    let lines = vec!["--:"; names.len() - 1].join(" | ");
    format!("| {} |\n| :-- | {lines} |\n", names.join(" | "))
}

fn times(graphs: &[&MeasuredCell], ways: &[Way]) -> String {
    let mut text = header(&["shape", "tasks", "workers"], ways);
    text.insert_str(text.find(" |\n").expect("the header ends"), " | ours over the best by hand");
    text.insert_str(text.rfind(" |\n").expect("the line ends"), " | --:");
    let mut shown = Vec::new();
    for one in graphs {
        let cell = one.cell;
        let row = (cell.shape, cell.tasks, cell.workers);
        if shown.contains(&row) {
            continue;
        }
        shown.push(row);
        let in_row: Vec<_> =
            graphs.iter().filter(|one| (one.cell.shape, one.cell.tasks, one.cell.workers) == row).collect();
        let _ = write!(text, "| {} | {} | {} |", cell.shape.name(), grouped(cell.tasks), cell.workers);
        for way in ways {
            let time =
                in_row.iter().find(|one| one.cell.way == *way).map_or("–".to_owned(), |one| time(one));
            let _ = write!(text, " {time} |");
        }
        let best = |wanted: fn(Way) -> bool| {
            let times = in_row.iter().filter(|one| wanted(one.cell.way)).filter_map(|one| median(&one.times));
            times.min_by(f64::total_cmp)
        };
        let ratio = best(Way::is_ours).zip(best(Way::is_by_hand)).map(|(ours, by_hand)| ours / by_hand);
        let _ = writeln!(text, " {} |", ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.1}")));
    }
    text
}

fn bytes(graphs: &[&MeasuredCell], ways: &[Way]) -> String {
    let mut text = header(&["shape", "tasks"], ways);
    let most = graphs.iter().map(|one| one.cell.tasks).max().unwrap_or(0);
    let in_table = |one: &&&MeasuredCell| one.cell.tasks == most && one.cell.workers == 1;
    let mut shown = Vec::new();
    for shape in graphs.iter().filter(in_table).map(|one| one.cell.shape) {
        if shown.contains(&shape) {
            continue;
        }
        shown.push(shape);
        let _ = write!(text, "| {} | {} |", shape.name(), grouped(most));
        for way in ways {
            let mut cells = graphs.iter().filter(in_table);
            let one = cells.find(|one| one.cell.way == *way && one.cell.shape == shape && one.bytes > 0.0);
            let _ =
                write!(text, " {} |", one.map_or("–".to_owned(), |one| grouped(one.bytes.round() as usize)));
        }
        text.push('\n');
    }
    text
}

fn granularities(measured: &[MeasuredCell]) -> String {
    let mut text = "| way | METG |\n| :-- | --: |\n".to_owned();
    for one in measured.iter().filter(|one| one.cell.tasks == 0) {
        let _ = writeln!(text, "| {} | {} |", one.cell.way.name(), time(one));
    }
    text + "\nDask's threads are not here: a task written in Python keeps the interpreter's lock.\n"
}

fn missing(measured: &[MeasuredCell]) -> String {
    let mut text = String::new();
    for one in measured {
        if let Some(why) = &one.left_out {
            let cell = one.cell;
            let tasks =
                if cell.tasks == 0 { "METG".to_owned() } else { format!("{} tasks", grouped(cell.tasks)) };
            let (way, shape) = (cell.way.name(), cell.shape.name());
            let _ = writeln!(text, "* {way}, {shape}, {tasks}, workers {}: {why}", cell.workers);
        }
    }
    if text.is_empty() { text } else { format!("\nLeft out:\n\n{text}") }
}

fn time(one: &MeasuredCell) -> String {
    let Some(estimate) = median_interval(&one.times) else { return "–".to_owned() };
    match (estimate.interval, one.times.len()) {
        (Some(interval), _) => {
            format!("{} [{}, {}]", digits(estimate.value), digits(interval.low), digits(interval.high))
        }
        (None, 1) => format!("{} once", digits(estimate.value)),
        (None, _) => digits(estimate.value),
    }
}

/// Nanoseconds with two digits and more.
fn digits(value: f64) -> String {
    if value.is_infinite() {
        "not reached".to_owned()
    } else if value < 10.0 {
        format!("{value:.1}")
    } else {
        grouped(value.round() as usize)
    }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}
