//! The scoring frame (khung điểm): the law fixes four criteria and their maxima, the Council decides the leaves.

use crate::ids::{CriterionCode, RubricId};
use crate::points::Points;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One frozen version. Every leaf of `criteria` is scored on its own; sections only group and add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    /// Identity of this version.
    pub id: RubricId,
    /// What the Council calls it.
    pub name: String,
    /// What must be said beside it, such as that its points are a sample.
    pub note: String,
    /// The law's four criteria, in order.
    pub sections: Vec<Section>,
    /// The leaves, in the order in which they are scored.
    pub criteria: Vec<Criterion>,
}

/// One of the law's criteria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// `1` to `4`.
    pub code: CriterionCode,
    /// In the law's words.
    pub name: String,
    /// A name that fits a button.
    pub short_name: String,
    /// Its maximum, in hundredths.
    pub max: Points,
}

/// A leaf: what a juror gives points for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// `1.1`; a section with a single leaf uses the section's own code (`3`).
    pub code: CriterionCode,
    /// The section it adds up in.
    pub section: CriterionCode,
    /// A sub-heading within the section, such as "Kinh tế".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// Name.
    pub name: String,
    /// Maximum, in hundredths.
    pub max: Points,
    /// Smallest difference between two marks, in hundredths.
    pub step: Points,
    /// Scoring guide (hướng dẫn chấm).
    pub guide: String,
}

/// Why a mark can't be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// Below 0.
    #[error("below zero")]
    Negative,
    /// Above the criterion's maximum.
    #[error("over the maximum")]
    OverMaximum,
    /// Not a multiple of the criterion's step.
    #[error("off the step")]
    OffStep,
}

impl Criterion {
    /// Whether these points may be given for this criterion.
    pub fn check(&self, points: Points) -> Result<(), MarkError> {
        if points.0 < 0 {
            Err(MarkError::Negative)
        } else if points > self.max {
            Err(MarkError::OverMaximum)
        } else if points.0 % self.step.0.max(1) != 0 {
            Err(MarkError::OffStep)
        } else {
            Ok(())
        }
    }
}

/// Why a rubric can't be frozen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RubricError {
    /// Two leaves with one code.
    #[error("criterion {0} stands twice")]
    DuplicateCriterion(CriterionCode),
    /// A leaf of no section.
    #[error("criterion {0} belongs to no section")]
    UnknownSection(CriterionCode),
    /// The leaves of a section don't add up to its maximum.
    #[error("the criteria of section {0} add up to {1:?}, not to {2:?}")]
    SectionSum(CriterionCode, Points, Points),
    /// A maximum or step that no mark could meet.
    #[error("criterion {0}: maximum and step must be above 0, and the maximum a multiple of the step")]
    MaxAndStep(CriterionCode),
}

impl Rubric {
    /// The leaf with this code.
    pub fn criterion(&self, code: &CriterionCode) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.code == *code)
    }

    /// The leaves of a section, in order.
    pub fn leaves<'a>(&'a self, section: &'a CriterionCode) -> impl Iterator<Item = &'a Criterion> {
        self.criteria.iter().filter(move |criterion| criterion.section == *section)
    }

    /// The greatest total: 100 points by law.
    pub fn max(&self) -> Points {
        self.sections.iter().map(|section| section.max).sum()
    }

    /// Checked before it is frozen, so that scoring never meets a criterion that can't be met.
    pub fn validate(&self) -> Result<(), RubricError> {
        let mut seen = BTreeSet::new();
        for criterion in &self.criteria {
            if !seen.insert(&criterion.code) {
                return Err(RubricError::DuplicateCriterion(criterion.code.clone()));
            }
            if !self.sections.iter().any(|section| section.code == criterion.section) {
                return Err(RubricError::UnknownSection(criterion.code.clone()));
            }
            if criterion.step.0 <= 0 || criterion.max.0 <= 0 || criterion.max.0 % criterion.step.0 != 0 {
                return Err(RubricError::MaxAndStep(criterion.code.clone()));
            }
        }
        for section in &self.sections {
            let sum = self.leaves(&section.code).map(|leaf| leaf.max).sum();
            if sum != section.max {
                return Err(RubricError::SectionSum(section.code.clone(), sum, section.max));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A small frame 6 + 4: `1.1` (max 4), `1.2` (max 2), `2` (max 4), steps 0.5.
    pub(crate) fn small() -> Rubric {
        let code = |text: &str| text.parse::<CriterionCode>().unwrap();
        let leaf = |text: &str, section: &str, max| Criterion {
            code: code(text),
            section: code(section),
            heading: None,
            name: text.into(),
            max: Points(max),
            step: Points(50),
            guide: String::new(),
        };
        let section = |text: &str, max| Section {
            code: code(text),
            name: text.into(),
            short_name: text.into(),
            max: Points(max),
        };
        Rubric {
            id: RubricId(uuid::Uuid::from_u128(7)),
            name: "small".into(),
            note: String::new(),
            sections: vec![section("1", 600), section("2", 400)],
            criteria: vec![leaf("1.1", "1", 400), leaf("1.2", "1", 200), leaf("2", "2", 400)],
        }
    }

    #[test]
    fn marks_are_bounded_by_maximum_and_step() {
        let leaf = small().criteria[0].clone();
        assert_eq!(leaf.check(Points(0)), Ok(()));
        assert_eq!(leaf.check(Points(400)), Ok(()));
        assert_eq!(leaf.check(Points(401)), Err(MarkError::OverMaximum));
        assert_eq!(leaf.check(Points(-50)), Err(MarkError::Negative));
        assert_eq!(leaf.check(Points(25)), Err(MarkError::OffStep));
    }

    #[test]
    fn a_frame_that_does_not_add_up_is_refused() {
        assert_eq!(small().validate(), Ok(()));
        let mut wrong = small();
        wrong.sections[0].max = Points(700);
        assert!(matches!(wrong.validate(), Err(RubricError::SectionSum(..))));
        let mut twice = small();
        twice.criteria[1].code = twice.criteria[0].code.clone();
        assert!(matches!(twice.validate(), Err(RubricError::DuplicateCriterion(_))));
        let mut step = small();
        step.criteria[0].step = Points(0);
        assert!(matches!(step.validate(), Err(RubricError::MaxAndStep(_))));
    }

    proptest! {
        #[test]
        fn an_accepted_mark_is_within_bounds(points in -1_000..1_000_i32) {
            let leaf = small().criteria[0].clone();
            if leaf.check(Points(points)).is_ok() {
                prop_assert!((0..=400).contains(&points) && points % 50 == 0);
            }
        }
    }
}
