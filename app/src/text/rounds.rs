//! The page of a round's life: its states and moves, held work and what became of it.

use super::pick;
use domain::log::Verdict;
use domain::round::{RoundMove, RoundState};

words! {
    section: "Tổ chức chấm", "Running the rounds";
    nav: "Diễn biến vòng", "Round's life";
    now: "Trạng thái vòng chấm", "Where the round stands";
    history: "Lịch sử vòng", "The round's history";
    no_acts: "Vòng này chưa mở lần nào.", "It was never opened.";
    nothing_missing: "Không còn phiếu nào thiếu.", "No sheet is missing.";
    held_title: "Phiếu tạm giữ chờ quyết định", "Held work to rule on";
    held_lead: "Phiếu gửi khi vòng chưa mở hoặc đã đóng, ngoài phân công, hoặc từ máy đã thu quyền. Phiếu đã được lưu; được chấp nhận thì tính như mọi phiếu khác. Điểm không hiện ở đây.", "Work that came before the round opened or after it closed, without an assignment, or from a revoked tablet. It is stored; once admitted it counts like any other. Points are not shown here.";
    no_held_title: "Không có phiếu nào tạm giữ", "Nothing is held";
    no_held_words: "Mọi thao tác của giám khảo đã được tính hoặc đã có quyết định.", "Every act of the jurors counts, or was ruled on.";
    ruled_title: "Đã quyết định", "Ruled on";
    admit: "Chấp nhận", "Admit";
    deny: "Không tính", "Deny";
    admit_title: "Chấp nhận phiếu tạm giữ?", "Admit the held work?";
    admit_explain: "Những thao tác này được tính như chưa từng bị giữ. Giám khảo thấy quyết định và lý do ở lần gửi sau.", "These acts count as if they had never been held. The juror sees it at the next sync.";
    deny_title: "Không tính phiếu tạm giữ?", "Deny the held work?";
    deny_explain: "Những thao tác này không bao giờ được tính, nhưng vẫn được lưu làm bằng chứng. Giám khảo thấy quyết định ở lần gửi sau.", "These acts never count, and stay as evidence. The juror sees it at the next sync.";
    reason: "Lý do", "Reason";
    reason_if_any: "Lý do (không bắt buộc)", "Reason (optional)";
    reason_missing: "Nhập lý do.", "Give a reason.";
    unknown_product: "Sản phẩm do bản ứng dụng mới hơn ghi", "A product that a newer app wrote about";
    open_explain: "Giám khảo chấm được từ lần đồng bộ sau. Phiếu đã chấm trước khi mở vẫn chờ quyết định ở dưới.", "Jurors score from their next sync on. What was scored before waits below.";
    closing_explain: "Trên máy giám khảo không bắt đầu phiếu mới nữa; phiếu đang chấm vẫn làm tiếp và gửi được.", "Tablets begin no new sheets; those begun go on and are sent.";
    close_explain: "Phiếu gửi sau lúc này được lưu và tạm giữ chờ quyết định. Phiếu có hai mức điểm hoặc chưa xác nhận không được tính.", "What comes later is stored and held for a decision. Sheets with two values, or not confirmed, do not count.";
    publish_explain: "Kết quả của vòng được coi là đã công bố.", "The round's result counts as announced.";
    reopen_explain: "Vòng mở lại cho giám khảo chấm tiếp. Phiếu chấm theo lần mở trước mà gửi sau lúc này sẽ tạm giữ.", "Jurors go on scoring. Work of the earlier opening that comes later is held.";
}

/// "Đang mở".
pub fn state(state: RoundState) -> &'static str {
    let (vi, en) = match state {
        RoundState::Planned => ("Chưa mở", "Planned"),
        RoundState::Open => ("Đang mở", "Open"),
        RoundState::Closing => ("Sắp đóng", "Closing"),
        RoundState::Closed => ("Đã đóng", "Closed"),
        RoundState::Published => ("Đã công bố", "Published"),
    };
    pick(|| vi, || en)
}

/// In the navigation: "Thực tế: đang mở".
pub fn life_of(round: &str, stands: RoundState) -> String {
    format!("{round}: {}", super::format::inside(state(stands)))
}

/// "Mở vòng".
pub fn step(step: RoundMove) -> &'static str {
    let (vi, en) = match step {
        RoundMove::Open => ("Mở vòng", "Open"),
        RoundMove::BeginClosing => ("Báo sắp đóng", "Begin closing"),
        RoundMove::Close => ("Đóng vòng", "Close"),
        RoundMove::Publish => ("Công bố", "Publish"),
        RoundMove::Reopen => ("Mở lại", "Reopen"),
    };
    pick(|| vi, || en)
}

/// "Đóng vòng: Đánh giá thực tế sản xuất".
pub fn step_title(what: RoundMove, round: &str) -> String {
    format!("{}: {round}", step(what))
}

/// "lần mở 2".
pub fn epoch(number: u32) -> String {
    pick(|| format!("lần mở {number}"), || format!("opening {number}"))
}

/// What closing now would leave out.
pub fn missing(sheets: u32, needs_juror: u32, tablets: u32) -> String {
    pick(
        || {
            format!(
                "Còn {sheets} phiếu chưa xác nhận, trong đó {needs_juror} phiếu cần giám khảo xem lại; {tablets} máy còn phiếu chưa gửi."
            )
        },
        || {
            format!(
                "{sheets} sheets not confirmed, {needs_juror} of them waiting for their juror; {tablets} tablets with unsent work."
            )
        },
    )
}

/// "Điểm 2.1".
pub fn kind(name: &str, criterion: Option<&str>) -> String {
    let of = criterion.unwrap_or_default();
    match name {
        "set_mark" => pick(|| format!("Điểm {of}"), || format!("Mark {of}")),
        "set_note" => pick(|| format!("Ghi chú {of}"), || format!("Note {of}")),
        "set_remark" => pick(|| "Nhận xét chung".to_owned(), || "Remark".to_owned()),
        "confirm" => pick(|| "Xác nhận phiếu".to_owned(), || "Confirmation".to_owned()),
        "reopen" => pick(|| "Mở lại phiếu".to_owned(), || "Reopening of the sheet".to_owned()),
        "recuse" => pick(|| "Từ chối chấm".to_owned(), || "Recusal".to_owned()),
        "arrive" => pick(|| "Giờ đến".to_owned(), || "Arrival".to_owned()),
        "depart" => pick(|| "Giờ rời".to_owned(), || "Departure".to_owned()),
        "presence" => pick(|| "Giám khảo có mặt, muộn hoặc vắng".to_owned(), || "A juror's presence".to_owned()),
        "set_fact" => pick(|| "Ghi nhận tại chỗ".to_owned(), || "What was seen".to_owned()),
        other => pick(|| format!("Thao tác “{other}”"), || format!("Act “{other}”")),
    }
}

/// "Đã chấp nhận 4 thao tác".
pub fn verdict(verdict: Verdict, count: usize) -> String {
    match verdict {
        Verdict::Admit => pick(|| format!("Đã chấp nhận {count} thao tác"), || format!("Acts admitted: {count}")),
        Verdict::Deny => pick(|| format!("Không tính {count} thao tác"), || format!("Acts denied: {count}")),
    }
}

/// "Cán bộ Cục, 08:00 ngày 26/08/2024".
pub fn by(name: &str, at: &str) -> String {
    format!("{name}, {at}")
}

/// "gửi đến lúc 08:00 ngày 26/08/2024".
pub fn received(at: &str) -> String {
    pick(|| format!("gửi đến lúc {at}"), || format!("received {at}"))
}

/// "Phiếu ghi nhận điểm đến 2 ngày 26/08/2024 · Đoàn 1".
pub fn visit_record(delegation: &str, date: &str, ordinal: u32) -> String {
    pick(
        || format!("Phiếu ghi nhận điểm đến {ordinal} ngày {date} · {delegation}"),
        || format!("Record of stop {ordinal} on {date} · {delegation}"),
    )
}
