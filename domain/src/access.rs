//! Who may do what: the one place that decides. Every route of the server asks here, and a table test there walks every
//! route × every role.

use crate::ids::UserId;
use serde::{Deserialize, Serialize};

/// What a person is in an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Giám khảo: scores, and sees own work only.
    Juror,
    /// Thư ký, of the support team: travels along, compiles.
    Secretary,
    /// Cán bộ Cục or Sở who run the edition.
    Organiser,
    /// Quản trị: accounts and machines, never scores.
    Administrator,
}

impl Role {
    /// All roles, for tables.
    pub const ALL: [Self; 4] = [Self::Juror, Self::Secretary, Self::Organiser, Self::Administrator];

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Juror => "juror",
            Self::Secretary => "secretary",
            Self::Organiser => "organiser",
            Self::Administrator => "administrator",
        }
    }
}

/// A role that this version doesn't know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role {0:?}")]
pub struct UnknownRole(pub String);

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The signed-in user.
    pub user: UserId,
    /// Their role.
    pub role: Role,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// See who is signed in, sign out.
    OwnSession,
    /// Register an installation of the app.
    RegisterReplica,
    /// Receive the catalogue and one's own work.
    Pull,
    /// Deliver one's own operations.
    Push,
    /// See a round's totals, live or not.
    ReadTotals,
}

/// Whether the actor may. Jurors never see others' scores or totals (Thông tư 26/2014: each scores independently);
/// an administrator runs machines and accounts and has no business with scores.
pub fn may(actor: Actor, request: Request) -> bool {
    use Role::{Juror, Organiser, Secretary};
    match request {
        Request::OwnSession => true,
        Request::RegisterReplica | Request::Pull | Request::Push => actor.role == Juror,
        Request::ReadTotals => matches!(actor.role, Organiser | Secretary),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_this_table() {
        let table = [
            (Request::OwnSession, [true, true, true, true]),
            (Request::RegisterReplica, [true, false, false, false]),
            (Request::Pull, [true, false, false, false]),
            (Request::Push, [true, false, false, false]),
            (Request::ReadTotals, [false, true, true, false]),
        ];
        for (request, expected) in table {
            for (role, allowed) in Role::ALL.into_iter().zip(expected) {
                let actor = Actor { user: UserId(uuid::Uuid::from_u128(1)), role };
                assert_eq!(may(actor, request), allowed, "{role:?} {request:?}");
            }
        }
    }

    #[test]
    fn role_names_are_stable() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.as_str()));
        }
        assert!("Juror".parse::<Role>().is_err());
    }
}
