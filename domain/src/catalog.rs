//! All that an edition's settings say at one moment: what the inbox judges by and the tally counts over.

use crate::edition::{Edition, Scoring};
use crate::ids::{ProductId, RoundCode, UserId};
use crate::jury::{Standing, Stop, StopKey};
use crate::log::Fingerprints;
use crate::registration::Product;
use crate::round::Round;
use crate::rubric::Rubric;
use crate::sync::chain::{OpHash, sha256};
use crate::sync::inbox::{RoundRules, Rules};
use serde::Serialize;
use std::collections::BTreeMap;

/// One juror's place on the panel of one product in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Whether the sheet is expected.
    pub standing: Standing,
    /// The stop of the visit, if it is one.
    pub stop: Option<Stop>,
}

/// A snapshot of the edition's settings.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Changes with every change of what follows.
    pub version: u64,
    /// The edition.
    pub edition: Edition,
    /// How its sheets become a result.
    pub scoring: Scoring,
    /// Its rounds, in order.
    pub rounds: Vec<Round>,
    /// The rubrics that the rounds use.
    pub rubrics: Vec<Rubric>,
    /// All products, ordered by code.
    pub products: Vec<Product>,
    /// The panels: round → product → juror → seat.
    pub panels: BTreeMap<RoundCode, BTreeMap<ProductId, BTreeMap<UserId, Seat>>>,
}

impl Catalog {
    /// The round with this code.
    pub fn find_round(&self, code: &RoundCode) -> Option<&Round> {
        self.rounds.iter().find(|round| round.code == *code)
    }

    /// The rubric of a round.
    pub fn rubric_of(&self, round: &Round) -> Option<&Rubric> {
        self.rubrics.iter().find(|rubric| rubric.id == round.rubric)
    }

    /// The product with this id.
    pub fn find_product(&self, id: ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The panel of a product in a round: juror → seat.
    pub fn panel(&self, round: &RoundCode, product: ProductId) -> Option<&BTreeMap<UserId, Seat>> {
        self.panels.get(round)?.get(&product)
    }

    /// SHA-256 of each part that totals depend on: what an act of the log says of the settings (S31).
    pub fn fingerprints(&self) -> Fingerprints {
        let panels: BTreeMap<_, BTreeMap<_, BTreeMap<_, _>>> = self
            .panels
            .iter()
            .map(|(round, products)| {
                let products = products.iter().map(|(product, seats)| {
                    (product, seats.iter().map(|(juror, seat)| (juror, (&seat.standing, &seat.stop))).collect())
                });
                (round, products.collect())
            })
            .collect();
        let Scoring { tally, result } = &self.scoring;
        let products: Vec<_> =
            self.products.iter().map(|product| (product.id, &product.code, &product.group)).collect();
        Fingerprints {
            edition: fingerprint(&(&self.edition, tally, result)),
            rounds: fingerprint(&self.rounds),
            rubrics: fingerprint(&self.rubrics),
            products: fingerprint(&products),
            panels: fingerprint(&panels),
        }
    }

    /// A juror's own seats: `(round, product, seat)`.
    pub fn seats_of(&self, juror: UserId) -> impl Iterator<Item = (&RoundCode, ProductId, &Seat)> {
        self.panels.iter().flat_map(move |(round, panels)| {
            let seats = panels.iter();
            seats.filter_map(move |(product, panel)| panel.get(&juror).map(|seat| (round, *product, seat)))
        })
    }
}

fn fingerprint(part: &impl Serialize) -> OpHash {
    // Structs, sorted maps with text keys, strings and integers: serde_json has no error for them.
    sha256(&serde_json::to_vec(part).unwrap_or_default())
}

impl Rules for Catalog {
    fn round(&self, code: &RoundCode) -> Option<RoundRules<'_>> {
        let round = self.find_round(code)?;
        let rubric = self.rubric_of(round)?;
        Some(RoundRules { state: round.state, epoch: round.epoch, mode: &round.mode, rubric })
    }

    fn has_product(&self, product: ProductId) -> bool {
        self.find_product(product).is_some()
    }

    fn standing(&self, round: &RoundCode, juror: UserId, product: ProductId) -> Option<&Standing> {
        self.panel(round, product)?.get(&juror).map(|seat| &seat.standing)
    }

    fn is_expected(&self, round: &RoundCode, stop: &StopKey, juror: Option<UserId>) -> bool {
        let is_there = |seat: &Seat| seat.stop.as_ref().is_some_and(|own| own.is(stop));
        let mut panels = self.panels.get(round).into_iter().flat_map(|panels| panels.values());
        panels.any(|panel| match juror {
            Some(juror) => panel.get(&juror).is_some_and(is_there),
            None => panel.values().any(is_there),
        })
    }
}
