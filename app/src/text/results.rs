//! Results over all rounds.

use super::pick;
use domain::edition::ResultRule;
use domain::ids::RoundCode;
use domain::round::Round;

words! {
    nav: "Kết quả các vòng", "Results of all rounds";
    result: "Kết quả", "Result";
    why_provisional: "Còn vòng chưa đóng hoặc còn thiếu phiếu nên kết quả có thể thay đổi.", "A round is not closed yet or sheets are missing, so results may still change.";
    all_in: "Các vòng đã đóng, kết quả đủ mọi phiếu.", "All rounds are closed and every sheet is in.";
    no_result: "Chưa có kết quả", "No result yet";
    not_visited: "Không đi thực tế", "Not visited";
    not_assigned: "Không chấm ở vòng này", "Not in this round";
    not_scored: "Chưa chấm", "Not scored";
}

/// How the result comes about, and that the Council says so.
pub fn way(rule: &ResultRule, rounds: &[Round]) -> String {
    let name = |code: &RoundCode| {
        let round = rounds.iter().find(|round| round.code == *code);
        round.map_or_else(|| code.to_string(), |round| round.name.clone())
    };
    match rule {
        ResultRule::Latest => pick(
            || {
                "Lấy điểm của vòng gần nhất có chấm sản phẩm. Cách tính này do Hội đồng bình chọn quyết định."
                    .to_owned()
            },
            || "The latest round in which the product was scored counts. The Council decides this.".to_owned(),
        ),
        ResultRule::Named { round } => {
            let name = name(round);
            pick(
                || format!("Lấy điểm của vòng “{name}”. Cách tính này do Hội đồng bình chọn quyết định."),
                || format!("The round “{name}” counts. The Council decides this."),
            )
        }
        ResultRule::Weighted { weights } => {
            let parts: Vec<_> = rounds
                .iter()
                .filter_map(|round| Some((round, weights.get(&round.code).filter(|weight| **weight > 0)?)))
                .map(|(round, weight)| {
                    let name = &round.name;
                    pick(|| format!("{name} hệ số {weight}"), || format!("{name} × {weight}"))
                })
                .collect();
            let parts = parts.join(", ");
            pick(
                || {
                    format!(
                        "Lấy bình quân có hệ số của các vòng có chấm sản phẩm: {parts}. Cách tính này do Hội đồng bình chọn quyết định."
                    )
                },
                || {
                    format!(
                        "The weighted mean of the rounds in which it was scored: {parts}. The Council decides this."
                    )
                },
            )
        }
    }
}

/// Under a result: "theo vòng Hồ sơ, còn thiếu phiếu".
pub fn rests_on(rounds: &str, complete: bool) -> String {
    let (vi, en) = if complete { ("", "") } else { (", còn thiếu phiếu", ", sheets missing") };
    pick(|| format!("theo vòng {rounds}{vi}"), || format!("by {rounds}{en}"))
}

/// What to write down with a result, so that it can be verified later: "Sổ ghi 4711:9df5…".
pub fn log_end(position: u64, head: &str) -> String {
    pick(|| format!("Căn cứ sổ ghi {position}:{head}"), || format!("Rests on the log up to {position}:{head}"))
}

/// "3/5 phiếu"; too few for a rank said so.
pub fn sheets(confirmed: u32, assigned: u32, valid: bool) -> String {
    let (vi, en) = if valid { ("", "") } else { (", chưa đủ số phiếu", ", too few") };
    pick(|| format!("{confirmed}/{assigned} phiếu{vi}"), || format!("{confirmed}/{assigned} sheets{en}"))
}
