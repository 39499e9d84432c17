//! What waits on this tablet, what the support team has, and what needs the juror.

use super::pick;

words! {
    title: "Gửi phiếu", "Sync";
    count_after: "phiếu chưa gửi", "unsent sheets";
    all_sent: "Tổ giúp việc đã nhận mọi phiếu trên máy này.", "The support team has every sheet of this device.";
    waits_online: "Phiếu đã lưu trên máy này và đang được gửi.", "The sheets are saved here and on their way.";
    waits_drafts: "Phiếu đã lưu trên máy này. Điểm đang nhập dở được gửi sau khi bấm Xong.", "The sheets are saved here. What is half typed goes out once it is finished.";
    waits_offline: "Không có mạng. Phiếu đã lưu trên máy này và tự gửi khi có mạng.", "No network. The sheets are saved here and go out by themselves once there is one.";
    waits_captive: "Wi-Fi chưa đăng nhập. Mở trang đăng nhập của khách sạn, rồi bấm Gửi ngay.", "The Wi-Fi wants a log-in. Open the hotel's page, then press Send now.";
    waits_signed_out: "Phiên đăng nhập đã hết. Đăng nhập lại để gửi; phiếu vẫn nằm trên máy này.", "The session has ended. Sign in again to send; the sheets stay here.";
    waits_version: "Ứng dụng cần cập nhật trước khi gửi. Phiếu vẫn nằm trên máy này.", "The app needs an update before it can send. The sheets stay here.";
    waits_unknown: "Phiếu đã lưu trên máy này.", "The sheets are saved here.";
    never: "Máy này chưa gửi lần nào.", "This device has not sent anything yet.";
    needs_you: "Cần giám khảo xem", "Needs your attention";
    waiting: "Chưa gửi", "Unsent";
    received: "Tổ giúp việc đã nhận", "Received by the support team";
    nothing_title: "Chưa có phiếu nào trên máy", "No sheets on this device yet";
    nothing_words: "Phiếu hiện ra ở đây khi giám khảo bắt đầu chấm.", "They appear here once you start scoring.";
    held_nothing_lost: "Tổ giúp việc đã nhận và giữ phiếu, chờ ban tổ chức quyết định. Không mất điểm nào.", "The support team has the sheet and holds it for the organisers. Nothing is lost.";
    rejected_what_to_do: "Mở phiếu, kiểm tra lại điểm ở tiêu chí đó và nhập lại; nếu vẫn vậy, báo thư ký.", "Open the sheet, check that criterion and enter it again; if it stays, tell the secretary.";
}

/// "Máy chủ từ chối" with the reason.
pub fn waits_refused(why: &str) -> String {
    pick(
        || format!("Chưa gửi được: {why} Phiếu vẫn nằm trên máy này."),
        || format!("Not sent: {why} The sheets stay here."),
    )
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
