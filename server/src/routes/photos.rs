//! `/api/v1/photos`: the bytes of photos come after the operations that name them (S5), and are looked at one by one.

use crate::auth::{May, ReadPhotos, SendPhotos};
use crate::body::{self, Body, Jpeg};
use crate::db::photos::{self, Awaited, Kept};
use crate::db::{Tx, log};
use crate::error::{ApiError, ApiResult};
use crate::photos::MAX_STORED;
use crate::state::App;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::access::may_see_photo;
use domain::ids::{EditionId, UserId};
use domain::photo::MAX_PHOTO_BYTES;
use domain::sync::MAX_ASKED_PHOTOS;
use domain::sync::chain::{OpHash, sha256};
use domain::sync::wire::{AskPhotos, PhotoStored, PhotosWanted};

/// What a photo may load and do when somebody opens it as a page: nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Which of the caller's photos are still to be brought.
pub async fn wanted(
    State(app): State<App>,
    may: May<SendPhotos>,
    Body(AskPhotos { photos: asked }): Body<AskPhotos>,
) -> ApiResult<Json<PhotosWanted>> {
    if asked.len() > MAX_ASKED_PHOTOS {
        return Err(ApiError::TooManyPhotosAsked);
    }
    let user = may.signed.session.actor.user;
    let mut tx = app.db.read().await?;
    let edition = edition(&mut tx).await?;
    let known = photos::among(&mut tx, edition, user, &asked).await?;
    tx.rollback().await?;
    let (stored, wanted): (Vec<_>, Vec<_>) = known.into_iter().partition(|(_, stored)| *stored);
    let hashes = |photos: Vec<(OpHash, bool)>| photos.into_iter().map(|(sha256, _)| sha256).collect();
    Ok(Json(PhotosWanted { user, wanted: hashes(wanted), stored: hashes(stored) }))
}

/// Takes in a photo of the caller's. Whether it is awaited is asked first: of what isn't, no byte is kept. What is kept is
/// encoded anew; the answer comes after COMMIT (S19).
pub async fn put(
    State(app): State<App>,
    may: May<SendPhotos>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> ApiResult<Json<PhotoStored>> {
    let user = may.signed.session.actor.user;
    // Whoever waits here has sent nothing that is kept yet, and may find it stored.
    let Some(turn) = app.photos.turn(user).await else {
        body::throw_away(request.into_body()).await;
        return Err(ApiError::Unavailable);
    };
    let (edition, photo, size) = match find(&app, user, path).await {
        Ok((edition, photo, Awaited { size, stored: false })) => (edition, photo, size),
        early => {
            drop(turn);
            body::throw_away(request.into_body()).await;
            return early.map(|(_, sha256, _)| Json(PhotoStored { user, sha256 }));
        }
    };
    let Jpeg(bytes) = Jpeg::<{ MAX_PHOTO_BYTES as usize }>::from_request(request, &app).await?;
    if u32::try_from(bytes.len()) != Ok(size) || sha256(&bytes) != photo {
        return Err(ApiError::PhotoDiffers);
    }
    let kept = app.photos.renew(&turn, bytes).await?;
    let kept = Kept { bytes: &kept, sha256: sha256(&kept), stored_at: app.nature.now() };

    let mut tx = app.db.write().await?;
    if photos::count_stored(&mut tx, edition, user).await? >= MAX_STORED {
        return Err(ApiError::TooManyPhotosStored);
    }
    photos::store(&mut tx, edition, user, photo, kept).await?;
    tx.commit().await?;
    Ok(Json(PhotoStored { user, sha256: photo }))
}

/// The caller's photo of this name, in the current edition.
async fn find(
    app: &App,
    user: UserId,
    path: Result<Path<String>, PathRejection>,
) -> ApiResult<(EditionId, OpHash, Awaited)> {
    let photo = photo_of(path)?;
    let mut tx = app.db.read().await?;
    let edition = edition(&mut tx).await?;
    let awaited = photos::find(&mut tx, edition, user, photo).await?;
    tx.rollback().await?;
    Ok((edition, photo, awaited.ok_or(ApiError::UnknownPhoto)?))
}

/// What is kept of a photo, for whoever may see it. To everybody else it doesn't exist.
pub async fn show(
    State(app): State<App>,
    may: May<ReadPhotos>,
    path: Result<Path<String>, PathRejection>,
) -> ApiResult<Response> {
    let (actor, photo) = (may.signed.session.actor, photo_of(path)?);
    let mut tx = app.db.read().await?;
    let edition = edition(&mut tx).await?;
    let mut seen = photos::owners(&mut tx, edition, photo, actor.user).await?;
    seen.retain(|one| may_see_photo(actor, one.owner, one.of_visit));
    if seen.is_empty() {
        return Err(ApiError::UnknownPhoto);
    }
    let here = seen.into_iter().find(|one| one.stored).ok_or(ApiError::PhotoNotHereYet)?;
    let bytes = photos::bytes(&mut tx, edition, here.owner, photo).await?.ok_or(ApiError::Internal)?;
    tx.rollback().await?;
    let name = photo.to_string();
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.jpg\"", &name[..16])),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// What is no hash is no photo's.
fn photo_of(path: Result<Path<String>, PathRejection>) -> ApiResult<OpHash> {
    path.ok().and_then(|Path(text)| text.parse().ok()).ok_or(ApiError::UnknownPhoto)
}

async fn edition(tx: &mut Tx) -> ApiResult<EditionId> {
    Ok(log::head(tx).await?.ok_or(ApiError::NoEdition)?.edition)
}
