//! The catalogue that every tablet carries whole (S15), with the look-ups that screens need.

use crate::edition::Edition;
use crate::ids::{ProductId, RoundCode, SelectionCode, SheetId, UserId};
use crate::jury::{Assignment, Standing};
use crate::registration::Product;
use crate::round::Round;
use crate::rubric::Rubric;
use crate::sheet::{Frame, Sheet};
use crate::sync::wire::{Pulled, RemovedAssignment};
use crate::visit::{VisitKey, VisitPlan};
use serde::{Deserialize, Serialize};

use super::records::SheetKey;
use super::write::WorkError;

/// As pulled; empty before the first pull.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The edition.
    pub edition: Option<Edition>,
    /// Rounds in order.
    pub rounds: Vec<Round>,
    /// The rubrics that the rounds use.
    pub rubrics: Vec<Rubric>,
    /// All products, ordered by code.
    pub products: Vec<Product>,
    /// The juror's own assignments.
    pub assignments: Vec<Assignment>,
    /// Assignments that were withdrawn: what was written on them stays, locked (S27).
    pub withdrawn: Vec<RemovedAssignment>,
    /// The stops of the visits, on a secretary's tablet.
    #[serde(default)]
    pub stops: Vec<VisitPlan>,
}

impl Catalogue {
    /// With what a pull says. A pull brings the whole catalogue or none of it; whatever was assigned before and is not
    /// any more counts as withdrawn, also where the server doesn't name it (a reset).
    pub fn updated(self, page: &Pulled) -> Self {
        let mut withdrawn = self.withdrawn.clone();
        withdrawn.extend(page.removed.iter().cloned());
        let mut next = self;
        if let Some(edition) = &page.edition {
            let before = next.assignments.iter();
            withdrawn.extend(before.map(|task| RemovedAssignment { round: task.round.clone(), product: task.product }));
            next = Self {
                edition: Some(edition.clone()),
                rounds: page.rounds.clone(),
                rubrics: page.rubrics.clone(),
                products: page.products.clone(),
                assignments: page.assignments.clone(),
                withdrawn: Vec::new(),
                stops: page.stops.clone(),
            };
        } else {
            next.assignments.retain(|task| !page.removed.iter().any(|gone| is_about(gone, task)));
        }
        for gone in withdrawn {
            let given = next.assignments.iter().any(|task| is_about(&gone, task));
            if !given && !next.withdrawn.contains(&gone) {
                next.withdrawn.push(gone);
            }
        }
        next
    }

    /// The product with this selection code.
    pub fn product(&self, code: &SelectionCode) -> Option<&Product> {
        self.products.iter().find(|product| product.code == *code)
    }

    /// The product with this id.
    pub fn product_by_id(&self, id: ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The round with this code.
    pub fn round(&self, code: &RoundCode) -> Option<&Round> {
        self.rounds.iter().find(|round| round.code == *code)
    }

    /// The scoring frame of a round.
    pub fn rubric(&self, round: &RoundCode) -> Option<&Rubric> {
        let id = self.round(round)?.rubric;
        self.rubrics.iter().find(|rubric| rubric.id == id)
    }

    /// The sheet that this one starts from, where the round only adjusts.
    pub fn earlier(&self, key: &SheetKey) -> Option<SheetKey> {
        let round = self.round(&key.round)?.mode.starts_from()?.clone();
        Some(SheetKey { round, product: key.product })
    }

    /// What a sheet is judged by; `earlier` is the one that it starts from.
    pub fn frame<'a>(&'a self, key: &SheetKey, earlier: Option<&'a Sheet>) -> Option<Frame<'a>> {
        Some(Frame::of(&self.round(&key.round)?.mode, self.rubric(&key.round)?, earlier))
    }

    /// The juror's task on a product in a round, if it is assigned.
    pub fn assignment(&self, key: &SheetKey) -> Option<&Assignment> {
        self.assignments.iter().find(|task| task.round == key.round && task.product == key.product)
    }

    /// Whether an assignment was withdrawn and not given again.
    pub fn is_withdrawn(&self, key: &SheetKey) -> bool {
        self.withdrawn.iter().any(|gone| gone.round == key.round && gone.product == key.product)
    }

    /// The identity of the juror's sheet (S3).
    pub fn sheet_id(&self, juror: UserId, key: &SheetKey) -> Option<SheetId> {
        Some(SheetId::of(self.edition.as_ref()?.id, &key.round, juror, key.product))
    }

    /// The identity of a stop's record (S3).
    pub fn visit_id(&self, key: &VisitKey) -> Option<SheetId> {
        Some(SheetId::of_visit(self.edition.as_ref()?.id, &key.round, &key.stop))
    }

    /// Round and rubric of a sheet on which the juror may act. An unassigned product may be scored, too: the server holds
    /// it until somebody admits it (S15).
    pub fn scorable(&self, key: &SheetKey) -> Result<(&Round, &Rubric), WorkError> {
        let known = self.product_by_id(key.product).and(self.round(&key.round)).zip(self.rubric(&key.round));
        let (round, rubric) = known.ok_or(WorkError::Unknown)?;
        if self.is_withdrawn(key) {
            return Err(WorkError::Withdrawn);
        }
        match self.assignment(key).map(|task| &task.standing) {
            Some(Standing::Recused { .. }) => Err(WorkError::Recused),
            _ => Ok((round, rubric)),
        }
    }
}

fn is_about(gone: &RemovedAssignment, task: &Assignment) -> bool {
    gone.round == task.round && gone.product == task.product
}
