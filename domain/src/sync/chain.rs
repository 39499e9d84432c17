//! A replica's operations as a chain of hashes (S2, S4): what is stored verbatim on both sides.

use crate::ids::{ReplicaId, RoundCode, UserId};
use crate::sheet::{Bases, Origin, Work};
use crate::sync::body::{Body, BodyError};
use crate::visit::VisitWork;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::fmt;

/// A SHA-256; lowercase hex on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpHash([u8; 32]);

impl OpHash {
    /// From raw bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for OpHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for OpHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<OpHash> for String {
    fn from(hash: OpHash) -> String {
        hash.to_string()
    }
}

impl TryFrom<String> for OpHash {
    type Error = InvalidHex;

    fn try_from(text: String) -> Result<Self, InvalidHex> {
        from_hex(&text).map(Self)
    }
}

impl std::str::FromStr for OpHash {
    type Err = InvalidHex;

    fn from_str(text: &str) -> Result<Self, InvalidHex> {
        from_hex(text).map(Self)
    }
}

/// Not the lowercase hex of the right length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not lowercase hex of the right length")]
pub struct InvalidHex;

/// Lowercase hex.
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

/// Reads lowercase hex of exactly `N` bytes.
pub fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], InvalidHex> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return Err(InvalidHex);
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(InvalidHex),
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Ok(bytes)
}

/// SHA-256, synchronous so that it can run inside a storage transaction (S9).
pub fn sha256(bytes: &[u8]) -> OpHash {
    OpHash(Sha256::digest(bytes).into())
}

/// An operation as it travels and is stored: the exact envelope text and its hash (S4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireOp {
    /// UTF-8 JSON of an [`Envelope`], byte for byte as its replica wrote it.
    pub envelope: String,
    /// SHA-256 of `envelope`.
    pub hash: OpHash,
}

/// What an operation's envelope says. Field order is the written order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Who wrote it.
    pub replica: ReplicaId,
    /// 1, 2, 3 … without gaps.
    pub seq: u64,
    /// Hash of the replica's previous operation; null for the first.
    pub prev: Option<OpHash>,
    /// The juror.
    pub user: UserId,
    /// The round.
    pub round: RoundCode,
    /// The round's epoch as the tablet knew it.
    pub epoch: u32,
    /// Version of this form.
    pub schema: u32,
    /// `set_mark`, …
    pub kind: String,
    /// The kind's own fields.
    pub body: Box<RawValue>,
    /// Hash of the last operation seen in the same cell (S23).
    pub base: Option<OpHash>,
    /// The tablet's clock, milliseconds since 1970: evidence, never order.
    pub claimed_at: i64,
    /// Where two tablets had disagreed: the other heads that the writer saw in the cell, and supersedes (S23).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<OpHash>,
    /// The hash under which a cloned device first wrote this (S17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reissue_of: Option<OpHash>,
}

/// What an operation does, and to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// A juror writes on a sheet.
    Sheet(Work),
    /// A secretary writes into the record of a stop.
    Visit(VisitWork),
}

impl Task {
    /// The envelope's `kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sheet(work) => work.kind(),
            Self::Visit(work) => work.kind(),
        }
    }

    /// The act on a sheet, if it is one.
    pub fn sheet(&self) -> Option<&Work> {
        match self {
            Self::Sheet(work) => Some(work),
            Self::Visit(_) => None,
        }
    }
}

impl Envelope {
    /// What the envelope carries.
    pub fn task(&self) -> Result<Task, BodyError> {
        let (kind, body) = (self.kind.as_str(), self.body.get());
        match kind {
            "arrive" | "depart" | "presence" | "set_fact" => VisitWork::parse(kind, body).map(Task::Visit),
            "attach" | "detach" => match Body::read(body)? {
                body if body.stop.is_some() => VisitWork::of(kind, body).map(Task::Visit),
                body => Work::of(kind, body).map(Task::Sheet),
            },
            _ => self.work().map(Task::Sheet),
        }
    }

    /// The act on a sheet that the envelope carries; an unknown kind where it is none.
    pub fn work(&self) -> Result<Work, BodyError> {
        Work::parse(&self.kind, self.body.get())
    }

    /// All that its writer saw as heads of the cell.
    pub fn bases(&self) -> Bases {
        self.base.iter().chain(&self.also).copied().collect()
    }

    /// Where its value comes from; `hash` is the envelope's.
    pub fn origin(&self, hash: OpHash) -> Origin {
        Origin { reissue_of: self.reissue_of, ..Origin::first(self.replica, self.seq, hash, self.bases()) }
    }
}

/// What a replica says beside the act.
#[derive(Clone, Debug)]
pub struct Context {
    /// The juror.
    pub user: UserId,
    /// The round.
    pub round: RoundCode,
    /// Its epoch as the tablet knows it.
    pub epoch: u32,
    /// Heads of the cell that the act writes.
    pub bases: Bases,
    /// The tablet's clock, milliseconds since 1970.
    pub claimed_at: i64,
    /// Set when a forked replica writes its unacknowledged work anew (S17).
    pub reissue_of: Option<OpHash>,
}

/// The end of a replica's chain: all that is needed to append to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The replica.
    pub replica: ReplicaId,
    /// Number of the last operation; 0 if there is none.
    pub seq: u64,
    /// Hash of the last operation.
    pub head: Option<OpHash>,
}

impl Chain {
    /// A replica that has written nothing yet.
    pub fn new(replica: ReplicaId) -> Self {
        Self { replica, seq: 0, head: None }
    }

    /// Writes the next operation, an act on a sheet, and moves the end of the chain.
    pub fn append(&mut self, context: Context, work: &Work) -> WireOp {
        self.write_first(context, work.kind(), work.body())
    }

    /// The same for an act on the record of a stop.
    pub fn append_visit(&mut self, context: Context, work: &VisitWork) -> WireOp {
        self.write_first(context, work.kind(), work.body())
    }

    /// The same for what another operation says, word for word.
    pub fn append_again(&mut self, context: Context, written: Envelope) -> WireOp {
        self.write(context, written.schema, written.kind, written.body)
    }

    fn write_first(&mut self, context: Context, kind: &str, body: String) -> WireOp {
        let body = RawValue::from_string(body).unwrap_or_default();
        self.write(context, schema_of(kind), kind.to_owned(), body)
    }

    fn write(&mut self, context: Context, schema: u32, kind: String, body: Box<RawValue>) -> WireOp {
        let envelope = Envelope {
            replica: self.replica,
            seq: self.seq + 1,
            prev: self.head,
            user: context.user,
            round: context.round,
            epoch: context.epoch,
            schema,
            kind,
            body,
            base: context.bases.first().copied(),
            claimed_at: context.claimed_at,
            also: context.bases.into_iter().skip(1).collect(),
            reissue_of: context.reissue_of,
        };
        // A plain struct of strings and integers: serde_json has no error for it.
        let envelope = serde_json::to_string(&envelope).unwrap_or_default();
        let hash = sha256(envelope.as_bytes());
        self.seq += 1;
        self.head = Some(hash);
        WireOp { envelope, hash }
    }
}

/// The first version that knows a kind: a server that is older refuses that one, and takes all others (S21).
fn schema_of(kind: &str) -> u32 {
    match kind {
        "attach" | "detach" => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ProductId;
    use crate::photo::{Mime, Photo};
    use crate::points::Points;
    use crate::sheet::Act;
    use uuid::Uuid;

    /// S4: the published vector of docs/SYNC.md.
    #[test]
    fn s4_the_published_vector_holds() {
        let mut chain = Chain::new(ReplicaId(Uuid::from_u128(1)));
        let context = Context {
            user: UserId(Uuid::from_u128(2)),
            round: "visit".parse().unwrap(),
            epoch: 1,
            bases: Bases::new(),
            claimed_at: 1_724_630_400_000,
            reissue_of: None,
        };
        let act = Act::SetMark { criterion: "1.1".parse().unwrap(), points: Some(Points(450)) };
        let op = chain.append(context.clone(), &Work { product: ProductId(Uuid::from_u128(3)), act });
        assert_eq!(
            op.envelope,
            r#"{"replica":"00000000-0000-0000-0000-000000000001","seq":1,"prev":null,"user":"00000000-0000-0000-0000-000000000002","round":"visit","epoch":1,"schema":1,"kind":"set_mark","body":{"product":"00000000-0000-0000-0000-000000000003","criterion":"1.1","points":450},"base":null,"claimed_at":1724630400000}"#
        );
        assert_eq!(op.hash.to_string(), "9df579a342e4943ad1fd51a04dec24e37928d840ab22d6e1f71891d94563b5d3");
        let act = Act::SetRemark { text: "Sạch sẽ".into() };
        let next = chain.append(context, &Work { product: ProductId(Uuid::from_u128(3)), act });
        let envelope: Envelope = serde_json::from_str(&next.envelope).unwrap();
        assert_eq!((envelope.seq, envelope.prev), (2, Some(op.hash)));
    }

    /// S21: a server from before photos refuses a photo and its re-issue, and takes marks.
    #[test]
    fn s21_a_kind_that_earlier_servers_can_not_know_raises_the_schema() {
        let mut chain = Chain::new(ReplicaId(Uuid::from_u128(1)));
        let context = Context {
            user: UserId(Uuid::from_u128(2)),
            round: "visit".parse().unwrap(),
            epoch: 1,
            bases: Bases::new(),
            claimed_at: 0,
            reissue_of: None,
        };
        let photo = Photo { sha256: sha256(b"photo"), size: 5, mime: Mime::Jpeg };
        let schemas =
            [Act::Attach(photo), Act::Detach(photo.sha256), Act::SetRemark { text: "Sạch".into() }].map(|act| {
                let op = chain.append(context.clone(), &Work { product: ProductId(Uuid::from_u128(3)), act });
                let written: Envelope = serde_json::from_str(&op.envelope).unwrap();
                let first = written.schema;
                let again: Envelope =
                    serde_json::from_str(&chain.append_again(context.clone(), written).envelope).unwrap();
                (first, again.schema)
            });
        assert_eq!(schemas, [(2, 2), (2, 2), (1, 1)]);
    }

    #[test]
    fn hashes_are_lowercase_hex_of_the_right_length() {
        let hash = sha256(b"abc");
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.to_string().parse::<OpHash>(), Ok(hash));
        assert!(hash.to_string().to_uppercase().parse::<OpHash>().is_err());
        assert!("ba78".parse::<OpHash>().is_err());
        assert!("ệ".repeat(32).parse::<OpHash>().is_err());
    }
}
