//! Live totals of a round: what is missing is said first, then the table that fills in by itself.

use super::feed::{Feed, FeedState};
use super::groups::GroupChoice;
use super::order::View;
use super::refusal::Refusal;
use super::shell::{VISIT, use_round};
use super::table::{SortSelect, TotalsTable};
use crate::components::blank_states::StatusPage;
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::components::search_field::SearchField;
use crate::pages::public::not_found::NotFoundPage;
use crate::text::{common, desk, format, tally};
use domain::ids::{GroupCode, RoundCode};
use domain::round::Round;
use leptos::prelude::*;

/// `/desk/rounds/<round>/totals`.
#[component]
pub fn LiveTotalsPage() -> impl IntoView {
    let round = use_round();
    // Another round is another page with a feed of its own.
    live(move || match round.get() {
        Some(code) => view! { <LiveTotals code=code/> }.into_any(),
        None => view! { <NotFoundPage/> }.into_any(),
    })
}

#[component]
fn LiveTotals(code: RoundCode) -> impl IntoView {
    let (feed, view) = (Feed::open(code), View::new());
    let round = Memo::new(move |_| {
        feed.frame.with(|frame| {
            let frame = frame.as_ref()?;
            frame.rounds.iter().find(|round| round.code == frame.round).cloned()
        })
    });
    set_page_title(move || {
        let name = round.get().map(|round| round.name).unwrap_or_default();
        desk::table_label(&name)
    });
    let refused = Memo::new(move |_| match feed.state.get() {
        FeedState::Refused(problem) => Some(problem),
        _ => None,
    });
    let known = Memo::new(move |_| feed.frame.with(Option::is_some));
    live(move || match (refused.get(), known.get()) {
        (Some(problem), _) => view! { <Refusal problem=problem on_retry=move |()| feed.try_again()/> }.into_any(),
        (None, false) => view! { <Waiting feed=feed/> }.into_any(),
        (None, true) => view! {
            <main class="totals" id="main" tabindex="-1">
                <Heading feed=feed round=round/>
                <Banner feed=feed/>
                <div class="totals-tools">
                    <Groups feed=feed view=view/>
                    <SearchField search=view.search/>
                    <SortSelect view=view/>
                </div>
                <TotalsTable feed=feed view=view/>
            </main>
        }
        .into_any(),
    })
}

/// Nothing has come yet.
#[component]
fn Waiting(feed: Feed) -> impl IntoView {
    live(move || match feed.state.get() {
        FeedState::Lost => view! {
            <StatusPage
                icon="offline"
                title=Signal::derive(|| desk::failed_title().to_owned())
                words=Signal::derive(|| crate::text::problems::refusal("offline"))
                failure=true
            >
                <button
                    class="button primary tall"
                    type="button"
                    on:click=touch(move |_| feed.try_again())
                >
                    {common::retry}
                </button>
            </StatusPage>
        }
        .into_any(),
        _ => view! {
            <StatusPage
                title=Signal::derive(|| desk::connecting().to_owned())
                words=Signal::derive(String::new)
            />
        }
        .into_any(),
    })
}

#[component]
fn Heading(feed: Feed, round: Memo<Option<Round>>) -> impl IntoView {
    let title =
        move || round.get().map(|round| format!("{} · {}", round.name, format::days(&round.starts_on, &round.ends_on)));
    let lead = move || feed.frame.with(|frame| frame.as_ref().map(|frame| tally::lead(&frame.tally, frame.threshold)));
    let not_visited = move || {
        let frame = feed.frame.get()?;
        let visit = frame.round.as_str() == VISIT;
        (visit && frame.not_visited > 0).then(|| desk::not_visited(frame.not_visited))
    };
    view! {
        <div class="totals-head">
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            {move || not_visited().map(|words| view! { <p data-testid="not-visited">{words}</p> })}
        </div>
    }
}

#[component]
fn Banner(feed: Feed) -> impl IntoView {
    let frame = move || feed.frame.get();
    let provisional = move || frame().is_none_or(|frame| frame.provisional);
    let missing = move || {
        frame().map(|frame| match frame.provisional {
            true => desk::missing(&frame.missing),
            false => desk::nothing_missing(frame.missing.set_aside),
        })
    };
    let counted = Memo::new(move |_| {
        feed.lines.with(|lines| {
            let rows = lines.iter().map(|line| line.row.with(|row| (row.confirmed, super::order::expected(row))));
            rows.fold((0, 0), |(confirmed, all), (one, expected)| (confirmed + one, all + expected))
        })
    });
    view! {
        <section
            class="totals-banner"
            data-testid="totals-banner"
            data-provisional=move || provisional().to_string()
            aria-label=desk::banner_label
        >
            <strong class="stamp">
                {move || if provisional() { desk::provisional() } else { desk::complete() }}
            </strong>
            <div class="totals-missing">
                <p>{missing}</p>
                <progress
                    max=move || counted.get().1.max(1).to_string()
                    value=move || counted.get().0.to_string()
                    aria-label=move || desk::confirmed_of(counted.get().0, counted.get().1)
                ></progress>
            </div>
            <LiveWords feed=feed/>
        </section>
    }
}

/// "Tự động cập nhật lúc 19:42:08", or that it does not.
#[component]
fn LiveWords(feed: Feed) -> impl IntoView {
    let lost = Memo::new(move |_| feed.state.get() == FeedState::Lost);
    let words = move || {
        let time = feed.at_ms.get().map(format::clock_seconds).unwrap_or_default();
        if lost.get() { desk::lost_at(&time) } else { desk::live_at(&time) }
    };
    view! {
        <p class="totals-live" data-state=move || if lost.get() { "lost" } else { "live" }>
            <Icon name=Signal::derive(move || if lost.get() { "warn" } else { "received" })/>
            <span>{words}</span>
            // Only a broken or mended connection is worth interrupting a screen reader for.
            <span class="hidden-words" role="status">
                {move || lost.get().then(desk::lost)}
            </span>
        </p>
    }
}

#[component]
fn Groups(feed: Feed, view: View) -> impl IntoView {
    let count = move |code: Option<GroupCode>| {
        let fits = |group: &GroupCode| code.as_ref().is_none_or(|code| group == code);
        feed.lines.with(|lines| lines.iter().filter(|line| line.row.with(|row| fits(&row.group))).count())
    };
    let groups = Memo::new(move |_| {
        feed.frame.with(|frame| frame.as_ref().map(|frame| frame.groups.clone())).unwrap_or_default()
    });
    view! { <GroupChoice groups=groups chosen=view.group count=count/> }
}
