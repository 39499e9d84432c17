//! Numbers, dates and times as Vietnamese writes them.

use super::pick;
use domain::points::Mean;
use domain::sync::chain::OpHash;
use wasm_bindgen::JsValue;

/// `2024-08-26` → `26/08/2024`; anything else stays as it is.
pub fn date(iso: &str) -> String {
    match iso.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}

/// First and last day: `26–28/08/2024`.
pub fn days(first: &str, last: &str) -> String {
    if first == last {
        return date(first);
    }
    match (first.rsplit_once('-'), last.rsplit_once('-')) {
        (Some((month, day)), Some((last_month, _))) if month == last_month => format!("{day}–{}", date(last)),
        _ => format!("{} – {}", date(first), date(last)),
    }
}

/// A sentence as it stands within another: in small letters.
pub fn inside(sentence: &str) -> String {
    js_sys::JsString::from(sentence).to_lower_case().into()
}

fn local(at_ms: i64) -> js_sys::Date {
    // Milliseconds since 1970 stay below 2^53 for the next 280,000 years.
    js_sys::Date::new(&JsValue::from_f64(at_ms as f64))
}

/// The day at the tablet's place, as ISO 8601 writes it.
pub fn local_day(at_ms: i64) -> String {
    let at = local(at_ms);
    format!("{:04}-{:02}-{:02}", at.get_full_year(), at.get_month() + 1, at.get_date())
}

/// `14:07`.
pub fn clock(at_ms: i64) -> String {
    let at = local(at_ms);
    format!("{:02}:{:02}", at.get_hours(), at.get_minutes())
}

/// `14:07:32`.
pub fn clock_seconds(at_ms: i64) -> String {
    format!("{}:{:02}", clock(at_ms), local(at_ms).get_seconds())
}

/// `14:07 ngày 26/08/2024`.
pub fn moment(at_ms: i64) -> String {
    let (time, day) = (clock(at_ms), date(&local_day(at_ms)));
    pick(|| format!("{time} ngày {day}"), || format!("{time} on {day}"))
}

/// The eight characters that are read out to name a sheet in its state: `7B2A 9F0D`.
pub fn sheet_code(code: OpHash) -> String {
    let code = code.to_string().to_ascii_uppercase();
    let (first, rest) = code.split_at(code.len().min(4));
    format!("{first} {}", rest.get(..4).unwrap_or_default())
}

/// `88,94`; a dash where there is none.
pub fn mean(mean: Option<Mean>) -> String {
    mean.map_or_else(|| "–".to_owned(), Mean::to_vi)
}
