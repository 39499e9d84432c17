//! `/desk/tablets`: every installation of the app, when it was last heard of, lost ones, and what was set aside (S17, S26, S30).

use super::loaded::Loaded;
use crate::components::blank_states::EmptyPlace;
use crate::components::chip::Chip;
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::components::reason_dialog::{ReasonDialog, ReasonWords};
use crate::net;
use crate::session::Problem;
use crate::text::{format, problems, rounds, tablets};
use domain::api::oversight::{QuarantineLine, RevokeTablet, Revoked, TabletLine, TabletsPage};
use domain::ids::ReplicaId;
use leptos::prelude::*;
use leptos::task::spawn_local;

const REVOKE: ReasonWords = ReasonWords {
    explain: tablets::revoke_explain,
    label: tablets::reason,
    missing: Some(tablets::reason_missing),
    act: tablets::revoke,
    icon: "lock",
};

/// The tablet that is about to be revoked, and why it could not be.
#[derive(Clone, Copy)]
struct Revoking {
    loaded: Loaded<TabletsPage>,
    open: RwSignal<bool>,
    about: RwSignal<Option<(ReplicaId, String)>>,
    problem: RwSignal<Option<String>>,
}

/// The page.
#[component]
pub fn TabletsPageView() -> impl IntoView {
    let loaded = Loaded::<TabletsPage>::open("/api/v1/tablets".to_owned());
    set_page_title(|| tablets::nav().to_owned());
    loaded.or_why_not(move || view! { <Tablets loaded=loaded/> }.into_any())
}

#[component]
fn Tablets(loaded: Loaded<TabletsPage>) -> impl IntoView {
    let revoking =
        Revoking { loaded, open: RwSignal::new(false), about: RwSignal::new(None), problem: RwSignal::new(None) };
    let page = Memo::new(move |_| loaded.value.get());
    let lines = move || {
        page.get().map(|page| match page.tablets.is_empty() {
            true => view! {
                <EmptyPlace
                    icon="tablet"
                    title=Signal::derive(|| tablets::none_title().to_owned())
                    words=Signal::derive(|| tablets::none_words().to_owned())
                />
            }
            .into_any(),
            false => {
                let may = page.may_revoke;
                let lines = page.tablets.into_iter().map(|line| tablet(line, may, revoking)).collect_view();
                view! { <ul class="life-lines card" data-testid="tablets">{lines}</ul> }.into_any()
            }
        })
    };
    let set_aside = move || {
        let lines = page.with(|page| page.as_ref().map(|page| page.quarantine.clone())).unwrap_or_default();
        (!lines.is_empty()).then(|| {
            view! {
                <section class="life-section" aria-labelledby="quarantine-title" data-testid="quarantine">
                    <h2 id="quarantine-title">{tablets::quarantine_title}</h2>
                    <p class="soft">{tablets::quarantine_lead}</p>
                    <ul class="life-lines card">{lines.into_iter().map(quarantined).collect_view()}</ul>
                </section>
            }
        })
    };
    view! {
        <main class="totals life-page" id="main" tabindex="-1">
            <div class="totals-head">
                <h1>{tablets::nav}</h1>
                <p class="lead">{tablets::lead}</p>
            </div>
            {loaded.freshness()}
            {live(lines)}
            {live(set_aside)}
        </main>
        <ReasonDialog
            open=revoking.open
            id="revoke-title"
            title=Signal::derive(move || revoking.about.get().map(|(_, juror)| tablets::revoke_title(&juror)).unwrap_or_default())
            words=REVOKE
            problem=Signal::derive(move || revoking.problem.get())
            on_reason=move |reason| revoking.send(reason)
        />
    }
}

impl Revoking {
    fn send(self, reason: String) {
        let Some((replica, _)) = self.about.get_untracked() else { return };
        self.problem.set(None);
        spawn_local(async move {
            let path = format!("/api/v1/tablets/{replica}/revocation");
            match net::post::<_, TabletsPage>(&path, &RevokeTablet { reason }).await {
                Ok(page) => {
                    let _ = self.open.try_set(false);
                    self.loaded.take(page);
                }
                Err(problem) => {
                    if problem == Problem::Refused("changed_meanwhile".to_owned()) {
                        self.loaded.ask().await;
                    }
                    let _ = self.problem.try_set(Some(problems::problem(&problem)));
                }
            }
        });
    }
}

fn tablet(line: TabletLine, may_revoke: bool, revoking: Revoking) -> AnyView {
    let TabletLine { replica, juror, last_contact_at, stored, unsent, app_version, revoked } = line;
    let name: String = replica.to_string().chars().take(8).collect();
    let about = (replica, juror.clone());
    let ask = move |_| {
        revoking.about.set(Some(about.clone()));
        revoking.problem.set(None);
        revoking.open.set(true);
    };
    let chip = match (&revoked, unsent) {
        (Some(_), _) => {
            view! { <Chip tone="refused" icon="lock" words=Signal::derive(|| tablets::revoked().to_owned())/> }
                .into_any()
        }
        (None, 0) => {
            view! { <Chip tone="received" icon="received" words=Signal::derive(|| tablets::all_sent().to_owned())/> }
                .into_any()
        }
        (None, _) => {
            view! { <Chip tone="waiting" icon="waiting" words=Signal::derive(move || tablets::unsent(unsent))/> }
                .into_any()
        }
    };
    let why = revoked.as_ref().map(why_revoked);
    let button = (may_revoke && revoked.is_none()).then(|| {
        view! {
            <button class="button" type="button" data-testid="revoke" on:click=touch(ask)>
                <Icon name="lock"/>
                {tablets::revoke}
            </button>
        }
    });
    view! {
        <li>
            <p>
                <b>{juror}</b>
                <span class="soft">{move || tablets::contact(&format::moment(last_contact_at), stored)}</span>
                <span class="soft">{move || tablets::version(&app_version, &name)}</span>
            </p>
            {why}
            <div class="life-moves">{chip}{button}</div>
        </li>
    }
    .into_any()
}

fn why_revoked(revoked: &Revoked) -> AnyView {
    let by = revoked.recorded.as_ref().map(|by| rounds::by(&by.by, &format::moment(by.at)));
    view! {
        <p>
            <span>{revoked.reason.clone()}</span>
            <span class="soft">{by}</span>
        </p>
    }
    .into_any()
}

fn quarantined(line: QuarantineLine) -> AnyView {
    let QuarantineLine { replica, juror, fork_seq, ops, received_at } = line;
    let name: String = replica.to_string().chars().take(8).collect();
    view! {
        <li>
            <p>
                <b>{juror}</b>
                <span>{move || tablets::set_aside(ops, fork_seq, &format::moment(received_at))}</span>
                <span class="soft num">{name}</span>
            </p>
        </li>
    }
    .into_any()
}
