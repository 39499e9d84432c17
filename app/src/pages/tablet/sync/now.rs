//! How much waits, why, and the button; under it the newest receipt, word for word.

use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::tablet::{Link, Tablet};
use crate::text::{Sentence, common, format, problems, sync};
use domain::sync::receipt::Receipt;
use leptos::prelude::*;

/// The card on top.
#[component]
pub(super) fn SyncNow(
    /// The tablet.
    tablet: Tablet,
    /// Whether all that waits is half typed, which is sent once it is finished.
    #[prop(into)]
    only_drafts: Signal<bool>,
) -> impl IntoView {
    let (unsent, link, syncing) = (tablet.unsent(), tablet.link(), tablet.syncing());
    let state = move || match (unsent.get(), link.get()) {
        (_, Link::CaptivePortal | Link::SignedOut | Link::WrongVersion | Link::Refused(_)) => "attention",
        (0, _) => "clear",
        _ if syncing.get() => "sending",
        _ => "waiting",
    };
    let words = move || match (link.get(), unsent.get()) {
        (Link::CaptivePortal, _) => sync::waits_captive().to_owned(),
        (Link::SignedOut, _) => sync::waits_signed_out().to_owned(),
        (Link::WrongVersion, _) => sync::waits_version().to_owned(),
        (Link::Refused(code), _) => sync::waits_refused(&problems::refusal(&code)),
        (_, 0) => sync::all_sent().to_owned(),
        (Link::Offline, _) => sync::waits_offline().to_owned(),
        (Link::Online, _) if only_drafts.get() => sync::waits_drafts().to_owned(),
        (Link::Online, _) => sync::waits_online().to_owned(),
        (Link::Unknown, _) => sync::waits_unknown().to_owned(),
    };
    let last = move || match tablet.last_receipt().get() {
        Some(receipt) => sync::last_receipt(&format::moment(receipt.statement.received_at)),
        None => sync::never().to_owned(),
    };
    view! {
        <section class="card sync-now" data-state=state aria-labelledby="sync-count">
            <p class="sync-count" id="sync-count">
                <b>{move || unsent.get()}</b>
                " "
                <span>{sync::count_after}</span>
            </p>
            <p class="soft" role="status">
                {words}
            </p>
            <button
                class="button tall"
                class:primary=move || link.get() != Link::SignedOut
                type="button"
                data-testid="sync-now"
                aria-busy=move || syncing.get().to_string()
                on:click=touch(move |_| tablet.sync_now())
            >
                <Icon name="send"/>
                {move || match (syncing.get(), unsent.get()) {
                    (false, _) => common::send_now(),
                    (true, 0) => common::checking(),
                    (true, _) => common::sending(),
                }}
            </button>
            {move || {
                (link.get() == Link::SignedOut)
                    .then(|| {
                        view! {
                            <a class="button primary tall" href="/sign-in">
                                {common::sign_in_again}
                            </a>
                        }
                    })
            }}
            <p class="soft">{last}</p>
            // The loader makes the file (S11): it does so even where this page can't be shown any more.
            <Show when=move || unsent.get() != 0>
                <button class="button" type="button" data-rescue="">
                    {sync::rescue}
                </button>
                <p
                    class="soft"
                    role="status"
                    data-saved=sync::rescued
                    data-partly=sync::partly_rescued
                    data-failed=sync::not_rescued
                ></p>
            </Show>
        </section>
    }
}

/// What proves that the server has it (S19): to be read out or written down when something is in doubt.
#[component]
pub(super) fn NewestReceipt(
    /// The tablet.
    tablet: Tablet,
) -> impl IntoView {
    let fact = |name: Sentence, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let said = move |receipt: Receipt| {
        let code = receipt.statement.acked_hash.map(|_| fact(sync::receipt_code, receipt.short_code()));
        let Receipt { statement, key_id, .. } = receipt;
        view! {
            <details class="card sync-round" data-testid="newest-receipt">
                <summary>
                    <b>{sync::newest_receipt}</b>
                </summary>
                <dl class="facts">
                    {fact(sync::receipt_time, format::moment(statement.received_at))} {code}
                    {fact(sync::receipt_up_to, statement.acked_seq.to_string())}
                    {fact(sync::receipt_position, statement.position.to_string())}
                    {fact(sync::receipt_key, key_id)}
                </dl>
            </details>
        }
    };
    live(move || tablet.last_receipt().get().map(said))
}
