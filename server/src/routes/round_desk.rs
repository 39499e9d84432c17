//! `/api/v1/rounds/{round}/desk`, `/moves`, `/rulings`: a round's life, and what becomes of held work in it (S25).

use crate::acts::{self, By, OnSettings};
use crate::auth::{May, MoveRound, ReadRoundDesk, RuleOnHeld, Signed};
use crate::body::Body;
use crate::db::rounds::{self, RoundAct};
use crate::db::{Tx, acts as db_acts, audit, log, rulings, users, visits as db_visits};
use crate::error::{ApiError, ApiResult};
use crate::routes::totals::round_of;
use crate::state::App;
use crate::text::storable;
use crate::visits::{Effects, Touched};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::access::{Request, may};
use domain::api::Recorded;
use domain::api::oversight::{self, MAX_RULED, RoundDesk, RuledWork};
use domain::ids::{RoundCode, UserId};
use domain::log::{ActEnvelope, OrganiserAct, Verdict};
use domain::round::RoundMove;
use domain::sheet::MAX_TEXT_CHARS;
use std::collections::BTreeMap;

/// Room for the names of [`MAX_RULED`] operations, each of some 150 bytes.
const RULING_BYTES: usize = 128 * 1024;

/// The round's life and its held work.
pub async fn show(
    State(app): State<App>,
    may: May<ReadRoundDesk>,
    path: Result<Path<String>, PathRejection>,
) -> ApiResult<Json<RoundDesk>> {
    Ok(Json(page(&app, &may.signed, &round_of(path)?).await?))
}

/// Opens, closes, publishes or reopens a round.
pub async fn make_move(
    State(app): State<App>,
    may: May<MoveRound>,
    path: Result<Path<String>, PathRejection>,
    Body(asked): Body<oversight::MoveRound>,
) -> ApiResult<Json<RoundDesk>> {
    let code = round_of(path)?;
    let reason = checked(&asked.reason)?;
    let (user, at) = (may.signed.session.actor.user, app.nature.now());
    let mut tx = app.db.write().await?;
    let edition = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?.edition;
    // Held from here on: of two organisers who act at once the second sees what the first did.
    log::hold(&mut tx, edition, &app.receipt_key.public()).await?;
    let head = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?;
    let catalog = app.catalogs.at(&mut tx, &head).await?;
    let round = catalog.find_round(&code).ok_or(ApiError::UnknownRound)?;
    if rounds::acts(&mut tx, edition, &code).await?.len() != asked.seen as usize {
        return Err(ApiError::ChangedMeanwhile);
    }
    let (state, epoch) = asked.step.apply(round.state, round.epoch, &reason)?;
    let before = acts::settings(&mut tx, &head).await?;
    rounds::append_act(&mut tx, edition, &code, &RoundAct { state, epoch, by: user, at, reason: &reason }).await?;
    let act = OrganiserAct::MoveRound { round: code.clone(), step: asked.step, epoch, reason };
    let (acts, changed) = (vec![(By { user, at }, act)], OnSettings::Changed(before));
    acts::record_all(&mut tx, &app.catalogs, &app.receipt_key, edition, acts, changed).await?;
    let subject = format!("{code} {}", state.as_str());
    audit::append(&mut tx, &may.signed.entry(&app, "round_moved", &subject)).await?;
    tx.commit().await?;
    app.live.wake();
    Ok(Json(page(&app, &may.signed, &code).await?))
}

/// Admits or denies held operations.
pub async fn rule(
    State(app): State<App>,
    may: May<RuleOnHeld>,
    path: Result<Path<String>, PathRejection>,
    Body(asked): Body<oversight::RuleOnHeld, RULING_BYTES>,
) -> ApiResult<Json<RoundDesk>> {
    let code = round_of(path)?;
    let reason = checked(&asked.reason)?;
    if reason.is_empty() {
        return Err(ApiError::ReasonMissing);
    }
    if asked.ops.is_empty() || asked.ops.len() > MAX_RULED {
        return Err(ApiError::TooManyOperations);
    }
    let mut names = asked.ops;
    names.sort();
    names.dedup();
    let by = By { user: may.signed.session.actor.user, at: app.nature.now() };
    let mut tx = app.db.write().await?;
    let edition = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?.edition;
    log::hold(&mut tx, edition, &app.receipt_key.public()).await?;
    let held = rulings::find_held(&mut tx, edition, &code, &names).await?;
    if held.len() != names.len() {
        return Err(ApiError::UnknownOperation);
    }
    if held.iter().any(|op| op.ruled) {
        return Err(ApiError::ChangedMeanwhile);
    }
    let visited: Touched = match asked.verdict {
        Verdict::Admit => {
            let presences = db_visits::presences_among(&mut tx, edition, &names).await?.into_iter();
            presences.map(|presence| (presence, by.user)).collect()
        }
        Verdict::Deny => Touched::new(),
    };
    let act = OrganiserAct::Rule { verdict: asked.verdict, ops: names, reason };
    let position = acts::record(&mut tx, &app.catalogs, &app.receipt_key, by, act).await?;
    rulings::append(&mut tx, edition, &held, position, asked.verdict).await?;
    if !visited.is_empty() {
        let head = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?;
        let catalog = app.catalogs.at(&mut tx, &head).await?;
        let effects = Effects { catalog: &catalog, catalogs: &app.catalogs, key: &app.receipt_key, now: by.at };
        effects.of_writings(&mut tx, &visited).await?;
    }
    let subject = format!("{code} {} operations at {position}", held.len());
    audit::append(&mut tx, &may.signed.entry(&app, "held_work_ruled", &subject)).await?;
    tx.commit().await?;
    app.live.wake();
    Ok(Json(page(&app, &may.signed, &code).await?))
}

/// A reason without the spaces around it, if somebody can be expected to read it.
pub fn checked(reason: &str) -> ApiResult<String> {
    let reason = reason.trim();
    if reason.chars().count() > MAX_TEXT_CHARS { Err(ApiError::TextTooLong) } else { Ok(storable(reason)) }
}

async fn page(app: &App, reader: &Signed, code: &RoundCode) -> ApiResult<RoundDesk> {
    let missing = app.live.missing(code).await?.ok_or(ApiError::UnknownRound)?;
    let mut tx = app.db.read().await?;
    let head = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?;
    let catalog = app.catalogs.at(&mut tx, &head).await?;
    let round = catalog.find_round(code).cloned().ok_or(ApiError::UnknownRound)?;
    let acts = rounds::acts(&mut tx, head.edition, code).await?;
    let names = names(&mut tx).await?;
    let work = rulings::held_work(&mut tx, head.edition, code, &names).await?;
    let ruling_acts: BTreeMap<u64, ActEnvelope> = match work.iter().any(|(_, ruling)| ruling.is_some()) {
        true => db_acts::of_kind(&mut tx, head.edition, "rule").await?.into_iter().collect(),
        false => BTreeMap::new(),
    };
    tx.rollback().await?;

    let actor = reader.session.actor;
    let moves = RoundMove::ALL.into_iter().filter(|step| step.apply(round.state, round.epoch, "?").is_ok());
    let mut desk = RoundDesk {
        moves: moves.filter(|_| may(actor, Request::MoveRound)).collect(),
        may_rule: may(actor, Request::RuleOnHeld),
        held: Vec::new(),
        ruled: Vec::new(),
        round,
        acts,
        missing,
    };
    for (work, ruling) in work {
        match ruling.and_then(|position| ruling_acts.get(&position)) {
            None => desk.held.push(work),
            Some(act) => desk.ruled.extend(ruled(work, act, &names)),
        }
    }
    desk.ruled.sort_by_key(|ruled| std::cmp::Reverse(ruled.recorded.at));
    Ok(desk)
}

fn ruled(work: oversight::HeldWork, act: &ActEnvelope, names: &BTreeMap<UserId, String>) -> Option<RuledWork> {
    let OrganiserAct::Rule { verdict, reason, .. } = &act.act else {
        return None;
    };
    let recorded = Recorded { by: names.get(&act.user).cloned().unwrap_or_default(), at: act.at };
    Some(RuledWork { work, verdict: *verdict, reason: reason.clone(), recorded })
}

/// Everybody's name as others read it.
pub async fn names(tx: &mut Tx) -> ApiResult<BTreeMap<UserId, String>> {
    Ok(users::display_names(tx).await?.into_iter().collect())
}
