//! The criteria by section, and the general remark.

use super::marking::Marking;
use crate::components::criterion_row::{CriterionRow, RowAct};
use crate::components::erased::live;
use crate::components::gradual::gradually;
use crate::components::keyed::keyed;
use crate::components::text_area::TextArea;
use crate::tablet::{DraftCell, SheetView};
use crate::text::sheet;
use domain::ids::CriterionCode;
use domain::rubric::{Criterion, Section};
use leptos::html;
use leptos::prelude::*;
use std::collections::HashMap;

/// Rows that are made at once: a screenful.
const AT_ONCE: usize = 9;

/// The fields of the notes, so that the pad's button finds the one of the criterion at hand.
#[derive(Clone, Copy)]
pub struct NoteFields(StoredValue<HashMap<CriterionCode, NodeRef<html::Textarea>>>);

impl NoteFields {
    /// The field of this criterion.
    pub fn get(self, code: &CriterionCode) -> Option<NodeRef<html::Textarea>> {
        self.0.with_value(|fields| fields.get(code).copied())
    }
}

/// One field for each criterion.
pub fn note_fields(marking: Marking) -> NoteFields {
    let codes =
        marking.task.with_value(|task| task.rubric.criteria.iter().map(|one| one.code.clone()).collect::<Vec<_>>());
    NoteFields(StoredValue::new(codes.into_iter().map(|code| (code, NodeRef::new())).collect()))
}

/// All criteria, then the remark.
#[component]
pub fn Criteria(
    /// The sheet in hand.
    marking: Marking,
    /// The fields of the notes.
    notes: NoteFields,
) -> impl IntoView {
    let rubric = marking.task.with_value(|task| task.rubric.clone());
    let all = rubric.criteria.len();
    // The rows, then their notes, of which one alone is seen.
    let made = gradually(Signal::derive(move || 2 * all), AT_ONCE);
    let asked = Memo::new(move |_| marking.takes_marks());
    let sections = move || {
        let mut before = 0;
        rubric
            .sections
            .iter()
            .map(|section| {
                let leaves: Vec<_> = rubric.leaves(&section.code).cloned().collect();
                let rows = Made { marking, notes, made, before, all };
                before += leaves.len();
                view! { <SectionOfSheet rows=rows section=section.clone() leaves=leaves/> }
            })
            .collect_view()
    };
    view! {
        {move || asked.get().then(&sections)}
        <Remark marking=marking/>
    }
}

/// The rows that are made by now: a sheet is there with its first screenful, and fills in.
#[derive(Clone, Copy)]
struct Made {
    marking: Marking,
    notes: NoteFields,
    made: Memo<usize>,
    /// Rows that come before these.
    before: usize,
    /// Rows of the whole sheet.
    all: usize,
}

#[component]
fn SectionOfSheet(rows: Made, section: Section, leaves: Vec<Criterion>) -> impl IntoView {
    let marking = rows.marking;
    if leaves.iter().all(|leaf| leaf.code == section.code) {
        return view! {
            <section class="criteria-section">
                {criterion_rows(rows, leaves, true)}
            </section>
        }
        .into_any();
    }
    let id = format!("section-{}", section.code);
    let codes: Vec<_> = leaves.iter().map(|leaf| leaf.code.clone()).collect();
    let sum = Memo::new(move |_| marking.total(|code| codes.contains(code)));
    let mut before = rows.before;
    let blocks = leaves.chunk_by(|a, b| a.heading == b.heading).map(|block| {
        let rows = Made { before, ..rows };
        before += block.len();
        let heading = block.first().and_then(|leaf| leaf.heading.clone());
        view! {
            {heading.map(|heading| view! { <h3 class="criteria-sub">{heading}</h3> })}
            {criterion_rows(rows, block.to_vec(), false)}
        }
    });
    let blocks = blocks.collect_view();
    view! {
        <section class="criteria-section" aria-labelledby=id>
            <header class="criteria-head">
                <h2 id=id.clone()>
                    <span class="num">{format!("{}.", section.code)}</span>
                    " "
                    {section.name}
                </h2>
                <p class="criteria-sum">
                    <b>{move || sum.get().to_vi()}</b>
                    <span class="of">{format!("/{}", section.max.to_vi())}</span>
                </p>
            </header>
            {blocks}
        </section>
    }
    .into_any()
}

fn criterion_rows(rows: Made, leaves: Vec<Criterion>, whole_section: bool) -> AnyView {
    let Made { marking, notes, made, before, all } = rows;
    let codes: Vec<_> = leaves.iter().map(|criterion| criterion.code.to_string()).collect();
    let codes = move || codes.iter().take(made.get().saturating_sub(before)).cloned().collect();
    let row = move |code: String| {
        let place = leaves.iter().position(|criterion| criterion.code.as_str() == code)?;
        let criterion = leaves.get(place)?.clone();
        let code = criterion.code.clone();
        let noted = Memo::new(move |_| made.get() > all + before + place);
        let (face, note_field) = (marking.face(&code)?, notes.get(&code)?);
        let locked = {
            let code = code.clone();
            Signal::derive(move || marking.locked.get() || !marking.takes(&code))
        };
        let fixed = {
            let code = code.clone();
            Signal::derive(move || !marking.takes(&code))
        };
        let current = {
            let code = code.clone();
            Memo::new(move |_| marking.current.with(|current| current.as_ref() == Some(&code)))
        };
        let act = move |act: RowAct| match act {
            RowAct::Open => marking.open(&code),
            RowAct::Choose(points) => marking.give(&code, points),
            RowAct::Note(text) => marking.draft(DraftCell::Note(code.clone()), text),
            RowAct::LeaveNote => marking.finish_text(&DraftCell::Note(code.clone())),
        };
        Some(view! {
            <CriterionRow
                criterion=criterion
                whole_section=whole_section
                face=face
                current=current
                locked=locked
                fixed=fixed
                origin=marking.origin()
                on_act=act
                note_field=note_field
                noted=noted
            />
        })
    };
    view! { <ol class="rows">{keyed(codes, move |code| row(code).into_any())}</ol> }.into_any()
}

#[component]
fn Remark(marking: Marking) -> impl IntoView {
    let locked = marking.locked;
    let text = Memo::new(move |_| {
        let typed = |view: &SheetView| view.drafts.get(&DraftCell::Remark).filter(|_| !locked.get()).cloned();
        marking.view.with(|view| typed(view).unwrap_or_else(|| view.sheet.remark()))
    });
    // In a round for remarks it is what is asked for.
    let hint = move || if marking.takes_marks() { sheet::optional() } else { "" };
    live(move || match locked.get() {
        true => view! {
            <section class="criteria-section remark">
                <h2>{sheet::remark}</h2>
                <p class="card said" data-testid="sheet-remark">
                    {text}
                </p>
            </section>
        }
        .into_any(),
        false => view! {
            <section class="criteria-section remark field">
                <label for="remark">{sheet::remark}</label>
                <TextArea
                    text=text
                    id="remark"
                    hint=Signal::derive(move || hint().to_owned())
                    testid="sheet-remark"
                    on_draft=move |text| marking.draft(DraftCell::Remark, text)
                    on_leave=move |()| marking.finish_text(&DraftCell::Remark)
                    on_enter=move |()| marking.rest()
                />
            </section>
        }
        .into_any(),
    })
}
