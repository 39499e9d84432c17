//! The edition's log as evidence (S31, S32): operations and organisers' acts in one order, each position bound to all before
//! it by a chain of hashes, and the end of the chain signed. Whoever replays it gets the same totals, bit by bit.

use crate::ids::{EditionId, ReplicaId, RoundCode, UserId};
use crate::jury::Presence;
use crate::plan::When;
use crate::round::RoundMove;
use crate::sync::chain::{OpHash, from_hex, sha256, to_hex};
use crate::sync::receipt::{PublicKey, ReceiptError, ReceiptKey};
use crate::sync::wire::Status;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where a log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEnd {
    /// Position of the last entry; 0 before the first.
    pub position: u64,
    /// Hash of everything up to there.
    pub head: OpHash,
}

impl LogEnd {
    /// Before the first entry: the edition itself.
    pub fn start(edition: EditionId) -> Self {
        Self { position: 0, head: sha256(format!("binhchon-log-1\n{edition}\n").as_bytes()) }
    }

    /// With one operation more, and what became of it when it was stored.
    pub fn with_op(self, hash: OpHash, status: &Status) -> Self {
        // The status as the wire writes it: a plain enum of names, for which serde_json has no error.
        let status = serde_json::to_string(status).unwrap_or_default();
        self.with("op", hash, &status)
    }

    /// With one act more.
    pub fn with_act(self, hash: OpHash) -> Self {
        self.with("act", hash, "")
    }

    fn with(self, what: &str, hash: OpHash, status: &str) -> Self {
        let position = self.position + 1;
        let line = format!("{}\n{position}\n{what}\n{hash}\n{status}\n", self.head);
        Self { position, head: sha256(line.as_bytes()) }
    }

    fn message(self, edition: EditionId) -> Vec<u8> {
        format!("binhchon-log-end-1\n{edition}\n{}\n{}\n", self.position, self.head).into_bytes()
    }

    /// The server's word that its log ends here.
    pub fn sign(self, edition: EditionId, key: &ReceiptKey) -> SignedEnd {
        SignedEnd { end: self, key_id: key.public().key_id, signature: to_hex(&key.sign_bytes(&self.message(edition))) }
    }
}

/// As it is printed and written down: `<position>:<head>`.
impl fmt::Display for LogEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.head)
    }
}

/// Not `<position>:<head>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an end of a log is written <position>:<64 hex digits>")]
pub struct NoLogEnd;

impl FromStr for LogEnd {
    type Err = NoLogEnd;

    fn from_str(text: &str) -> Result<Self, NoLogEnd> {
        let (position, head) = text.split_once(':').ok_or(NoLogEnd)?;
        Ok(Self { position: position.parse().map_err(|_| NoLogEnd)?, head: head.parse().map_err(|_| NoLogEnd)? })
    }
}

/// A signed end of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedEnd {
    /// Where it ends.
    #[serde(flatten)]
    pub end: LogEnd,
    /// With which key.
    pub key_id: String,
    /// Ed25519, lowercase hex.
    pub signature: String,
}

impl SignedEnd {
    /// Whether this key signed exactly this end of this edition's log.
    pub fn verify(&self, edition: EditionId, key: &PublicKey) -> Result<(), ReceiptError> {
        if self.key_id != key.key_id {
            return Err(ReceiptError::OtherKey);
        }
        key.verify(&self.end.message(edition), &from_hex(&self.signature)?)
    }
}

/// What organisers do that totals depend on, or that somebody may ask about later (S31).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum OrganiserAct {
    /// The edition is there, with all its settings.
    Found {},
    /// A round is opened, closed, …
    MoveRound {
        /// Which.
        round: RoundCode,
        /// How.
        step: RoundMove,
        /// Its epoch afterwards.
        epoch: u32,
        /// Why; may be empty except for reopening.
        reason: String,
    },
    /// Held operations are admitted or denied, each by its name.
    Rule {
        /// What becomes of them.
        verdict: Verdict,
        /// Which.
        ops: Vec<OpName>,
        /// Why.
        reason: String,
    },
    /// A tablet is lost: from now on all that it delivers is held (S26).
    RevokeReplica {
        /// Which.
        replica: ReplicaId,
        /// Why.
        reason: String,
    },
    /// Who was at a stop of a visit, and so whose sheets are expected.
    RecordPresence {
        /// Round.
        round: RoundCode,
        /// The delegation.
        delegation: String,
        /// ISO 8601 date.
        date: String,
        /// Place in the day's order, from 1.
        ordinal: u32,
        /// Who.
        juror: UserId,
        /// As recorded, with its reason.
        presence: Presence,
        /// The operations of secretaries' tablets from which it follows; none where it was recorded at the desk.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        from: Vec<OpHash>,
    },
    /// Dates or state of a row of the plan are changed.
    ChangePlan {
        /// Its number.
        row: u32,
        /// How it stands afterwards.
        when: When,
        /// Why.
        reason: String,
    },
}

/// What becomes of held work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts as if it had never been held.
    Admit,
    /// It never counts; it stays as evidence.
    Deny,
}

/// An operation of the log, by writer and number, with its hash so that it can be no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpName {
    /// Who wrote it.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// Its hash.
    pub hash: OpHash,
}

/// An act as the log keeps it. Field order is the written order; the text is stored verbatim, and its SHA-256 is in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActEnvelope {
    /// Which log.
    pub edition: EditionId,
    /// Who.
    pub user: UserId,
    /// When, by the server's clock, milliseconds since 1970: evidence, never order.
    pub at: i64,
    /// What.
    #[serde(flatten)]
    pub act: OrganiserAct,
    /// Fingerprints of the settings as they are from now on (see [`crate::catalog::Catalog::fingerprints`]).
    pub settings: Fingerprints,
    /// As they were until then, so that an act covers nothing that was changed before it without one. None of a foundation, of what
    /// an older version wrote, and of an act that follows another in the same transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Fingerprints>,
}

impl ActEnvelope {
    /// The text that is stored, and its hash.
    pub fn write(&self) -> (String, OpHash) {
        // Strings, integers and lists: serde_json has no error for them.
        let text = serde_json::to_string(self).unwrap_or_default();
        let hash = sha256(text.as_bytes());
        (text, hash)
    }
}

/// SHA-256 of each part of the settings that totals depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprints {
    /// The edition, its thresholds, the ways to a figure and to the result.
    pub edition: OpHash,
    /// The rounds, with mode, state and epoch.
    pub rounds: OpHash,
    /// The scoring frames.
    pub rubrics: OpHash,
    /// The products with their groups.
    pub products: OpHash,
    /// Who sits where, and whose sheets are expected.
    pub panels: OpHash,
}

impl Fingerprints {
    /// The names of the parts that differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("edition", self.edition == other.edition),
            ("rounds", self.rounds == other.rounds),
            ("rubrics", self.rubrics == other.rubrics),
            ("products", self.products == other.products),
            ("panels", self.panels == other.panels),
        ];
        parts.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::wire::HeldCode;
    use uuid::Uuid;

    fn edition(n: u128) -> EditionId {
        EditionId(Uuid::from_u128(n))
    }

    /// S31: every field of every entry, and their order, is in the head.
    #[test]
    fn s31_the_head_names_everything_before_it() {
        let (a, b) = (sha256(b"a"), sha256(b"b"));
        let start = LogEnd::start(edition(1));
        let log = start.with_op(a, &Status::Accepted).with_op(b, &Status::Accepted);
        let others = [
            LogEnd::start(edition(2)).with_op(a, &Status::Accepted).with_op(b, &Status::Accepted),
            start.with_op(b, &Status::Accepted).with_op(a, &Status::Accepted),
            start.with_op(a, &Status::Held(HeldCode::RoundClosed)).with_op(b, &Status::Accepted),
            start.with_op(a, &Status::Held(HeldCode::OtherEpoch)).with_op(b, &Status::Accepted),
            start.with_act(a).with_op(b, &Status::Accepted),
        ];
        for other in others {
            assert_eq!(other.position, 2);
            assert_ne!(other.head, log.head);
        }
        assert_ne!(start.with_op(a, &Status::Accepted).head, log.head, "a cut-off end shows");
    }

    #[test]
    fn an_end_is_read_as_it_is_written() {
        let end = LogEnd::start(edition(1)).with_act(sha256(b"a"));
        assert_eq!(end.to_string().parse(), Ok(end));
        for other in ["", "1", "1:", ":ab", "-1:ab"] {
            assert_eq!(other.parse::<LogEnd>(), Err(NoLogEnd), "{other}");
        }
    }

    #[test]
    fn s31_an_end_is_signed_for_its_edition_alone() {
        let (key, other) = (ReceiptKey::from_seed([5; 32]), ReceiptKey::from_seed([6; 32]));
        let signed = LogEnd::start(edition(1)).with_act(sha256(b"a")).sign(edition(1), &key);
        assert_eq!(signed.verify(edition(1), &key.public()), Ok(()));
        assert_eq!(signed.verify(edition(2), &key.public()), Err(ReceiptError::Forged));
        assert_eq!(signed.verify(edition(1), &other.public()), Err(ReceiptError::OtherKey));
        let cut = SignedEnd { end: LogEnd { position: 0, ..signed.end }, ..signed };
        assert_eq!(cut.verify(edition(1), &key.public()), Err(ReceiptError::Forged));
    }

    #[test]
    fn s31_an_act_is_read_as_it_was_written() {
        let hash = sha256(b"part");
        let settings = Fingerprints { edition: hash, rounds: hash, rubrics: hash, products: hash, panels: hash };
        let ops = vec![OpName { replica: ReplicaId(Uuid::from_u128(4)), seq: 7, hash }];
        let round: RoundCode = "visit".parse().unwrap();
        let acts = [
            OrganiserAct::Found {},
            OrganiserAct::MoveRound { round: round.clone(), step: RoundMove::Reopen, epoch: 2, reason: "Sót".into() },
            OrganiserAct::Rule { verdict: Verdict::Admit, ops, reason: "Đến muộn".into() },
            OrganiserAct::RevokeReplica { replica: ReplicaId(Uuid::from_u128(4)), reason: "Mất máy".into() },
            OrganiserAct::RecordPresence {
                round,
                delegation: "1".into(),
                date: "2024-08-26".into(),
                ordinal: 1,
                juror: UserId(Uuid::from_u128(2)),
                presence: Presence::Absent { reason: "Ốm".into() },
                from: vec![hash],
            },
            OrganiserAct::ChangePlan { row: 6, when: When::default(), reason: "Bão".into() },
        ];
        for (act, before) in acts.into_iter().zip([None, Some(settings.clone())].into_iter().cycle()) {
            let envelope = ActEnvelope {
                edition: edition(1),
                user: UserId(Uuid::from_u128(2)),
                at: 5,
                act,
                settings: settings.clone(),
                before,
            };
            let (text, hash) = envelope.write();
            assert_eq!(serde_json::from_str::<ActEnvelope>(&text).ok(), Some(envelope), "{text}");
            assert_eq!(hash, sha256(text.as_bytes()));
        }
        let changed = Fingerprints { rubrics: sha256(b"other"), ..settings.clone() };
        assert_eq!(settings.differences(&changed), ["rubrics"]);
    }
}
