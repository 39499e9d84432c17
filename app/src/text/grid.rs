//! The grid at a stop: criteria by products.

use super::pick;

words! {
    open: "Chấm theo bảng", "Score as a table";
    kicker: "Bảng chấm tại điểm đến", "Score table of the stop";
    criteria: "Tiêu chí", "Criteria";
    copy: "Chép điểm", "Copy the mark";
    copy_from: "Chép từ sản phẩm", "Copy from product";
    nothing_to_copy: "Chưa có điểm nào ở hàng này để chép.", "There is no mark in this row to copy.";
    rest: "Chạm vào một ô để cho điểm.", "Touch a cell to give points.";
    unknown_title: "Không có điểm đến này", "There is no such stop";
    unknown_words: "Điểm đến này không có trong phân công của ông/bà ở vòng chấm này.", "This stop is not among your assignments of this round.";
}

/// Before the mark in a cell, for screen readers: "AGI-001, tiêu chí 1.1".
pub fn cell(product: &str, criterion: &str) -> String {
    pick(|| format!("{product}, tiêu chí {criterion}: "), || format!("{product}, criterion {criterion}: "))
}

/// One choice of the copy's source: "từ AGI-001: 7,5".
pub fn source(product: &str, points: &str) -> String {
    pick(|| format!("từ {product}: {points}"), || format!("from {product}: {points}"))
}

/// The offer of the next cell: "Chấm tiếp AGI-002, tiêu chí 1.1".
pub fn go_on(product: &str, criterion: &str) -> String {
    pick(
        || format!("Chấm tiếp {product}, tiêu chí {criterion}"),
        || format!("Go on with {product}, criterion {criterion}"),
    )
}
