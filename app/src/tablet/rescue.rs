//! Takes in a rescue file of another tablet (S11): delivers its operations as they are, and types again what was half typed.

use super::core::Core;
use super::view::Link;
use super::writer::Job;
use crate::store::ActProblem;
use crate::sync::{Http, Server, Want};
use domain::sync::chain::sha256;
use domain::sync::rescue::{self, Rescue, RescueError, RescuedPhoto, delivered, registered};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a file brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Operations that the server has now, be it from this file or from before.
    pub ops: usize,
    /// Texts that are on their sheets again.
    pub typed: usize,
    /// Photos whose bytes the server has now, be it from this file or from before.
    pub photos: usize,
}

/// Why a file is not taken in, or not whole. Taking it in again is harmless.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescueProblem {
    /// The file itself.
    #[error(transparent)]
    File(#[from] RescueError),
    /// The server could not be reached, or refuses.
    #[error("not delivered")]
    Link(Link),
    /// The operations are delivered; what was typed could not be put back.
    #[error(transparent)]
    Typed(#[from] ActProblem),
}

impl Core {
    /// Takes in the text of a file.
    pub async fn take_in(self: Rc<Self>, text: String) -> Result<TakenIn, RescueProblem> {
        let juror = self.juror().ok_or(RescueProblem::Link(Link::SignedOut))?;
        let user = juror.who.user;
        let rescue = Rescue::read(&text, user, env!("CARGO_PKG_VERSION"))?;
        let mut photos = BTreeMap::new();
        for photo in &rescue.photos {
            photos.insert(photo.sha256, unpacked(photo)?);
        }
        let brought = photos.len();
        if let Some(register) = rescue.registration(user) {
            let key = registered(Http.register(&register).await).map_err(RescueProblem::Link)?;
            for push in &rescue.pushes {
                delivered(Http.push(push).await.as_ref(), push, &key).map_err(RescueProblem::Link)?;
            }
        }
        for ask in rescue.asks() {
            let wanted = rescue::wanted(Http.ask_photos(&ask).await).map_err(RescueProblem::Link)?.wanted;
            for sha256 in wanted {
                let bytes = photos.remove(&sha256).unwrap_or_default();
                rescue::stored(Http.put_photo(sha256, bytes).await).map_err(RescueProblem::Link)?;
            }
        }
        let mut typed = 0;
        for (key, cell, text) in &rescue.typed {
            // What is typed here is newer, and on a locked sheet nothing is typed.
            if self.sheets.takes_draft(key, cell) {
                self.write(Job::Draft(key.clone(), cell.clone(), Some(text.clone()))).await?;
                typed += 1;
            }
        }
        for (key, product, text) in &rescue.facts {
            if self.visits.takes_draft(key, *product) {
                self.write(Job::Fact(key.clone(), *product, Some(text.clone()))).await?;
                typed += 1;
            }
        }
        juror.worker.poke(Want::Everything);
        Ok(TakenIn { ops: rescue.ops(), typed, photos: brought })
    }
}

/// A photo's bytes, if they are the ones that operations name.
fn unpacked(photo: &RescuedPhoto) -> Result<Vec<u8>, RescueError> {
    let text = web_sys::window().and_then(|window| window.atob(&photo.jpeg).ok()).ok_or(RescueError::Damaged)?;
    // A character of the text stands for a byte.
    let bytes: Vec<u8> = text.chars().map(|byte| byte as u8).collect();
    if sha256(&bytes) == photo.sha256 { Ok(bytes) } else { Err(RescueError::Damaged) }
}
