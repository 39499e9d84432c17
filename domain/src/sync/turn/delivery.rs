//! The last part of a conversation: the bytes of photos, once the operations that name them are acknowledged. The server is
//! asked first which it lacks, so that nothing travels twice over a hotel's network; one photo that it refuses doesn't
//! keep the others back (S18).

use super::{Event, Link, OTHER_USER, Reply, State, Step, Turn, read};
use crate::ids::UserId;
use crate::sync::MAX_ASKED_PHOTOS;
use crate::sync::chain::OpHash;
use crate::sync::replica::WaitingPhoto;
use crate::sync::wire::{AskPhotos, PhotoStored, PhotosWanted};

/// As the tablet says it itself: its store lacks what it should have.
const PHOTO_MISSING: &str = "photo_missing";
/// As the server calls a photo that no operation of whoever is signed in names.
const UNKNOWN_PHOTO: &str = "unknown_photo";
/// As the server says that whoever is signed in brings no photos.
const FORBIDDEN: &str = "forbidden";
/// A server that doesn't know the request is an older one.
const NOT_FOUND: &str = "not_found";

/// What was waited for last.
#[derive(Debug)]
pub(super) enum Stage {
    Listing,
    Asking(Vec<WaitingPhoto>),
    Putting(WaitingPhoto),
    Settling,
}

/// What is still to be brought.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// Not asked about yet.
    unasked: Vec<WaitingPhoto>,
    /// The server wants these.
    wanted: Vec<WaitingPhoto>,
    /// What was refused, and why.
    refused: Vec<(OpHash, String)>,
    /// Whether it is known which photos wait.
    listed: bool,
}

impl Turn {
    /// The photos that were refused, each with the reason's code: they are not worth another upload now.
    pub fn refused_photos(&self) -> &[(OpHash, String)] {
        &self.delivery.refused
    }

    pub(super) fn photos(&mut self) -> Step {
        match self.delivery.listed {
            true => self.next_photo(),
            false => self.wait(State::Photos(Stage::Listing), Step::Photos),
        }
    }

    /// Photos take their time: before the next one goes whatever was written meanwhile, and what is unsent is reported anew (S30).
    fn let_others_go_first(&mut self) -> Step {
        self.report_anew();
        self.next_batch(None)
    }

    pub(super) fn deliver(&mut self, stage: Stage, event: Event) -> Result<Step, Link> {
        match (stage, event) {
            (Stage::Listing, Event::Photos(waiting)) => {
                (self.delivery.unasked, self.delivery.listed) = (waiting, true);
                Ok(self.next_photo())
            }
            (Stage::Asking(asked), Event::Reply(reply)) => {
                let answer: PhotosWanted = read(reply).map_err(|link| match link {
                    Link::Refused(code) if code == NOT_FOUND => Link::WrongVersion,
                    other => other,
                })?;
                is_of(answer.user, self.user)?;
                Ok(self.sort(&asked, &answer))
            }
            (Stage::Putting(photo), Event::Reply(reply)) => {
                let brought = self.user.map(|user| read_stored(reply, photo.photo.sha256, user));
                match brought.unwrap_or_else(|| Err(Link::Refused(OTHER_USER.to_owned())))? {
                    Ok(()) => Ok(self.stored(photo)),
                    Err(code) => Ok(self.refuse(photo, code)),
                }
            }
            (Stage::Putting(photo), Event::NoBytes) => Ok(self.refuse(photo, PHOTO_MISSING.to_owned())),
            (Stage::Settling, Event::PhotosSettled) => Ok(self.let_others_go_first()),
            _ => Err(Link::Offline),
        }
    }

    fn sort(&mut self, asked: &[WaitingPhoto], answer: &PhotosWanted) -> Step {
        let among = |list: &[_]| {
            let named = asked.iter().filter(|waiting| list.contains(&waiting.photo.sha256));
            named.copied().collect::<Vec<_>>()
        };
        self.delivery.wanted = among(&answer.wanted);
        // They are taken from the end.
        self.delivery.wanted.reverse();
        let stored = among(&answer.stored);
        if stored.is_empty() { self.next_photo() } else { self.settle(stored) }
    }

    /// The same photo may be on several sheets: its bytes travel once.
    fn stored(&mut self, photo: WaitingPhoto) -> Step {
        let is_same = |other: &WaitingPhoto| other.photo.sha256 == photo.photo.sha256;
        let (mut photos, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.delivery.wanted).into_iter().partition(is_same);
        self.delivery.wanted = others;
        photos.push(photo);
        self.settle(photos)
    }

    fn settle(&mut self, photos: Vec<WaitingPhoto>) -> Step {
        self.wait(State::Photos(Stage::Settling), Step::SettlePhotos(photos))
    }

    fn refuse(&mut self, photo: WaitingPhoto, code: String) -> Step {
        self.delivery.refused.push((photo.photo.sha256, code));
        self.next_photo()
    }

    fn next_photo(&mut self) -> Step {
        if let Some(photo) = self.delivery.wanted.pop() {
            return self.wait(State::Photos(Stage::Putting(photo)), Step::PutPhoto(photo));
        }
        let count = self.delivery.unasked.len().min(MAX_ASKED_PHOTOS);
        let asked: Vec<WaitingPhoto> = self.delivery.unasked.drain(..count).collect();
        if !asked.is_empty() {
            let photos = asked.iter().map(|waiting| waiting.photo.sha256).collect();
            return self.wait(State::Photos(Stage::Asking(asked)), Step::AskPhotos(AskPhotos { photos }));
        }
        let why = self.delivery.refused.last().map(|(_, code)| code.clone());
        Step::End(why.map_or(Link::Online, Link::Refused))
    }
}

/// What became of a photo that was brought: the server has it, or refuses it with a code, which keeps no other back (S18).
pub(in crate::sync) fn read_stored(
    reply: Option<Reply>,
    photo: OpHash,
    user: UserId,
) -> Result<Result<(), String>, Link> {
    let about_photo = reply.as_ref().is_some_and(|reply| is_about_photo(reply.status));
    match read::<PhotoStored>(reply) {
        Ok(stored) if stored.sha256 == photo => is_of(stored.user, Some(user)).map(Ok),
        Ok(_) => Err(Link::WrongVersion),
        // It was this user's a moment ago: somebody else has signed in since, and is sent no more of it (S13).
        Err(Link::Refused(code)) if matches!(code.as_str(), UNKNOWN_PHOTO | FORBIDDEN) => {
            Err(Link::Refused(OTHER_USER.to_owned()))
        }
        Err(Link::Refused(code)) if about_photo => Ok(Err(code)),
        Err(link) => Err(link),
    }
}

/// Somebody else may have signed in since the last answer (S13).
pub(in crate::sync) fn is_of(said: UserId, user: Option<UserId>) -> Result<(), Link> {
    if Some(said) == user { Ok(()) } else { Err(Link::Refused(OTHER_USER.to_owned())) }
}

/// Whether a refusal is about the photo, and not about the way there: a body that came too slowly (408), too many requests (429).
fn is_about_photo(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 408 | 429)
}

#[cfg(test)]
mod tests;
