//! `/api/v1/sync`: a tablet delivers what it wrote and receives what it needs (docs/SYNC.md).

use crate::auth::{May, Pull, Push};
use crate::body::Body;
use crate::db::log::{self, Head};
use crate::db::ops::{self, Span};
use crate::db::{Tx, catalog, visits as db_visits};
use crate::error::{ApiError, ApiResult};
use crate::routes::round_desk::names;
use crate::state::App;
use crate::visits;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::access::Request;
use domain::catalog::Catalog;
use domain::ids::{SheetId, UserId};
use domain::jury::Assignment;
use domain::sync::MAX_PUSH_BYTES;
use domain::sync::inbox::Refusal;
use domain::sync::wire::{self, Pulled, Pushed};
use serde::Deserialize;

/// Operations in one answer at most.
const PAGE: u32 = 500;

/// Takes in operations (S16–S20).
pub async fn push(
    State(app): State<App>,
    may: May<Push>,
    Body(push): Body<wire::Push, MAX_PUSH_BYTES>,
) -> ApiResult<Json<Pushed>> {
    let replica = push.replica;
    let pushed = app.writer.push(may.signed.session.actor, push).await;
    if let Err(ApiError::Push(Refusal::OtherUsersReplica)) = pushed {
        may.signed.note_refusal(&app, &format!("replica {replica}")).await?;
    }
    Ok(Json(pushed?))
}

/// Where the last pull ended.
#[derive(Deserialize)]
pub struct After {
    cursor: Option<String>,
}

/// Hands out the settings, if they changed, and the caller's own operations (S27). Nothing of anybody else is read.
pub async fn pull(
    State(app): State<App>,
    may: May<Pull>,
    query: Result<Query<After>, QueryRejection>,
) -> ApiResult<Json<Pulled>> {
    let actor = may.signed.session.actor;
    let juror = actor.user;
    let asked = query.ok().and_then(|Query(After { cursor })| cursor).filter(|cursor| !cursor.is_empty());
    // Of one moment: what isn't told though all is, tablets take for lost (S27).
    let mut tx = app.db.snapshot().await?;
    let head = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?;
    let since = asked.as_deref().and_then(|text| Cursor::read(text, &head));
    let reset = asked.is_some() && since.is_none();
    let Cursor { catalog_version, position, records } = since.unwrap_or_default();

    let mut pulled = Pulled::without_news(juror);
    pulled.reset = reset;
    if catalog_version != head.catalog_version {
        fill_settings(&mut pulled, &*app.catalogs.at(&mut tx, &head).await?, juror);
        if catalog_version > 0 {
            pulled.removed = catalog::withdrawn(&mut tx, head.edition, juror, catalog_version).await?;
        }
    }
    let position = fill_ops(&mut pulled, &mut tx, &head, juror, position).await?;
    let records = match domain::access::may(actor, Request::WriteVisits) {
        true => fill_visits(&app, &mut pulled, &mut tx, &head, records).await?,
        false => None,
    };
    pulled.cursor = Cursor { catalog_version: head.catalog_version, position, records }.write(&head);
    tx.rollback().await?;
    Ok(Json(pulled))
}

fn fill_settings(pulled: &mut Pulled, catalog: &Catalog, juror: UserId) {
    let edition = &catalog.edition;
    let assignments = catalog.seats_of(juror).map(|(round, product, seat)| Assignment {
        round: round.clone(),
        product,
        sheet: SheetId::of(edition.id, round, juror, product),
        standing: seat.standing.clone(),
        stop: seat.stop.clone(),
    });
    pulled.assignments = assignments.collect();
    pulled.edition = Some(edition.clone());
    pulled.rounds.clone_from(&catalog.rounds);
    pulled.rubrics.clone_from(&catalog.rubrics);
    pulled.products.clone_from(&catalog.products);
}

/// Fills in a page of operations; returns the position up to which it goes.
async fn fill_ops(pulled: &mut Pulled, tx: &mut Tx, head: &Head, juror: UserId, after: u64) -> ApiResult<u64> {
    let span = Span { after, up_to: head.position, limit: PAGE + 1 };
    let mut ops = ops::of_user(tx, head.edition, juror, span).await?;
    pulled.more = ops.len() > PAGE as usize;
    if pulled.more {
        // A page ends between positions: a ruling on several operations is one of them, and fits into a page.
        let next = ops.last().map(|op| op.position);
        ops.retain(|op| Some(op.position) != next);
    }
    let position = ops.last().filter(|_| pulled.more).map_or(head.position, |last| last.position);
    pulled.ops = ops;
    Ok(position)
}

/// Fills in the stops with the settings; their records, which are everybody's who may write them, on the last page, when
/// there are others than at the position `heard`. Returns the position of those that the tablet then has.
async fn fill_visits(
    app: &App,
    pulled: &mut Pulled,
    tx: &mut Tx,
    head: &Head,
    heard: Option<u64>,
) -> ApiResult<Option<u64>> {
    let last_page = !pulled.more;
    let told = match heard {
        _ if !last_page => false,
        Some(after) => db_visits::changed_since(tx, head.edition, after).await?,
        None => true,
    };
    if pulled.edition.is_some() || told {
        let plans = visits::plans(&*app.catalogs.at(tx, head).await?, &names(tx).await?);
        if told {
            pulled.visits = visits::states(tx, head.edition, &plans, heard).await?;
        }
        if pulled.edition.is_some() {
            pulled.stops = plans;
        }
    }
    Ok(if last_page { Some(head.position) } else { heard })
}

/// What a cursor says. To the tablet it is opaque.
#[derive(Default, PartialEq, Eq, Debug)]
struct Cursor {
    catalog_version: u64,
    position: u64,
    /// A secretary's alone: the records of stops are told as they stand at a position, not operation by operation.
    records: Option<u64>,
}

impl Cursor {
    /// None if it isn't of this log: then everything is sent anew.
    fn read(text: &str, head: &Head) -> Option<Self> {
        let mut parts = text.split('.');
        let (incarnation, version, position) = (parts.next()?, parts.next()?, parts.next()?);
        let records = parts.next().map(str::parse).transpose().ok()?;
        let cursor = Self { catalog_version: version.parse().ok()?, position: position.parse().ok()?, records };
        let of_this_log = incarnation == head.incarnation
            && parts.next().is_none()
            && cursor.position <= head.position
            && records <= Some(head.position)
            && cursor.catalog_version <= head.catalog_version;
        of_this_log.then_some(cursor)
    }

    fn write(&self, head: &Head) -> String {
        let records = self.records.map(|position| format!(".{position}")).unwrap_or_default();
        format!("{}.{}.{}{records}", head.incarnation, self.catalog_version, self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::EditionId;

    #[test]
    fn s27_a_cursor_of_another_log_or_of_its_future_is_none() {
        let edition = EditionId(uuid::Uuid::from_u128(1));
        let head = Head { edition, incarnation: "ab".into(), position: 9, hash: None, catalog_version: 3 };
        for records in [None, Some(5)] {
            let cursor = Cursor { catalog_version: 2, position: 7, records };
            assert_eq!(Cursor::read(&cursor.write(&head), &head), Some(cursor));
        }
        for other in [
            "",
            "ab",
            "ab.3",
            "ab.3.10",
            "ab.4.9",
            "cd.2.7",
            "ab.2.7.10",
            "ab.2.7.x",
            "ab.2.7.1.1",
            "ab.-1.7",
            "ab.2.x",
        ] {
            assert_eq!(Cursor::read(other, &head), None, "{other}");
        }
    }
}
