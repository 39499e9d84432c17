//! Photos (S5): which ones the log names, and what is kept of their bytes.

mod renew;
mod turns;

pub use renew::{NotAPhoto, Photos};

use domain::ids::UserId;
use domain::photo::Photo;
use domain::sheet::{Act, Work};
use domain::sync::chain::{OpHash, Task};
use domain::sync::wire::Status;
use domain::visit::{VisitAct, VisitWork};
use std::collections::BTreeMap;

/// Most photos of one person whose bytes are kept, some 1.5 GB: no account fills the disk. A secretary takes ten or twenty a
/// stop, and an edition has a few dozen stops.
pub const MAX_STORED: u64 = 2_000;

/// What the log says of a photo of somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Where it is first named.
    pub position: u64,
    /// Its size as it is first named.
    pub size: u32,
    /// Whether it is one of a stop, by an operation that counted when it was stored, or might be admitted; what was denied
    /// since is asked of the rulings.
    pub of_visit: bool,
}

/// The photos that a part of the log names, by whose and which.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<(UserId, OpHash), Named>);

impl Names {
    /// The next operation. One that is held or rejected is evidence, and its photo with it (S18); but what is no word about a
    /// stop, such as a juror's, shows no photo to those who read of stops. One that couldn't be read when it was stored named
    /// none then, and names none when a newer server reads the log again (S21).
    pub fn add(&mut self, position: u64, user: UserId, task: &Task, status: &Status) {
        if !status.was_read() {
            return;
        }
        let (photo, on_visit) = match task {
            Task::Sheet(Work { act: Act::Attach(photo), .. }) => (photo, false),
            Task::Visit(VisitWork { act: VisitAct::Attach(photo), .. }) => (photo, true),
            _ => return,
        };
        let of_visit = on_visit && !matches!(status, Status::Rejected(_));
        if photo.has_fair_size() {
            self.name(user, *photo, Named { position, size: photo.size, of_visit });
        }
    }

    fn name(&mut self, user: UserId, photo: Photo, named: Named) {
        let first = self.0.entry((user, photo.sha256)).or_insert(named);
        first.of_visit |= named.of_visit;
    }
}
