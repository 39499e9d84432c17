//! `/api/v1/replicas`: an installation of the app says which id it drew (S1).

use crate::acts::PROGRAM;
use crate::auth::{May, RegisterReplica};
use crate::body::Body;
use crate::db::replicas;
use crate::error::{ApiError, ApiResult};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use domain::sync::PROTOCOL;
use domain::sync::wire;
use domain::visit::DESK;

/// Registers the replica to whoever is signed in; repeating it is harmless, taking another's is refused.
pub async fn register(
    State(app): State<App>,
    may: May<RegisterReplica>,
    Body(wire::RegisterReplica { replica, user: whose }): Body<wire::RegisterReplica>,
) -> ApiResult<Json<wire::Registered>> {
    let user = may.signed.session.actor.user;
    let owner = match whose {
        // Under its name the desk stands in the records of stops: it is nobody's tablet.
        _ if replica == DESK => PROGRAM,
        Some(whose) if whose != user => whose,
        _ => {
            let mut tx = app.db.write().await?;
            let owner = replicas::register(&mut tx, replica, user, app.nature.now()).await?;
            tx.commit().await?;
            owner
        }
    };
    if owner != user {
        may.signed.note_refusal(&app, &format!("replica {replica}")).await?;
        return Err(ApiError::OtherUsersReplica);
    }
    Ok(Json(wire::Registered { protocol: PROTOCOL, replica, receipt_key: app.receipt_key.public() }))
}
