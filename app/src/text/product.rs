//! One product: the juror's own sheet, then what is known.

use super::pick;

words! {
    not_open_yet: "Vòng chưa mở: phiếu chấm trước được giữ chờ quyết định.", "The round is not open yet: what is scored before is held for a decision.";
    own_sheet: "Phiếu của tôi", "My sheet";
    open_sheet: "Mở phiếu chấm", "Open the score sheet";
    adjust_sheet: "Xem lại, điều chỉnh", "Review and adjust";
    remark_sheet: "Ghi nhận xét", "Write remarks";
    read_sheet: "Xem phiếu", "Read the sheet";
    product: "Sản phẩm", "Product";
    summary: "Mô tả", "Summary";
    materials: "Nguyên liệu", "Materials";
    kind: "Loại", "Kind";
    is_set: "Bộ sản phẩm", "Product set";
    is_single: "Sản phẩm", "Single product";
    establishment: "Cơ sở công nghiệp nông thôn", "Establishment";
    establishment_name: "Tên cơ sở", "Name";
    establishment_kind: "Loại hình", "Legal form";
    founded: "Năm thành lập", "Founded";
    workers: "Số lao động", "Workers";
    province: "Tỉnh, thành phố", "Province or city";
    address: "Địa chỉ", "Address";
    stop: "Điểm đến", "Stop of the visit";
    unknown_title: "Không có sản phẩm này trên máy", "This product is not on the device";
    unknown_words: "Mã sản phẩm gõ chưa đúng, hoặc danh sách trên máy chưa được cập nhật.", "The code is wrong, or the list on this device is out of date.";
}

/// "26/08/2024, 08:30".
pub fn stop_at(date: &str, time: &str, place: &str) -> String {
    pick(|| format!("{time} ngày {date}, {place}"), || format!("{date}, {time}, {place}"))
}

/// Instead of the button where the assignment carries a recusal.
pub fn recused_because(reason: &str) -> String {
    pick(
        || format!("Không chấm sản phẩm này: từ chối chấm. Lý do: {reason}"),
        || format!("Not to be scored: recused. Reason: {reason}"),
    )
}

/// Instead of the button where the assignment carries an absence.
pub fn absent_because(reason: &str) -> String {
    pick(
        || format!("Không chấm sản phẩm này: vắng mặt. Lý do: {reason}"),
        || format!("Not to be scored: absent. Reason: {reason}"),
    )
}
