//! Bảng điểm của tôi: the juror's own marks of a round.

use super::pick;

words! {
    title: "Bảng điểm của tôi", "My marks";
    words: "Chỉ gồm điểm của chính ông/bà, để chấm cho đều tay. Điểm chưa khóa không ai khác xem được.", "Your own marks only, to help you stay consistent. Nobody else sees marks that are not locked.";
    sort: "Xếp theo", "Sort by";
    code: "Mã số", "Code";
    product: "Sản phẩm", "Product";
    total: "Tổng điểm", "Total";
    state: "Trạng thái", "State";
    no_marks: "không cho điểm", "no marks";
    nothing_title: "Vòng này chưa có phiếu nào", "No sheets in this round";
    nothing_words: "Sản phẩm được phân công hoặc đã chấm ở vòng này sẽ hiện ở đây.", "Products assigned to you or scored by you in this round appear here.";
}

/// "Tiêu chí 2".
pub fn section(of: &str) -> String {
    pick(|| format!("Tiêu chí {of}"), || format!("Criterion {of}"))
}

/// Beside a sum that is not whole yet: "mới chấm 5/8".
pub fn so_far(scored: usize, all: usize) -> String {
    pick(|| format!("mới chấm {scored}/{all}"), || format!("{scored} of {all} so far"))
}

/// What the table is, for screen readers.
pub fn table_label(round: &str) -> String {
    format!("{}, {round}", title())
}
