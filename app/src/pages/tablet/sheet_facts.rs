//! One sheet in a line: what lists, the product and the sync page say of it, in the same words everywhere.

use crate::components::chip::{Chip, Told};
use crate::components::erased::live;
use crate::tablet::{Catalogue, DraftCell, SaveState, ServerState, SheetKey, SheetView, Tablet};
use crate::text::{common, sheet};
use domain::jury::Standing;
use domain::points::Points;
use domain::round::{RoundMode, RoundState};
use domain::sheet::{Frame, SheetState};
use leptos::prelude::*;
use std::borrow::Cow;

/// Where a sheet stands for its juror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Nothing on it.
    NotScored,
    /// Begun.
    Scoring,
    /// Confirmed and locked.
    Locked,
    /// Refused, on the sheet or with the assignment.
    Recused,
    /// Recorded as absent.
    Absent,
    /// Two tablets disagree.
    TwoValues,
    /// Changed by another tablet since it was locked.
    Outdated,
}

/// What its round asks of a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asks {
    /// A mark for every criterion.
    #[default]
    Marks,
    /// To look again at an earlier sheet, and to change some marks.
    Adjusting,
    /// Remarks alone.
    Remarks,
}

impl Asks {
    /// Of a round's sheets.
    pub fn of(mode: &RoundMode) -> Self {
        match mode {
            RoundMode::Rescore => Self::Marks,
            RoundMode::Adjust { .. } => Self::Adjusting,
            RoundMode::Remarks => Self::Remarks,
        }
    }

    /// Nothing is written yet.
    pub fn not_begun(self) -> &'static str {
        match self {
            Self::Marks => common::not_scored(),
            Self::Adjusting => common::not_reviewed(),
            Self::Remarks => common::not_remarked(),
        }
    }

    /// Something is.
    pub fn begun(self) -> &'static str {
        match self {
            Self::Marks => common::scoring(),
            Self::Adjusting => common::adjusting(),
            Self::Remarks => common::remarking(),
        }
    }
}

/// A sheet in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFacts {
    /// Where it stands.
    pub stand: Stand,
    /// What its round asks.
    pub asks: Asks,
    /// Whether only its juror's confirmation is missing.
    pub ready: bool,
    /// Criteria with a mark.
    pub scored: usize,
    /// All criteria.
    pub all: usize,
    /// Sum so far; none before the first mark.
    pub total: Option<Points>,
    /// Whether the tablet has it.
    pub save: SaveState,
    /// Whether the server has it.
    pub server: ServerState,
    /// What is half typed.
    pub draft: Option<DraftCell>,
    /// Written on another tablet, and come from the server.
    pub pulled: bool,
}

impl SheetFacts {
    /// As tests and style sheets know it.
    pub fn data_state(&self) -> &'static str {
        match self.stand {
            Stand::NotScored | Stand::Recused | Stand::Absent => "none",
            Stand::Scoring | Stand::TwoValues | Stand::Outdated => "draft",
            Stand::Locked => "confirmed",
        }
    }

    /// Whether the juror still has to do something for it.
    pub fn is_open(&self) -> bool {
        !matches!(self.stand, Stand::Locked | Stand::Recused | Stand::Absent)
    }
}

/// Follows one sheet.
pub fn facts(tablet: Tablet, key: &SheetKey) -> Memo<SheetFacts> {
    let key = key.clone();
    Memo::new(move |_| tablet.judge(&key, |known, view, frame| read(known, &key, view, frame)))
}

fn read(known: &Catalogue, key: &SheetKey, view: &SheetView, frame: Option<Frame<'_>>) -> SheetFacts {
    let standing = known.assignment(key).map(|task| &task.standing);
    let state = frame.map(|frame| frame.state(&view.sheet));
    let asked = frame.filter(Frame::has_marks);
    let sheet = frame.map_or(Cow::Borrowed(&view.sheet), |frame| frame.whole(&view.sheet));
    let scored = asked.map_or(0, |frame| sheet.scored(frame.rubric()));
    let blank = state.is_none() || state == Some(SheetState::NotScored);
    let round = known.round(&key.round);
    let asks = match asked {
        Some(_) => round.map(|round| Asks::of(&round.mode)).unwrap_or_default(),
        None => Asks::Remarks,
    };
    let ready = state == Some(SheetState::Scoring)
        && standing == Some(&Standing::Active)
        && round.is_some_and(|round| matches!(round.state, RoundState::Open | RoundState::Closing))
        && view.sheet.is_editable()
        && view.drafts.is_empty()
        && matches!(view.save, SaveState::Saved { .. } | SaveState::Untouched)
        && frame.is_some_and(|frame| frame.missing(&view.sheet).is_empty());
    SheetFacts {
        stand: stand(standing, state, view),
        asks,
        ready,
        pulled: !blank && view.server == ServerState::NothingToSend,
        scored,
        all: asked.map_or(0, |frame| frame.rubric().criteria.len()),
        total: (scored > 0).then(|| sheet.total()),
        save: view.save.clone(),
        server: view.server.clone(),
        draft: view.drafts.keys().next().cloned(),
    }
}

fn stand(standing: Option<&Standing>, state: Option<SheetState>, view: &SheetView) -> Stand {
    match (standing, state) {
        (Some(Standing::Recused { .. }), _) | (_, Some(SheetState::Recused)) => Stand::Recused,
        (Some(Standing::Absent { .. }), _) => Stand::Absent,
        (_, Some(SheetState::Confirmed { .. } | SheetState::Remarked)) => Stand::Locked,
        (_, Some(SheetState::Conflict)) => Stand::TwoValues,
        (_, Some(SheetState::Outdated)) => Stand::Outdated,
        (_, Some(SheetState::Scoring)) => Stand::Scoring,
        _ if view.drafts.is_empty() => Stand::NotScored,
        _ => Stand::Scoring,
    }
}

/// Where it stands, as a chip.
#[component]
pub fn StandChip(
    /// The sheet.
    facts: Memo<SheetFacts>,
) -> impl IntoView {
    let stand = move || facts.with(|facts| facts.stand);
    let look = move || match stand() {
        Stand::NotScored => ("none", "none"),
        Stand::Scoring => ("draft", "draft"),
        Stand::Locked => ("official", "lock"),
        Stand::Recused | Stand::Absent => ("refused", "recused"),
        Stand::TwoValues | Stand::Outdated => ("waiting", "warn"),
    };
    let words = move || match stand() {
        Stand::NotScored => facts.with(|facts| facts.asks.not_begun().to_owned()),
        Stand::Scoring => facts.with(|facts| match facts.asks {
            Asks::Marks => common::scoring_of(facts.scored, facts.all),
            other => other.begun().to_owned(),
        }),
        Stand::Locked => common::locked().to_owned(),
        Stand::Recused => common::recused().to_owned(),
        Stand::Absent => common::absent().to_owned(),
        Stand::TwoValues => common::two_values().to_owned(),
        Stand::Outdated => common::confirm_again().to_owned(),
    };
    view! {
        <Chip
            tone=Signal::derive(move || look().0)
            icon=Signal::derive(move || look().1)
            words=Signal::derive(words)
        />
    }
}

/// What the server has of it; nothing where nothing was written.
#[component]
pub fn ServerTold(
    /// The sheet.
    facts: Memo<SheetFacts>,
) -> impl IntoView {
    let look = Memo::new(move |_| {
        facts.with(|facts| match (&facts.save, &facts.server) {
            (SaveState::Failed { .. }, _) => Some(("failed", "warn")),
            (_, ServerState::NothingToSend) => facts.pulled.then_some(("received", "received")),
            (_, ServerState::Unsent) => Some(("waiting", "waiting")),
            (_, ServerState::Received { .. }) => Some(("received", "received")),
            (_, ServerState::Held(_)) => Some(("waiting", "received")),
            (_, ServerState::Rejected(_)) => Some(("failed", "warn")),
        })
    });
    let words = move || {
        facts.with(|facts| match (&facts.save, &facts.server) {
            (SaveState::Failed { .. }, _) => common::not_saved(),
            (_, ServerState::Received { .. } | ServerState::NothingToSend) => common::received(),
            (_, ServerState::Held(_)) => common::held(),
            (_, ServerState::Rejected(_)) => common::needs_you(),
            _ => common::not_sent(),
        })
    };
    live(move || {
        look.get().map(|(tone, icon)| {
            view! { <Told tone=tone icon=icon words=Signal::derive(move || words().to_owned())/> }
        })
    })
}

/// "chưa chấm", "đang chấm": the stand without numbers, for screen readers beside a symbol.
pub fn stand_words(stand: Stand) -> &'static str {
    match stand {
        Stand::NotScored => sheet::not_scored(),
        Stand::Scoring => common::scoring(),
        Stand::Locked => common::locked(),
        Stand::Recused => common::recused(),
        Stand::Absent => common::absent(),
        Stand::TwoValues => common::two_values(),
        Stand::Outdated => common::confirm_again(),
    }
}
