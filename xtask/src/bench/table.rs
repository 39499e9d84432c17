//! The table: what, measured, bar, reached or by how much missed.

use serde_json::Value;

/// Prints the machine, the rows and their notes.
pub fn print(machine: &Value, rows: &[Value]) {
    println!("\n── figures ──");
    let text = |name: &str| machine[name].as_str().unwrap_or_default().to_owned();
    let changed = if machine["changed"] == true { " with changes" } else { "" };
    println!(
        "{}, commit {}{changed}, {} × {}, load {} at the end{}\n",
        text("date"),
        text("commit"),
        machine["cores"],
        text("processor"),
        text("load"),
        if machine["quick"] == true { ", QUICK: figures to see that it works" } else { "" }
    );
    let width = rows.iter().map(|row| what(row).chars().count()).max().unwrap_or(0);
    println!("{:width$}  {:>16}  {:>18}  ", "what", "measured", "bar");
    for row in rows {
        let unit = row["unit"].as_str().unwrap_or_default();
        let measured = format!("{} {unit}", figure(value(row)));
        println!("{:width$}  {measured:>16}  {:>18}  {}", what(row), bar(row, unit), verdict(row));
        if let Some(note) = row["note"].as_str().filter(|note| !note.is_empty()) {
            println!("    {note}");
        }
    }
}

fn what(row: &Value) -> &str {
    row["what"].as_str().unwrap_or_default()
}

fn value(row: &Value) -> f64 {
    row["value"].as_f64().unwrap_or_default()
}

/// As many digits as say something.
fn figure(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        ..0.1 => format!("{value:.4}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn bar(row: &Value, unit: &str) -> String {
    match (row["bar"]["at_most"].as_f64(), row["bar"]["at_least"].as_f64()) {
        (Some(most), _) => format!("≤ {} {unit}", figure(most)),
        (_, Some(least)) => format!("≥ {} {unit}", figure(least)),
        _ => String::new(),
    }
}

fn verdict(row: &Value) -> String {
    let value = value(row);
    let missed = match (row["bar"]["at_most"].as_f64(), row["bar"]["at_least"].as_f64()) {
        (Some(most), _) => value / most - 1.0,
        (_, Some(least)) => 1.0 - value / least,
        _ => return String::new(),
    };
    if missed <= 0.0 { "reached".into() } else { format!("missed by {:.0} %", (missed * 100.0).ceil()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bar_is_reached_from_its_own_side() {
        let row = |value: f64, bar: Value| verdict(&json!({ "value": value, "bar": bar }));
        assert_eq!(row(20.0, json!({ "at_most": 20.0 })), "reached");
        assert_eq!(row(25.0, json!({ "at_most": 20.0 })), "missed by 25 %");
        assert_eq!(row(20.01, json!({ "at_most": 20.0 })), "missed by 1 %");
        assert_eq!(row(61_000.0, json!({ "at_least": 60_000.0 })), "reached");
        assert_eq!(row(45_000.0, json!({ "at_least": 60_000.0 })), "missed by 25 %");
        assert_eq!(row(1.0, json!("none")), "");
    }

    #[test]
    fn figures_have_the_digits_that_say_something() {
        assert_eq!([0.0, 0.0302, 4.228, 13.917, 22_093.53].map(figure), ["0", "0.0302", "4.23", "13.9", "22094"]);
    }
}
