//! docs/API.md can't go stale: every example in it is parsed by the type that it names, and written back to the same JSON.

use domain::api::oversight::{MoveRound, RevokeTablet, RoundDesk, RuleOnHeld, TabletsPage};
use domain::api::{
    ChangePlanRow, ErrorBody, PlanPage, PresencePage, RecordPresence, ResultsPage, RoundsPage, SignIn, SignedIn,
    TotalsChange, TotalsPage,
};
use domain::sync::chain::{Envelope, WireOp, sha256};
use domain::sync::wire::{AskPhotos, PhotoStored, PhotosWanted, Pulled, Push, Pushed, RegisterReplica, Registered};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

const TEXT: &str = include_str!("../../../docs/API.md");

/// `(type, JSON)` of each example: a comment with the type's name, then a fenced block.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = TEXT.split("<!-- ").skip(1).map(|block| {
        let (name, rest) = block.split_once(" -->").unwrap();
        let (_, rest) = rest.split_once("```json\n").unwrap();
        (name, rest.split_once("```").unwrap().0)
    });
    blocks.collect()
}

fn round_trip<T: DeserializeOwned + Serialize>(name: &str, text: &str) {
    let parsed: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = serde_json::to_value(parsed).unwrap();
    let mut example: Value = serde_json::from_str(text).unwrap();
    without_nulls(&mut example);
    let mut again = written;
    without_nulls(&mut again);
    assert_eq!(again, example, "{name}");
}

/// A field that is null and one that is left out say the same.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

#[test]
fn every_example_is_of_its_type() {
    let mut seen = BTreeSet::new();
    for (name, text) in examples() {
        seen.insert(name);
        match name {
            "ErrorBody" => round_trip::<ErrorBody>(name, text),
            "SignIn" => round_trip::<SignIn>(name, text),
            "SignedIn" => round_trip::<SignedIn>(name, text),
            "RegisterReplica" => round_trip::<RegisterReplica>(name, text),
            "Registered" => round_trip::<Registered>(name, text),
            "Push" => round_trip::<Push>(name, text),
            "Envelope" => round_trip::<Envelope>(name, text),
            "Pushed" => round_trip::<Pushed>(name, text),
            "Pulled" => round_trip::<Pulled>(name, text),
            "AskPhotos" => round_trip::<AskPhotos>(name, text),
            "PhotosWanted" => round_trip::<PhotosWanted>(name, text),
            "PhotoStored" => round_trip::<PhotoStored>(name, text),
            "TotalsPage" => round_trip::<TotalsPage>(name, text),
            "TotalsChange" => round_trip::<TotalsChange>(name, text),
            "ResultsPage" => round_trip::<ResultsPage>(name, text),
            "RoundsPage" => round_trip::<RoundsPage>(name, text),
            "PlanPage" => round_trip::<PlanPage>(name, text),
            "ChangePlanRow" => round_trip::<ChangePlanRow>(name, text),
            "PresencePage" => round_trip::<PresencePage>(name, text),
            "RecordPresence" => round_trip::<RecordPresence>(name, text),
            "RoundDesk" => round_trip::<RoundDesk>(name, text),
            "MoveRound" => round_trip::<MoveRound>(name, text),
            "RuleOnHeld" => round_trip::<RuleOnHeld>(name, text),
            "TabletsPage" => round_trip::<TabletsPage>(name, text),
            "RevokeTablet" => round_trip::<RevokeTablet>(name, text),
            other => panic!("an example of an unknown type: {other}"),
        }
    }
    assert_eq!(seen.len(), 25, "{seen:?}");
}

#[test]
fn the_examples_envelopes_have_their_hashes() {
    let push = examples().into_iter().find(|(name, _)| *name == "Push").unwrap().1;
    let push: Push = serde_json::from_str(push).unwrap();
    for WireOp { envelope, hash } in push.ops {
        assert_eq!(sha256(envelope.as_bytes()), hash);
    }
}
