//! Takes in a rescue file of another tablet (S11): delivers its operations as they are, and types again what was half typed.

use super::core::Core;
use super::view::Link;
use super::writer::{Job, Of};
use crate::store::ActProblem;
use crate::sync::{Http, Server, Want};
use domain::ids::UserId;
use domain::sync::chain::sha256;
use domain::sync::rescue::{self, Rescue, RescueError, RescuedPhoto, delivered, registered};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What a file brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Operations that the server has now, be it from this file or from before.
    pub ops: usize,
    /// Texts that are on their sheets again.
    pub typed: usize,
    /// Those that are not: something stands in their place, or their sheet is locked.
    pub typed_left: Vec<String>,
    /// Photos whose bytes the server has now, be it from this file or from before.
    pub photos: usize,
    /// Photos that the server does not have: it refused them, knows no operation that names them, or their bytes are damaged.
    pub photos_left: usize,
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
    /// The rest is delivered; what was typed could not be put back.
    #[error(transparent)]
    Typed(#[from] ActProblem),
}

impl Core {
    /// Takes in the text of a file.
    pub async fn take_in(self: Rc<Self>, text: String) -> Result<TakenIn, RescueProblem> {
        // Somebody else may be signed in before all of it is written.
        let of = self.of_shown().ok_or(RescueProblem::Link(Link::SignedOut))?;
        let user = of.juror.who.user;
        let rescue = Rescue::read(&text, user, env!("CARGO_PKG_VERSION"))?;
        // First what needs no network.
        let (typed, typed_left) = self.type_again(&of, &rescue).await;
        if let Some(register) = rescue.registration(user) {
            let key = registered(Http.register(&register).await).map_err(RescueProblem::Link)?;
            for push in &rescue.pushes {
                delivered(Http.push(push).await.as_ref(), push, &key).map_err(RescueProblem::Link)?;
            }
        }
        let photos = bring_photos(&rescue, user).await.map_err(RescueProblem::Link)?;
        of.juror.worker.poke(Want::Everything);
        Ok(TakenIn { ops: rescue.ops(), typed: typed?, typed_left, photos, photos_left: rescue.photos.len() - photos })
    }

    /// Puts what was half typed on its sheets again, and counts it; the rest is for its juror to see.
    async fn type_again(self: &Rc<Self>, of: &Of, rescue: &Rescue) -> (Result<usize, ActProblem>, Vec<String>) {
        let (mut jobs, mut left) = (Vec::new(), rescue.typed_over.clone());
        // What is typed or stands here is newer, and on a locked sheet nothing is typed.
        for (key, cell, text) in &rescue.typed {
            match self.sheets.takes_draft(key, cell, text) {
                true => jobs.push(Job::Draft(key.clone(), cell.clone(), Some(text.clone()))),
                false => left.push(text.clone()),
            }
        }
        for (key, product, text) in &rescue.facts {
            match self.visits.takes_draft(key, *product, text) {
                true => jobs.push(Job::Fact(key.clone(), *product, Some(text.clone()))),
                false => left.push(text.clone()),
            }
        }
        left.retain(|text| !text.is_empty());
        let typed = jobs.len();
        for job in jobs {
            // Whoever typed it has seen nothing of what may have come by now.
            if let Err(problem) = self.write_for(Some(of.clone()), Some(Default::default()), job).await {
                return (Err(problem), left);
            }
        }
        (Ok(typed), left)
    }
}

/// Brings the photos that the server lacks, and counts those that it has then: nothing else is said to be there (S10).
async fn bring_photos(rescue: &Rescue, user: UserId) -> Result<usize, Link> {
    let mut there = BTreeSet::new();
    for ask in rescue.asks() {
        let answer = rescue::wanted(Http.ask_photos(&ask).await, user)?;
        there.extend(answer.stored);
        for photo in rescue.photos.iter().filter(|photo| answer.wanted.contains(&photo.sha256)) {
            // One after the other: all at once would not fit into a tablet's memory.
            let Some(bytes) = unpacked(photo) else { continue };
            if rescue::stored(Http.put_photo(photo.sha256, bytes).await, photo.sha256, user)? {
                there.insert(photo.sha256);
            }
        }
    }
    Ok(rescue.photos.iter().filter(|photo| there.contains(&photo.sha256)).count())
}

/// A photo's bytes, if they are the ones that operations name.
fn unpacked(photo: &RescuedPhoto) -> Option<Vec<u8>> {
    let text = web_sys::window()?.atob(&photo.jpeg).ok()?;
    // A character of the text stands for a byte.
    let bytes: Vec<u8> = text.chars().map(|byte| byte as u8).collect();
    (sha256(&bytes) == photo.sha256).then_some(bytes)
}
