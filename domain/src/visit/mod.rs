//! The record of a stop of a visit (điểm đến), as the delegation's secretary writes it down on the way: when it came and
//! left, who was there, what was seen. Like a sheet it is the fold of its operations; unlike a sheet it is everybody's who
//! may write it, and the desk may write into it, too.

mod act;

pub use act::{VisitAct, VisitCell, VisitError, VisitWork, check_presence};

use crate::ids::{ProductId, ReplicaId, RoundCode, UserId};
use crate::jury::{Presence, Stop, StopKey};
use crate::photo::Photo;
use crate::sheet::{Bases, Cell, Head, Origin, in_order, merged};
use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A time on a clock, to the minute, as people write it down: `08:35`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    minutes: u16,
}

/// Not a time of the form `08:35`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the form 08:35")]
pub struct NoTime;

impl TimeOfDay {
    /// From hours and minutes; none if there is no such time.
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { minutes: hour * 60 + minute })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let digits = |text: &str| match text.as_bytes() {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u16::from(tens - b'0') * 10 + u16::from(ones - b'0')),
            _ => None,
        };
        let (hour, minute) = text.split_once(':').ok_or(NoTime)?;
        digits(hour).zip(digits(minute)).and_then(|(hour, minute)| Self::new(hour, minute)).ok_or(NoTime)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NoTime;

    fn try_from(text: String) -> Result<Self, NoTime> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

/// Which record: a stop in a round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VisitKey {
    /// Round.
    pub round: RoundCode,
    /// Stop.
    pub stop: StopKey,
}

/// What a secretary's tablet must know of a stop to write its record without a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPlan {
    /// Round.
    pub round: RoundCode,
    /// The stop.
    pub stop: Stop,
    /// The products that are scored there.
    pub products: Vec<ProductId>,
    /// Who should be there, by name.
    pub jurors: Vec<Expected>,
}

/// A juror of the delegation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Who.
    pub juror: UserId,
    /// As others read it.
    pub name: String,
}

impl VisitPlan {
    /// The record's key.
    pub fn key(&self) -> VisitKey {
        VisitKey { round: self.round.clone(), stop: self.stop.key() }
    }
}

/// A record as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitState {
    /// Which.
    pub key: VisitKey,
    /// The fold of all that counts.
    pub visit: Visit,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Value {
    Time(Option<TimeOfDay>),
    Presence(Presence),
    Text(String),
    Photo(Option<Photo>),
}

/// A folded record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Visit {
    /// Ordered by cell. A stop has a dozen of them.
    cells: Vec<(VisitCell, Cell<Value>)>,
}

impl Visit {
    /// Takes in one operation that counts.
    pub fn apply(&mut self, origin: &Origin, act: &VisitAct) {
        self.cell_mut(act.cell()).apply(origin, value(act));
    }

    /// Takes note of one that doesn't count, since later ones may be based on it.
    pub fn skip(&mut self, origin: &Origin, act: &VisitAct) {
        self.cell_mut(act.cell()).skip(origin);
    }

    /// Takes in what was recorded at the desk, by an act at this position of the log: whoever recorded it had what stood
    /// there on the screen (the server makes sure of it), so that it supersedes that; a tablet that knows of it supersedes it in
    /// turn.
    pub fn record(&mut self, juror: UserId, presence: Presence, position: u64, hash: OpHash) {
        let cell = self.cell_mut(VisitCell::Presence(juror));
        let bases: Bases = cell.heads().iter().map(|head| head.hash).collect();
        let origin = Origin::first(DESK, position, hash, bases);
        cell.apply(&origin, Value::Presence(presence));
    }

    /// What the next operation of `replica` in this cell is based on, if its writer had all of it on the screen, or only `seen`.
    pub fn bases_for(&self, cell: &VisitCell, replica: ReplicaId, seen: Option<&Bases>) -> Bases {
        let bases = self.cell(cell).map(|cell| cell.bases_for(replica, seen));
        bases.or_else(|| seen.cloned()).unwrap_or_default()
    }

    /// Whether an act would leave its cell exactly as it is.
    pub fn says(&self, act: &VisitAct) -> bool {
        match (self.cell(&act.cell()), act) {
            (_, VisitAct::Attach(photo)) => self.photos().iter().any(|there| there.sha256 == photo.sha256),
            (_, VisitAct::Detach(sha256)) => self.photos().iter().all(|there| there.sha256 != *sha256),
            (None, VisitAct::Presence { .. }) => false,
            (None, act) => value(act).is_empty(),
            (Some(cell), VisitAct::SetFact { text, .. }) => merged_text(cell) == *text,
            (Some(cell), act) => cell.value() == Some(&value(act)),
        }
    }

    /// When the delegation arrived; several times where two tablets disagree.
    pub fn arrived(&self) -> Vec<TimeOfDay> {
        self.times(&VisitCell::Arrived)
    }

    /// When it left.
    pub fn departed(&self) -> Vec<TimeOfDay> {
        self.times(&VisitCell::Departed)
    }

    /// How a juror was there; none if nothing is recorded. Of several that were recorded without knowing of each other the
    /// most present holds until somebody records it again: nobody's sheets are set aside on a doubtful word.
    pub fn presence(&self, juror: UserId) -> Option<&Presence> {
        self.presences(juror).min_by_key(|presence| match presence {
            Presence::Present => 0,
            Presence::Late { .. } => 1,
            Presence::Absent { .. } => 2,
        })
    }

    /// Whether two tablets, or a tablet and the desk, disagree about a juror.
    pub fn is_doubtful(&self, juror: UserId) -> bool {
        self.cell(&VisitCell::Presence(juror)).is_some_and(Cell::in_conflict)
    }

    /// The operations and acts of the desk from which a juror's presence follows.
    pub fn grounds(&self, juror: UserId) -> Vec<OpHash> {
        let cell = self.cell(&VisitCell::Presence(juror));
        cell.map_or(&[][..], Cell::heads).iter().map(|head| head.hash).collect()
    }

    /// What was seen of a product, or of the stop; what two tablets wrote one under the other (S23).
    pub fn fact(&self, product: Option<ProductId>) -> String {
        self.cell(&VisitCell::Fact(product)).map(merged_text).unwrap_or_default()
    }

    /// The photos of the stop, in the order in which each tablet put them there. Where one took a photo away and another put it
    /// there, not knowing of each other, it stays (S23).
    pub fn photos(&self) -> Vec<Photo> {
        let heads = self.cells.iter().filter(|(key, _)| matches!(key, VisitCell::Photo(_))).filter_map(|(_, cell)| {
            cell.heads().iter().find_map(|head| match head.value {
                Value::Photo(Some(photo)) => Some((head.replica, head.seq, photo)),
                _ => None,
            })
        });
        in_order(heads)
    }

    /// Every cell that was written, with the hashes of its heads.
    pub fn cells(&self) -> impl Iterator<Item = (&VisitCell, impl Iterator<Item = OpHash>)> {
        self.cells.iter().map(|(key, cell)| (key, cell.heads().iter().map(|head| head.hash)))
    }

    /// The jurors about whom something is recorded.
    pub fn jurors(&self) -> impl Iterator<Item = UserId> {
        self.cells.iter().filter_map(|(cell, _)| match cell {
            VisitCell::Presence(juror) => Some(*juror),
            _ => None,
        })
    }

    fn presences(&self, juror: UserId) -> impl Iterator<Item = &Presence> {
        let cell = self.cell(&VisitCell::Presence(juror));
        cell.map_or(&[][..], Cell::heads).iter().filter_map(|head| match &head.value {
            Value::Presence(presence) => Some(presence),
            _ => None,
        })
    }

    fn times(&self, cell: &VisitCell) -> Vec<TimeOfDay> {
        let heads = self.cell(cell).map_or(&[][..], Cell::heads);
        let mut times: Vec<TimeOfDay> = Vec::new();
        for head in heads {
            if let Value::Time(Some(time)) = head.value
                && !times.contains(&time)
            {
                times.push(time);
            }
        }
        times
    }

    fn cell(&self, key: &VisitCell) -> Option<&Cell<Value>> {
        let place = self.cells.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        self.cells.get(place).map(|(_, cell)| cell)
    }

    fn cell_mut(&mut self, key: VisitCell) -> &mut Cell<Value> {
        let place = match self.cells.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(place) => place,
            Err(place) => {
                self.cells.insert(place, (key, Cell::default()));
                place
            }
        };
        &mut self.cells[place].1
    }
}

/// Under this name the desk stands among the replicas of a cell.
pub const DESK: ReplicaId = ReplicaId(Uuid::nil());

fn value(act: &VisitAct) -> Value {
    match act {
        VisitAct::Arrive(time) | VisitAct::Depart(time) => Value::Time(*time),
        VisitAct::Presence { presence, .. } => Value::Presence(presence.clone()),
        VisitAct::SetFact { text, .. } => Value::Text(text.clone()),
        VisitAct::Attach(photo) => Value::Photo(Some(*photo)),
        VisitAct::Detach(_) => Value::Photo(None),
    }
}

impl Value {
    fn is_empty(&self) -> bool {
        match self {
            Self::Time(time) => time.is_none(),
            Self::Presence(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::Photo(photo) => photo.is_none(),
        }
    }
}

fn merged_text(cell: &Cell<Value>) -> String {
    merged(cell.heads().iter().filter_map(|head: &Head<Value>| match &head.value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    }))
}

#[cfg(test)]
mod tests;
