//! The score sheet (phiếu chấm điểm) and its dialogs.

use super::pick;
use domain::points::Points;

words! {
    remarks_only_strong: "Vòng này chỉ nhận xét.", "This round is for remarks only.";
    remarks_only_words: "Ghi nhận xét rồi xác nhận; không cho điểm.", "Write your remarks and confirm; no marks are given.";
    adjust_only_strong: "Vòng này chỉ điều chỉnh.", "This round only adjusts.";
    nothing_to_adjust_strong: "Không có phiếu để điều chỉnh.", "There is no sheet to adjust.";
    remarks_only_short: "Chỉ nhận xét", "Remarks only";
    rest_adjust: "Chạm vào tiêu chí được điều chỉnh để đổi điểm.", "Touch a criterion that may change.";
    confirm_no_remark: "Chưa ghi nhận xét nào. Nếu không có gì để nhận xét thì vẫn khóa phiếu được.", "No remark yet. If there is nothing to remark, the sheet can be locked all the same.";
    confirm_ready_remarks: "Vòng này không cho điểm. Ghi nhận xét, rồi xác nhận và khóa phiếu.", "This round takes no marks. Write your remarks, then confirm and lock the sheet.";
    confirm_ready_adjusted: "Các tiêu chí khác giữ nguyên điểm của vòng trước. Phiếu chỉ được tính sau khi giám khảo xác nhận và khóa.", "All other criteria keep their earlier marks. The sheet counts only once you have confirmed and locked it.";
    confirm_ready_unchanged: "Chưa đổi điểm nào. Nếu giữ nguyên, vẫn cần xác nhận và khóa thì phiếu mới được tính ở vòng này.", "No mark is changed. Even so, the sheet counts in this round only once you have confirmed and locked it.";
    locked_remarks_strong: "Phiếu nhận xét đã khóa", "The remarks are locked";
    no_marks_asked: "Vòng này chỉ nhận xét, không cho điểm.", "This round is for remarks only; no marks are given.";
    confirm_several_title: "Xác nhận và khóa nhiều phiếu", "Confirm and lock several sheets";
    several_words: "Xem lại điểm của từng phiếu. Bỏ dấu chọn ở phiếu chưa muốn khóa.", "Look at each sheet's marks. Take the tick away where you don't want to lock it yet.";
    back_to_product: "Về trang sản phẩm", "To the product";
    other_sheets: "Các phiếu khác", "Other sheets";
    scored_word: "Đã chấm ", "Scored ";
    criteria_word: "tiêu chí", "criteria";
    not_scored: "chưa chấm", "not scored";
    row_not_saved: "CHƯA LƯU trên máy", "NOT SAVED on this device";
    next_sheet: "Chấm tiếp", "Next";
    next_sheet_of_others: "Phiếu tiếp theo:", "Next sheet:";
    of_this_tablet: "trên máy này", "on this tablet";
    of_other_tablet: "trên máy khác", "on another tablet";
    note_hint: "Ghi chú cho tiêu chí này", "Note for this criterion";
    remark: "Nhận xét chung", "General remark";
    optional: "Không bắt buộc", "Optional";
    confirm: "Xác nhận và khóa phiếu", "Confirm and lock the sheet";
    confirm_yes: "Xác nhận và khóa", "Confirm and lock";
    confirm_ready: "Đã chấm đủ các tiêu chí. Phiếu chỉ được tính sau khi giám khảo xác nhận và khóa.", "All criteria are scored. The sheet counts only once you have confirmed and locked it.";
    only_when_locked: "Phiếu chỉ được tính sau khi giám khảo xác nhận và khóa.", "The sheet counts only once you have confirmed and locked it.";
    review_again: "Xem lại", "Go back";
    after_lock: "Sau khi khóa, muốn sửa phải mở lại phiếu và nêu lý do.", "Once locked, changing it means reopening the sheet with a reason.";
    pad: "Cho điểm", "Give points";
    keys: "Bàn phím số", "Number keys";
    guide: "Hướng dẫn chấm", "Scoring guide";
    guide_short: "Hướng dẫn", "Guide";
    hide_pad: "Ẩn bàn phím", "Hide the keypad";
    comma: "Dấu phẩy", "Comma";
    backspace: "Xóa một chữ số", "Delete one digit";
    undo: "Hoàn tác", "Undo";
    note: "Ghi chú", "Note";
    clear: "Xóa", "Clear";
    done: "Xong", "Done";
    next: "Tiếp", "Next";
    to_the_end: "Tới phần xác nhận và khóa", "To the confirmation";
    all_scored: "Đã chấm đủ các tiêu chí.", "Every criterion is scored.";
    rest: "Chạm vào một tiêu chí để cho điểm.", "Touch a criterion to give points.";
    locked_strong: "Phiếu đã khóa", "The sheet is locked";
    half_typed: "Đang nhập dở, chưa ghi vào phiếu", "Typed, but not on the sheet";
    discard_typed: "Bỏ phần nhập dở", "Discard what is typed";
    outdated_strong: "Phiếu đã khóa nhưng có thay đổi từ máy khác", "The sheet was locked, but another tablet changed it";
    outdated_words: "Phiếu tạm ngừng được tính. Xem lại điểm, rồi xác nhận lần nữa.", "It does not count for now. Look at the marks and confirm once more.";
    conflict_strong: "Phiếu có hai mức điểm từ hai máy tính bảng", "Two tablets hold different marks";
    conflict_words: "Ở tiêu chí có hai mức điểm, chọn mức điểm đúng. Đến khi đó phiếu chưa được tính.", "Where a criterion has two marks, choose the right one. Until then the sheet does not count.";
    conflict_reopen_words: "Mở lại phiếu, chọn mức điểm đúng ở tiêu chí có hai mức điểm, rồi xác nhận lần nữa.", "Reopen the sheet, choose the right mark where there are two, then confirm once more.";
    withdrawn_strong: "Phân công sản phẩm này đã được thu hồi", "The assignment was withdrawn";
    withdrawn_words: "Điểm đã nhập vẫn còn trên máy và ở Tổ giúp việc. Nếu chưa đúng, báo thư ký.", "What you entered is kept here and by the support team. If that is wrong, tell the secretary.";
    conflict_lock_words: "Hai máy tính bảng khóa phiếu ở hai trạng thái khác nhau. Mở lại phiếu rồi xác nhận lần nữa.", "Two tablets locked the sheet in different states. Reopen it and confirm once more.";
    sheet_code: "Mã phiếu", "Sheet code";
    reopen: "Mở lại phiếu", "Reopen the sheet";
    reopen_words: "Phiếu mở lại sẽ tạm ngừng được tính cho đến khi giám khảo xác nhận lần nữa. Điểm đã chấm vẫn giữ nguyên.", "A reopened sheet does not count until you confirm it again. The marks stay.";
    reopen_reason: "Lý do mở lại", "Reason for reopening";
    reopen_reason_missing: "Nhập lý do để mở lại phiếu.", "Give a reason for reopening.";
    recuse: "Từ chối chấm", "Recuse";
    recuse_this: "Từ chối chấm sản phẩm này", "Recuse from this product";
    recuse_words: "Giám khảo có quyền lợi liên quan thì không chấm sản phẩm này. Điểm bình quân được tính trên các giám khảo còn lại.", "A juror with an interest does not score this product. The mean is taken over the other jurors.";
    recuse_reason: "Lý do từ chối", "Reason for recusing";
    recuse_reason_missing: "Nhập lý do để từ chối chấm.", "Give a reason for recusing.";
    recused_strong: "Đã từ chối chấm", "Recused";
    blocked_recused: "Phân công ghi giám khảo từ chối chấm sản phẩm này", "Your assignment says that you are recused";
    blocked_absent: "Phân công ghi giám khảo vắng mặt", "Your assignment says that you are absent";
    blocked_words: "Phiếu này không cần chấm và không được tính. Nếu chưa đúng, báo thư ký.", "This sheet is not expected and does not count. If that is wrong, tell the secretary.";
    not_assigned_strong: "Ngoài phân công: phiếu sẽ được tạm giữ.", "Not assigned to you: the sheet will be held.";
    not_assigned_words: "Điểm vẫn được lưu và gửi đi, chỉ được tính khi ban tổ chức chấp nhận.", "Marks are saved and sent; they count once the organisers admit them.";
    round_closing_strong: "Vòng chấm sắp đóng.", "The round is about to close.";
    round_closing_words: "Phiếu đã chấm dở vẫn được chấm tiếp, khóa và gửi đi; không mở phiếu mới.", "Sheets that were begun can be finished, locked and sent; no new sheet can be begun.";
    round_closed_strong: "Vòng chấm đã đóng.", "The round is closed.";
    round_closed_words: "Điểm nhập lúc này vẫn được lưu và gửi đi, nhưng tạm giữ chờ ban tổ chức quyết định.", "Marks entered now are saved and sent, but held for the organisers to decide.";
    nothing_typed: "Chưa nhập gì trên phiếu này", "Nothing entered yet";
    saving: "Đang lưu", "Saving";
    saved: "Đã lưu trên máy", "Saved on this device";
    received: "Tổ giúp việc đã nhận", "Received by the support team";
    held: "Tổ giúp việc đã nhận và tạm giữ", "Received and held by the support team";
    rejected: "Có điểm không được tính, cần xem lại", "Some work does not count, please look";
    unknown_round: "Không có vòng chấm này", "There is no such round";
}

/// Where nothing is scored yet and the round has not opened.
pub fn round_planned(name: &str, date: &str) -> String {
    pick(
        || {
            format!(
                "Vòng {name} dự kiến mở ngày {date}. Điểm nhập lúc này được lưu, gửi đi và tạm giữ đến khi vòng mở."
            )
        },
        || format!("{name} opens on {date} as planned. Marks entered now are saved, sent and held until it opens."),
    )
}

/// Title of that notice.
pub fn round_planned_strong() -> &'static str {
    pick(|| "Vòng chấm chưa mở.", || "The round is not open yet.")
}

/// "Tối đa 10 điểm, cho điểm lẻ đến 0,5".
pub fn limits(max: Points, step: Points) -> String {
    let (max, step) = (max.to_vi(), step.to_vi());
    pick(
        || format!("Tối đa {max} điểm, cho điểm lẻ đến {step}"),
        || format!("At most {max} points, in steps of {step}"),
    )
}

/// "12 quá mức tối đa 10 điểm".
pub fn over_maximum(typed: &str, max: Points) -> String {
    let max = max.to_vi();
    pick(|| format!("{typed} quá mức tối đa {max} điểm"), || format!("{typed} is over the maximum of {max}"))
}

/// "7,3 chưa đúng bước điểm 0,5".
pub fn off_step(typed: &str, step: Points) -> String {
    let step = step.to_vi();
    pick(|| format!("{typed} không theo bước điểm {step}"), || format!("{typed} is not a multiple of {step}"))
}

/// What was typed is no number of points.
pub fn not_points(typed: &str) -> String {
    pick(|| format!("“{typed}” chưa thành số điểm"), || format!("“{typed}” is not a number of points"))
}

/// "Ghi chú cho tiêu chí 2.12".
pub fn note_label(code: &str) -> String {
    pick(|| format!("Ghi chú cho tiêu chí {code}"), || format!("Note for criterion {code}"))
}

/// A cell with several values: "Hai máy ghi khác nhau: 8 và 7,5".
pub fn two_values(values: &str) -> String {
    pick(
        || format!("Hai máy ghi khác nhau: {values}. Chọn mức điểm đúng, hoặc nhập lại."),
        || format!("Two tablets differ: {values}. Choose the right mark, or enter it again."),
    )
}

/// Over the buttons of two values.
pub fn choose_value(criterion: &str) -> String {
    pick(
        || format!("Chọn mức điểm đúng của tiêu chí {criterion}"),
        || format!("Choose the right mark of criterion {criterion}"),
    )
}

/// Between the two values.
pub fn and() -> &'static str {
    pick(|| " và ", || " and ")
}

/// Why it can't be confirmed yet: criteria without a mark.
pub fn missing(codes: &[String]) -> String {
    let (count, shown) = (codes.len(), codes.iter().take(6).cloned().collect::<Vec<_>>().join("; "));
    let more = if count > 6 { " …" } else { "" };
    pick(
        || format!("Còn {count} tiêu chí chưa chấm: {shown}{more}. {}", only_when_locked()),
        || format!("Criteria not scored: {count} ({shown}{more}). {}", only_when_locked()),
    )
}

/// Why it can't be confirmed yet: drafts that are no marks.
pub fn invalid(codes: &[String]) -> String {
    let shown = codes.join("; ");
    pick(
        || format!("Điểm nhập dở chưa hợp lệ ở tiêu chí {shown}. Sửa lại rồi xác nhận."),
        || format!("What is typed for criterion {shown} is no valid mark. Correct it, then confirm."),
    )
}

/// Why it can't be confirmed yet: marks that the device could not save.
pub fn unsaved(codes: &[String]) -> String {
    let shown = codes.join("; ");
    pick(
        || format!("Điểm ở tiêu chí {shown} chưa lưu được trên máy. Bấm Xong ở tiêu chí đó để lưu lại rồi xác nhận."),
        || {
            format!(
                "The mark of criterion {shown} could not be saved on this device. Press Done there to save it, then confirm."
            )
        },
    )
}

/// Why it can't be confirmed yet: criteria with two values.
pub fn disputed(codes: &[String]) -> String {
    let shown = codes.join("; ");
    pick(
        || format!("Tiêu chí {shown} có mức điểm khác nhau từ các máy. Chọn mức đúng rồi xác nhận."),
        || format!("Criterion {shown}: your tablets hold different marks. Choose the right one, then confirm."),
    )
}

/// "lúc 14:32 ngày 26/08/2024".
pub fn at(moment: &str) -> String {
    pick(|| format!("lúc {moment}"), || format!("at {moment}"))
}

/// "Mở lại phiếu AGI-017".
pub fn reopen_title(code: &str) -> String {
    format!("{} {code}", reopen())
}

/// "Từ chối chấm AGI-017".
pub fn recuse_title(code: &str) -> String {
    format!("{} {code}", recuse())
}

/// "Lý do: …".
pub fn reason(text: &str) -> String {
    pick(|| format!("Lý do: {text}"), || format!("Reason: {text}"))
}

/// "phiếu chưa gửi, không có mạng" after the bare number.
pub fn unsent_and_link(link: &str) -> String {
    let link = super::format::inside(link);
    pick(|| format!(" phiếu chưa gửi, {link}"), || format!(" unsent sheets, {link}"))
}

/// "Chấm tiếp 2.13".
pub fn go_on(code: &str) -> String {
    pick(|| format!("Chấm tiếp {code}"), || format!("Go on with {code}"))
}

/// Which criteria may change, and where the other marks come from.
pub fn adjust_only(earlier: &str, codes: &[String]) -> String {
    let codes = codes.join(", ");
    pick(
        || format!("Điểm lấy từ phiếu của ông/bà ở vòng “{earlier}”; được đổi điểm tiêu chí {codes}."),
        || format!("Marks start from your sheet of “{earlier}”; criteria {codes} may change."),
    )
}

/// Why no mark can be given.
pub fn nothing_to_adjust(earlier: &str) -> String {
    pick(
        || format!("Ông/bà chưa có phiếu đã khóa của sản phẩm này ở vòng “{earlier}”; chỉ ghi nhận xét."),
        || format!("You have no locked sheet of this product in “{earlier}”: remarks only."),
    )
}

/// "Đổi 1/2 tiêu chí": of those that may change.
pub fn changed_of(changed: usize, of: usize) -> String {
    pick(|| format!("Đổi {changed}/{of} tiêu chí"), || format!("{changed}/{of} changed"))
}

/// Under a criterion that may not change: "từ vòng Hồ sơ".
pub fn from_round(round: &str) -> String {
    pick(|| format!("từ vòng {round}"), || format!("from {round}"))
}

/// Under a criterion that may change: "Vòng Hồ sơ: 7,5".
pub fn mark_of_round(round: &str, mark: Points) -> String {
    let mark = mark.to_vi();
    pick(|| format!("Vòng {round}: {mark}"), || format!("{round}: {mark}"))
}

/// In the review, of a mark that was changed.
pub fn changed_from(before: Points) -> String {
    let before = before.to_vi();
    pick(|| format!("trước đây {before}"), || format!("was {before}"))
}

/// "Xác nhận và khóa 3 phiếu".
pub fn confirm_several(count: usize) -> String {
    pick(|| format!("Xác nhận và khóa {count} phiếu"), || format!("Confirm and lock sheets: {count}"))
}

/// Over those that could not be locked.
pub fn several_failed(count: usize) -> String {
    pick(
        || format!("{count} phiếu chưa khóa được; lý do ghi ở từng phiếu. Các phiếu khác đã khóa."),
        || format!("Not locked: {count}; each says why. The others are locked."),
    )
}
