//! How sheets become a round's figure, in words: the Council's setting, so it stands over every table of figures.

use super::pick;
use domain::edition::{Combine, Rounding, TallyRule};
use domain::points::Points;

/// "Điểm bình quân của các phiếu đã xác nhận và khóa, so với mức 70 điểm khi chưa làm tròn."
pub fn lead(rule: &TallyRule, threshold: Points) -> String {
    let line = threshold.to_vi();
    let figure = match rule.combine {
        Combine::Mean => pick(
            || "Điểm bình quân của các phiếu đã xác nhận và khóa".to_owned(),
            || "The mean of the confirmed and locked sheets".to_owned(),
        ),
        Combine::Trimmed { k } => pick(
            || {
                format!(
                    "Điểm bình quân của các phiếu đã xác nhận và khóa, bỏ {k} phiếu cao nhất và {k} phiếu thấp nhất"
                )
            },
            || format!("The mean of the confirmed and locked sheets without the {k} highest and the {k} lowest"),
        ),
        Combine::Median => pick(
            || "Điểm giữa (trung vị) của các phiếu đã xác nhận và khóa".to_owned(),
            || "The median of the confirmed and locked sheets".to_owned(),
        ),
    };
    let compared = pick(
        || format!(", so với mức {line} điểm khi chưa làm tròn."),
        || format!(", compared unrounded with {line} points."),
    );
    [Some(figure + &compared), too_few(rule), rounding(rule), minimum(rule.minimum_sheets)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn too_few(rule: &TallyRule) -> Option<String> {
    let Combine::Trimmed { k } = rule.combine else { return None };
    let few = k.saturating_mul(2);
    Some(pick(
        || format!("Sản phẩm có từ {few} phiếu trở xuống thì chưa tính điểm."),
        || format!("With {few} sheets or fewer there is no figure."),
    ))
}

fn rounding(rule: &TallyRule) -> Option<String> {
    match rule.rounding {
        Rounding::None => None,
        Rounding::Criterion { unit } => Some(pick(
            || format!("Điểm từng tiêu chí làm tròn đến {}.", unit.to_vi()),
            || format!("Each criterion is rounded to {}.", unit.to_vi()),
        )),
        Rounding::Sheet { unit } => Some(pick(
            || format!("Tổng điểm mỗi phiếu làm tròn đến {}.", unit.to_vi()),
            || format!("Each sheet is rounded to {}.", unit.to_vi()),
        )),
    }
}

fn minimum(sheets: u32) -> Option<String> {
    (sheets > 1).then(|| {
        pick(
            || format!("Sản phẩm có dưới {sheets} phiếu thì chưa xếp thứ."),
            || format!("With fewer than {sheets} sheets a product has no rank."),
        )
    })
}

/// On a row that has a figure and no rank.
pub fn below_minimum(sheets: u32) -> String {
    pick(|| format!("Chưa đủ {sheets} phiếu để xếp thứ"), || format!("Fewer than {sheets} sheets: no rank"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_plain_mean_is_said_in_one_sentence() {
        assert_eq!(
            lead(&TallyRule::default(), Points(7_000)),
            "Điểm bình quân của các phiếu đã xác nhận và khóa, so với mức 70 điểm khi chưa làm tròn."
        );
    }

    #[wasm_bindgen_test]
    fn whatever_the_council_chose_is_said() {
        let rule = TallyRule {
            combine: Combine::Trimmed { k: 1 },
            rounding: Rounding::Sheet { unit: Points(50) },
            minimum_sheets: 3,
            spread_alert: Points(1_000),
        };
        let said = lead(&rule, Points(7_000));
        for part in [
            "bỏ 1 phiếu cao nhất và 1 phiếu thấp nhất",
            "từ 2 phiếu trở xuống",
            "mỗi phiếu làm tròn đến 0,5",
            "dưới 3 phiếu",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
}
