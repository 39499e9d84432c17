//! What a secretary does to the record of a stop (S5). Nothing is edited or deleted: a correction is a new act.

use super::TimeOfDay;
use crate::ids::{ProductId, UserId};
use crate::jury::{Presence, StopKey};
use crate::photo::Photo;
use crate::sheet::MAX_TEXT_CHARS;
use crate::sync::body::{Body, BodyError, need};
use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};

/// The kinds of operations on records of stops, as envelopes name them. Sheets have the last two, too: the body says which of
/// them an operation is about.
const KINDS: [&str; 6] = ["arrive", "depart", "presence", "set_fact", "attach", "detach"];

/// Longest name of a delegation, in characters.
const MAX_NAME_CHARS: usize = 200;
const ISO_DATE: &str = "2024-08-26";

/// An act on the record of one stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitWork {
    /// Which stop: with the envelope's round this gives the record's id.
    pub stop: StopKey,
    /// What is done.
    pub act: VisitAct,
}

/// The acts, one verb each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitAct {
    /// The delegation arrives; none takes it back.
    Arrive(Option<TimeOfDay>),
    /// The delegation leaves; none takes it back.
    Depart(Option<TimeOfDay>),
    /// How a juror was there.
    Presence {
        /// Who.
        juror: UserId,
        /// As recorded, with its reason.
        presence: Presence,
    },
    /// What was seen; empty removes it.
    SetFact {
        /// About which product; none for the stop as a whole.
        product: Option<ProductId>,
        /// At most [`MAX_TEXT_CHARS`].
        text: String,
    },
    /// Puts a photo beside the facts.
    Attach(Photo),
    /// Takes a photo away again.
    Detach(OpHash),
}

/// The cell of a record that an act writes: the unit in which two tablets can disagree (S23).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitCell {
    /// When the delegation arrived.
    Arrived,
    /// When it left.
    Departed,
    /// How a juror was there.
    Presence(UserId),
    /// What was seen of a product, or of the stop.
    Fact(Option<ProductId>),
    /// Whether a photo is there.
    Photo(OpHash),
}

/// Why an act can't be done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VisitError {
    /// Being late or absent needs a reason.
    #[error("reason missing")]
    ReasonMissing,
    /// Longer than [`MAX_TEXT_CHARS`].
    #[error("text too long")]
    TextTooLong,
    /// A photo without bytes, or with more than [`crate::photo::MAX_PHOTO_BYTES`].
    #[error("photo too large")]
    PhotoTooLarge,
    /// The record has [`crate::photo::MAX_PHOTOS`] already.
    #[error("too many photos")]
    TooManyPhotos,
}

impl VisitWork {
    /// The envelope's `kind`.
    pub fn kind(&self) -> &'static str {
        let [arrive, depart, presence, set_fact, attach, detach] = KINDS;
        match self.act {
            VisitAct::Arrive(_) => arrive,
            VisitAct::Depart(_) => depart,
            VisitAct::Presence { .. } => presence,
            VisitAct::SetFact { .. } => set_fact,
            VisitAct::Attach(_) => attach,
            VisitAct::Detach(_) => detach,
        }
    }

    /// The envelope's `body`, as JSON text.
    pub fn body(&self) -> String {
        let mut body = Body { stop: Some(self.stop.clone()), ..Body::default() };
        match self.act.clone() {
            VisitAct::Arrive(time) | VisitAct::Depart(time) => body.time = Some(time),
            VisitAct::Presence { juror, presence } => (body.juror, body.presence) = (Some(juror), Some(presence)),
            VisitAct::SetFact { product, text } => (body.product, body.text) = (Some(product), Some(text)),
            VisitAct::Attach(photo) => body.put_photo(photo),
            VisitAct::Detach(sha256) => body.sha256 = Some(sha256),
        }
        body.text()
    }

    /// Reads an envelope's `kind` and `body`.
    pub fn parse(kind: &str, body: &str) -> Result<Self, BodyError> {
        if !KINDS.contains(&kind) {
            return Err(BodyError::UnknownKind(kind.to_owned()));
        }
        Self::of(kind, Body::read(body)?)
    }

    /// The same of a body that is read.
    pub(crate) fn of(kind: &str, mut body: Body) -> Result<Self, BodyError> {
        let stop = need(&mut body.stop)?;
        let act = match kind {
            "arrive" => VisitAct::Arrive(body.time.take().flatten()),
            "depart" => VisitAct::Depart(body.time.take().flatten()),
            "presence" => VisitAct::Presence { juror: need(&mut body.juror)?, presence: need(&mut body.presence)? },
            "set_fact" => VisitAct::SetFact { product: body.product.take().flatten(), text: need(&mut body.text)? },
            "attach" => VisitAct::Attach(body.take_photo()?),
            "detach" => VisitAct::Detach(need(&mut body.sha256)?),
            other => return Err(BodyError::UnknownKind(other.to_owned())),
        };
        body.check_empty()?;
        if stop.delegation.chars().count() > MAX_NAME_CHARS || stop.date.len() > ISO_DATE.len() {
            return Err(BodyError::Malformed("no stop has such a name".to_owned()));
        }
        Ok(Self { stop, act })
    }
}

impl VisitAct {
    /// The cell that the act writes.
    pub fn cell(&self) -> VisitCell {
        match self {
            Self::Arrive(_) => VisitCell::Arrived,
            Self::Depart(_) => VisitCell::Departed,
            Self::Presence { juror, .. } => VisitCell::Presence(*juror),
            Self::SetFact { product, .. } => VisitCell::Fact(*product),
            Self::Attach(Photo { sha256, .. }) | Self::Detach(sha256) => VisitCell::Photo(*sha256),
        }
    }

    /// Whether the act may be done: the tablet asks before it makes an operation of it, the server of every operation.
    pub fn check(&self) -> Result<(), VisitError> {
        match self {
            Self::Attach(photo) if !photo.has_fair_size() => Err(VisitError::PhotoTooLarge),
            Self::Arrive(_) | Self::Depart(_) | Self::Attach(_) | Self::Detach(_) => Ok(()),
            Self::Presence { presence, .. } => check_presence(presence),
            Self::SetFact { text, .. } => check_length(text),
        }
    }
}

/// Being late or absent has a reason that somebody can read.
pub fn check_presence(presence: &Presence) -> Result<(), VisitError> {
    match presence.parts().1 {
        reason if *presence != Presence::Present && reason.trim().is_empty() => Err(VisitError::ReasonMissing),
        reason => check_length(reason),
    }
}

fn check_length(text: &str) -> Result<(), VisitError> {
    if text.chars().count() > MAX_TEXT_CHARS { Err(VisitError::TextTooLong) } else { Ok(()) }
}
