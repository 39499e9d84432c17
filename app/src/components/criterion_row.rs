//! One criterion of the sheet: its name, its mark, its note.

use crate::components::erased::{Show, touch};
use crate::components::icon::Icon;
use crate::components::text_area::TextArea;
use crate::components::value_choice::{Rival, ValueChoice};
use crate::text::sheet;
use domain::points::Points;
use domain::rubric::Criterion;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// How a criterion stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// Points of a valid draft, or the mark.
    pub points: Option<Points>,
    /// As it is written in the row, be it a mark or not; none when not scored.
    pub shown: Option<String>,
    /// Why what is shown is no mark.
    pub problem: Option<String>,
    /// The note, as typed so far.
    pub note: String,
    /// The mark of the earlier sheet, where the round only adjusts.
    pub earlier: Option<Points>,
    /// Shown, and not on the disk: `problem` says so.
    pub unsaved: bool,
    /// Where two tablets disagree: each value, once.
    pub rivals: Vec<Rival>,
}

impl Face {
    /// Whether the mark is another one than on the earlier sheet.
    pub fn is_changed(&self) -> bool {
        self.earlier.is_some() && self.points.is_some() && self.points != self.earlier
    }
}

/// What the juror does to a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowAct {
    /// Touched it.
    Open,
    /// Settled what two tablets disagreed about.
    Choose(Option<Points>),
    /// Typed into its note.
    Note(String),
    /// Left the note.
    LeaveNote,
}

/// One row. Its note can always be reached by the keyboard; it is seen when the row is the current one.
#[component]
pub fn CriterionRow(
    /// Which.
    criterion: Criterion,
    /// It stands for its whole section, and is written as its head.
    whole_section: bool,
    /// How it stands.
    #[prop(into)]
    face: Signal<Face>,
    /// Whether the pad is about it.
    #[prop(into)]
    current: Signal<bool>,
    /// Whether nothing can be changed.
    #[prop(into)]
    locked: Signal<bool>,
    /// Whether its mark is the earlier round's, whatever is done here.
    #[prop(into)]
    fixed: Signal<bool>,
    /// Short name of the round that the earlier mark is from; empty where there is none.
    origin: String,
    /// Told of everything done here.
    #[prop(into)]
    on_act: Callback<RowAct>,
    /// The note's field.
    note_field: NodeRef<html::Textarea>,
    /// Whether the note is there before the row is current.
    #[prop(into)]
    noted: Signal<bool>,
) -> impl IntoView {
    let Criterion { code, name, max, step, .. } = criterion;
    let code = code.to_string();
    let row = NodeRef::<html::Li>::new();
    Effect::new(move |before: Option<bool>| {
        let now = current.get();
        if let (true, Some(row)) = (now && before == Some(false), row.get_untracked()) {
            go_along(&row, "criterion-row");
        }
        now
    });
    let note = Memo::new(move |_| face.with(|face| face.note.clone()));
    let said = move || (!note.get().is_empty() && (locked.get() || !current.get())).then(|| note.get());
    let (note_code, rivals_of) = (code.clone(), code.clone());
    let note_testid = format!("criterion-note-{code}");
    view! {
        <li
            class="criterion"
            node_ref=row
            data-current=move || current.get().then_some("")
            data-problem=move || face.with(|face| face.problem.is_some()).then_some("")
            data-unsaved=move || face.with(|face| face.unsaved).then_some("")
            data-fixed=move || fixed.get().then_some("")
            data-changed=move || face.with(Face::is_changed).then_some("")
        >
            <button
                class="criterion-row"
                type="button"
                aria-current=move || current.get().then_some("true")
                disabled=move || locked.get()
                data-testid=format!("criterion-{code}")
                data-points=move || {
                    face.with(|face| face.points.map(|points| points.0.to_string()).unwrap_or_default())
                }
                data-max=max.0.to_string()
                data-step=step.0.to_string()
                on:click=touch(move |_| on_act.run(RowAct::Open))
            >
                <span class="criterion-name">
                    {name_of(&code, name, whole_section)}
                    {move || {
                        face.with(|face| face.earlier)
                            .map(|earlier| {
                                let origin = origin.clone();
                                view! {
                                    <span class="criterion-origin">
                                        {fixed.get().then(|| view! { <Icon name="lock"/> })}
                                        {move || {
                                            if fixed.get() {
                                                sheet::from_round(&origin)
                                            } else {
                                                sheet::mark_of_round(&origin, earlier)
                                            }
                                        }}
                                    </span>
                                }
                            })
                    }}
                </span>
                <span class="criterion-mark">
                    {move || match face.with(|face| face.shown.clone()) {
                        Some(shown) => view! { <b>{shown}</b> }.into_any(),
                        None => {
                            view! {
                                <span class="blank" aria-hidden="true"></span>
                                <span class="hidden-words">{sheet::not_scored}</span>
                            }
                                .into_any()
                        }
                    }} <span class="of">{format!("/{}", max.to_vi())}</span>
                </span>
                {move || {
                    face.with(|face| face.problem.clone())
                        .map(|problem| {
                            view! {
                                <span class="criterion-problem">
                                    <Icon name="warn"/>
                                    {problem}
                                </span>
                            }
                        })
                }}
            </button>
            <ValueChoice
                rivals=Memo::new(move |_| {
                    if locked.get() { Vec::new() } else { face.with(|face| face.rivals.clone()) }
                })
                criterion=rivals_of
                on_choose=move |points| on_act.run(RowAct::Choose(points))
            />
            {move || {
                said()
                    .map(|note| {
                        view! {
                            <p class="criterion-said">
                                <Icon name="note"/>
                                <span>{note}</span>
                            </p>
                        }
                    })
            }}
            <Show when=move || !locked.get() && (noted.get() || current.get())>
                <label class=move || if current.get() { "criterion-note" } else { "hidden-words" }>
                    <span class="hidden-words">
                        {
                            let code = note_code.clone();
                            move || sheet::note_label(&code)
                        }
                    </span>
                    <TextArea
                        text=note
                        rows=1
                        hint=Signal::derive(|| sheet::note_hint().to_owned())
                        testid=note_testid.clone()
                        on_draft=move |text| on_act.run(RowAct::Note(text))
                        on_leave=move |()| on_act.run(RowAct::LeaveNote)
                        on_enter=move |()| on_act.run(RowAct::Open)
                        node=note_field
                    />
                </label>
            </Show>
        </li>
    }
}

fn name_of(code: &str, name: String, whole_section: bool) -> impl IntoView + use<> {
    if whole_section {
        let number = format!("{code}.");
        view! { <b><span class="num">{number}</span>" "{name}</b> }.into_any()
    } else {
        let number = code.to_owned();
        view! { <span class="num">{number}</span>" "{name} }.into_any()
    }
}

/// As long as the page stands: when the tablet is turned, or the keyboard takes its place, what is current stays in sight.
pub fn keep_in_sight() {
    let turned = window_event_listener(leptos::ev::resize, |_| {
        let current = document().query_selector(".criterion[data-current], .grid-cell[aria-current]");
        if let Ok(Some(current)) = current {
            into_sight(&current);
        }
    });
    on_cleanup(move || turned.remove());
}

fn into_sight(element: &web_sys::Element) {
    let nearest = web_sys::ScrollIntoViewOptions::new();
    nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
    nearest.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}

/// What has become current, around a button of this class, is brought into sight. Whoever walks by the keyboard has the
/// focus on the button at hand: Enter on the one before would reopen it.
pub fn go_along(row: &web_sys::Element, class: &str) {
    let on_one = document().active_element().is_some_and(|element| element.class_list().contains(class));
    let button = row.get_elements_by_class_name(class).item(0);
    if let (true, Some(button)) = (on_one, button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok())) {
        // A row that is not shown can't take it; then it stays where it is.
        button.focus().ok();
    }
    into_sight(row);
}
