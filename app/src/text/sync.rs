//! What waits on this tablet, what the support team has, and what needs the juror.

use super::pick;
use super::stopped::{NOT_RESCUED, PARTLY_RESCUED, RESCUE, RESCUED};
use crate::tablet::TakenIn;

words! {
    title: "Gửi phiếu", "Sync";
    count_after: "phiếu chưa gửi", "unsent sheets";
    all_sent: "Tổ giúp việc đã nhận mọi phiếu trên máy này.", "The support team has every sheet of this device.";
    waits_online: "Phiếu đã lưu trên máy này và đang được gửi.", "The sheets are saved here and on their way.";
    waits_drafts: "Phiếu đã lưu trên máy này. Điểm đang nhập dở được gửi sau khi bấm Xong; trên phiếu đã khóa, mở phiếu để xem và bỏ.", "The sheets are saved here. What is half typed goes out once it is finished; on a locked sheet, open it to see and discard it.";
    waits_offline: "Không có mạng. Phiếu đã lưu trên máy này và tự gửi khi có mạng.", "No network. The sheets are saved here and go out by themselves once there is one.";
    waits_captive: "Wi-Fi chưa đăng nhập. Mở trang đăng nhập của khách sạn, rồi bấm Gửi ngay.", "The Wi-Fi wants a log-in. Open the hotel's page, then press Send now.";
    waits_signed_out: "Phiên đăng nhập đã hết. Đăng nhập lại để gửi; phiếu vẫn nằm trên máy này.", "The session has ended. Sign in again to send; the sheets stay here.";
    waits_version: "Ứng dụng cần cập nhật trước khi gửi. Phiếu vẫn nằm trên máy này.", "The app needs an update before it can send. The sheets stay here.";
    waits_unknown: "Phiếu đã lưu trên máy này.", "The sheets are saved here.";
    never: "Máy này chưa gửi lần nào.", "This device has not sent anything yet.";
    needs_you: "Cần lưu ý", "Worth your attention";
    waiting: "Chưa gửi", "Unsent";
    received: "Tổ giúp việc đã nhận", "Received by the support team";
    nothing_title: "Chưa có phiếu nào trên máy", "No sheets on this device yet";
    nothing_words: "Phiếu hiện ra ở đây khi giám khảo bắt đầu chấm.", "They appear here once you start scoring.";
    held_nothing_lost: "Tổ giúp việc đã nhận và giữ phiếu; ban tổ chức sẽ quyết định có tính phiếu này hay không. Giám khảo không phải làm gì thêm, không mất điểm nào.", "The support team has the sheet and holds it until the organisers decide whether it counts. There is nothing more for you to do; nothing is lost.";
    two_values_what_to_do: "Mở phiếu và chọn mức điểm đúng. Đến khi đó phiếu chưa được tính.", "Open the sheet and choose the right mark. Until then it does not count.";
    outdated_what_to_do: "Phiếu đã thay đổi sau khi khóa. Mở phiếu, xem lại điểm rồi xác nhận lần nữa.", "The sheet changed after it was locked. Open it, look at the marks and confirm once more.";
    from_elsewhere: "Đã có ở Tổ giúp việc, chấm trên máy khác", "The support team has it, from another tablet";
    newest_receipt: "Biên nhận mới nhất", "Newest receipt";
    receipt_time: "Thời điểm nhận", "Received";
    receipt_up_to: "Đã nhận đến thao tác số", "Received up to act";
    receipt_position: "Vị trí trong sổ của máy chủ", "Position in the server's log";
    receipt_key: "Khóa ký", "Signed with key";
    take_in_title: "Nạp tệp dự phòng của máy khác", "Take in another device's rescue file";
    take_in_words: "Khi máy khác hỏng nhưng đã tải được tệp dự phòng: phiếu trong tệp được gửi nguyên văn và không tính hai lần; ô đang nhập dở được đưa lại vào phiếu nếu ở đó còn trống. Chỉ nạp được tệp của chính giám khảo đang đăng nhập, khi có mạng.", "For when another device has failed but its rescue file was saved: the sheets in it are sent word for word and never count twice; what was half typed is put back where nothing stands. Only your own file, and only with a network.";
    take_in: "Chọn tệp để nạp", "Choose the file";
    taking_in: "Đang nạp…", "Taking it in…";
    rejected_what_to_do: "Mở phiếu, kiểm tra lại điểm ở tiêu chí đó và nhập lại; nếu vẫn vậy, báo thư ký.", "Open the sheet, check that criterion and enter it again; if it stays, tell the secretary.";
}

/// "Tải tệp dự phòng".
pub fn rescue() -> &'static str {
    pick(|| RESCUE.0, || RESCUE.1)
}

/// The file was saved.
pub fn rescued() -> &'static str {
    pick(|| RESCUED.0, || RESCUED.1)
}

/// The file was saved without some photos.
pub fn partly_rescued() -> &'static str {
    pick(|| PARTLY_RESCUED.0, || PARTLY_RESCUED.1)
}

/// The file could not be made.
pub fn not_rescued() -> &'static str {
    pick(|| NOT_RESCUED.0, || NOT_RESCUED.1)
}

/// "Máy chủ từ chối" with the reason.
pub fn waits_refused(why: &str) -> String {
    pick(
        || format!("Chưa gửi được: {why} Phiếu vẫn nằm trên máy này."),
        || format!("Not sent: {why} The sheets stay here."),
    )
}

/// What a rescue file brought.
pub fn taken_in(taken: &TakenIn) -> String {
    let TakenIn { ops, typed, photos, photos_left, .. } = *taken;
    let (count_left, texts) = (taken.typed_left.len(), taken.typed_left.join("; "));
    let some = |count: usize, words: String| if count == 0 { String::new() } else { words };
    let vi = || {
        let photos = some(photos, format!(" và {photos} ảnh"));
        let left =
            some(photos_left, format!(" Còn {photos_left} ảnh máy chủ chưa nhận: giữ tệp này và báo tổ giúp việc."));
        let typed = some(typed, format!(" {typed} ô đang nhập dở đã được đưa lại vào phiếu."));
        let kept =
            some(count_left, format!(" Không đưa lại được vì ô đó đã có nội dung khác, hoặc phiếu đã khóa: {texts}."));
        format!("Đã nạp xong: Tổ giúp việc đã nhận {ops} thao tác{photos} trong tệp.{left}{typed}{kept}")
    };
    let en = || {
        let photos = some(photos, format!(" and {photos} photos"));
        let left = some(
            photos_left,
            format!(" {photos_left} photos are not with the server yet: keep the file and tell the support team."),
        );
        let typed = some(typed, format!(" {typed} half-typed texts are back on their sheets."));
        let kept = some(
            count_left,
            format!(" Not put back, since something else stands there or the sheet is locked: {texts}."),
        );
        format!("Done: the support team has the {ops} acts{photos} of the file.{left}{typed}{kept}")
    };
    pick(vi, en)
}

/// "Lần gửi gần nhất: 18:42 ngày 25/08/2024".
pub fn last_receipt(moment: &str) -> String {
    pick(|| format!("Lần gửi gần nhất: {moment}"), || format!("Last sent: {moment}"))
}

/// Before the eight characters.
pub fn receipt_code() -> &'static str {
    pick(|| "Mã biên nhận", || "Receipt code")
}

/// "Đã nhận 18:42 ngày 25/08/2024".
pub fn received_at(moment: &str) -> String {
    pick(|| format!("Đã nhận {moment}"), || format!("Received {moment}"))
}

/// "Đang nhập dở tiêu chí 2.4".
pub fn draft_of(code: &str) -> String {
    pick(|| format!("Đang nhập dở tiêu chí {code}"), || format!("Typing criterion {code}"))
}

/// "Đang nhập dở nhận xét".
pub fn draft_of_text() -> &'static str {
    pick(|| "Đang nhập dở nhận xét, ghi chú", || "Typing a note or remark")
}

/// "12 phiếu".
pub fn sheets(count: usize) -> String {
    pick(|| format!("{count} phiếu"), || format!("Sheets: {count}"))
}
