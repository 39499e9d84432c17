//! The edition's plan.

use super::pick;
use domain::plan::{PlanProblem, PlanState};

words! {
    nav: "Kế hoạch", "Plan";
    section: "Kế hoạch và chuyến đi", "Plan and visits";
    title: "Kế hoạch phối hợp tổ chức bình chọn", "The joint plan of the selection";
    lead: "Nội dung, đơn vị và thời gian theo đúng kế hoạch. Thời gian có thể thay đổi cho phù hợp với tình hình thực tế; mỗi lần dời đều ghi người sửa và lý do.", "Contents, units and time in the plan's own words. Dates may be moved to fit; each change says who and why.";
    leads: "Đơn vị chủ trì", "In the lead";
    coordinates: "Đơn vị phối hợp", "Coordinating";
    waiting: "Chưa bắt đầu", "Not begun";
    running: "Đang làm", "Under way";
    done: "Đã xong", "Done";
    no_dates: "Chưa định ngày", "No dates yet";
    change: "Sửa", "Change";
    starts: "Từ ngày", "First day";
    ends: "Đến ngày", "Last day";
    progress: "Tiến độ", "Progress";
    reason: "Lý do", "Reason";
    reason_hint: "Lý do được ghi cùng tên người sửa và thời điểm, mọi người xem được.", "Everybody can read the reason, with your name and the time.";
    save: "Lưu", "Save";
    newer: "Dòng này vừa được sửa:", "Somebody has just changed this row:";
}

/// A state in words.
pub fn state(state: PlanState) -> &'static str {
    match state {
        PlanState::Waiting => waiting(),
        PlanState::Running => running(),
        PlanState::Done => done(),
    }
}

/// "4 đã xong · 2 đang làm · 11 chưa bắt đầu".
pub fn counts(ended: usize, begun: usize, ahead: usize) -> String {
    pick(
        || format!("{ended} đã xong · {begun} đang làm · {ahead} chưa bắt đầu"),
        || format!("{ended} done · {begun} under way · {ahead} not begun"),
    )
}

/// Label of the bar.
pub fn done_of(ended: usize, all: usize) -> String {
    pick(|| format!("Đã xong {ended} trên {all} nội dung"), || format!("{ended} of {all} rows done"))
}

/// "từ 01/08/2024".
pub fn from_day(day: &str) -> String {
    pick(|| format!("từ {day}"), || format!("from {day}"))
}

/// "chậm nhất 27/09/2024".
pub fn until_day(day: &str) -> String {
    pick(|| format!("chậm nhất {day}"), || format!("by {day}"))
}

/// The dialog's title, and the button's name: "Sửa nội dung số 6".
pub fn change_row(ordinal: u32) -> String {
    pick(|| format!("Sửa nội dung số {ordinal}"), || format!("Change row {ordinal}"))
}

/// "Thời gian theo kế hoạch: Ngày 09/9/2024".
pub fn window_is(window: &str) -> String {
    pick(|| format!("Thời gian theo kế hoạch: {window}"), || format!("Time in the plan: {window}"))
}

/// "Đã dời – Cán bộ Cục, 08:00 ngày 26/08/2024."
pub fn last_change(moved: bool, by: &str, at: &str) -> String {
    let (vi, en) = if moved { ("Đã dời", "Moved") } else { ("Đã cập nhật", "Updated") };
    pick(|| format!("{vi} – {by}, {at}."), || format!("{en} – {by}, {at}."))
}

/// "Lý do: Mưa bão".
pub fn because(why: &str) -> String {
    pick(|| format!("Lý do: {why}"), || format!("Reason: {why}"))
}

/// The last line of a row's history.
pub fn as_decided(dates: &str) -> String {
    pick(|| format!("Theo kế hoạch ban đầu: {dates}"), || format!("As first planned: {dates}"))
}

/// The server's code for the same refusal.
pub fn problem_code(problem: PlanProblem) -> &'static str {
    match problem {
        PlanProblem::NotADate => "not_a_date",
        PlanProblem::EndsBeforeItStarts => "ends_before_it_starts",
        PlanProblem::ReasonMissing => "reason_missing",
        PlanProblem::ReasonTooLong => "text_too_long",
    }
}
