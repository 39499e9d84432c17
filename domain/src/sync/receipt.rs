//! Receipts (S19): the server's signed word that a replica's chain is stored up to a point.

use crate::ids::ReplicaId;
use crate::sync::chain::{InvalidHex, OpHash, from_hex, sha256, to_hex};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Whose chain.
    pub replica: ReplicaId,
    /// Stored up to here.
    pub acked_seq: u64,
    /// Hash of that operation.
    pub acked_hash: Option<OpHash>,
    /// Position of the edition's log after it.
    pub position: u64,
    /// The server's clock, milliseconds since 1970.
    pub received_at: i64,
}

/// A signed [`Statement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What is said.
    #[serde(flatten)]
    pub statement: Statement,
    /// With which key.
    pub key_id: String,
    /// Ed25519 over [`Statement::message`], lowercase hex.
    pub signature: String,
}

/// The public half, as the tablet pins it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The first 16 hex digits of the SHA-256 of the key.
    pub key_id: String,
    /// 32 bytes, lowercase hex.
    pub public: String,
}

/// Why a receipt proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Signed with a key that isn't the pinned one.
    #[error("signed with another key")]
    OtherKey,
    /// A key or signature that isn't one.
    #[error("malformed key or signature")]
    Malformed,
    /// The signature isn't of this statement.
    #[error("the signature doesn't fit")]
    Forged,
}

impl From<InvalidHex> for ReceiptError {
    fn from(_: InvalidHex) -> Self {
        Self::Malformed
    }
}

impl Statement {
    /// The signed bytes: every field on a line of its own, in this order, after a line that names the form.
    pub fn message(&self) -> Vec<u8> {
        let hash = self.acked_hash.map(String::from).unwrap_or_default();
        format!(
            "binhchon-receipt-1\n{}\n{}\n{hash}\n{}\n{}\n",
            self.replica, self.acked_seq, self.position, self.received_at
        )
        .into_bytes()
    }
}

/// The private half. The caller brings the 32 random bytes.
pub struct ReceiptKey(SigningKey);

impl ReceiptKey {
    /// The key of this seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// What tablets pin.
    pub fn public(&self) -> PublicKey {
        let bytes = self.0.verifying_key().to_bytes();
        PublicKey { key_id: name_of(&bytes), public: to_hex(&bytes) }
    }

    /// Ed25519 over any message of ours; each kind names its form in its first line.
    pub fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// Signs what is about to be committed; the receipt may leave only after COMMIT.
    pub fn sign(&self, statement: Statement) -> Receipt {
        let signature = to_hex(&self.sign_bytes(&statement.message()));
        Receipt { key_id: self.public().key_id, statement, signature }
    }
}

fn name_of(public: &[u8; 32]) -> String {
    sha256(public).to_string()[..16].to_owned()
}

impl PublicKey {
    /// Whether its name is the one that follows from it: a key that was put in another's place has not.
    pub fn is_named_after_itself(&self) -> bool {
        from_hex::<32>(&self.public).is_ok_and(|bytes| name_of(&bytes) == self.key_id)
    }

    /// Whether the private half of this key signed the message.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), ReceiptError> {
        let public = VerifyingKey::from_bytes(&from_hex(&self.public)?).map_err(|_| ReceiptError::Malformed)?;
        public.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| ReceiptError::Forged)
    }
}

impl Receipt {
    /// Checks the receipt against the pinned key.
    pub fn verify(&self, key: &PublicKey) -> Result<(), ReceiptError> {
        if self.key_id != key.key_id {
            return Err(ReceiptError::OtherKey);
        }
        key.verify(&self.statement.message(), &from_hex(&self.signature)?)
    }

    /// The eight characters that a juror can read out: the start of the acknowledged hash.
    pub fn short_code(&self) -> String {
        let hash = self.statement.acked_hash.map(String::from).unwrap_or_default();
        hash.chars().take(8).collect::<String>().to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            replica: ReplicaId(uuid::Uuid::from_u128(1)),
            acked_seq: 7,
            acked_hash: Some(sha256(b"op")),
            position: 99,
            received_at: 1_724_630_400_000,
        }
    }

    #[test]
    fn s19_a_receipt_verifies_with_the_pinned_key_alone() {
        let key = ReceiptKey::from_seed([5; 32]);
        let receipt = key.sign(statement());
        assert_eq!(receipt.verify(&key.public()), Ok(()));
        let other = ReceiptKey::from_seed([6; 32]).public();
        assert_eq!(receipt.verify(&other), Err(ReceiptError::OtherKey));
        let disguised = PublicKey { key_id: key.public().key_id, public: other.public };
        assert_eq!(receipt.verify(&disguised), Err(ReceiptError::Forged));
    }

    #[test]
    fn s19_no_field_can_be_changed() {
        let key = ReceiptKey::from_seed([5; 32]);
        let change: [fn(&mut Statement); 5] = [
            |s| s.replica = ReplicaId(uuid::Uuid::from_u128(2)),
            |s| s.acked_seq = 8,
            |s| s.acked_hash = None,
            |s| s.position = 100,
            |s| s.received_at += 1,
        ];
        for change in change {
            let mut receipt = key.sign(statement());
            change(&mut receipt.statement);
            assert_eq!(receipt.verify(&key.public()), Err(ReceiptError::Forged));
        }
        let mut cut = key.sign(statement());
        cut.signature.pop();
        assert_eq!(cut.verify(&key.public()), Err(ReceiptError::Malformed));
    }
}
