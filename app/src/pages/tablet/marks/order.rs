//! Which sheets the table shows and in which order: one memo for all rows, so that a change of one sheet moves rows only
//! where the chosen column asks for it.

use crate::ordered::ordered;
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

/// Codes of the products of one group, in order.
pub type MarksGroup = (String, Vec<String>);

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

/// All rows by group, as they are to be seen now: what is assigned, and what was scored beyond that.
pub fn groups(tablet: Tablet, known: &Catalogue, round: &RoundCode, order: MarksOrder) -> Vec<MarksGroup> {
    let (column, turned) = order.0.get();
    let key = |product: &Product| SheetKey { round: round.clone(), product: product.id };
    // A row by code follows its own sheet alone.
    let value = |product: &Product| match column {
        Column::Code => None,
        _ => tablet.judge(&key(product), |_, view, frame| value(&sums(view, frame), &column)),
    };
    let of = |group: &Group| {
        let products = known.products.iter().filter(|product| product.group == group.code);
        let mine = products.filter(|product| is_mine(tablet, known, &key(product)));
        let mut rows: Vec<_> = mine.map(|product| (value(product), product.code.to_string())).collect();
        match column {
            Column::Code if turned => rows.reverse(),
            Column::Code => {}
            // Equal ones stay by code.
            _ => rows = ordered(rows, |(a, _), (b, _)| compare(*a, *b, turned)),
        }
        (group.code.to_string(), rows.into_iter().map(|(_, code)| code).collect::<Vec<_>>())
    };
    let groups = known.edition.iter().flat_map(|edition| &edition.groups).map(of);
    groups.filter(|(_, rows)| !rows.is_empty()).collect()
}

fn is_mine(tablet: Tablet, known: &Catalogue, key: &SheetKey) -> bool {
    known.assignment(key).is_some()
        || tablet.judge(key, |_, view, frame| {
            frame.is_some_and(|frame| frame.state(&view.sheet) != SheetState::NotScored) || !view.drafts.is_empty()
        })
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
            let marks = vec![None, Some(Points(0)), Some(Points(850)), None, Some(Points(400))];
            ordered(marks, |a, b| compare(*a, *b, turned))
        };
        assert_eq!(sorted(false), [Some(Points(850)), Some(Points(400)), Some(Points(0)), None, None]);
        assert_eq!(sorted(true), [Some(Points(0)), Some(Points(400)), Some(Points(850)), None, None]);
    }
}
