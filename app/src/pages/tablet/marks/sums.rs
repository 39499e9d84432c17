//! One sheet in numbers: the sum of each of the law's criteria, and the total. Without a mark there is no number.

use crate::tablet::SheetView;
use domain::ids::CriterionCode;
use domain::points::Points;
use domain::sheet::Frame;

/// The numbers of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Whether marks are given in its round.
    pub asked: bool,
    /// Sum of all marks; none before the first one.
    pub total: Option<Points>,
    sections: Vec<(CriterionCode, Sum)>,
}

/// The numbers of one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Criteria with a mark.
    pub scored: usize,
    /// All criteria.
    pub all: usize,
    points: Points,
}

impl Sums {
    /// One section.
    pub fn section(&self, code: &CriterionCode) -> Option<Sum> {
        self.sections.iter().find(|(other, _)| other == code).map(|(_, sum)| *sum)
    }
}

impl Sum {
    /// Sum of its marks; none before the first one.
    pub fn points(self) -> Option<Points> {
        (self.scored > 0).then_some(self.points)
    }
}

/// Adds up what stands on a sheet; what is only typed is no mark yet.
pub fn sums(view: &SheetView, frame: Option<Frame<'_>>) -> Sums {
    let Some(frame) = frame.filter(Frame::has_marks) else {
        return Sums::default();
    };
    let (sheet, rubric) = (frame.whole(&view.sheet), frame.rubric());
    let section = |code: &CriterionCode| {
        let marks: Vec<_> = rubric.leaves(code).map(|leaf| sheet.mark(&leaf.code)).collect();
        let (scored, all) = (marks.iter().flatten().count(), marks.len());
        Sum { scored, all, points: marks.into_iter().flatten().sum() }
    };
    Sums {
        asked: true,
        total: (sheet.scored(rubric) > 0).then(|| sheet.total()),
        sections: rubric.sections.iter().map(|one| (one.code.clone(), section(&one.code))).collect(),
    }
}
