//! The organisers' desk.

use super::pick;
use domain::points::Points;
use domain::tally::Missing;

words! {
    nav: "Bàn tổ chức", "Organisers' desk";
    totals: "Tổng hợp điểm", "Totals";
    live: "Tự động cập nhật lúc", "Updates by itself, last at";
    provisional: "TẠM TÍNH", "PROVISIONAL";
    complete: "ĐỦ PHIẾU", "COMPLETE";
    banner_label: "Tình trạng tổng hợp", "State of the totals";
    groups: "Nhóm sản phẩm", "Product group";
    whole: "Toàn bộ", "All";
    sort: "Sắp xếp", "Sort by";
    rank: "Xếp thứ", "Rank";
    code: "Mã số", "Code";
    product: "Sản phẩm", "Product";
    province: "Tỉnh, thành phố", "Province or city";
    mean: "Điểm bình quân", "Mean";
    spread: "Chênh lệch", "Spread";
    wide_spread: "Lệch lớn", "Wide";
    reload: "Tải lại", "Load again";
    confirmed: "Phiếu xác nhận", "Confirmed";
    status: "Tình trạng", "State";
    enough: "Đủ phiếu", "Complete";
    no_sheets: "Không có phiếu để tính", "No sheets to count";
    lost: "Mất kết nối, đang nối lại", "Connection lost, reconnecting";
    no_mean: "Chưa có điểm bình quân", "No mean yet";
    sheets_after: " phiếu", " sheets";
    empty_title: "Chưa có sản phẩm trong vòng này", "No products in this round yet";
    empty_words: "Danh sách hiện ra khi ban tổ chức phân công.", "The list appears once the organisers have assigned it.";
    nothing_title: "Không có sản phẩm nào khớp", "Nothing matches";
    nothing_words: "Thử tìm theo mã, tên sản phẩm, tên cơ sở hoặc tỉnh, có dấu hay không dấu đều được.", "Try the code, product, establishment or province, with or without diacritics.";
    show_all: "Bỏ tìm và lọc", "Show everything";
    forbidden_title: "Trang này không dành cho tài khoản đang dùng", "This page is not for your account";
    open_assignment_title: "Còn phân công chấm, chưa xem được điểm tổng hợp", "You still have sheets to score";
    to_my_sheets: "Đến phiếu của tôi", "To my sheets";
    failed_title: "Chưa tải được số liệu", "The totals could not be loaded";
    connecting: "Đang tải số liệu", "Loading the totals";
    other_account: "Đăng nhập tài khoản khác", "Sign in with another account";
}

/// "321 sản phẩm không đi thực tế ở vòng này, không vì thế mà được hay mất điểm."
pub fn not_visited(products: u32) -> String {
    pick(
        || {
            format!(
                "{products} sản phẩm không đi thực tế nên không có trong bảng này; không vì thế mà thêm hay bớt điểm."
            )
        },
        || {
            format!(
                "{} not visited and so not in this table; they neither gain nor lose.",
                counted(products, "product")
            )
        },
    )
}

/// How old what is shown is.
pub fn read_at(time: &str) -> String {
    pick(|| format!("Số liệu lúc {time}"), || format!("Figures of {time}"))
}

/// Asking again came to nothing.
pub fn not_reloaded(time: &str) -> String {
    pick(
        || format!("Chưa tải lại được, kiểm tra mạng. Số liệu lúc {time}"),
        || format!("Could not be loaded again, check the network. Figures of {time}"),
    )
}

/// What the totals don't contain yet, in one sentence.
pub fn missing(missing: &Missing) -> String {
    let Missing { sheets, scoring, needs_juror, held, tablets, set_aside } = *missing;
    let mut parts = Vec::new();
    if sheets > 0 {
        let begun = match scoring {
            0 => String::new(),
            n => pick(|| format!(" ({n} đang chấm)"), || format!(" ({n} being scored)")),
        };
        parts.push(pick(
            || format!("còn {sheets} phiếu chưa xác nhận{begun}"),
            || format!("{} not confirmed{begun}", counted(sheets, "sheet")),
        ));
    }
    if tablets > 0 {
        parts.push(pick(
            || format!("{tablets} máy tính bảng chưa gửi hết"),
            || format!("{} with unsent work", counted(tablets, "tablet")),
        ));
    }
    if needs_juror > 0 {
        parts.push(pick(
            || format!("{needs_juror} phiếu chờ giám khảo xem lại"),
            || format!("{} waiting for the juror", counted(needs_juror, "sheet")),
        ));
    }
    if held > 0 {
        parts.push(pick(|| format!("{held} phiếu tạm giữ"), || format!("{} held", counted(held, "sheet"))));
    }
    if set_aside > 0 {
        parts.push(self::set_aside(set_aside));
    }
    if parts.is_empty() {
        return pick(
            || "Đã xác nhận đủ phiếu, chờ đóng vòng chấm.".to_owned(),
            || "All sheets are confirmed; the round is still open.".to_owned(),
        );
    }
    sentence(&parts.join(" · "))
}

/// The round is closed and nothing is waited for.
pub fn nothing_missing(set_aside: u32) -> String {
    let closed = pick(|| "Vòng chấm đã đóng, đủ mọi phiếu.", || "The round is closed and every sheet is in.");
    match set_aside {
        0 => closed.to_owned(),
        sheets => format!("{closed} {}.", sentence(&self::set_aside(sheets))),
    }
}

/// "1 phiếu đã xác nhận của giám khảo ghi vắng mặt, không tính".
pub fn set_aside(sheets: u32) -> String {
    pick(
        || format!("{sheets} phiếu đã xác nhận của giám khảo ghi vắng mặt, không tính"),
        || format!("{} of jurors recorded as absent, not counted", counted(sheets, "confirmed sheet")),
    )
}

fn counted(count: u32, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Label of a bar: "Đã xác nhận 29 trên 38 phiếu".
pub fn confirmed_of(sheets: u32, expected: u32) -> String {
    pick(
        || format!("Đã xác nhận {sheets} trên {expected} phiếu"),
        || format!("{sheets} of {expected} sheets confirmed"),
    )
}

/// "Còn 2 phiếu".
pub fn left(sheets: u32) -> String {
    pick(|| format!("Còn {sheets} phiếu"), || format!("{} left", counted(sheets, "sheet")))
}

/// "1 phiếu nhận xét": locked without marks.
pub fn remarked(sheets: u32) -> String {
    pick(|| format!("{sheets} phiếu nhận xét"), || format!("{} of remarks", counted(sheets, "sheet")))
}

/// "2 đang chấm".
pub fn being_scored(sheets: u32) -> String {
    pick(|| format!("{sheets} đang chấm"), || format!("{sheets} being scored"))
}

/// "1 từ chối".
pub fn recused(sheets: u32) -> String {
    pick(|| format!("{sheets} từ chối"), || format!("{sheets} recused"))
}

/// "1 vắng".
pub fn absent(sheets: u32) -> String {
    pick(|| format!("{sheets} vắng"), || format!("{sheets} absent"))
}

/// "1 đã chấm nhưng ghi vắng".
pub fn scored_though_absent(sheets: u32) -> String {
    pick(|| format!("{sheets} đã chấm nhưng ghi vắng"), || format!("{sheets} scored though absent"))
}

/// "1 chờ giám khảo".
pub fn needs_juror(sheets: u32) -> String {
    pick(|| format!("{sheets} chờ giám khảo xem lại"), || format!("{sheets} waiting for the juror"))
}

/// The line in the table.
pub fn below(threshold: Points) -> String {
    let line = threshold.to_vi();
    pick(
        || format!("Dưới {line} điểm: chưa đủ điều kiện xét công nhận"),
        || format!("Below {line} points: not eligible for recognition"),
    )
}

/// Where a turned-around order comes to the other side of the line.
pub fn reached(threshold: Points) -> String {
    let line = threshold.to_vi();
    pick(|| format!("Từ {line} điểm trở lên"), || format!("{line} points and above"))
}

/// The stream lives: "Tự động cập nhật lúc 19:42:08".
pub fn live_at(time: &str) -> String {
    format!("{} {time}", live())
}

/// The stream broke.
pub fn lost_at(time: &str) -> String {
    pick(|| format!("{}. Số liệu lúc {time}", lost()), || format!("{}. Figures of {time}", lost()))
}

/// The table's name for screen readers.
pub fn table_label(round: &str) -> String {
    format!("{}, {round}", totals())
}
