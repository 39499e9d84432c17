//! What a sheet is judged by in its round: the rubric, and which marks the round asks for.

use super::{Act, CriterionCode, Lock, MAX_TEXT_CHARS, Sheet, SheetError, SheetState, StateHash};
use crate::photo::MAX_PHOTOS;
use crate::round::RoundMode;
use crate::rubric::Rubric;
use std::borrow::Cow;

/// Rubric and marks of a sheet in its round.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    rubric: &'a Rubric,
    marks: Marks<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Marks<'a> {
    /// All of the rubric's.
    All,
    /// Those of an earlier sheet, of which some may be changed.
    Over(&'a Sheet, &'a [CriterionCode]),
    /// None.
    None,
}

impl<'a> Frame<'a> {
    /// A round that scores anew.
    pub fn new(rubric: &'a Rubric) -> Self {
        Self { rubric, marks: Marks::All }
    }

    /// In a round of this mode. `earlier` is the same juror's sheet of the same product in the round that it starts from;
    /// unless that one is confirmed, there is nothing to adjust, and the sheet is for remarks alone.
    pub fn of(mode: &'a RoundMode, rubric: &'a Rubric, earlier: Option<&'a Sheet>) -> Self {
        let marks = match mode {
            RoundMode::Rescore => Marks::All,
            RoundMode::Remarks => Marks::None,
            RoundMode::Adjust { criteria, .. } => {
                let confirmed = |sheet: &&Sheet| matches!(Self::new(rubric).state(sheet), SheetState::Confirmed { .. });
                earlier.filter(confirmed).map_or(Marks::None, |earlier| Marks::Over(earlier, criteria))
            }
        };
        Self { rubric, marks }
    }

    /// The rubric.
    pub fn rubric(&self) -> &'a Rubric {
        self.rubric
    }

    /// Whether a mark may be given for the criterion.
    pub fn takes(&self, criterion: &CriterionCode) -> bool {
        match self.marks {
            Marks::All => true,
            Marks::Over(_, adjustable) => adjustable.contains(criterion),
            Marks::None => false,
        }
    }

    /// Whether the round asks for marks at all.
    pub fn has_marks(&self) -> bool {
        !matches!(self.marks, Marks::None)
    }

    /// The sheet whose marks this one starts from.
    pub fn earlier(&self) -> Option<&'a Sheet> {
        match self.marks {
            Marks::Over(earlier, _) => Some(earlier),
            Marks::All | Marks::None => None,
        }
    }

    /// The sheet with all the marks that count in this round: its own, and those that it starts from.
    pub fn whole<'s>(&self, own: &'s Sheet) -> Cow<'s, Sheet> {
        match self.marks {
            Marks::All | Marks::None => Cow::Borrowed(own),
            Marks::Over(earlier, adjustable) => Cow::Owned(own.over(earlier, adjustable)),
        }
    }

    /// What a confirmation of the sheet covers.
    pub fn state_hash(&self, own: &Sheet) -> StateHash {
        self.whole(own).state_hash()
    }

    /// Where the sheet stands. Only [`SheetState::Confirmed`] counts.
    pub fn state(&self, own: &Sheet) -> SheetState {
        let sheet = self.whole(own);
        if sheet.lock.in_conflict() || sheet.marks.values().any(super::Cell::in_conflict) {
            return SheetState::Conflict;
        }
        match sheet.lock.value() {
            Some(Lock::Recused { .. }) => SheetState::Recused,
            Some(Lock::Confirmed { state_hash }) if *state_hash != sheet.state_hash() => SheetState::Outdated,
            Some(Lock::Confirmed { .. }) if !self.has_marks() => SheetState::Remarked,
            Some(Lock::Confirmed { .. }) if sheet.missing(self.rubric).is_empty() => {
                SheetState::Confirmed { total: sheet.total() }
            }
            _ if own.is_blank() => SheetState::NotScored,
            _ => SheetState::Scoring,
        }
    }

    /// Whether the act may be done now, as the tablet asks before it makes an operation of it.
    pub fn check(&self, own: &Sheet, act: &Act) -> Result<(), SheetError> {
        check_form(act, self.rubric)?;
        match act {
            Act::SetMark { .. } if !self.has_marks() => Err(SheetError::NoMarks),
            Act::SetMark { criterion, .. } if !self.takes(criterion) => {
                Err(SheetError::NotAdjustable(criterion.clone()))
            }
            Act::Attach(_) if own.is_editable() && own.photos().len() >= MAX_PHOTOS => Err(SheetError::TooManyPhotos),
            Act::SetMark { .. }
            | Act::SetNote { .. }
            | Act::SetRemark { .. }
            | Act::Attach(_)
            | Act::Detach(_)
            | Act::Recuse { .. } => {
                if own.is_editable() {
                    Ok(())
                } else {
                    Err(SheetError::Locked)
                }
            }
            Act::Confirm { state_hash } => self.check_confirm(own, *state_hash),
            Act::Reopen { .. } if own.is_editable() => Err(SheetError::NotLocked),
            Act::Reopen { .. } => Ok(()),
        }
    }

    fn check_confirm(&self, own: &Sheet, state_hash: StateHash) -> Result<(), SheetError> {
        match self.state(own) {
            SheetState::Recused | SheetState::Confirmed { .. } | SheetState::Remarked => {
                return Err(SheetError::Locked);
            }
            SheetState::Conflict => return Err(SheetError::InConflict),
            SheetState::NotScored | SheetState::Scoring | SheetState::Outdated => {}
        }
        let missing = self.missing(own);
        if !missing.is_empty() {
            return Err(SheetError::Incomplete(missing));
        }
        if state_hash != self.state_hash(own) { Err(SheetError::StateChanged) } else { Ok(()) }
    }

    /// The criteria that the round asks for and that have no mark yet, in order.
    pub fn missing(&self, own: &Sheet) -> Vec<CriterionCode> {
        if self.has_marks() { self.whole(own).missing(self.rubric) } else { Vec::new() }
    }
}

/// What can be said of an act without knowing the round's mode or the sheet.
fn check_form(act: &Act, rubric: &Rubric) -> Result<(), SheetError> {
    let known = |code: &CriterionCode| rubric.criterion(code).ok_or_else(|| SheetError::UnknownCriterion(code.clone()));
    match act {
        Act::SetMark { criterion, points } => {
            let criterion = known(criterion)?;
            points.map_or(Ok(()), |points| Ok(criterion.check(points)?))
        }
        Act::SetNote { criterion, text } => known(criterion).and_then(|_| check_length(text)),
        Act::SetRemark { text } => check_length(text),
        Act::Attach(photo) if !photo.has_fair_size() => Err(SheetError::PhotoTooLarge),
        Act::Attach(_) | Act::Detach(_) | Act::Confirm { .. } => Ok(()),
        Act::Reopen { reason } | Act::Recuse { reason } if reason.trim().is_empty() => Err(SheetError::ReasonMissing),
        Act::Reopen { reason } | Act::Recuse { reason } => check_length(reason),
    }
}

/// What can be said of an act without knowing the sheet; the server asks this of every operation, too.
pub fn check_act(act: &Act, mode: &RoundMode, rubric: &Rubric) -> Result<(), SheetError> {
    check_form(act, rubric)?;
    match (act, mode) {
        (Act::SetMark { .. }, RoundMode::Remarks) => Err(SheetError::NoMarks),
        (Act::SetMark { criterion, .. }, RoundMode::Adjust { criteria, .. }) if !criteria.contains(criterion) => {
            Err(SheetError::NotAdjustable(criterion.clone()))
        }
        _ => Ok(()),
    }
}

fn check_length(text: &str) -> Result<(), SheetError> {
    if text.chars().count() > MAX_TEXT_CHARS { Err(SheetError::TextTooLong) } else { Ok(()) }
}
