//! The device's clock: the one place of the app that asks for the time. What it says is evidence, never order (S2).

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "this is the Clock that everything else is handed")]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
