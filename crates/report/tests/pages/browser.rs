//! The page in headless Chromium. Set `CENTURION_BROWSER` to its executable; without it these tests are left out.
#![expect(clippy::disallowed_methods, reason = "a browser opens files")]

use std::process::Command;

use centurion_record::Record;
use centurion_report::files;
use serde_json::Value;

use crate::canned::{self, FULL, RecordPlan};
use crate::schema::committed;
use crate::{peers, waiting};

/// Runs in the page before anything of its own.
const WATCH: &str = "<script>window.complaints=[];\
    addEventListener('error',(event)=>complaints.push(event.message));\
    for(const level of ['error','warn'])console[level]=(...words)=>complaints.push(words.join(' '));\
    </script>";

/// From this width on, every table of an ordinary record fits.
const ROOMY: u32 = 1400;

/// Nodes that a page has at most before anything folded is opened.
const NODES: u64 = 5_000;
/// Screens of 800 pixels that the page of a full run has at most, 1,280 wide.
const SCREENS: f64 = 10.0;

/// The least size in pixels of a letter in a chart, on a phone too.
const LETTERS: f64 = 11.0;

/// Runs beside the page and leaves its findings in the title.
const PROBE: &str = include_str!("probe.js");

fn quoted(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}

fn page(record: &Record, base: Option<&Record>) -> String {
    files(record, base).remove("index.html").expect("there is a page")
}

/// The page in a frame of a width, and the probe beside it.
fn harness(page: &str, width: u32) -> String {
    let page = page.replacen("<head>", &format!("<head>{WATCH}"), 1);
    format!(
        "<!DOCTYPE html><meta charset=utf-8><meta name=color-scheme content='light dark'><title></title>\
         <iframe width={width} height=3000 style='border:0' srcdoc=\"{}\"></iframe><script>{PROBE}</script>",
        quoted(&page)
    )
}

/// What the probe found. `None` without a browser.
fn probe(page: &str, width: u32, dark: bool) -> Option<Value> {
    let Some(browser) = std::env::var_os("CENTURION_BROWSER") else {
        eprintln!("left out: CENTURION_BROWSER names no browser");
        return None;
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("page.html");
    std::fs::write(&file, harness(page, width)).expect("it can be written");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!dark)))
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg("--window-size=1700,3200")
        .arg("--dump-dom")
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("the browser starts");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, after) = dom.split_once("<title>").expect("the page has a title");
    let (found, _) = after.split_once("</title>").expect("the title ends");
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    Some(serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found:?}")))
}

/// Contrast is looked at in both themes, whichever it begins with. `None` without a browser.
fn is_sound(name: &str, page: &str, width: u32, dark: bool) -> Option<Value> {
    let found = probe(page, width, dark)?;
    let is =
        |what: &str, expected: Value| assert_eq!(found[what], expected, "{name}, {width} wide: {found:#}");
    is("complaints", Value::Array(vec![]));
    is("width", width.into());
    is("overflow", 0.into());
    is("clipped", Value::Array(vec![]));
    is("repeated_ids", Value::Array(vec![]));
    is("dark", dark.into());
    is("dark_after_switch", (!dark).into());
    is("unnamed", Value::Array(vec![]));
    is("faint", Value::Array(vec![]));
    is("broken", Value::Array(vec![]));
    let letters = found["letters"].as_f64().unwrap_or(LETTERS);
    assert!(letters >= LETTERS - 0.01, "{name}, {width} wide: letters of {letters} pixels in a chart");
    is("requests", 0.into());
    let nodes = found["nodes"].as_u64().expect("they are counted");
    assert!(nodes < NODES, "{name}, {width} wide: {nodes} nodes");
    if width >= ROOMY {
        is("wide_tables", Value::Array(vec![]));
    }
    Some(found)
}

#[test]
fn a_page_is_sound_wide_and_narrow_light_and_dark() {
    for page in
        [page(&FULL.record(), None), page(&RecordPlan { executors: 9, ..FULL }.dependent().record(), None)]
    {
        for (width, dark) in [(400, false), (400, true), (1400, false), (1600, true)] {
            is_sound("two cores", &page, width, dark);
        }
    }
}

#[test]
fn the_committed_pages_are_short_and_sound() {
    for text in committed("results.json") {
        let page = page(&Record::parse(&text, "results.json").expect("it is committed"), None);
        is_sound("committed", &page, 390, true);
        let Some(found) = is_sound("committed", &page, 1280, false) else { return };
        let screens = found["screens"].as_f64().expect("they are counted");
        assert!(screens <= SCREENS, "{screens} screens");
        assert!(found["nodes"].as_u64().is_some_and(|nodes| nodes < NODES), "{}", found["nodes"]);
    }
}

#[test]
fn pages_of_other_machines_are_sound() {
    let crowded = RecordPlan { cores: 64, executors: 14, ..FULL }.record();
    for (name, record) in [
        ("one core", RecordPlan { cores: 1, ..FULL }.record()),
        ("64 cores, 14 executors", crowded),
        ("failures", canned::failures()),
        ("stopped", canned::stopped()),
        ("hostile", canned::hostile()),
        ("peers", peers::page_record()),
        ("waiting", waiting::page_record()),
        ("33 executors", canned::suite()),
        ("8 simulated cores", canned::simulated(1, 8, 2)),
        ("64 simulated cores", canned::simulated(2, 64, 2)),
        ("192 simulated cores", canned::simulated(2, 192, 2)),
    ] {
        let page = page(&record, None);
        is_sound(name, &page, 400, true);
        is_sound(name, &page, 1600, false);
    }
}

#[test]
fn a_page_with_a_base_is_sound_wide_and_narrow_light_and_dark() {
    let record = FULL.record();
    let [before, after] = canned::changed();
    let pages = [page(&record, Some(&canned::slower_base(&record))), page(&after, Some(&before))];
    for (page, dark) in pages.iter().zip([true, false]) {
        is_sound("with a base", page, 400, dark);
        is_sound("with a base", page, 1400, !dark);
    }
}

#[test]
fn tables_sort_copy_and_series_toggle() {
    let Some(found) = probe(&page(&FULL.record(), None), 1600, false) else { return };
    assert_eq!(found["sorted"], Value::from("ascending, descending"), "{found:#}");
    assert_eq!(found["order"], Value::from(true), "{found:#}");
    assert_eq!(found["rows_copied"], found["rows"], "{found:#}");
    assert_eq!(found["series_shown"], Value::from("inline, none, inline"), "{found:#}");
}
