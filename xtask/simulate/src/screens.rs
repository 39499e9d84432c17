//! S28: what a tablet shows changes only by a hand, a page, or a refusal.

use crate::device::Device;
use domain::sync::chain::{OpHash, WireOp};
use domain::sync::replica::SheetRecord;
use domain::sync::turn::Step;
use domain::sync::wire::{RejectedCode, Status};
use domain::visit::{Visit, VisitCell};
use std::collections::BTreeSet;

/// A cell or a sheet, and what is shown of it; nothing where several words are in doubt.
type Shown = (String, Option<String>);

/// A screen before a step that brings nothing new.
pub struct Screen {
    step: &'static str,
    shown: Vec<Shown>,
}

/// The screen before a step; none if the step may change it.
pub fn before(device: &Device, step: &Step) -> Option<Screen> {
    silent(device, step).map(|step| Screen { step, shown: of(device) })
}

impl Screen {
    /// How the screen is another one after the step.
    pub fn differs_from(self, device: &Device) -> Option<String> {
        let Self { step, shown } = self;
        let after = of(device);
        // What stood only on a word of the desk that the server has lost may be in doubt, never another.
        let same = |(was, is): (&Shown, &Shown)| was == is || (step == "reissue" && was.0 == is.0 && is.1.is_none());
        let is_same = shown.len() == after.len() && shown.iter().zip(&after).all(same);
        (!is_same).then(|| format!("after {step}, and no news: {shown:?}, then {after:?}"))
    }
}

/// The name of a step that brings nothing new: no page, and no word that something doesn't count, or does after all. That
/// another tablet had written it anew before is no such word.
fn silent(device: &Device, step: &Step) -> Option<&'static str> {
    let is_refusal = |status: &Status| matches!(status, Status::Rejected(code) if *code != RejectedCode::AlreadyStored);
    // A restored server has lost rulings, too, and holds anew what was denied, or its re-issue.
    let refused = device.disk.log.values().filter(|entry| is_refusal(&entry.status)).map(|entry| entry.op.hash);
    let refused: Vec<OpHash> = refused.collect();
    let was_refused = |op: &WireOp| {
        refused.iter().any(|hash| op.hash == *hash || op.envelope.contains(&format!("\"reissue_of\":\"{hash}\"")))
    };
    match step {
        Step::Settle(sent, pushed) => {
            let news = pushed.statuses.iter().any(|one| is_refusal(&one.status));
            (!news && !sent.ops.iter().any(was_refused)).then_some("settle")
        }
        Step::Rewind(_) => Some("rewind"),
        Step::Reissue => Some("reissue"),
        _ => None,
    }
}

/// What is on a tablet's screen, by value: which operation a value is of is nobody's to see.
fn of(device: &Device) -> Vec<Shown> {
    let sheet = |record: &SheetRecord| {
        let stands = format!("{} {:?}", record.sheet.state_hash(), record.sheet.lock());
        (record.id.to_string(), Some(stands))
    };
    let visits = device.disk.visits.values().flat_map(|record| of_visit(&record.visit));
    device.disk.sheets.values().map(sheet).chain(visits).collect()
}

/// What a secretary sees of a record, by value.
fn of_visit(visit: &Visit) -> Vec<Shown> {
    let of = |cell: &VisitCell| match cell {
        VisitCell::Presence(juror) => visit.presence(*juror).map(|presence| {
            // Of several words in doubt the first is as good as the others.
            (juror.to_string(), (!visit.is_doubtful(*juror)).then(|| format!("{presence:?}")))
        }),
        VisitCell::Fact(product) => {
            let text = visit.fact(*product);
            (!text.is_empty()).then_some((format!("{product:?}"), Some(text)))
        }
        _ => None,
    };
    let photos: BTreeSet<OpHash> = visit.photos().iter().map(|photo| photo.sha256).collect();
    let [arrived, departed] = [visit.arrived(), visit.departed()].map(BTreeSet::from_iter);
    let rest = ("times and photos".to_owned(), Some(format!("{arrived:?} {departed:?} {photos:?}")));
    visit.cells().filter_map(|(cell, _)| of(cell)).chain([rest]).collect()
}
