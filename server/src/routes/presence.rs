//! `/api/v1/rounds/{round}/presence`: the delegation's secretary records who was at each stop.

use crate::acts::{self, By};
use crate::auth::{May, ReadPresence, RecordPresence};
use crate::body::Body;
use crate::db::editions::{self, SeatKey};
use crate::db::presence::{self, At};
use crate::db::{Tx, audit, log, users};
use crate::error::{ApiError, ApiResult};
use crate::routes::totals::round_of;
use crate::state::App;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::access::{Actor, Request, may};
use domain::api::{self, JurorPresence, PresencePage, StopPresence};
use domain::catalog::Catalog;
use domain::ids::{ProductId, RoundCode, UserId};
use domain::jury::{Presence, Standing, Stop};
use domain::log::OrganiserAct;
use domain::sheet::MAX_TEXT_CHARS;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The round's stops, and who was there.
pub async fn show(
    State(app): State<App>,
    may: May<ReadPresence>,
    path: Result<Path<String>, PathRejection>,
) -> ApiResult<Json<PresencePage>> {
    let round = round_of(path)?;
    let mut tx = app.db.read().await?;
    let page = page(&app, &mut tx, &round, may.signed.session.actor).await?;
    tx.rollback().await?;
    Ok(Json(page))
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
    let (by, now) = (may.signed.session.actor.user, app.nature.now());
    let mut tx = app.db.write().await?;
    let catalog = catalog(&app, &mut tx).await?;
    let seats = seats_at(&catalog, &round, &at);
    if seats.is_empty() {
        return Err(ApiError::UnknownStop);
    }
    let edition = catalog.edition.id;
    presence::append(&mut tx, edition, &round, &at, &presence, (by, now)).await?;
    let standing = presence.standing();
    for (product, before) in seats {
        // A recusal is the juror's own matter: being there or not doesn't touch it.
        if *before != standing && !matches!(before, Standing::Recused { .. }) {
            let key = SeatKey { edition, round: &round, product, juror: at.juror };
            editions::append_standing(&mut tx, key, &standing, by, now).await?;
        }
    }
    let act = OrganiserAct::RecordPresence {
        round: round.clone(),
        delegation: at.delegation.clone(),
        date: at.date.clone(),
        ordinal: at.ordinal,
        juror: at.juror,
        presence,
    };
    acts::record(&mut tx, &app.catalogs, &app.receipt_key, By { user: by, at: now }, act).await?;
    let subject = format!("{round} {} {} {} {}", at.delegation, at.date, at.ordinal, at.juror);
    audit::append(&mut tx, &may.signed.entry(&app, "presence_recorded", &subject)).await?;
    tx.commit().await?;
    app.live.wake();

    let mut tx = app.db.read().await?;
    let page = page(&app, &mut tx, &round, may.signed.session.actor).await?;
    tx.rollback().await?;
    Ok(Json(page))
}

/// Being late or absent has a reason that somebody can read.
fn checked(presence: Presence) -> ApiResult<Presence> {
    let reason = presence.parts().1.trim();
    match &presence {
        Presence::Present => Ok(presence),
        _ if reason.is_empty() => Err(ApiError::ReasonMissing),
        _ if reason.chars().count() > MAX_TEXT_CHARS => Err(ApiError::TextTooLong),
        _ => Ok(presence),
    }
}

async fn catalog(app: &App, tx: &mut Tx) -> ApiResult<Arc<Catalog>> {
    let head = log::head(tx).await?.ok_or(ApiError::NoEdition)?;
    Ok(app.catalogs.at(tx, &head).await?)
}

fn seats_at<'a>(catalog: &'a Catalog, round: &RoundCode, at: &At) -> Vec<(ProductId, &'a Standing)> {
    let is_there = |stop: &Stop| stop.delegation == at.delegation && stop.date == at.date && stop.ordinal == at.ordinal;
    let seats =
        catalog.seats_of(at.juror).filter(|(of, _, seat)| *of == round && seat.stop.as_ref().is_some_and(is_there));
    seats.map(|(_, product, seat)| (product, &seat.standing)).collect()
}

async fn page(app: &App, tx: &mut Tx, round: &RoundCode, reader: Actor) -> ApiResult<PresencePage> {
    let catalog = catalog(app, tx).await?;
    let found = catalog.find_round(round).cloned().ok_or(ApiError::UnknownRound)?;
    let recorded = presence::load(tx, catalog.edition.id, round).await?;
    let mut recorded: BTreeMap<At, _> = recorded.into_iter().map(|(at, presence, by)| (at, (presence, by))).collect();
    let names: BTreeMap<UserId, String> = users::display_names(tx).await?.into_iter().collect();

    let mut stops: BTreeMap<&Stop, (BTreeSet<UserId>, u32)> = BTreeMap::new();
    for panel in catalog.panels.get(round).into_iter().flat_map(|panels| panels.values()) {
        let here: Vec<_> = panel.iter().filter_map(|(juror, seat)| Some((juror, seat.stop.as_ref()?))).collect();
        for (juror, stop) in &here {
            stops.entry(stop).or_default().0.insert(**juror);
        }
        if let Some((_, stop)) = here.first() {
            stops.entry(stop).or_default().1 += 1;
        }
    }
    let stops = stops.into_iter().map(|(stop, (jurors, products))| {
        let mut jurors: Vec<_> = jurors
            .into_iter()
            .map(|juror| {
                let (delegation, date) = (stop.delegation.clone(), stop.date.clone());
                let known = recorded.remove(&At { delegation, date, ordinal: stop.ordinal, juror });
                let (presence, recorded) = known.unzip();
                let name = names.get(&juror).cloned().unwrap_or_default();
                JurorPresence { juror, name, presence: presence.unwrap_or_default(), recorded }
            })
            .collect();
        jurors.sort_by(|a, b| a.name.cmp(&b.name));
        StopPresence { stop: stop.clone(), products, jurors }
    });
    Ok(PresencePage { round: found, stops: stops.collect(), may_record: may(reader, Request::RecordPresence) })
}
