//! Photos: what people take, the server's store of them, and the rules about their bytes. Operations name a photo; its bytes
//! are on the tablet from the same transaction on, and travel to the server after the operation.

use crate::device::{Device, Disk};
use crate::edition::{EDITION, SECRETARY, product, round};
use crate::invariants::Broken;
use crate::server::{Crash, Server, error, full, ok};
use crate::visits;
use crate::world::World;
use domain::ids::{SheetId, UserId};
use domain::photo::{Mime, Photo};
use domain::sheet::{Act, Work};
use domain::sync::chain::{OpHash, Task, sha256};
use domain::sync::replica::{self, Changes, PhotosHere, SheetKey, WaitingPhoto};
use domain::sync::turn::Reply;
use domain::sync::wire::{AskPhotos, PhotoStored, PhotosWanted};
use domain::visit::{VisitAct, VisitWork};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// A photo as a camera gives it.
#[derive(Clone, Debug)]
pub struct TakenPhoto {
    pub photo: Photo,
    pub bytes: Vec<u8>,
}

impl TakenPhoto {
    /// One of its own, or one of a few that everybody has been sent by somebody.
    fn some(rng: &mut Rng) -> Self {
        let name = if rng.bool() { u64::from(rng.u8(..3)) } else { rng.u64(..) };
        let bytes = format!("ảnh {name}").into_bytes();
        let photo = Photo { sha256: sha256(&bytes), size: bytes.len() as u32, mime: Mime::Jpeg };
        Self { photo, bytes }
    }
}

impl World {
    /// Somebody takes a photo, or takes one away that is there.
    pub fn somebody_photographs(&mut self) {
        let index = self.photos.usize(..self.devices.len());
        if self.devices[index].user == SECRETARY {
            self.photograph_stop(index);
        } else {
            self.photograph_product(index);
        }
    }

    fn photograph_product(&mut self, index: usize) {
        let (rng, device) = (&mut self.photos, &mut self.devices[index]);
        let key = SheetKey { round: round(usize::from(rng.u8(..8) == 0)), product: product(rng.usize(..3)) };
        let there = device.disk.sheets.get(&device.sheet_id(&key)).map(|record| record.sheet.photos());
        let taken = TakenPhoto::some(rng);
        let (act, taken) = match one_to_detach(rng, &there.unwrap_or_default()) {
            Some(sha256) => (Act::Detach(sha256), None),
            None => (Act::Attach(taken.photo), Some(&taken)),
        };
        let done = device.act(&key, &act, taken, self.now);
        self.say(|| format!("device {index} writes {act:?} on {key:?}: {done:?}"));
    }

    fn photograph_stop(&mut self, index: usize) {
        let (rng, device) = (&mut self.photos, &mut self.devices[index]);
        let key = visits::key(rng.usize(..2));
        let id = SheetId::of_visit(EDITION, &key.round, &key.stop);
        let there = device.disk.visits.get(&id).map(|record| record.visit.photos());
        let taken = TakenPhoto::some(rng);
        let (act, taken) = match one_to_detach(rng, &there.unwrap_or_default()) {
            Some(sha256) => (VisitAct::Detach(sha256), None),
            None => (VisitAct::Attach(taken.photo), Some(&taken)),
        };
        device.write_visit(&key, &act, taken, self.now);
        self.say(|| format!("device {index} writes {act:?} on {key:?}"));
    }
}

fn one_to_detach(rng: &mut Rng, there: &[Photo]) -> Option<OpHash> {
    let wanted = rng.u8(..3) == 0;
    rng.choice(there).filter(|_| wanted).map(|photo| photo.sha256)
}

impl Disk {
    /// Every sheet's and record's photos.
    fn photos_here(&self) -> impl Iterator<Item = &PhotosHere> {
        let sheets = self.sheets.values().map(|record| &record.photos);
        sheets.chain(self.visits.values().map(|record| &record.photos))
    }

    /// What is written once the server has these.
    pub fn photos_settled(&self, sent: &[WaitingPhoto]) -> Changes {
        let of: BTreeSet<SheetId> = sent.iter().map(|one| one.of).collect();
        let sheets = of.iter().filter_map(|id| self.sheets.get(id).cloned());
        let visits = of.iter().filter_map(|id| self.visits.get(id).cloned());
        Changes {
            sheets: sheets.map(|record| replica::photos_sent(record, sent)).collect(),
            visits: visits.map(|record| replica::visit_photos_sent(record, sent)).collect(),
            ..Changes::default()
        }
    }
}

impl Device {
    /// The photos that wait, as the disk has them.
    pub fn waiting(&self) -> Vec<WaitingPhoto> {
        replica::waiting_photos(self.disk.sheets.values(), self.disk.visits.values())
    }

    /// Whether it knows that the server's log is the one that it is now: it has pulled of it since.
    fn has_heard_of(&self, incarnation: u64) -> bool {
        let heard = self.disk.cursor.as_deref().and_then(|cursor| cursor.split('.').next()?.parse().ok());
        heard == Some(incarnation)
    }
}

/// The photo that an operation brings, and that can be one at all.
fn named_by(task: &Task) -> Option<Photo> {
    let (Task::Sheet(Work { act: Act::Attach(photo), .. })
    | Task::Visit(VisitWork { act: VisitAct::Attach(photo), .. })) = task
    else {
        return None;
    };
    Some(*photo).filter(Photo::has_fair_size)
}

impl Server {
    /// An operation is stored: the photo that it names may come from now on, whatever became of the operation.
    pub fn name_photo(&mut self, user: UserId, task: Option<&Task>) {
        if let Some(photo) = task.and_then(named_by) {
            self.disk.photos.entry((user, photo.sha256)).or_default();
        }
    }

    /// Which of these are still needed; of what nobody has named nothing is said.
    pub fn photos_wanted(&self, user: UserId, ask: &AskPhotos) -> PhotosWanted {
        let known = |sha256: &OpHash| self.disk.photos.get(&(user, *sha256)).map(Option::is_some);
        let those = |has_bytes| ask.photos.iter().copied().filter(|sha256| known(sha256) == Some(has_bytes)).collect();
        PhotosWanted { user, wanted: those(false), stored: those(true) }
    }

    /// Takes a photo's bytes; only then the answer leaves.
    pub fn put_photo(&mut self, user: UserId, name: OpHash, bytes: &[u8], crash: Crash) -> Option<Reply> {
        let is_full = self.full;
        let Some(place) = self.disk.photos.get_mut(&(user, name)) else {
            return Some(error(404, "unknown_photo", None));
        };
        if sha256(bytes) != name {
            return Some(error(400, "not_that_photo", None));
        }
        if crash == Crash::BeforeCommit {
            return None;
        }
        if place.is_none() && is_full {
            return Some(full());
        }
        *place = Some(bytes.to_vec());
        (crash == Crash::None).then(|| ok(&PhotoStored { user, sha256: name }))
    }
}

/// I1: what the screen called saved has its bytes, and so has everything that the records call here; nothing else is there: a
/// transaction that failed has left neither operation nor bytes.
pub fn bytes_are_there(index: usize, device: &Device) -> Result<(), Broken> {
    let disk = &device.disk;
    let named = disk.photos_here().flat_map(|here| here.waiting.iter().chain(&here.sent));
    let named: BTreeSet<OpHash> = named.map(|photo| photo.sha256).collect();
    let there: BTreeSet<OpHash> = disk.photos.keys().copied().collect();
    let wrong = named.symmetric_difference(&there).chain(device.kept.difference(&there)).next();
    match wrong {
        Some(photo) => {
            Err(Broken::new("I1", format!("device {index}: photo {photo} without its bytes, or they without it")))
        }
        None => Ok(()),
    }
}

/// I2: what the tablet was told is stored is stored; unless a backup was put back and the tablet hasn't heard of it.
pub fn sent_are_stored(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    if !device.has_heard_of(server.incarnation) {
        return Ok(());
    }
    let mut sent = device.disk.photos_here().flat_map(|here| &here.sent).map(|photo| photo.sha256);
    match sent.find(|sha256| !is_stored(device, *sha256, server)) {
        Some(lost) => Err(Broken::new("I2", format!("device {index}: photo {lost} was sent and is not stored"))),
        None => Ok(()),
    }
}

fn is_stored(device: &Device, sha256: OpHash, server: &Server) -> bool {
    let bytes = server.disk.photos.get(&(device.user, sha256)).and_then(Option::as_ref);
    bytes.is_some_and(|bytes| device.disk.photos.get(&sha256) == Some(bytes))
}

/// S13, I7: the server has bytes of whoever named them alone, and just those.
pub fn stored_under_whoever_named_them(server: &Server) -> Result<(), Broken> {
    let mut named = BTreeSet::new();
    for op in server.disk.ops() {
        named.extend(op.task.as_ref().and_then(named_by).map(|photo| (op.envelope.user, photo.sha256)));
    }
    for ((user, name), bytes) in &server.disk.photos {
        let is_other = bytes.as_ref().is_some_and(|bytes| sha256(bytes) != *name);
        if is_other || !named.contains(&(*user, *name)) {
            return Err(Broken::new("I7", format!("{name} is stored as a photo of {user}")));
        }
    }
    Ok(())
}

/// I8: in the end the server has every photo that a tablet has. S28: and all tablets of one person show the same.
pub fn all_have_arrived(devices: &[Device], server: &Server) -> Result<(), Broken> {
    let mut shown: BTreeMap<UserId, BTreeMap<SheetId, Vec<Photo>>> = BTreeMap::new();
    for (index, device) in devices.iter().enumerate() {
        let disk = &device.disk;
        if let Some(lost) = disk.photos.keys().find(|sha256| !is_stored(device, **sha256, server)) {
            return Err(Broken::new("I8", format!("device {index}: photo {lost} never reached the server")));
        }
        let sheets = disk.sheets.iter().map(|(id, record)| (*id, record.sheet.photos()));
        let visits = disk.visits.iter().map(|(id, record)| (*id, record.visit.photos()));
        let here: BTreeMap<_, _> = sheets.chain(visits).filter(|(_, photos)| !photos.is_empty()).collect();
        let others = shown.entry(device.user).or_insert_with(|| here.clone());
        if *others != here {
            return Err(Broken::new("S28", format!("device {index} shows {here:?}, another one {others:?}")));
        }
    }
    Ok(())
}
