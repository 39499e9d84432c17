//! Takes in a rescue file of another tablet (S11): delivers its operations as they are, and types again what was half typed.

use super::core::Core;
use super::view::Link;
use super::writer::Job;
use crate::store::ActProblem;
use crate::sync::{Http, Server, Want};
use domain::sync::rescue::{Rescue, RescueError, delivered, registered};
use std::rc::Rc;

/// What a file brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Operations that the server has now, be it from this file or from before.
    pub ops: usize,
    /// Texts that are on their sheets again.
    pub typed: usize,
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
        if let Some(register) = rescue.registration(user) {
            let key = registered(Http.register(&register).await).map_err(RescueProblem::Link)?;
            for push in &rescue.pushes {
                delivered(Http.push(push).await.as_ref(), push, &key).map_err(RescueProblem::Link)?;
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
        Ok(TakenIn { ops: rescue.ops(), typed })
    }
}
