//! Identities: a newtype for each, so that a juror's id can never stand where a product's belongs.

use crate::jury::StopKey;
use crate::sync::chain::{OpHash, sha256};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

uuid_id!(
    /// One campaign (kỳ bình chọn).
    EditionId
);
uuid_id!(
    /// A person who signs in.
    UserId
);
uuid_id!(
    /// A registered product or product set. Its selection code may be corrected; this never changes.
    ProductId
);
uuid_id!(
    /// One frozen version of a scoring frame (khung điểm).
    RubricId
);
uuid_id!(
    /// One user's store in one installation of the app (S1).
    ReplicaId
);
uuid_id!(
    /// What operations are about: one juror's sheet for one product in one round, or the record of one stop of a visit (S3).
    SheetId
);

impl ReplicaId {
    /// The name under which a re-issue of this replica stands among the heads of a cell (S17): one of its own, which no
    /// hash, and so no clock, has a part in (I6); those of one replica keep their order.
    pub(crate) fn of_reissue(self, seq: u64) -> Self {
        let (high, low) = self.0.as_u64_pair();
        Self(Uuid::from_u64_pair(high ^ low, seq))
    }
}

impl SheetId {
    /// The sheet's id follows from what it is about, so two tablets of one juror write to the same sheet without
    /// asking anybody (S3). The name is `edition/round/juror/product`, hashed in the edition's own UUID namespace.
    pub fn of(edition: EditionId, round: &RoundCode, juror: UserId, product: ProductId) -> Self {
        let name = format!("{edition}/{round}/{juror}/{product}");
        Self(Uuid::new_v5(&edition.0, name.as_bytes()))
    }

    /// What is read out to name a sheet in a state: two sheets with the same marks have different codes.
    pub fn code(self, state: OpHash) -> OpHash {
        sha256(format!("binhchon-sheet-code-1\n{self}\n{state}\n").as_bytes())
    }

    /// The id of a stop's record, whoever writes it (S3). The name is `edition/round/visit/delegation/date/ordinal`.
    pub fn of_visit(edition: EditionId, round: &RoundCode, stop: &StopKey) -> Self {
        let StopKey { delegation, date, ordinal } = stop;
        let name = format!("{edition}/{round}/visit/{delegation}/{date}/{ordinal}");
        Self(Uuid::new_v5(&edition.0, name.as_bytes()))
    }
}

/// A code was not of the form that its kind asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}: {text:?}")]
pub struct InvalidCode {
    /// What it was meant to be.
    pub kind: &'static str,
    /// What was given.
    pub text: String,
}

macro_rules! text_code {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The code as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidCode;

            fn try_from(text: String) -> Result<Self, InvalidCode> {
                let valid: fn(&[u8]) -> bool = $valid;
                if valid(text.as_bytes()) { Ok(Self(text.into())) } else { Err(InvalidCode { kind: $kind, text }) }
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidCode;

            fn from_str(text: &str) -> Result<Self, InvalidCode> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_code!(
    /// A product's selection code (mã số bình chọn), `AAA-000`: province and number, never the group, because products change group.
    SelectionCode,
    "selection code",
    |b| b.len() == 7 && b[..3].iter().all(u8::is_ascii_uppercase) && b[3] == b'-' && b[4..].iter().all(u8::is_ascii_digit)
);
text_code!(
    /// A round's code as it stands in URLs: `dossier`, `visit`, `direct`.
    RoundCode,
    "round code",
    |b| (1..=32).contains(&b.len()) && b.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-')
);
text_code!(
    /// A criterion's code within its rubric: `1.1`, `3`.
    CriterionCode,
    "criterion code",
    |b| (1..=16).contains(&b.len()) && b.iter().all(|c| c.is_ascii_digit() || *c == b'.')
);
text_code!(
    /// A product group's code: `1` to `4`.
    GroupCode,
    "group code",
    |b| (1..=16).contains(&b.len()) && b.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'-')
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selection_codes_are_three_capitals_and_three_digits() {
        assert!("AGI-017".parse::<SelectionCode>().is_ok());
        for wrong in ["", "agi-017", "AGI017", "AGI-17", "AGI-0171", "ÂGI-017", "AGI-01a"] {
            assert!(wrong.parse::<SelectionCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_code_from_the_wire_is_checked() {
        assert!(serde_json::from_str::<CriterionCode>("\"1.1\"").is_ok());
        assert!(serde_json::from_str::<CriterionCode>("\"1.1<script>\"").is_err());
    }

    /// S3: a published vector; a change of it would split every sheet in two.
    #[test]
    fn s3_sheet_id_is_fixed() {
        let id = |n: u128| Uuid::from_u128(n);
        let visit: RoundCode = "visit".parse().unwrap();
        let sheet = SheetId::of(EditionId(id(1)), &visit, UserId(id(2)), ProductId(id(3)));
        assert_eq!(sheet, SheetId::of(EditionId(id(1)), &visit, UserId(id(2)), ProductId(id(3))));
        assert_ne!(sheet, SheetId::of(EditionId(id(1)), &visit, UserId(id(3)), ProductId(id(2))));
        assert_eq!(sheet.to_string(), "b3b565db-86ca-51e8-9865-45de9bc43968");
        let stop = StopKey { delegation: "Đoàn 1".into(), date: "2024-08-26".into(), ordinal: 2 };
        assert_eq!(
            SheetId::of_visit(EditionId(id(1)), &visit, &stop).to_string(),
            "54a56a37-8115-5369-88b4-7f6b29ec0d26"
        );
    }
}
