//! What people do: jurors and secretaries write, organisers move rounds and rule.

use super::World;
use crate::edition::{CRITERIA, criterion, product, round};
use crate::visits;
use domain::log::{OpName, Verdict};
use domain::points::Points;
use domain::round::RoundMove;
use domain::sheet::Act;
use domain::sync::replica::{DraftCell, SheetKey};
use domain::visit::VisitAct;

impl World {
    pub(super) fn juror_writes(&mut self, index: usize) {
        let rng = &mut self.rng;
        let key = SheetKey { round: round(usize::from(rng.u8(..8) == 0)), product: product(rng.usize(..3)) };
        let n = rng.usize(..CRITERIA.len());
        let (code, most) = (criterion(n), CRITERIA[n].1);
        // Few values, so that two tablets agree now and then.
        let points = Points(rng.i32(0..3) * most / 2);
        let text = format!("Ghi chú {}", rng.u8(..3));
        let device = &mut self.devices[index];
        let sheet =
            device.disk.sheets.get(&device.sheet_id(&key)).map(|record| record.sheet.clone()).unwrap_or_default();
        let act = match rng.u8(..20) {
            0..9 => Act::SetMark { criterion: code, points: (rng.u8(..8) > 0).then_some(points) },
            9 => Act::SetNote { criterion: code, text },
            10 => Act::SetRemark { text },
            11..14 => {
                let catalogue = &device.disk.catalogue;
                let Some(frame) = catalogue.frame(&key, None) else { return };
                Act::Confirm { state_hash: frame.state_hash(&sheet) }
            }
            14..17 => Act::Reopen { reason: text },
            17 => Act::Recuse { reason: text },
            _ => {
                let cell = if rng.bool() { DraftCell::Mark(code) } else { DraftCell::Remark };
                let text = if rng.bool() { "4,25" } else { "đang gõ" };
                device.draft(&key, &cell, text, self.now);
                return;
            }
        };
        let done = device.act(&key, &act, None, self.now);
        self.say(|| format!("device {index} writes {act:?} on {key:?}: {done:?}"));
    }

    pub(super) fn secretary_writes(&mut self, index: usize) {
        let (key, act) = visits::some_act(&mut self.rng);
        self.say(|| format!("device {index} writes {act:?} on {key:?}"));
        match act {
            VisitAct::SetFact { product: None, text } if self.rng.bool() => {
                self.devices[index].draft_fact(&key, &text, self.now);
            }
            act => self.devices[index].write_visit(&key, &act, None, self.now),
        }
    }

    pub(super) fn organisers_act(&mut self) {
        let which = usize::from(self.rng.u8(..3) == 0);
        let step = RoundMove::ALL[self.rng.usize(..RoundMove::ALL.len())];
        self.say(|| format!("organisers: {step:?} of round {which}"));
        self.server.move_round(which, step, self.now);
    }

    /// Some of what is held is admitted, some denied: all of a juror's at once, or one operation.
    pub(super) fn rule_on_held_work(&mut self) {
        let held = self.server.disk.held();
        if held.is_empty() {
            return;
        }
        let (user, one) = held[self.rng.usize(..held.len())];
        let all: Vec<OpName> = held.iter().filter(|(other, _)| *other == user).map(|(_, name)| *name).collect();
        let ops = if self.rng.bool() { all } else { vec![one] };
        let verdict = if self.rng.u8(..3) > 0 { Verdict::Admit } else { Verdict::Deny };
        self.say(|| format!("organisers: {verdict:?} {} operations", ops.len()));
        self.server.rule(verdict, ops, self.now);
    }
}
