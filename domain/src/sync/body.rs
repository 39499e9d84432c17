//! What operations say, as JSON: the fields of all kinds in one form, of which each kind has its own few (S5). One form, for
//! reading one a kind was a good part of the tablet's code.

use crate::ids::{CriterionCode, ProductId, UserId};
use crate::jury::{Presence, StopKey};
use crate::photo::{Mime, Photo};
use crate::points::Points;
use crate::sync::chain::OpHash;
use crate::visit::TimeOfDay;
use serde::{Deserialize, Deserializer, Serialize};

/// Why a body is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// A kind that this version doesn't know.
    #[error("unknown kind {0:?}")]
    UnknownKind(String),
    /// Not the fields, or not the types, of its kind.
    #[error("malformed body: {0}")]
    Malformed(String),
}

/// A field that may be there and say that nothing is.
type OrNull<T> = Option<Option<T>>;

/// The fields, in the order in which they are written.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Body {
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopKey>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: OrNull<ProductId>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub criterion: Option<CriterionCode>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub points: OrNull<Points>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub sha256: Option<OpHash>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub mime: Option<Mime>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub state_hash: Option<OpHash>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub time: OrNull<TimeOfDay>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub juror: Option<UserId>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

impl Body {
    /// Reads one of a known kind.
    pub fn read(text: &str) -> Result<Self, BodyError> {
        serde_json::from_slice(text.as_bytes()).map_err(|error| BodyError::Malformed(error.to_string()))
    }

    /// As JSON text.
    pub fn text(&self) -> String {
        // A plain struct of strings and integers: serde_json has no error for it.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The fields that name a photo.
    pub fn put_photo(&mut self, Photo { sha256, size, mime }: Photo) {
        (self.sha256, self.size, self.mime) = (Some(sha256), Some(size), Some(mime));
    }

    /// Takes them out.
    pub fn take_photo(&mut self) -> Result<Photo, BodyError> {
        Ok(Photo { sha256: need(&mut self.sha256)?, size: need(&mut self.size)?, mime: need(&mut self.mime)? })
    }

    /// All that a kind has is taken out: whatever is left belongs to another one.
    pub fn check_empty(&self) -> Result<(), BodyError> {
        match *self == Self::default() {
            true => Ok(()),
            false => Err(BodyError::Malformed("a field of another kind".to_owned())),
        }
    }
}

/// A field that is there, also one that says that nothing is.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// Takes out a field that its kind can't be without.
pub(crate) fn need<T>(field: &mut Option<T>) -> Result<T, BodyError> {
    field.take().ok_or_else(|| BodyError::Malformed("a field is missing".to_owned()))
}
