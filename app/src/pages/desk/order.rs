//! The order of the table: sorted, filtered, searched, and divided where the law draws its line.

use super::feed::{Frame, Line};
use crate::text::fold::{finds, fold};
use domain::ids::GroupCode;
use domain::points::{Mean, Points};
use domain::tally::Row;
use leptos::prelude::*;
use std::cmp::Ordering;
use std::sync::Arc;

/// By which column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Xếp thứ, within each group.
    Rank,
    /// Mã số.
    Code,
    /// Sản phẩm.
    Name,
    /// Tỉnh, thành phố.
    Province,
    /// Điểm bình quân, over all groups.
    Mean,
    /// Chênh lệch: the widest comes first.
    Spread,
    /// Phiếu xác nhận: what is missing most comes first.
    Count,
}

/// What the reader has chosen to see; a handle to copy around.
#[derive(Clone, Copy)]
pub struct View {
    /// Group; none = all.
    pub group: RwSignal<Option<GroupCode>>,
    /// Search.
    pub search: RwSignal<String>,
    /// Column, and whether turned around.
    pub sort: RwSignal<(Column, bool)>,
}

/// A row of the table, or what divides it.
#[derive(Clone)]
pub enum Entry {
    /// A product.
    Product(Arc<Line>),
    /// Name of a group.
    Group(GroupCode),
    /// What the rows from here on are, in this group or in all.
    Cut(Cut, Option<GroupCode>),
}

/// Where the table is divided: what the rows below are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The mean reaches the threshold.
    Reached,
    /// It does not.
    Below,
    /// There is a mean, of too few sheets for a rank.
    Unranked,
    /// There is no mean yet.
    NoMean,
}

impl View {
    /// All products by rank.
    pub fn new() -> Self {
        Self {
            group: RwSignal::new(None),
            search: RwSignal::new(String::new()),
            sort: RwSignal::new((Column::Rank, false)),
        }
    }

    /// Everything is seen again.
    pub fn clear(self) {
        self.group.set(None);
        self.search.set(String::new());
    }

    /// Whether every row stands under the name of its group.
    pub fn is_grouped(self) -> bool {
        self.group.with(Option::is_some) || self.sort.get().0 == Column::Rank
    }

    /// By this column; the other way round if it was the one already.
    pub fn sort_by(self, column: Column) {
        self.sort.update(|(now, turned)| (*now, *turned) = (column, *now == column && !*turned));
    }
}

impl Entry {
    /// Unique in the table; stays with the row wherever it moves.
    pub fn key(&self) -> String {
        let of = |group: &Option<GroupCode>| group.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            // Another line of the same code is another product, such as one whose name was corrected.
            Self::Product(line) => format!("{} {:p}", line.product.code, Arc::as_ptr(line)),
            Self::Group(group) => format!("group {group}"),
            Self::Cut(cut, group) => format!("{cut:?} {}", of(group)),
        }
    }
}

/// The table as it is to be seen now.
pub fn entries(lines: &[Arc<Line>], frame: &Frame, view: View) -> Vec<Entry> {
    let (group, search, (column, turned)) = (view.group.get(), fold(&view.search.get()), view.sort.get());
    let seen = |line: &&Arc<Line>| {
        let in_group = group.as_ref().is_none_or(|group| line.row.with(|row| row.group == *group));
        in_group && finds(&search, &line.folded)
    };
    let mut lines: Vec<(Arc<Line>, Row)> =
        lines.iter().filter(seen).map(|line| (line.clone(), line.row.get())).collect();
    lines.sort_by(|a, b| {
        let order = compare(column, a, b);
        let order = if turned { order.reverse() } else { order };
        order.then_with(|| a.1.code.cmp(&b.1.code))
    });
    match column {
        Column::Rank if group.is_none() => {
            let groups = frame.groups.iter().map(|group| &group.code);
            groups.flat_map(|code| by_group(code, &lines, frame.threshold)).collect()
        }
        Column::Rank => divided(lines, group.as_ref(), true, frame.threshold),
        Column::Mean => divided(lines, None, false, frame.threshold),
        _ => lines.into_iter().map(|(line, _)| Entry::Product(line)).collect(),
    }
}

fn by_group(code: &GroupCode, lines: &[(Arc<Line>, Row)], threshold: Points) -> Vec<Entry> {
    let members: Vec<_> = lines.iter().filter(|(_, row)| row.group == *code).cloned().collect();
    if members.is_empty() {
        return Vec::new();
    }
    let rows = divided(members, Some(code), true, threshold);
    std::iter::once(Entry::Group(code.clone())).chain(rows).collect()
}

/// Says where the side of the line changes; `by_rank` also where the ranks end.
fn divided(lines: Vec<(Arc<Line>, Row)>, group: Option<&GroupCode>, by_rank: bool, threshold: Points) -> Vec<Entry> {
    let sides: Vec<_> =
        cuts(lines.iter().map(|(_, row)| (row.mean, !by_rank || row.rank.is_some())), threshold).collect();
    let rows = sides.into_iter().zip(lines).flat_map(|(cut, (line, _))| {
        let cut = cut.map(|cut| Entry::Cut(cut, group.cloned()));
        cut.into_iter().chain([Entry::Product(line)])
    });
    rows.collect()
}

/// For each row, what stands over it; nothing over the first that reach the threshold. Of a row: its mean, and whether it
/// stands among the ranked.
pub fn cuts(rows: impl Iterator<Item = (Option<Mean>, bool)>, threshold: Points) -> impl Iterator<Item = Option<Cut>> {
    let mut before = None;
    rows.map(move |(mean, ranked)| {
        let side = match mean {
            None => Cut::NoMean,
            Some(_) if !ranked => Cut::Unranked,
            Some(mean) if mean.reaches(threshold) => Cut::Reached,
            Some(_) => Cut::Below,
        };
        let same = before.replace(side).map_or(side == Cut::Reached, |before| before == side);
        (!same).then_some(side)
    })
}

fn compare(column: Column, (a, a_row): &(Arc<Line>, Row), (b, b_row): &(Arc<Line>, Row)) -> Ordering {
    match column {
        // Without a mean there is no rank: last.
        Column::Rank => rank_key(a_row).cmp(&rank_key(b_row)),
        Column::Code => Ordering::Equal,
        Column::Name => in_vietnamese(&a.product.name, &b.product.name),
        Column::Province => in_vietnamese(&a.product.province, &b.product.province),
        Column::Mean => compare_means(b_row.mean, a_row.mean),
        Column::Spread => b_row.spread.cmp(&a_row.spread),
        Column::Count => left(b_row).cmp(&left(a_row)),
    }
}

fn rank_key(row: &Row) -> (bool, Option<u32>, bool) {
    (row.rank.is_none(), row.rank, row.mean.is_none())
}

fn compare_means(a: Option<Mean>, b: Option<Mean>) -> Ordering {
    a.is_some().cmp(&b.is_some()).then_with(|| a.cmp(&b))
}

/// Sheets still expected.
pub fn left(row: &Row) -> u32 {
    expected(row).saturating_sub(row.confirmed + row.remarked)
}

/// Sheets expected at all: who is recused or absent is not waited for.
pub fn expected(row: &Row) -> u32 {
    row.assigned.saturating_sub(row.recused + row.absent)
}

/// Sắp xếp theo tiếng Việt: đ after d, tones last.
fn in_vietnamese(a: &str, b: &str) -> Ordering {
    let locales = js_sys::Array::of1(&"vi".into());
    js_sys::JsString::from(a).locale_compare(b, &locales, &js_sys::Object::new()).cmp(&0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::desk::feed::Line;
    use domain::api::ProductLine;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A product of group 1 with this sum of hundredths over two sheets.
    fn line(code: &str, sum: Option<i64>) -> (Arc<Line>, Row) {
        let json = format!(
            r#"{{"code":"{code}","group":"1","rank":null,"mean":{},"confirmed":2,"assigned":5,"recused":1,"absent":1,
                "scoring":1,"needs_juror":0,"complete":false}}"#,
            sum.map_or_else(|| "null".to_owned(), |num| format!(r#"{{"num":{num},"den":2}}"#))
        );
        let row: Row = serde_json::from_str(&json).unwrap();
        let product = ProductLine {
            code: row.code.clone(),
            name: code.to_owned(),
            establishment: String::new(),
            province: String::new(),
        };
        (Arc::new(Line::of(product, row.clone())), row)
    }

    fn said(entries: &[Entry]) -> Vec<String> {
        let say = |entry: &Entry| match entry {
            Entry::Product(line) => line.product.code.to_string(),
            other => other.key(),
        };
        entries.iter().map(say).collect()
    }

    #[wasm_bindgen_test]
    fn the_line_stands_between_seventy_and_just_below() {
        let lines = vec![line("AGI-001", Some(14_000)), line("AGI-002", Some(13_999)), line("AGI-003", None)];
        let entries = divided(lines, None, false, Points(7_000));
        assert_eq!(said(&entries), ["AGI-001", "Below ", "AGI-002", "NoMean ", "AGI-003"]);
    }

    #[wasm_bindgen_test]
    fn without_anybody_below_there_is_no_line() {
        let entries = divided(vec![line("AGI-001", Some(14_000))], None, false, Points(7_000));
        assert_eq!(said(&entries), ["AGI-001"]);
    }

    #[wasm_bindgen_test]
    fn who_has_too_few_sheets_for_a_rank_stands_below_the_ranked() {
        let (ranked, mut row) = line("AGI-001", Some(13_000));
        row.rank = Some(1);
        let entries = divided(
            vec![(ranked, row), line("AGI-002", Some(19_000)), line("AGI-003", None)],
            None,
            true,
            Points(7_000),
        );
        assert_eq!(said(&entries), ["Below ", "AGI-001", "Unranked ", "AGI-002", "NoMean ", "AGI-003"]);
    }

    #[wasm_bindgen_test]
    fn who_is_recused_or_absent_is_not_waited_for() {
        let (_, row) = line("AGI-001", Some(14_000));
        assert_eq!((expected(&row), left(&row)), (3, 1));
    }

    #[wasm_bindgen_test]
    fn vietnamese_sorting_puts_d_with_a_stroke_after_d() {
        assert_eq!(in_vietnamese("Dừa", "Đồng Tháp"), Ordering::Less);
        assert_eq!(in_vietnamese("Đồng Tháp", "Kiên Giang"), Ordering::Less);
        assert_eq!(in_vietnamese("An Giang", "An Giang"), Ordering::Equal);
    }
}
