//! What a juror does to a sheet (S5). Nothing is edited or deleted: a correction is a new act.

use crate::ids::{CriterionCode, ProductId};
use crate::photo::Photo;
use crate::points::Points;
use crate::sheet::StateHash;
use crate::sync::body::{Body, BodyError, need};
use crate::sync::chain::OpHash;

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

/// The kinds of operations on sheets, as envelopes name them.
const KINDS: [&str; 8] = ["set_mark", "set_note", "set_remark", "attach", "detach", "confirm", "reopen", "recuse"];

impl Work {
    /// The envelope's `kind`.
    pub fn kind(&self) -> &'static str {
        let [set_mark, set_note, set_remark, attach, detach, confirm, reopen, recuse] = KINDS;
        match self.act {
            Act::SetMark { .. } => set_mark,
            Act::SetNote { .. } => set_note,
            Act::SetRemark { .. } => set_remark,
            Act::Attach(_) => attach,
            Act::Detach(_) => detach,
            Act::Confirm { .. } => confirm,
            Act::Reopen { .. } => reopen,
            Act::Recuse { .. } => recuse,
        }
    }

    /// The envelope's `body`, as JSON text.
    pub fn body(&self) -> String {
        let mut body = Body { product: Some(Some(self.product)), ..Body::default() };
        match self.act.clone() {
            Act::SetMark { criterion, points } => (body.criterion, body.points) = (Some(criterion), Some(points)),
            Act::SetNote { criterion, text } => (body.criterion, body.text) = (Some(criterion), Some(text)),
            Act::SetRemark { text } => body.text = Some(text),
            Act::Attach(photo) => body.put_photo(photo),
            Act::Detach(sha256) => body.sha256 = Some(sha256),
            Act::Confirm { state_hash } => body.state_hash = Some(state_hash),
            Act::Reopen { reason } | Act::Recuse { reason } => body.reason = Some(reason),
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
        let product = need(&mut body.product.take().flatten())?;
        let act = match kind {
            "set_mark" => Act::SetMark { criterion: need(&mut body.criterion)?, points: body.points.take().flatten() },
            "set_note" => Act::SetNote { criterion: need(&mut body.criterion)?, text: need(&mut body.text)? },
            "set_remark" => Act::SetRemark { text: need(&mut body.text)? },
            "attach" => Act::Attach(body.take_photo()?),
            "detach" => Act::Detach(need(&mut body.sha256)?),
            "confirm" => Act::Confirm { state_hash: need(&mut body.state_hash)? },
            "reopen" => Act::Reopen { reason: need(&mut body.reason)? },
            "recuse" => Act::Recuse { reason: need(&mut body.reason)? },
            other => return Err(BodyError::UnknownKind(other.to_owned())),
        };
        body.check_empty()?;
        Ok(Self { product, act })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::Mime;

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
        let with_reason = body.replace('}', ",\"reason\":\"x\"}");
        assert!(matches!(Work::parse("set_remark", &with_reason), Err(BodyError::Malformed(_))), "of another kind");
        let float = r#"{"product":"00000000-0000-0000-0000-000000000003","criterion":"1.1","points":8.5}"#;
        assert!(matches!(Work::parse("set_mark", float), Err(BodyError::Malformed(_))));
    }
}
