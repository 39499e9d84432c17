//! `/api/v1/rounds/{round}/presence`: the delegation's secretary records who was at each stop.

use crate::acts::{self, By, OnSettings};
use crate::auth::{May, ReadPresence, RecordPresence};
use crate::body::Body;
use crate::db::presence::{self, At};
use crate::db::visits::Which;
use crate::db::{Tx, audit, log};
use crate::error::{ApiError, ApiResult};
use crate::routes::round_desk::names;
use crate::routes::totals::round_of;
use crate::state::App;
use crate::visits::{self, Effects, Recorded, seats_at};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::access::{Actor, may_record_in};
use domain::api::{self, FactLine, JurorPresence, PresencePage, StopPresence};
use domain::catalog::Catalog;
use domain::ids::{ProductId, RoundCode, UserId};
use domain::jury::{Presence, StopKey};
use domain::visit::{Expected, Visit, VisitError, VisitKey, check_presence};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The round's stops, and who was there.
pub async fn show(
    State(app): State<App>,
    may: May<ReadPresence>,
    path: Result<Path<String>, PathRejection>,
) -> ApiResult<Json<PresencePage>> {
    let round = round_of(path)?;
    Ok(Json(page(&app, &round, may.signed.session.actor).await?))
}

/// Records how one juror was at one stop; an absence takes the juror's seats there out of what is waited for.
pub async fn record(
    State(app): State<App>,
    may: May<RecordPresence>,
    path: Result<Path<String>, PathRejection>,
    Body(asked): Body<api::RecordPresence>,
) -> ApiResult<Json<PresencePage>> {
    let round = round_of(path)?;
    let presence = checked(asked.presence)?;
    let at = At { delegation: asked.delegation, date: asked.date, ordinal: asked.ordinal, juror: asked.juror };
    let by = By { user: may.signed.session.actor.user, at: app.nature.now() };
    let mut tx = app.db.write().await?;
    // Held from here on: a tablet's word on the same juror comes before or after, never in between.
    let edition = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?.edition;
    log::hold(&mut tx, edition, &app.receipt_key.public()).await?;
    let catalog = catalog(&app, &mut tx).await?;
    if seats_at(&catalog, &round, &at).is_empty() {
        return Err(ApiError::UnknownStop);
    }
    let state = catalog.find_round(&round).ok_or(ApiError::UnknownStop)?.state;
    if !may_record_in(may.signed.session.actor, state) {
        tx.rollback().await?;
        may.signed.note_refusal(&app, &format!("presence in round {round}, {}", state.as_str())).await?;
        return Err(ApiError::Forbidden);
    }
    let key = VisitKey {
        round: round.clone(),
        stop: StopKey { delegation: at.delegation.clone(), date: at.date.clone(), ordinal: at.ordinal },
    };
    let records = visits::fold(&mut tx, edition, Which::Presences).await?;
    if records.get(&key).map(|visit| visit.grounds(at.juror)).unwrap_or_default() != asked.seen {
        // The desk's word supersedes what it had on the screen, and nothing else (S23).
        return Err(ApiError::ChangedMeanwhile);
    }
    let effects = Effects { catalog: &catalog, catalogs: &app.catalogs, key: &app.receipt_key, now: by.at };
    let head = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?;
    let before = acts::settings(&mut tx, &head).await?;
    let Recorded { act, changes_seats } = effects.take_effect(&mut tx, &round, &at, &presence, by, Vec::new()).await?;
    let settings = if changes_seats { OnSettings::Changed(before) } else { OnSettings::Kept };
    acts::record_all(&mut tx, &app.catalogs, &app.receipt_key, edition, vec![(by, act)], settings).await?;
    let subject = format!("{round} {} {} {} {}", at.delegation, at.date, at.ordinal, at.juror);
    audit::append(&mut tx, &may.signed.entry(&app, "presence_recorded", &subject)).await?;
    tx.commit().await?;
    app.live.wake();

    Ok(Json(page(&app, &round, may.signed.session.actor).await?))
}

/// Being late or absent has a reason that somebody can read.
fn checked(presence: Presence) -> ApiResult<Presence> {
    match check_presence(&presence) {
        Ok(()) => Ok(presence),
        Err(VisitError::ReasonMissing) => Err(ApiError::ReasonMissing),
        Err(VisitError::TextTooLong) => Err(ApiError::TextTooLong),
        // A presence has no photos.
        Err(VisitError::PhotoTooLarge | VisitError::TooManyPhotos) => Err(ApiError::Internal),
    }
}

async fn catalog(app: &App, tx: &mut Tx) -> ApiResult<Arc<Catalog>> {
    let head = log::head(tx).await?.ok_or(ApiError::NoEdition)?;
    Ok(app.catalogs.at(tx, &head).await?)
}

async fn page(app: &App, round: &RoundCode, reader: Actor) -> ApiResult<PresencePage> {
    let set_aside = app.live.set_aside(round).await?;
    let mut tx = app.db.read().await?;
    let catalog = catalog(app, &mut tx).await?;
    let edition = catalog.edition.id;
    let found = catalog.find_round(round).cloned().ok_or(ApiError::UnknownRound)?;
    let recorded = presence::load(&mut tx, edition, round).await?;
    let mut recorded: BTreeMap<At, _> =
        recorded.into_iter().map(|latest| (latest.at, (latest.presence, latest.recorded))).collect();
    let plans = visits::plans(&catalog, &names(&mut tx).await?);
    let mut records = visits::fold(&mut tx, edition, Which::All).await?;
    tx.rollback().await?;
    let stops = plans.into_iter().filter(|plan| plan.round == *round).map(|plan| {
        let key = plan.key();
        let visit = records.remove(&key).unwrap_or_default();
        let jurors = plan.jurors.into_iter().map(|Expected { juror, name }| {
            let (presence, recorded) = recorded.remove(&visits::at(&key.stop, juror)).unzip();
            let (doubtful, grounds) = (visit.is_doubtful(juror), visit.grounds(juror));
            let is_here = |(whose, product): &&(UserId, ProductId)| *whose == juror && plan.products.contains(product);
            let set_aside = set_aside.iter().filter(is_here).count() as u32;
            JurorPresence {
                juror,
                name,
                presence: presence.unwrap_or_default(),
                recorded,
                doubtful,
                grounds,
                set_aside,
            }
        });
        StopPresence {
            jurors: jurors.collect(),
            facts: facts(&visit, &plan.products, &catalog),
            arrived: visit.arrived(),
            departed: visit.departed(),
            photos: visit.photos().iter().map(|photo| photo.sha256).collect(),
            products: plan.products.len() as u32,
            stop: plan.stop,
        }
    });
    Ok(PresencePage { stops: stops.collect(), may_record: may_record_in(reader, found.state), round: found })
}

/// What was seen at the stop, then of each product.
fn facts(visit: &Visit, products: &[ProductId], catalog: &Catalog) -> Vec<FactLine> {
    let all = [None].into_iter().chain(products.iter().copied().map(Some));
    let line = |product: Option<ProductId>| {
        let name = product.and_then(|id| catalog.find_product(id)).map(|product| product.name.clone());
        FactLine { product: name, text: visit.fact(product) }
    };
    all.map(line).filter(|line| !line.text.is_empty()).collect()
}
