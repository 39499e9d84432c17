//! Who may do what: the one place that decides. Every route of the server asks here, and a table test there walks every
//! route × every role.

use crate::catalog::Catalog;
use crate::ids::{RoundCode, UserId};
use crate::jury::Standing;
use crate::round::RoundState;
use serde::{Deserialize, Serialize};

/// What a person is in an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Giám khảo: scores, and sees own work only.
    Juror,
    /// Trưởng Ban Giám khảo.
    JuryHead,
    /// Phó Trưởng Ban Giám khảo.
    JuryDeputy,
    /// Chủ tịch Hội đồng bình chọn.
    CouncilChair,
    /// Thư ký, of the support team: travels along, compiles.
    Secretary,
    /// Cán bộ Cục who run the edition.
    Organiser,
    /// Cán bộ Sở Công Thương of the host province.
    Department,
    /// Quản trị: accounts and machines, never scores.
    Administrator,
}

impl Role {
    /// All roles, for tables.
    pub const ALL: [Self; 8] = [
        Self::Juror,
        Self::JuryHead,
        Self::JuryDeputy,
        Self::CouncilChair,
        Self::Secretary,
        Self::Organiser,
        Self::Department,
        Self::Administrator,
    ];

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Juror => "juror",
            Self::JuryHead => "jury_head",
            Self::JuryDeputy => "jury_deputy",
            Self::CouncilChair => "council_chair",
            Self::Secretary => "secretary",
            Self::Organiser => "organiser",
            Self::Department => "department",
            Self::Administrator => "administrator",
        }
    }

    /// Whether people of this role sit on panels.
    pub fn scores(self) -> bool {
        matches!(self, Self::Juror | Self::JuryHead | Self::JuryDeputy)
    }

    /// Whether people of this role travel along, and carry a tablet that works without a network.
    pub fn travels(self) -> bool {
        self.scores() || self == Self::Secretary
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
    /// Bring the bytes of photos that one's own operations name.
    SendPhotos,
    /// See photos; [`may_see_photo`] asks further.
    ReadPhotos,
    /// See totals and results, live or not; [`may_see_totals`] asks further.
    ReadTotals,
    /// See the edition's plan.
    ReadPlan,
    /// Change dates and state of a row of the plan; [`may_change_row`] asks further.
    ChangePlan,
    /// See who was at the stops of the visits.
    ReadPresence,
    /// Record it at the desk; [`may_record_in`] asks further.
    RecordPresence,
    /// Write the records of stops on the way.
    WriteVisits,
    /// See a round's life and the held work in it, without its points.
    ReadRoundDesk,
    /// Open, close, publish, reopen a round.
    MoveRound,
    /// Admit or deny held work.
    RuleOnHeld,
    /// See the tablets, when each was last heard of, and what was set aside.
    ReadTablets,
    /// Revoke a lost tablet.
    RevokeTablet,
}

/// Whether the actor's role allows it. Jurors never see others' scores or totals (Thông tư 26/2014: each scores
/// independently); an administrator runs machines and accounts and has no business with scores.
pub fn may(actor: Actor, request: Request) -> bool {
    use Role::{Administrator, CouncilChair, Department, JuryDeputy, JuryHead, Organiser, Secretary};
    let role = actor.role;
    match request {
        Request::OwnSession => true,
        Request::RegisterReplica | Request::Pull | Request::Push | Request::SendPhotos => role.travels(),
        Request::ReadPhotos => role.travels() || may(actor, Request::ReadPresence),
        Request::ReadTotals | Request::ReadPresence => {
            matches!(role, JuryHead | JuryDeputy | CouncilChair | Secretary | Organiser | Department)
        }
        Request::ReadPlan => true,
        Request::ChangePlan => matches!(role, Organiser | Department),
        Request::RecordPresence => matches!(role, Secretary | Organiser),
        Request::WriteVisits => role == Secretary,
        Request::ReadRoundDesk => matches!(role, CouncilChair | Secretary | Organiser | Department),
        Request::MoveRound | Request::RuleOnHeld => matches!(role, Organiser),
        Request::ReadTablets => matches!(role, Secretary | Organiser | Department | Administrator),
        Request::RevokeTablet => matches!(role, Organiser | Administrator),
    }
}

/// Whether somebody may see a photo that `owner` took: their own always; of others those of stops, like all that is
/// written down there. What is on a score sheet is its juror's alone.
pub fn may_see_photo(actor: Actor, owner: UserId, of_visit: bool) -> bool {
    let own = actor.user == owner && actor.role.travels();
    own || (of_visit && may(actor, Request::ReadPresence))
}

/// Whether somebody who may read totals may read this round's: not while they have sheets to write in it. Whoever still
/// scores must not know where the others stand, whatever other office they hold.
pub fn may_see_totals(catalog: &Catalog, round: &RoundCode, user: UserId) -> bool {
    let closed = catalog.find_round(round).is_some_and(|round| round.state.is_closed());
    let assigned = || catalog.seats_of(user).any(|(of, _, seat)| of == round && seat.standing == Standing::Active);
    closed || !assigned()
}

/// Whether somebody who may record presence at the desk may do so in a round that stands so: where a tablet's word would be held,
/// the desk's says at once what a ruling would, and takes its right.
pub fn may_record_in(actor: Actor, state: RoundState) -> bool {
    may(actor, Request::RecordPresence) && (state.takes_work() || may(actor, Request::RuleOnHeld))
}

/// Whether somebody who may change the plan may change this row: the department only those that it leads.
pub fn may_change_row(actor: Actor, led_by_department: bool) -> bool {
    may(actor, Request::ChangePlan) && (actor.role != Role::Department || led_by_department)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role) -> Actor {
        Actor { user: UserId(uuid::Uuid::from_u128(1)), role }
    }

    #[test]
    fn rights_are_this_table() {
        // Juror, head, deputy, chair, secretary, organiser, department, administrator.
        let all = [true; 8];
        let travellers = [true, true, true, false, true, false, false, false];
        let readers = [false, true, true, true, true, true, true, false];
        let table = [
            (Request::OwnSession, all),
            (Request::RegisterReplica, travellers),
            (Request::Pull, travellers),
            (Request::Push, travellers),
            (Request::SendPhotos, travellers),
            (Request::ReadPhotos, [true, true, true, true, true, true, true, false]),
            (Request::ReadTotals, readers),
            (Request::ReadPlan, all),
            (Request::ChangePlan, [false, false, false, false, false, true, true, false]),
            (Request::ReadPresence, readers),
            (Request::RecordPresence, [false, false, false, false, true, true, false, false]),
            (Request::WriteVisits, [false, false, false, false, true, false, false, false]),
            (Request::ReadRoundDesk, [false, false, false, true, true, true, true, false]),
            (Request::MoveRound, [false, false, false, false, false, true, false, false]),
            (Request::RuleOnHeld, [false, false, false, false, false, true, false, false]),
            (Request::ReadTablets, [false, false, false, false, true, true, true, true]),
            (Request::RevokeTablet, [false, false, false, false, false, true, false, true]),
        ];
        for (request, expected) in table {
            for (role, allowed) in Role::ALL.into_iter().zip(expected) {
                assert_eq!(may(actor(role), request), allowed, "{role:?} {request:?}");
            }
        }
    }

    #[test]
    fn photos_of_sheets_are_their_jurors_alone_and_those_of_stops_everybodys_who_reads_of_stops() {
        let other = UserId(uuid::Uuid::from_u128(2));
        for role in Role::ALL {
            let actor = actor(role);
            assert!(!may_see_photo(actor, other, false), "{role:?}");
            assert_eq!(may_see_photo(actor, other, true), may(actor, Request::ReadPresence), "{role:?}");
            assert_eq!(may_see_photo(actor, actor.user, false), role.travels(), "{role:?}");
        }
    }

    #[test]
    fn in_a_round_that_takes_no_work_only_who_rules_records_presence() {
        for state in RoundState::ALL {
            let may = |role| may_record_in(actor(role), state);
            assert_eq!(may(Role::Secretary), matches!(state, RoundState::Open | RoundState::Closing), "{state:?}");
            assert!(may(Role::Organiser) && !may(Role::Juror) && !may(Role::Department), "{state:?}");
        }
    }

    #[test]
    fn the_department_changes_its_own_rows_only() {
        let table = [(Role::Organiser, true, true), (Role::Department, true, false), (Role::Secretary, false, false)];
        for (role, own, others) in table {
            assert_eq!(
                (may_change_row(actor(role), true), may_change_row(actor(role), false)),
                (own, others),
                "{role:?}"
            );
        }
    }

    #[test]
    fn whoever_has_sheets_to_write_in_a_round_sees_its_totals_only_once_it_is_closed() {
        let mut settings = crate::tally::tests::catalog(1);
        let (visit, user) = (settings.rounds[0].code.clone(), |n| UserId(uuid::Uuid::from_u128(n)));
        let (juror, other) = (user(1), user(9));
        assert!(!may_see_totals(&settings, &visit, juror));
        assert!(may_see_totals(&settings, &visit, other), "no seat");
        let product = settings.products[0].id;
        let seat = settings.panels.get_mut(&visit).and_then(|panels| panels.get_mut(&product)).unwrap().get_mut(&juror);
        seat.unwrap().standing = Standing::Recused { reason: "Người thân".into() };
        assert!(may_see_totals(&settings, &visit, juror), "nothing to write any more");
        settings.panels.get_mut(&visit).unwrap().get_mut(&product).unwrap().get_mut(&juror).unwrap().standing =
            Standing::Active;
        settings.rounds[0].state = RoundState::Closed;
        assert!(may_see_totals(&settings, &visit, juror));
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
