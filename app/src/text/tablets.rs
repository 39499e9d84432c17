//! The page of the tablets: when each was last heard of, lost ones, and what was set aside.

use super::pick;

words! {
    nav: "Máy tính bảng", "Tablets";
    lead: "Mỗi dòng là một lần cài ứng dụng của một giám khảo. Số chưa gửi là do máy báo ở lần liên lạc cuối.", "Each line is one installation of the app by one juror. Unsent is as the tablet last reported.";
    none_title: "Chưa có máy nào", "No tablets yet";
    none_words: "Máy hiện ra ở đây sau lần đăng nhập đầu tiên của giám khảo.", "A tablet appears here once its juror has signed in.";
    revoke: "Thu quyền gửi", "Revoke";
    revoked: "Đã thu quyền gửi", "Revoked";
    revoke_explain: "Dùng khi máy bị mất. Máy vẫn gửi được, nhưng mọi thứ gửi đến từ lúc này đều tạm giữ chờ quyết định. Giám khảo phải đăng nhập lại trên mọi máy.", "For a lost tablet. It can still deliver, but all that comes from now on is held for a decision. Its juror must sign in again on every device.";
    reason: "Lý do", "Reason";
    reason_missing: "Nhập lý do.", "Give a reason.";
    quarantine_title: "Để riêng, không tính", "Set aside, not counted";
    quarantine_lead: "Máy bị sao chép hoặc khôi phục đã gửi trùng số với phiếu đã nhận. Không có gì bị ghi đè; máy đó tự ghi lại phần chưa nhận dưới số mới.", "A cloned or restored device sent numbers that were taken. Nothing was overwritten; the device writes what was not received anew.";
    all_sent: "Đã gửi hết", "All sent";
}

/// "Còn 3 phiếu chưa gửi".
pub fn unsent(count: u32) -> String {
    pick(|| format!("Còn {count} phiếu chưa gửi"), || format!("Unsent sheets: {count}"))
}

/// "Liên lạc cuối 19:42 ngày 26/08/2024 · đã nhận 120 thao tác".
pub fn contact(at: &str, stored: u64) -> String {
    pick(
        || format!("Liên lạc cuối {at} · đã nhận {stored} thao tác"),
        || format!("Last heard of {at} · acts received: {stored}"),
    )
}

/// "Bản 1.2 · máy 4f2a9c01".
pub fn version(version: &str, replica: &str) -> String {
    let version = if version.is_empty() { "?" } else { version };
    pick(|| format!("Bản {version} · máy {replica}"), || format!("Version {version} · tablet {replica}"))
}

/// The dialog's title.
pub fn revoke_title(juror: &str) -> String {
    pick(|| format!("Thu quyền gửi của máy: {juror}"), || format!("Revoke the tablet of {juror}"))
}

/// "5 thao tác từ số 12, gửi lúc 19:42 ngày 26/08/2024".
pub fn set_aside(ops: u64, first: u64, at: &str) -> String {
    pick(
        || format!("{ops} thao tác từ số {first}, gửi lúc {at}"),
        || format!("Acts: {ops}, from number {first} on, sent {at}"),
    )
}
