//! How a juror was at a stop: three answers side by side, of which two ask for a reason. At the desk and on a secretary's
//! tablet alike.

use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::reason_dialog::{ReasonDialog, ReasonWords};
use crate::text::{Sentence, presence};
use domain::ids::UserId;
use domain::jury::Presence;
use leptos::prelude::*;

/// Name in the API, words, symbol, tone.
pub const STATES: [(&str, Sentence, &str, &str); 3] = [
    ("present", presence::present, "check", "received"),
    ("late", presence::late, "waiting", "waiting"),
    ("absent", presence::absent, "recused", "refused"),
];

/// What is being recorded and still wants its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Đến muộn.
    Late,
    /// Vắng mặt.
    Absent,
}

/// The question that stands open: about whom, and what.
#[derive(Clone, Copy)]
pub struct Asking {
    /// About whom, and what.
    pub about: RwSignal<Option<(UserId, Asked)>>,
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
}

impl Asking {
    /// Nothing is asked.
    pub fn new() -> Self {
        Self { about: RwSignal::new(None), open: RwSignal::new(false) }
    }

    fn ask(self, juror: UserId, what: Asked) {
        self.about.set(Some((juror, what)));
        self.open.set(true);
    }
}

/// The three answers.
#[component]
pub fn PresenceChoice(
    /// Of whom.
    juror: UserId,
    /// As others read it.
    name: String,
    /// How it is recorded; none while nothing is.
    #[prop(into)]
    recorded: Signal<Option<&'static str>>,
    /// Where late and absent are asked about.
    asking: Asking,
    /// Told of somebody who was there.
    #[prop(into)]
    on_present: Callback<()>,
) -> impl IntoView {
    let set = move |wanted: &'static str| match wanted {
        "late" => asking.ask(juror, Asked::Late),
        "absent" => asking.ask(juror, Asked::Absent),
        _ => on_present.run(()),
    };
    let button = move |(code, words, icon, _): (&'static str, Sentence, &'static str, &str)| {
        view! {
            <button
                class="choice"
                type="button"
                data-testid=format!("presence-set-{code}")
                aria-pressed=move || (recorded.get() == Some(code)).to_string()
                on:click=touch(move |_| set(code))
            >
                <Icon name=icon/>
                {words}
            </button>
        }
    };
    view! {
        <div class="choices" role="group" aria-label=name>
            {STATES.map(button).collect_view()}
        </div>
    }
}

/// The dialog in which being late or absent gets its reason.
#[component]
pub fn PresenceReason(
    /// What is asked.
    asking: Asking,
    /// Of whom, as others read it.
    #[prop(into)]
    name: Signal<String>,
    /// Why it could not be recorded.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What is recorded, where that must be known besides.
    #[prop(optional, into)]
    note: Signal<String>,
    /// Told the answer.
    #[prop(into)]
    on_record: Callback<(UserId, Presence)>,
) -> impl IntoView {
    let asked = Memo::new(move |_| asking.about.get().map(|(_, asked)| asked));
    live(move || {
        let (title, words): (fn(&str) -> String, _) = match asked.get()? {
            Asked::Late => (presence::late_title, words(presence::late_explain)),
            Asked::Absent => (presence::absent_title, words(presence::absent_explain)),
        };
        let record = move |reason: String| {
            if let Some((juror, asked)) = asking.about.get_untracked() {
                let presence = match asked {
                    Asked::Late => Presence::Late { reason },
                    Asked::Absent => Presence::Absent { reason },
                };
                on_record.run((juror, presence));
            }
        };
        Some(view! {
            <ReasonDialog
                open=asking.open
                id="presence-title"
                title=Signal::derive(move || title(&name.get()))
                words=words
                problem=problem
                note=note
                on_reason=record
            />
        })
    })
}

fn words(explain: Sentence) -> ReasonWords {
    ReasonWords {
        explain,
        label: presence::reason,
        missing: Some(presence::reason_missing),
        act: presence::record,
        icon: "check",
    }
}
