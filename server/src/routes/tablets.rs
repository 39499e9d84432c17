//! `/api/v1/tablets`: the installations of the app, when each was last heard of, and what was set aside (S17, S26, S30).

use super::round_desk::{checked, names};
use crate::acts::{self, By};
use crate::auth::{May, ReadTablets, RevokeTablet, Signed, TokenHash};
use crate::body::Body;
use crate::db::{acts as db_acts, audit, log, quarantine, replicas, sessions, users};
use crate::error::{ApiError, ApiResult};
use crate::state::App;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::access::{Request, may};
use domain::api::Recorded;
use domain::api::oversight::{self, Revoked, TabletsPage};
use domain::ids::ReplicaId;
use domain::log::OrganiserAct;

/// All of them.
pub async fn show(State(app): State<App>, may: May<ReadTablets>) -> ApiResult<Json<TabletsPage>> {
    Ok(Json(page(&app, &may.signed).await?))
}

/// Revokes one that is lost: from now on all that it delivers is held. Whoever holds it is signed in as its juror: all sessions of
/// that juror end, since nothing says which of them is the tablet's.
pub async fn revoke(
    State(app): State<App>,
    may: May<RevokeTablet>,
    path: Result<Path<String>, PathRejection>,
    Body(asked): Body<oversight::RevokeTablet>,
) -> ApiResult<Json<TabletsPage>> {
    let replica = path.ok().and_then(|Path(text)| text.parse::<ReplicaId>().ok()).ok_or(ApiError::UnknownReplica)?;
    let reason = checked(&asked.reason)?;
    if reason.is_empty() {
        return Err(ApiError::ReasonMissing);
    }
    let by = By { user: may.signed.session.actor.user, at: app.nature.now() };
    let mut tx = app.db.write().await?;
    let juror = replicas::find_user(&mut tx, replica).await?.ok_or(ApiError::UnknownReplica)?;
    users::lock(&mut tx, &[juror]).await?;
    if !replicas::revoke(&mut tx, replica, by.at).await? {
        return Err(ApiError::ChangedMeanwhile);
    }
    let ended = sessions::revoke_all(&mut tx, juror, by.at).await?;
    let act = OrganiserAct::RevokeReplica { replica, reason };
    acts::record(&mut tx, &app.catalogs, &app.receipt_key, by, act).await?;
    audit::append(&mut tx, &may.signed.entry(&app, "tablet_revoked", &replica.to_string())).await?;
    tx.commit().await?;
    ended.into_iter().for_each(|token| app.end_streams(TokenHash(token)));
    app.live.wake();
    Ok(Json(page(&app, &may.signed).await?))
}

async fn page(app: &App, reader: &Signed) -> ApiResult<TabletsPage> {
    let mut tx = app.db.read().await?;
    let mut tablets = replicas::lines(&mut tx).await?;
    let quarantine = quarantine::lines(&mut tx).await?;
    if let Some(head) = log::head(&mut tx).await? {
        let names = names(&mut tx).await?;
        for (_, act) in db_acts::of_kind(&mut tx, head.edition, "revoke_replica").await? {
            let OrganiserAct::RevokeReplica { replica, reason } = act.act else { continue };
            if let Some(line) = tablets.iter_mut().find(|line| line.replica == replica) {
                let recorded = Recorded { by: names.get(&act.user).cloned().unwrap_or_default(), at: act.at };
                line.revoked = Some(Revoked { reason, recorded: Some(recorded) });
            }
        }
    }
    tx.rollback().await?;
    let may_revoke = may(reader.session.actor, Request::RevokeTablet);
    Ok(TabletsPage { tablets, quarantine, may_revoke })
}
