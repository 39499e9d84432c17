//! Who was at the stops of a visit.

use super::pick;
use domain::jury::Presence;

words! {
    nav: "Có mặt tại điểm đến", "Presence at the stops";
    lead: "Không chờ phiếu của giám khảo vắng mặt tại điểm đến đó; giám khảo đến muộn vẫn chấm bình thường.", "The sheets of whoever is absent are not waited for at that stop; whoever is late scores all the same.";
    day: "Ngày", "Day";
    all_days: "Mọi ngày", "All days";
    delegation: "Đoàn", "Delegation";
    all_delegations: "Mọi đoàn", "All delegations";
    present: "Có mặt", "Present";
    late: "Đến muộn", "Late";
    absent: "Vắng mặt", "Absent";
    not_recorded: "Chưa ghi", "Not recorded";
    counts_as_present: "Chưa ghi, tính là có mặt", "Not recorded, counts as present";
    late_explain: "Giám khảo vẫn chấm các sản phẩm tại điểm đến này; phiếu vẫn được chờ.", "The juror still scores the products of this stop; the sheets are still waited for.";
    absent_explain: "Phiếu của giám khảo tại điểm đến này không còn được chờ; không phải là phiếu 0 điểm.", "The juror's sheets at this stop are no longer waited for; they are not sheets of 0 points.";
    reason: "Lý do", "Reason";
    reason_missing: "Nhập lý do.", "Give a reason.";
    record: "Ghi", "Record";
    doubtful: "Hai ghi nhận khác nhau; tạm lấy ghi nhận có mặt hơn. Ghi lại để chọn.", "Two records disagree; the more present one holds for now. Record it again to decide.";
    whole_stop: "Cả điểm đến", "The stop as a whole";
    no_stops_title: "Vòng này không có điểm đến", "This round has no stops";
    no_stops_words: "Điểm đến của các đoàn hiện ra ở vòng đánh giá thực tế sản xuất.", "The delegations' stops belong to the round of visits.";
}

/// " · Đoàn đánh giá thực tế số 1 · 4 sản phẩm".
pub fn delegation_and_products(name: &str, count: u32) -> String {
    pick(|| format!(" · {name} · {count} sản phẩm"), || format!(" · {name} · products: {count}"))
}

/// "Đã xác nhận 2 phiếu tại đây; ghi vắng mặt nên không tính."
pub fn set_aside(sheets: u32) -> String {
    pick(
        || format!("Đã xác nhận {sheets} phiếu tại điểm đến này; ghi vắng mặt nên không tính."),
        || format!("Sheets confirmed at this stop: {sheets}. Recorded as absent, so they do not count."),
    )
}

/// "Thư ký Tổ giúp việc 1 ghi lúc 08:00 ngày 26/08/2024".
pub fn recorded_by(who: &str, moment: &str) -> String {
    pick(|| format!("{who} ghi lúc {moment}"), || format!("recorded by {who}, {moment}"))
}

/// The dialog's title.
pub fn late_title(name: &str) -> String {
    pick(|| format!("{name} đến muộn"), || format!("{name} is late"))
}

/// The dialog's title.
pub fn absent_title(name: &str) -> String {
    pick(|| format!("{name} vắng mặt"), || format!("{name} is absent"))
}

/// "Đoàn đến 08:10, rời 10:45".
pub fn times(arrived: &str, departed: &str) -> String {
    let vi = || match (arrived, departed) {
        (arrived, "") => format!("Đoàn đến {arrived}"),
        ("", departed) => format!("Đoàn rời {departed}"),
        (arrived, departed) => format!("Đoàn đến {arrived}, rời {departed}"),
    };
    let en = || match (arrived, departed) {
        (arrived, "") => format!("Arrived {arrived}"),
        ("", departed) => format!("Left {departed}"),
        (arrived, departed) => format!("Arrived {arrived}, left {departed}"),
    };
    pick(vi, en)
}

/// "Giám khảo 05: vắng mặt – Ốm".
pub fn said_of(juror: &str, presence: &Presence) -> String {
    let state = match presence {
        Presence::Present => present(),
        Presence::Late { .. } => late(),
        Presence::Absent { .. } => absent(),
    };
    let state = super::format::inside(state);
    match presence.parts().1 {
        "" => format!("{juror}: {state}"),
        why => format!("{juror}: {state} – {why}"),
    }
}
