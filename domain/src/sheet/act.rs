//! What a juror does to a sheet (S5). Nothing is edited or deleted: a correction is a new act.

use crate::ids::{CriterionCode, ProductId};
use crate::photo::{Mime, Photo};
use crate::points::Points;
use crate::sheet::StateHash;
use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};

/// Longest note, remark or reason, in characters (S21): no operation can outgrow a push.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// An act on the sheet of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Which sheet: with the envelope's round and user this gives its id.
    pub product: ProductId,
    /// What is done.
    pub act: Act,
}

/// The acts, one verb each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Gives points for a criterion, or takes them back. `None` is "not yet scored", which is not 0.
    SetMark {
        /// Leaf.
        criterion: CriterionCode,
        /// Hundredths.
        points: Option<Points>,
    },
    /// Note beside a criterion; empty removes it.
    SetNote {
        /// Leaf.
        criterion: CriterionCode,
        /// At most [`MAX_TEXT_CHARS`].
        text: String,
    },
    /// General remark; empty removes it.
    SetRemark {
        /// At most [`MAX_TEXT_CHARS`].
        text: String,
    },
    /// Puts a photo beside the marks.
    Attach(Photo),
    /// Takes a photo away again.
    Detach(OpHash),
    /// Xác nhận và khóa phiếu: covers exactly this state (S24).
    Confirm {
        /// [`crate::sheet::Sheet::state_hash`] as the juror saw it.
        state_hash: StateHash,
    },
    /// Unlocks a confirmed or recused sheet.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Từ chối chấm.
    Recuse {
        /// Why.
        reason: String,
    },
}

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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkBody {
    product: ProductId,
    criterion: CriterionCode,
    points: Option<Points>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    product: ProductId,
    criterion: CriterionCode,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RemarkBody {
    product: ProductId,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachBody {
    product: ProductId,
    sha256: OpHash,
    size: u32,
    mime: Mime,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DetachBody {
    product: ProductId,
    sha256: OpHash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    product: ProductId,
    state_hash: StateHash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    product: ProductId,
    reason: String,
}

impl Work {
    /// The envelope's `kind`.
    pub fn kind(&self) -> &'static str {
        match self.act {
            Act::SetMark { .. } => "set_mark",
            Act::SetNote { .. } => "set_note",
            Act::SetRemark { .. } => "set_remark",
            Act::Attach(_) => "attach",
            Act::Detach(_) => "detach",
            Act::Confirm { .. } => "confirm",
            Act::Reopen { .. } => "reopen",
            Act::Recuse { .. } => "recuse",
        }
    }

    /// The envelope's `body`, as JSON text.
    pub fn body(&self) -> String {
        let product = self.product;
        let text = match self.act.clone() {
            Act::SetMark { criterion, points } => serde_json::to_string(&MarkBody { product, criterion, points }),
            Act::SetNote { criterion, text } => serde_json::to_string(&NoteBody { product, criterion, text }),
            Act::SetRemark { text } => serde_json::to_string(&RemarkBody { product, text }),
            Act::Attach(Photo { sha256, size, mime }) => {
                serde_json::to_string(&AttachBody { product, sha256, size, mime })
            }
            Act::Detach(sha256) => serde_json::to_string(&DetachBody { product, sha256 }),
            Act::Confirm { state_hash } => serde_json::to_string(&ConfirmBody { product, state_hash }),
            Act::Reopen { reason } | Act::Recuse { reason } => serde_json::to_string(&ReasonBody { product, reason }),
        };
        // Plain structs of strings and integers: serde_json has no error for them.
        text.unwrap_or_default()
    }

    /// Reads an envelope's `kind` and `body`.
    pub fn parse(kind: &str, body: &str) -> Result<Self, BodyError> {
        let (product, act) = match kind {
            "set_mark" => {
                let MarkBody { product, criterion, points } = read_body(body)?;
                (product, Act::SetMark { criterion, points })
            }
            "set_note" => {
                let NoteBody { product, criterion, text } = read_body(body)?;
                (product, Act::SetNote { criterion, text })
            }
            "set_remark" => {
                let RemarkBody { product, text } = read_body(body)?;
                (product, Act::SetRemark { text })
            }
            "attach" => {
                let AttachBody { product, sha256, size, mime } = read_body(body)?;
                (product, Act::Attach(Photo { sha256, size, mime }))
            }
            "detach" => {
                let DetachBody { product, sha256 } = read_body(body)?;
                (product, Act::Detach(sha256))
            }
            "confirm" => {
                let ConfirmBody { product, state_hash } = read_body(body)?;
                (product, Act::Confirm { state_hash })
            }
            "reopen" => {
                let ReasonBody { product, reason } = read_body(body)?;
                (product, Act::Reopen { reason })
            }
            "recuse" => {
                let ReasonBody { product, reason } = read_body(body)?;
                (product, Act::Recuse { reason })
            }
            other => return Err(BodyError::UnknownKind(other.to_owned())),
        };
        Ok(Self { product, act })
    }
}

/// Reads a body of a known kind.
pub(crate) fn read_body<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, BodyError> {
    serde_json::from_slice(body.as_bytes()).map_err(|error| BodyError::Malformed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> ProductId {
        ProductId(uuid::Uuid::from_u128(3))
    }

    #[test]
    fn s5_every_act_survives_the_wire() {
        let criterion: CriterionCode = "1.1".parse().unwrap();
        let acts = [
            Act::SetMark { criterion: criterion.clone(), points: Some(Points(850)) },
            Act::SetMark { criterion: criterion.clone(), points: None },
            Act::SetNote { criterion, text: "Máy mới, \"sạch\"\n".into() },
            Act::SetRemark { text: String::new() },
            Act::Attach(Photo { sha256: OpHash::from_bytes([1; 32]), size: 320_000, mime: Mime::Jpeg }),
            Act::Detach(OpHash::from_bytes([1; 32])),
            Act::Confirm { state_hash: StateHash::from_bytes([7; 32]) },
            Act::Reopen { reason: "Nhầm tiêu chí".into() },
            Act::Recuse { reason: "Người thân".into() },
        ];
        for act in acts {
            let work = Work { product: product(), act };
            assert_eq!(Work::parse(work.kind(), &work.body()), Ok(work));
        }
    }

    #[test]
    fn s5_what_is_not_of_its_kind_is_refused() {
        let body = Work { product: product(), act: Act::SetRemark { text: "x".into() } }.body();
        assert!(matches!(Work::parse("praise", &body), Err(BodyError::UnknownKind(_))));
        assert!(matches!(Work::parse("set_mark", &body), Err(BodyError::Malformed(_))));
        let newer = body.replace('}', ",\"colour\":1}");
        assert!(matches!(Work::parse("set_remark", &newer), Err(BodyError::Malformed(_))));
        let float = r#"{"product":"00000000-0000-0000-0000-000000000003","criterion":"1.1","points":8.5}"#;
        assert!(matches!(Work::parse("set_mark", float), Err(BodyError::Malformed(_))));
    }
}
