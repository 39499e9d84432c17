//! The record of a stop, as its secretary writes it down on the way.

use super::pick;

words! {
    title: "Điểm đến", "Stops";
    lead: "Ghi tại chỗ, không cần mạng; phiếu ghi nhận tự gửi khi có mạng.", "Written down on the spot, without a network; the records go out by themselves once there is one.";
    none_title: "Chưa có điểm đến", "No stops yet";
    none_words: "Lịch đánh giá thực tế được lập xong, các điểm đến tự hiện ở đây khi có mạng.", "The stops appear here as soon as the visits are planned.";
    unknown_title: "Không có điểm đến này", "There is no such stop";
    unknown_words: "Chọn lại điểm đến trong danh sách.", "Choose it in the list again.";
    arrived: "Giờ đến", "Arrival";
    departed: "Giờ rời", "Departure";
    now: "Bây giờ", "Now";
    who_was_there: "Giám khảo trong đoàn", "The delegation's jurors";
    all_present: "Đủ mặt", "All present";
    facts: "Ghi nhận tại chỗ", "What was seen";
    whole_stop: "Cả điểm đến", "The stop as a whole";
    fact_hint: "Nhà xưởng, dây chuyền, lao động, điều cần lưu ý…", "Workshop, line, workers, what to bear in mind…";
    to_desk: "Bàn làm việc", "The desk";
    not_recorded: "Chưa ghi ai có mặt", "Nobody's presence is recorded yet";
    two_times: "Hai máy ghi hai giờ khác nhau. Nhập lại giờ đúng.", "Two devices say two times. Enter the right one again.";
}

/// "có mặt 4, đến muộn 1".
pub fn counts(present: usize, late: usize, absent: usize, open: usize) -> String {
    let vi = || {
        let mut parts = Vec::new();
        parts.extend((present > 0).then(|| format!("có mặt {present}")));
        parts.extend((late > 0).then(|| format!("đến muộn {late}")));
        parts.extend((absent > 0).then(|| format!("vắng {absent}")));
        parts.extend((open > 0).then(|| format!("chưa ghi {open}")));
        parts.join(", ")
    };
    let en = || {
        let mut parts = Vec::new();
        parts.extend((present > 0).then(|| format!("{present} present")));
        parts.extend((late > 0).then(|| format!("{late} late")));
        parts.extend((absent > 0).then(|| format!("{absent} absent")));
        parts.extend((open > 0).then(|| format!("{open} open")));
        parts.join(", ")
    };
    pick(vi, en)
}

/// "Đoàn 1 · 4 sản phẩm".
pub fn delegation_and_products(name: &str, count: usize) -> String {
    pick(|| format!("{name} · {count} sản phẩm"), || format!("{name} · products: {count}"))
}

/// "Ngày 26/08/2024".
pub fn day(date: &str, today: bool) -> String {
    pick(
        || if today { format!("Hôm nay, {date}") } else { format!("Ngày {date}") },
        || if today { format!("Today, {date}") } else { date.to_owned() },
    )
}
