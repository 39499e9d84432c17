//! One conversation with the server as a state machine: register if need be, push until nothing waits, pull until there is
//! no more, then bring the photos. It says what to do next and hears what came of it; whoever drives it reads, writes and
//! talks. Whatever goes wrong, the outbox stays (S11).

mod delivery;

use super::PROTOCOL;
use super::outbox::{Answer, Outcome, read_answer};
use super::receipt::PublicKey;
use super::replica::{Batch, TakeError, WaitingPhoto};
use super::wire::{AskPhotos, Pulled, Push, Pushed, RegisterReplica, Registered};
use crate::api::ErrorBody;
use crate::ids::{ReplicaId, UserId};
use delivery::{Delivery, Stage};
pub(in crate::sync) use delivery::{is_of, read_stored};
use serde::de::DeserializeOwned;

/// How things stand between tablet and server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Not tried yet.
    #[default]
    Unknown,
    /// The server answered last time.
    Online,
    /// It did not.
    Offline,
    /// Something else answered: a hotel's log-in page (S22).
    CaptivePortal,
    /// Sign in again; nothing is lost (S11).
    SignedOut,
    /// The app is older or newer than the server.
    WrongVersion,
    /// The server refuses, with this stable code.
    Refused(String),
}

/// What answered, read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Whether it carried our protocol's marker.
    pub marked: bool,
    /// Body.
    pub body: Vec<u8>,
}

/// What to do next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Read what goes out next: [`Event::Batch`].
    Batch,
    /// `POST /api/v1/replicas`: [`Event::Reply`].
    Register(RegisterReplica),
    /// Write down the server's key, pinned from now on (S19): [`Event::Pinned`].
    Pin(ReplicaId, PublicKey),
    /// `POST /api/v1/sync/push`: [`Event::Reply`].
    Push(Box<Push>),
    /// Write down an acknowledgement: [`Event::Settled`] or [`Event::Forked`].
    Settle(Box<Push>, Box<Pushed>),
    /// Let what the server misses wait again, from this number: [`Event::Repaired`].
    Rewind(u64),
    /// Go on under a new identity (S17): [`Event::Repaired`].
    Reissue,
    /// Read where the last pull ended: [`Event::Position`].
    Position,
    /// `GET /api/v1/sync/pull`: [`Event::Reply`].
    Pull(Option<String>),
    /// Take in a page that was asked for from this position, if the tablet is there still: [`Event::Taken`] or
    /// [`Event::NotTaken`].
    Take(Box<Pulled>, Option<String>),
    /// Read which photos wait: [`Event::Photos`].
    Photos,
    /// `POST /api/v1/photos/wanted`: [`Event::Reply`].
    AskPhotos(AskPhotos),
    /// `PUT /api/v1/photos/{sha256}` with the photo's bytes: [`Event::Reply`], or [`Event::NoBytes`].
    PutPhoto(WaitingPhoto),
    /// Write down that the server has these: [`Event::PhotosSettled`].
    SettlePhotos(Vec<WaitingPhoto>),
    /// It is over: [`Link::Online`] if everything is sent and received.
    End(Link),
}

/// What came of the last step.
#[derive(Clone, Debug)]
pub enum Event {
    /// What goes out, and how many sheets have unsent work once it is acknowledged (S30).
    Batch(Box<Batch>, u32),
    /// The key is written down.
    Pinned,
    /// An answer, if any came.
    Reply(Option<Reply>),
    /// The acknowledgement is written down.
    Settled,
    /// The acknowledgement is about another history than ours; nothing was written.
    Forked,
    /// The outbox is as the step asked.
    Repaired,
    /// The cursor of the last pull.
    Position(Option<String>),
    /// The page is written down.
    Taken {
        /// The server knows operations under our name that we never wrote (S17).
        forked: bool,
        /// Something that the server has lost waits again (S27).
        waits: bool,
    },
    /// The page is refused; nothing of it was written.
    NotTaken(TakeError),
    /// The photos that wait, of all sheets and records.
    Photos(Vec<WaitingPhoto>),
    /// The bytes of the photo can't be found.
    NoBytes,
    /// It is written down that the server has them.
    PhotosSettled,
    /// The device can't read or write.
    StorageFailed,
}

/// A server that forks or rewinds again and again is told so, instead of being asked for ever.
const MOST_REPAIRS: u32 = 3;
/// The server was restored from a backup older than this replica.
const UNKNOWN_REPLICA: &str = "unknown_replica";
/// As the server calls it.
const OTHER_USER: &str = "other_users_replica";

/// One conversation.
#[derive(Debug)]
pub struct Turn {
    app_version: String,
    /// Also when nothing waits: report the unsent drafts, and pull.
    everything: bool,
    /// Whether this round of pushes has sent anything.
    sent: bool,
    repairs: u32,
    /// Whose replica it is, once a batch has said so.
    user: Option<UserId>,
    delivery: Delivery,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nothing is asked of the server. `pulled` says that a page was taken in before, and whether more follow it.
    Pushing {
        pulled: Option<bool>,
    },
    Registering {
        batch: Option<(Box<Batch>, u32)>,
        replica: ReplicaId,
        pulled: Option<bool>,
    },
    Pinning {
        batch: Box<Batch>,
        unsent: u32,
        key: PublicKey,
        pulled: Option<bool>,
    },
    Pushed {
        push: Box<Push>,
        key: PublicKey,
        pulled: Option<bool>,
    },
    Positioning,
    Pulling(Option<String>),
    Taking {
        more: bool,
    },
    Photos(Stage),
    Over,
}

impl Turn {
    /// A conversation, and its first step. `everything`: also when nothing waits, report the unsent drafts and pull.
    pub fn begin(app_version: &str, everything: bool) -> (Self, Step) {
        let state = State::Pushing { pulled: None };
        (
            Self {
                app_version: app_version.to_owned(),
                everything,
                sent: false,
                repairs: 0,
                user: None,
                delivery: Delivery::default(),
                state,
            },
            Step::Batch,
        )
    }

    /// Hears what came of the last step, and says the next.
    pub fn hear(&mut self, event: Event) -> Step {
        let state = std::mem::replace(&mut self.state, State::Over);
        let next = match (state, event) {
            (_, Event::StorageFailed) => Err(Link::Refused("storage_failed".to_owned())),
            (State::Pushing { pulled }, Event::Batch(batch, unsent)) => Ok(self.send(batch, unsent, pulled)),
            (State::Registering { batch, replica, pulled }, Event::Reply(reply)) => {
                self.registered(reply, batch, replica, pulled)
            }
            (State::Pinning { batch, unsent, key, pulled }, Event::Pinned) => {
                Ok(self.push(*batch, unsent, key, pulled))
            }
            (State::Pushed { push, key, pulled }, Event::Reply(reply)) => {
                self.answered(reply.as_ref(), push, &key, pulled)
            }
            (State::Pushing { pulled }, Event::Settled) => Ok(self.next_batch(pulled)),
            (State::Pushing { pulled }, Event::Forked) => Ok(self.wait(State::Pushing { pulled }, Step::Reissue)),
            (State::Pushing { pulled }, Event::Repaired) => self.repaired(pulled),
            (State::Positioning, Event::Position(cursor)) => {
                Ok(self.wait(State::Pulling(cursor.clone()), Step::Pull(cursor)))
            }
            (State::Pulling(asked), Event::Reply(reply)) => self.pulled(reply, asked),
            (State::Taking { more }, Event::Taken { forked, waits }) => Ok(self.taken(more, forked, waits)),
            (State::Taking { .. }, Event::NotTaken(TakeError::OtherUser)) => Err(Link::Refused(OTHER_USER.to_owned())),
            (State::Taking { .. }, Event::NotTaken(TakeError::Unreadable)) => Err(Link::WrongVersion),
            (State::Taking { .. }, Event::NotTaken(TakeError::Elsewhere)) => {
                Ok(self.wait(State::Positioning, Step::Position))
            }
            (State::Photos(stage), event) => self.deliver(stage, event),
            // Only a driver that answers another step than it was told comes here.
            _ => Err(Link::Offline),
        };
        next.unwrap_or_else(Step::End)
    }

    fn wait(&mut self, state: State, step: Step) -> Step {
        self.state = state;
        step
    }

    fn next_batch(&mut self, pulled: Option<bool>) -> Step {
        self.wait(State::Pushing { pulled }, Step::Batch)
    }

    fn send(&mut self, batch: Box<Batch>, unsent: u32, pulled: Option<bool>) -> Step {
        self.user = Some(batch.replica.user);
        if batch.ops.is_empty() && (self.sent || !self.everything) {
            return self.pushed_all(pulled);
        }
        match batch.replica.receipt_key.clone() {
            Some(key) => self.push(*batch, unsent, key, pulled),
            None => {
                let (replica, user) = (batch.replica.chain.replica, batch.replica.user);
                let batch = Some((batch, unsent));
                let register = Step::Register(RegisterReplica { replica, user: Some(user) });
                self.wait(State::Registering { batch, replica, pulled }, register)
            }
        }
    }

    /// With a batch that waits for the key it is pinned; without one the server had only forgotten us.
    fn registered(
        &mut self,
        reply: Option<Reply>,
        batch: Option<(Box<Batch>, u32)>,
        replica: ReplicaId,
        pulled: Option<bool>,
    ) -> Result<Step, Link> {
        let Registered { receipt_key: key, .. } = read(reply)?;
        match batch {
            Some((batch, unsent)) => {
                let pin = Step::Pin(replica, key.clone());
                Ok(self.wait(State::Pinning { batch, unsent, key, pulled }, pin))
            }
            None => {
                self.report_anew();
                self.repaired(pulled)
            }
        }
    }

    /// The next push goes out also if nothing waits: it says what is unsent (S30), and its answer what the server has (S27).
    fn report_anew(&mut self) {
        (self.sent, self.everything) = (false, true);
    }

    fn push(&mut self, batch: Batch, unsent: u32, key: PublicKey, pulled: Option<bool>) -> Step {
        let push = Box::new(Push {
            protocol: PROTOCOL,
            app_version: self.app_version.clone(),
            replica: batch.replica.chain.replica,
            first_seq: batch.first_seq,
            ops: batch.ops,
            unsent,
        });
        self.sent = true;
        self.wait(State::Pushed { push: push.clone(), key, pulled }, Step::Push(push))
    }

    fn answered(
        &mut self,
        reply: Option<&Reply>,
        push: Box<Push>,
        key: &PublicKey,
        pulled: Option<bool>,
    ) -> Result<Step, Link> {
        let step = match read_answer(&answer_of(reply), &push, key) {
            Outcome::Settled(pushed) => Step::Settle(push, pushed),
            Outcome::ResendFrom(seq) => Step::Rewind(seq),
            Outcome::Forked => Step::Reissue,
            Outcome::Refused(code) if code == UNKNOWN_REPLICA => {
                let replica = push.replica;
                let state = State::Registering { batch: None, replica, pulled };
                let register = Step::Register(RegisterReplica { replica, user: self.user });
                return Ok(self.wait(state, register));
            }
            Outcome::SignedOut => return Err(Link::SignedOut),
            Outcome::Refused(code) => return Err(Link::Refused(code)),
            Outcome::WrongVersion => return Err(Link::WrongVersion),
            Outcome::NotOurs => return Err(Link::CaptivePortal),
            Outcome::Later => return Err(later(reply)),
        };
        Ok(self.wait(State::Pushing { pulled }, step))
    }

    fn repaired(&mut self, pulled: Option<bool>) -> Result<Step, Link> {
        self.repairs += 1;
        if self.repairs > MOST_REPAIRS {
            return Err(Link::Refused("fork".to_owned()));
        }
        Ok(self.next_batch(pulled))
    }

    fn pushed_all(&mut self, pulled: Option<bool>) -> Step {
        match pulled {
            Some(false) => self.photos(),
            None if !self.sent && !self.everything => self.photos(),
            None | Some(true) => self.wait(State::Positioning, Step::Position),
        }
    }

    fn pulled(&mut self, reply: Option<Reply>, asked: Option<String>) -> Result<Step, Link> {
        let page: Box<Pulled> = read(reply)?;
        if page.protocol != PROTOCOL {
            return Err(Link::WrongVersion);
        }
        if page.reset {
            // What was acknowledged before may be lost.
            self.report_anew();
        }
        Ok(self.wait(State::Taking { more: page.more }, Step::Take(page, asked)))
    }

    fn taken(&mut self, more: bool, forked: bool, waits: bool) -> Step {
        if forked || waits {
            self.sent = false;
            let step = if forked { Step::Reissue } else { Step::Batch };
            // Of a fork's page nothing was taken.
            return self.wait(State::Pushing { pulled: Some(more || forked) }, step);
        }
        match (more, self.sent) {
            (true, _) => self.wait(State::Positioning, Step::Position),
            (false, true) => self.photos(),
            (false, false) => self.next_batch(Some(false)),
        }
    }
}

pub(in crate::sync) fn answer_of(reply: Option<&Reply>) -> Answer<'_> {
    reply.map_or(Answer::Nothing, |reply| Answer::Http {
        status: reply.status,
        marked: reply.marked,
        body: &reply.body,
    })
}

/// Nobody answered, or the server itself says why it can't now: both are tried again, but only one is a missing network.
pub(in crate::sync) fn later(reply: Option<&Reply>) -> Link {
    let said =
        reply.filter(|reply| reply.marked).and_then(|reply| serde_json::from_slice::<ErrorBody>(&reply.body).ok());
    said.map_or(Link::Offline, |body| Link::Refused(body.code))
}

/// Reads an answer other than a push's.
pub(in crate::sync) fn read<T: DeserializeOwned>(reply: Option<Reply>) -> Result<T, Link> {
    let reply = reply.ok_or(Link::Offline)?;
    match reply.status {
        500.. | 429 => Err(later(Some(&reply))),
        _ if !reply.marked => Err(Link::CaptivePortal),
        200..300 => serde_json::from_slice(&reply.body).map_err(|_| Link::WrongVersion),
        401 => Err(Link::SignedOut),
        _ => {
            let body = serde_json::from_slice::<ErrorBody>(&reply.body);
            Err(body.map_or(Link::WrongVersion, |body| Link::Refused(body.code)))
        }
    }
}

#[cfg(test)]
mod tests;
