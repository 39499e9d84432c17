//! The juror's list of work.

use super::pick;

words! {
    rounds: "Vòng chấm", "Round";
    filter: "Lọc", "Filter";
    states: "Trạng thái phiếu", "State of the sheet";
    all: "Tất cả", "All";
    recused_short: "Từ chối, vắng", "Recused, absent";
    group: "Nhóm sản phẩm", "Product group";
    all_groups: "Tất cả các nhóm", "All groups";
    unassigned: "Ngoài phân công", "Not assigned to you";
    unassigned_words: "Phiếu chấm ngoài phân công được giữ lại, chờ ban tổ chức quyết định.", "Sheets outside your assignments are held for the organisers to decide.";
    nothing_title: "Không có sản phẩm nào khớp", "Nothing matches";
    nothing_words: "Thử tìm theo mã, tên sản phẩm hoặc tên cơ sở, có dấu hay không dấu đều được.", "Try the code, the product or the establishment, with or without diacritics.";
    clear_filters: "Bỏ lọc", "Clear the filters";
    no_work_title: "Chưa có sản phẩm được phân công", "Nothing is assigned to you yet";
    no_work_words: "Ban tổ chức phân công xong, danh sách tự hiện ở đây khi có mạng.", "The list appears here as soon as the organisers have assigned it.";
    check_again: "Kiểm tra lại", "Check again";
    round_planned: "chưa mở", "not open yet";
    round_closing: "sắp đóng", "closing";
    round_closed: "đã đóng", "closed";
}

/// "Đã khóa **3** trên **9** phiếu", around its two numbers.
pub fn progress(locked: usize, sheets: usize) -> String {
    pick(|| format!("Đã khóa {locked} trên {sheets} phiếu"), || format!("{locked} of {sheets} sheets locked"))
}

/// Over a stop: "Hôm nay, 26/08/2024".
pub fn stop_day(today: bool, date: &str) -> String {
    pick(
        || if today { format!("Hôm nay, {date}") } else { format!("Ngày {date}") },
        || if today { format!("Today, {date}") } else { date.to_owned() },
    )
}

/// "08:30 · điểm đến 2".
pub fn stop_order(time: &str, ordinal: u32) -> String {
    pick(|| format!("{time}, điểm đến thứ {ordinal}"), || format!("{time}, stop {ordinal}"))
}

/// The dock's button.
pub fn go_on(code: &str) -> String {
    pick(|| format!("Chấm tiếp {code}"), || format!("Go on with {code}"))
}

/// The dock's button where the round doesn't score anew.
pub fn go_on_to(code: &str) -> String {
    pick(|| format!("Phiếu tiếp theo: {code}"), || format!("Next sheet: {code}"))
}
