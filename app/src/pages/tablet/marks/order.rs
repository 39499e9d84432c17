//! Which sheets the table shows and in which order: one memo for all rows, so that a change of one sheet moves rows only
//! where the chosen column asks for it.

use crate::pages::tablet::marks::sums::{Sums, sums};
use crate::tablet::{Catalogue, SheetKey, Tablet};
use domain::edition::Group;
use domain::ids::{CriterionCode, RoundCode};
use domain::points::Points;
use domain::registration::Product;
use domain::sheet::SheetState;
use leptos::prelude::*;
use std::cmp::Ordering;

/// By which column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Mã số.
    Code,
    /// One of the law's criteria.
    Section(CriterionCode),
    /// Tổng điểm.
    Total,
}

/// Column, and whether turned around; it outlives the page, so that coming back from a sheet finds the table as it was.
#[derive(Clone, Copy)]
pub struct MarksOrder(RwSignal<(Column, bool)>);

/// Once, at the root.
pub fn provide_marks_order() {
    provide_context(MarksOrder(RwSignal::new((Column::Code, false))));
}

/// One product of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct MarksRow {
    /// Which sheet.
    pub key: SheetKey,
    /// What it is about.
    pub product: Product,
}

/// The products of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct MarksGroup {
    /// Which.
    pub group: Group,
    /// Its products, in order.
    pub rows: Vec<MarksRow>,
}

impl MarksOrder {
    /// Sorts by this column; the other way round if it was the one already.
    pub fn choose(self, column: Column) {
        self.0.update(|(now, turned)| (*turned, *now) = (*now == column && !*turned, column));
    }

    /// As `aria-sort` says it.
    pub fn direction(self, column: &Column) -> Option<&'static str> {
        self.0.with(|(now, turned)| match now == column {
            false => None,
            // The highest mark comes first, unless turned around.
            true if *turned == (*column == Column::Code) => Some("descending"),
            true => Some("ascending"),
        })
    }
}

/// All rows by group and code: what is assigned, and what was scored beyond that.
pub fn groups(tablet: Tablet, known: &Catalogue, round: &RoundCode) -> Vec<MarksGroup> {
    let row = |product: &Product| MarksRow {
        key: SheetKey { round: round.clone(), product: product.id },
        product: product.clone(),
    };
    let rows: Vec<_> = known.products.iter().map(row).filter(|row| is_mine(tablet, known, &row.key)).collect();
    let of = |group: &Group| MarksGroup {
        group: group.clone(),
        rows: rows.iter().filter(|row| row.product.group == group.code).cloned().collect(),
    };
    let groups = known.edition.iter().flat_map(|edition| &edition.groups).map(of);
    groups.filter(|group| !group.rows.is_empty()).collect()
}

fn is_mine(tablet: Tablet, known: &Catalogue, key: &SheetKey) -> bool {
    known.assignment(key).is_some()
        || tablet.judge(key, |_, view, frame| {
            frame.is_some_and(|frame| frame.state(&view.sheet) != SheetState::NotScored) || !view.drafts.is_empty()
        })
}

/// The same rows as they are to be seen now. By code, nothing but the choice is followed.
pub fn ordered(tablet: Tablet, mut groups: Vec<MarksGroup>, order: MarksOrder) -> Vec<MarksGroup> {
    let (column, turned) = order.0.get();
    for MarksGroup { rows, .. } in &mut groups {
        if column == Column::Code {
            if turned {
                rows.reverse();
            }
            continue;
        }
        let value = |row: &MarksRow| tablet.judge(&row.key, |_, view, frame| value(&sums(view, frame), &column));
        let mut valued: Vec<_> = rows.drain(..).map(|row| (value(&row), row)).collect();
        // Equal ones stay by code.
        valued.sort_by(|(a, _), (b, _)| compare(*a, *b, turned));
        rows.extend(valued.into_iter().map(|(_, row)| row));
    }
    groups
}

fn value(sums: &Sums, column: &Column) -> Option<Points> {
    match column {
        Column::Code => None,
        Column::Total => sums.total,
        Column::Section(code) => sums.section(code).and_then(|sum| sum.points()),
    }
}

/// The highest first, unless turned around; what is not scored stays last.
fn compare(a: Option<Points>, b: Option<Points>, turned: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if turned => a.cmp(&b),
        (Some(a), Some(b)) => b.cmp(&a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_is_not_scored_is_not_zero_and_stays_last() {
        let sorted = |turned: bool| {
            let mut marks = [None, Some(Points(0)), Some(Points(850)), None, Some(Points(400))];
            marks.sort_by(|a, b| compare(*a, *b, turned));
            marks
        };
        assert_eq!(sorted(false), [Some(Points(850)), Some(Points(400)), Some(Points(0)), None, None]);
        assert_eq!(sorted(true), [Some(Points(0)), Some(Points(400)), Some(Points(850)), None, None]);
    }
}
