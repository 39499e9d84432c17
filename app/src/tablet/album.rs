//! An album: the photos of a sheet or of a stop's record, as far as they are not in the store yet.

use super::slots::PhotosOnTheWay;
use super::writer::Job;
use crate::picture::ObjectUrl;
use crate::store::{ActProblem, SheetKey, TakenPhoto};
use domain::sheet::Act;
use domain::sync::chain::OpHash;
use domain::visit::{VisitAct, VisitKey};
use std::sync::Arc;

/// What photos belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Album {
    /// A score sheet.
    Sheet(SheetKey),
    /// The record of a stop.
    Visit(VisitKey),
}

impl Album {
    pub(super) fn attach(&self, taken: TakenPhoto) -> Job {
        match self {
            Self::Sheet(key) => Job::Act(key.clone(), Act::Attach(taken.photo), Some(taken)),
            Self::Visit(key) => Job::Visit(key.clone(), VisitAct::Attach(taken.photo), Some(taken)),
        }
    }

    pub(super) fn detach(&self, sha256: OpHash) -> Job {
        match self {
            Self::Sheet(key) => Job::Act(key.clone(), Act::Detach(sha256), None),
            Self::Visit(key) => Job::Visit(key.clone(), VisitAct::Detach(sha256), None),
        }
    }
}

/// A photo that is not saved.
#[derive(Clone, PartialEq)]
pub struct Unsaved {
    /// The photo.
    pub taken: TakenPhoto,
    /// Where an `<img>` finds it.
    pub url: Option<Arc<ObjectUrl>>,
    /// Why.
    pub problem: ActProblem,
    /// Whether it is being tried again.
    pub trying: bool,
}

/// The photos of one album that are not in the store yet.
#[derive(Clone, Default)]
pub struct OnTheWay {
    /// Pictures that are read, made small and written.
    pub preparing: usize,
    /// Photos that could not be saved.
    pub unsaved: Vec<Unsaved>,
    /// Files of the last choice that are no pictures.
    pub unreadable: usize,
}

impl OnTheWay {
    /// How many.
    pub fn count(&self) -> usize {
        self.preparing + self.unsaved.len()
    }

    pub(super) fn in_short(&self) -> PhotosOnTheWay {
        let problem = self.unsaved.iter().find_map(|one| match &one.problem {
            ActProblem::Save(problem) => Some(problem.clone()),
            _ => None,
        });
        PhotosOnTheWay { preparing: self.preparing, unsaved: self.unsaved.len(), problem }
    }

    pub(super) fn failed(&mut self, taken: TakenPhoto, problem: ActProblem) {
        let same = self.unsaved.iter_mut().find(|one| one.taken.photo.sha256 == taken.photo.sha256);
        if let Some(same) = same {
            (same.problem, same.trying) = (problem, false);
            return;
        }
        let url = ObjectUrl::of_jpeg(&taken.bytes).map(Arc::new);
        self.unsaved.push(Unsaved { taken, url, problem, trying: false });
    }

    pub(super) fn let_go(&mut self, sha256: OpHash) {
        self.unsaved.retain(|one| one.taken.photo.sha256 != sha256);
    }

    pub(super) fn try_again(&mut self, sha256: OpHash) -> Option<TakenPhoto> {
        let one = self.unsaved.iter_mut().find(|one| one.taken.photo.sha256 == sha256 && !one.trying)?;
        one.trying = true;
        Some(one.taken.clone())
    }
}
