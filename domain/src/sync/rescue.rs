//! The rescue file (S11): what waited on a tablet, word for word, saved because its app or its device has failed. It is taken
//! in on any other tablet of the same juror: the operations go to the server as they are, under the replica that wrote them,
//! so that nothing counts twice should the first tablet deliver them after all; what was half typed is typed there again, and
//! photos whose bytes only the first tablet had come after the operations that name them.

use super::MAX_ASKED_PHOTOS;
use super::PROTOCOL;
use super::chain::{Envelope, OpHash, Task, WireOp, sha256};
use super::outbox::{Outcome, batch_len, read_answer};
use super::receipt::PublicKey;
use super::replica::{DraftCell, SheetKey};
use super::turn::{Link, Reply, answer_of, is_of, later, read, read_stored};
use super::wire::{AskPhotos, PhotosWanted, Push, RegisterReplica, Registered};
use crate::ids::{ProductId, ReplicaId, RoundCode, UserId};
use crate::jury::StopKey;
use crate::sheet::Work;
use crate::visit::{VisitAct, VisitKey, VisitWork};
use serde::Deserialize;

/// How files name their form, before its number.
const FORMAT: &str = "binhchon-rescue-";
/// Operations and drafts.
const WORDS: &str = "binhchon-rescue-1";
/// Photos with them: an app that would leave them out must not take the file in.
const WITH_PHOTOS: &str = "binhchon-rescue-2";

/// Why a file is not taken in. Nothing of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescueError {
    /// Not a rescue file of a form that this version knows.
    #[error("not a rescue file")]
    NotOne,
    /// Another juror's (S13).
    #[error("another juror's rescue file")]
    OtherUser,
    /// An operation is missing or isn't as its tablet wrote it.
    #[error("damaged")]
    Damaged,
}

/// A file that can be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescue {
    /// Which replica wrote the operations; none if there are none.
    pub replica: Option<ReplicaId>,
    /// To be sent one after the other.
    pub pushes: Vec<Push>,
    /// What was half typed.
    pub typed: Vec<(SheetKey, DraftCell, String)>,
    /// The same about stops, on a secretary's.
    pub facts: Vec<(VisitKey, Option<ProductId>, String)>,
    /// What was half typed over something that the file's own operations write: put back before those are there, it would
    /// stand against them.
    pub typed_over: Vec<String>,
    /// Photos that the server hadn't got.
    pub photos: Vec<RescuedPhoto>,
}

/// A photo in a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RescuedPhoto {
    /// SHA-256 of its bytes, as operations name it.
    pub sha256: OpHash,
    /// The bytes in base64: whoever unpacks them compares.
    pub jpeg: String,
}

#[derive(Deserialize)]
struct File {
    format: String,
    user: UserId,
    ops: Vec<WireOp>,
    drafts: Vec<TypedOn>,
    /// Files of earlier versions have none.
    #[serde(default)]
    facts: Vec<TypedAt>,
    /// Likewise.
    #[serde(default)]
    photos: Vec<RescuedPhoto>,
}

#[derive(Deserialize)]
struct TypedOn {
    round: RoundCode,
    product: ProductId,
    drafts: Vec<(DraftCell, String)>,
}

#[derive(Deserialize)]
struct TypedAt {
    round: RoundCode,
    stop: StopKey,
    drafts: Vec<(Option<ProductId>, String)>,
}

impl Rescue {
    /// Reads a file for whoever is signed in. `app_version` is the version of the app that takes it in.
    pub fn read(text: &str, user: UserId, app_version: &str) -> Result<Self, RescueError> {
        let unreadable = if text.contains(FORMAT) { RescueError::Damaged } else { RescueError::NotOne };
        let file: File = serde_json::from_slice(text.as_bytes()).map_err(|_| unreadable)?;
        if ![WORDS, WITH_PHOTOS].contains(&file.format.as_str()) {
            return Err(RescueError::NotOne);
        }
        if file.user != user {
            return Err(RescueError::OtherUser);
        }
        let first = check_chain(&file.ops, user)?;
        let typed = file.drafts.into_iter().flat_map(|TypedOn { round, product, drafts }| {
            let key = SheetKey { round, product };
            drafts.into_iter().map(move |(cell, text)| (key.clone(), cell, text))
        });
        let facts = file.facts.into_iter().flat_map(|TypedAt { round, stop, drafts }| {
            let key = VisitKey { round, stop };
            drafts.into_iter().map(move |(product, text)| (key.clone(), product, text))
        });
        let (mut typed, mut facts): (Vec<_>, Vec<_>) = (typed.collect(), facts.collect());
        let mut typed_over = Vec::new();
        let mut stays = |is_over: bool, text: &String| {
            typed_over.extend(is_over.then(|| text.clone()));
            !is_over
        };
        for op in &file.ops {
            let Ok(envelope) = serde_json::from_slice::<Envelope>(op.envelope.as_bytes()) else { continue };
            match envelope.task() {
                Ok(Task::Sheet(Work { product, act })) => {
                    let (at, written) = (SheetKey { round: envelope.round, product }, DraftCell::of(&act.cell()));
                    typed.retain(|(key, cell, text)| stays(*key == at && Some(cell) == written.as_ref(), text));
                }
                Ok(Task::Visit(VisitWork { stop, act: VisitAct::SetFact { product, .. } })) => {
                    let at = VisitKey { round: envelope.round, stop };
                    facts.retain(|(key, about, text)| stays(*key == at && *about == product, text));
                }
                _ => {}
            }
        }
        Ok(Self {
            typed,
            facts,
            typed_over,
            replica: first.map(|(replica, _)| replica),
            pushes: first.map(|first| pushes(file.ops, first, app_version)).unwrap_or_default(),
            photos: file.photos,
        })
    }

    /// What is asked before the first push, so that a server that was restored from a backup knows the replica again, and
    /// nobody else's work is delivered (S13).
    pub fn registration(&self, user: UserId) -> Option<RegisterReplica> {
        self.replica.map(|replica| RegisterReplica { replica, user: Some(user) })
    }

    /// What is asked after the last push: which of its photos the server still needs.
    pub fn asks(&self) -> Vec<AskPhotos> {
        let ask = |photos: &[RescuedPhoto]| AskPhotos { photos: photos.iter().map(|photo| photo.sha256).collect() };
        self.photos.chunks(MAX_ASKED_PHOTOS).map(ask).collect()
    }

    /// Operations in it.
    pub fn ops(&self) -> usize {
        self.pushes.iter().map(|push| push.ops.len()).sum()
    }
}

/// Reads the answer to [`Rescue::registration`]: the key with which the pushes' receipts are signed (S19).
pub fn registered(reply: Option<Reply>) -> Result<PublicKey, Link> {
    read::<Registered>(reply).map(|registered| registered.receipt_key)
}

/// Whether the server has what a push brought; if not, why: the file can be taken in again at any time.
pub fn delivered(reply: Option<&Reply>, push: &Push, key: &PublicKey) -> Result<(), Link> {
    match read_answer(&answer_of(reply), push, key) {
        Outcome::Settled(_) => Ok(()),
        Outcome::ResendFrom(_) => Err(Link::Refused("gap".to_owned())),
        Outcome::Forked => Err(Link::Refused("fork".to_owned())),
        Outcome::SignedOut => Err(Link::SignedOut),
        Outcome::Refused(code) => Err(Link::Refused(code)),
        Outcome::WrongVersion => Err(Link::WrongVersion),
        Outcome::NotOurs => Err(Link::CaptivePortal),
        Outcome::Later => Err(later(reply)),
    }
}

/// Reads the answer to one of [`Rescue::asks`]. Somebody else may have signed in since (S13).
pub fn wanted(reply: Option<Reply>, user: UserId) -> Result<PhotosWanted, Link> {
    read::<PhotosWanted>(reply).and_then(|answer| is_of(answer.user, Some(user)).map(|()| answer))
}

/// Whether the server has a photo's bytes now: not if it refuses this photo, which keeps no other back (S18).
pub fn stored(reply: Option<Reply>, photo: OpHash, user: UserId) -> Result<bool, Link> {
    read_stored(reply, photo, user).map(|brought| brought.is_ok())
}

/// Each operation is what its hash says, and follows the one before it. Gives who wrote them, and the first one's number.
fn check_chain(ops: &[WireOp], user: UserId) -> Result<Option<(ReplicaId, u64)>, RescueError> {
    let mut first = None;
    let mut before: Option<(ReplicaId, u64, OpHash)> = None;
    for op in ops {
        let envelope: Envelope = serde_json::from_slice(op.envelope.as_bytes()).map_err(|_| RescueError::Damaged)?;
        let follows = before.is_none_or(|(replica, seq, hash)| {
            (envelope.replica, envelope.seq, envelope.prev) == (replica, seq.saturating_add(1), Some(hash))
        });
        if sha256(op.envelope.as_bytes()) != op.hash || !follows || envelope.seq == 0 {
            return Err(RescueError::Damaged);
        }
        if envelope.user != user {
            return Err(RescueError::OtherUser);
        }
        first = first.or(Some((envelope.replica, envelope.seq)));
        before = Some((envelope.replica, envelope.seq, op.hash));
    }
    Ok(first)
}

fn pushes(mut ops: Vec<WireOp>, (replica, mut first_seq): (ReplicaId, u64), app_version: &str) -> Vec<Push> {
    let mut pushes = Vec::new();
    while !ops.is_empty() {
        let rest = ops.split_off(batch_len(&ops));
        let sent = ops.len() as u64;
        pushes.push(Push {
            protocol: PROTOCOL,
            app_version: app_version.to_owned(),
            replica,
            first_seq,
            ops,
            unsent: 0,
        });
        first_seq += sent;
        ops = rest;
    }
    pushes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::points::Points;
    use crate::sheet::{Act, Work};
    use crate::sync::chain::{Chain, Context};
    use crate::sync::wire::PhotoStored;
    use serde_json::{Value, json};
    use uuid::Uuid;

    fn juror(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    fn chain_of(user: UserId, count: usize) -> Vec<WireOp> {
        let mut chain = Chain::new(ReplicaId(Uuid::from_u128(9)));
        let one = |n: usize| {
            let context = Context {
                user,
                bases: Default::default(),
                round: "visit".parse().unwrap(),
                epoch: 1,
                claimed_at: 0,
                reissue_of: None,
            };
            let act = Act::SetMark { criterion: "1.1".parse().unwrap(), points: Some(Points(n as i32 * 50)) };
            let product = crate::ids::ProductId(Uuid::from_u128(3));
            chain.append(context, &Work { product, act })
        };
        (0..count).map(one).collect()
    }

    /// As the loader writes it.
    fn file(user: UserId, ops: &[WireOp]) -> Value {
        json!({
            "format": WORDS,
            "user": user,
            "saved_at": "2024-08-26T12:00:00.000Z",
            "ops": ops,
            "drafts": [{ "round": "visit", "product": Uuid::from_u128(3), "drafts": [[{ "mark": "1.2" }, "3,2"], ["remark", "Sạch"]] }],
        })
    }

    #[test]
    fn s11_a_rescue_file_goes_out_as_its_tablet_would_have_sent_it() {
        let ops = chain_of(juror(1), 450);
        let rescue = Rescue::read(&file(juror(1), &ops[100..]).to_string(), juror(1), "1").unwrap();
        let sent: Vec<(u64, usize)> = rescue.pushes.iter().map(|push| (push.first_seq, push.ops.len())).collect();
        assert_eq!(sent, [(101, 200), (301, 150)]);
        let again: Vec<WireOp> = rescue.pushes.iter().flat_map(|push| push.ops.clone()).collect();
        assert_eq!(again, ops[100..], "word for word");
        assert_eq!((rescue.ops(), rescue.replica), (350, Some(ReplicaId(Uuid::from_u128(9)))));
        let typed: Vec<_> =
            rescue.typed.iter().map(|(key, cell, text)| (key.round.to_string(), cell.clone(), text.as_str())).collect();
        assert_eq!(
            typed,
            [
                ("visit".to_owned(), DraftCell::Mark("1.2".parse().unwrap()), "3,2"),
                ("visit".to_owned(), DraftCell::Remark, "Sạch")
            ]
        );
    }

    #[test]
    fn s11_a_secretarys_file_brings_back_what_was_typed_about_stops() {
        let mut value = file(juror(1), &[]);
        value["facts"] = json!([
            { "round": "visit", "stop": { "delegation": "1", "date": "2024-08-26", "ordinal": 2 },
              "drafts": [[null, "Lò m"], [Uuid::from_u128(3), "Đang phơi"]] }
        ]);
        let rescue = Rescue::read(&value.to_string(), juror(1), "1").unwrap();
        let facts: Vec<_> =
            rescue.facts.iter().map(|(key, product, text)| (key.stop.ordinal, *product, text.as_str())).collect();
        assert_eq!(facts, [(2, None, "Lò m"), (2, Some(ProductId(Uuid::from_u128(3))), "Đang phơi")]);
    }

    /// S11, S23: what the file's own operations write comes to the sheet as they do: a draft from before would stand against it.
    #[test]
    fn s11_what_is_typed_over_a_files_own_operation_is_told_apart() {
        let ops = chain_of(juror(1), 1);
        let mut value = file(juror(1), &ops);
        let about =
            Task::sheet(&serde_json::from_str::<Envelope>(&ops[0].envelope).unwrap().task().unwrap()).unwrap().clone();
        let cell = DraftCell::of(&about.act.cell()).unwrap();
        value["drafts"] = json!([
            { "round": "visit", "product": about.product, "drafts": [[cell, "3,2"], ["remark", "Sạch"]] },
            { "round": "visit", "product": Uuid::from_u128(4), "drafts": [[cell, "2,8"]] },
        ]);
        let rescue = Rescue::read(&value.to_string(), juror(1), "1").unwrap();
        let typed: Vec<_> = rescue.typed.iter().map(|(.., text)| text.as_str()).collect();
        assert_eq!((typed, rescue.typed_over), (vec!["Sạch", "2,8"], vec!["3,2".to_owned()]));
    }

    /// S11: an app that knows no photos would leave them out and say that all is taken in: it refuses the form.
    #[test]
    fn s11_a_file_with_photos_has_a_form_of_its_own() {
        let mut value = file(juror(1), &[]);
        value["format"] = json!(WITH_PHOTOS);
        value["photos"] = json!([{ "sha256": sha256(b"photo"), "jpeg": "cGhvdG8=" }]);
        let rescue = Rescue::read(&value.to_string(), juror(1), "1").unwrap();
        assert_eq!((rescue.photos.len(), rescue.asks().len()), (1, 1));
        assert_ne!(WORDS, WITH_PHOTOS);
    }

    /// S13, S18: an answer counts only if it is about this photo and this user; one refused photo is no failure of the others.
    #[test]
    fn s13_s18_only_what_the_server_said_of_this_users_photo_counts() {
        let (photo, another) = (sha256(b"photo"), sha256(b"other"));
        let other = || Link::Refused("other_users_replica".to_owned());
        let reply = |status, body: Value| Some(Reply { status, marked: true, body: body.to_string().into_bytes() });
        let said = |user, sha256| reply(200, json!(PhotoStored { user, sha256 }));
        assert_eq!(stored(said(juror(1), photo), photo, juror(1)), Ok(true));
        assert_eq!(stored(said(juror(1), another), photo, juror(1)), Err(Link::WrongVersion));
        assert_eq!(stored(said(juror(2), photo), photo, juror(1)), Err(other()));
        let refused = |status, code: &str| reply(status, json!({ "code": code, "message": "" }));
        assert_eq!(stored(refused(400, "not_a_photo"), photo, juror(1)), Ok(false));
        assert_eq!(
            stored(refused(404, "unknown_photo"), photo, juror(1)),
            Err(other()),
            "nobody's of whoever is signed in"
        );
        assert_eq!(stored(refused(401, "not_signed_in"), photo, juror(1)), Err(Link::SignedOut));
        assert_eq!(stored(refused(507, "server_full"), photo, juror(1)), Err(Link::Refused("server_full".into())));
        assert_eq!(stored(None, photo, juror(1)), Err(Link::Offline));
        let lists = |user| reply(200, json!(PhotosWanted { user, wanted: vec![photo], stored: vec![] }));
        assert_eq!(wanted(lists(juror(1)), juror(1)).map(|answer| answer.wanted), Ok(vec![photo]));
        assert_eq!(wanted(lists(juror(2)), juror(1)).err(), Some(other()));
    }

    #[test]
    fn s11_a_file_without_operations_brings_back_what_was_typed() {
        let rescue = Rescue::read(&file(juror(1), &[]).to_string(), juror(1), "1").unwrap();
        assert_eq!((rescue.replica, rescue.pushes.len(), rescue.typed.len()), (None, 0, 2));
    }

    #[test]
    fn s11_s13_what_is_not_this_jurors_whole_file_is_refused() {
        let ops = chain_of(juror(1), 4);
        let good = file(juror(1), &ops);
        let read = |value: &Value| Rescue::read(&value.to_string(), juror(1), "1").map(|rescue| rescue.ops());
        assert_eq!(read(&good), Ok(4));

        let changed = |change: &dyn Fn(&mut Value)| {
            let mut value = good.clone();
            change(&mut value);
            read(&value)
        };
        assert_eq!(Rescue::read("<html>", juror(1), "1"), Err(RescueError::NotOne));
        assert_eq!(changed(&|value| value["format"] = json!("binhchon-rescue-9")), Err(RescueError::NotOne));
        assert_eq!(changed(&|value| value["user"] = json!(juror(2))), Err(RescueError::OtherUser));
        assert_eq!(
            read(&file(juror(1), &chain_of(juror(2), 2))),
            Err(RescueError::OtherUser),
            "one name outside, another inside"
        );
        assert_eq!(changed(&|value| drop(value["ops"].as_array_mut().unwrap().remove(1))), Err(RescueError::Damaged));
        assert_eq!(changed(&|value| value["ops"].as_array_mut().unwrap().swap(1, 2)), Err(RescueError::Damaged));
        let better = |value: &mut Value| {
            let envelope = value["ops"][2]["envelope"].as_str().unwrap().replace("\"points\":100", "\"points\":400");
            value["ops"][2]["envelope"] = json!(envelope);
        };
        assert_eq!(changed(&better), Err(RescueError::Damaged));
        assert_eq!(changed(&|value| value["ops"][0]["hash"] = json!(1)), Err(RescueError::Damaged));
    }
}
