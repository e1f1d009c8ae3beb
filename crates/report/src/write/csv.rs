//! Sheets as comma-separated values, after RFC 4180.

use crate::document::Sheet;

/// A header and the rows.
pub(crate) fn sheet(sheet: &Sheet) -> String {
    let rows =
        sheet.rows.iter().map(|row| row.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(","));
    std::iter::once(sheet.head.join(",")).chain(rows).map(|row| row + "\n").collect()
}

/// A field, quoted where it must be. One that a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guarded = if formula { format!("'{field}") } else { field.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}
