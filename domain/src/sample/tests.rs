//! The shipped files are whole, and a mistake in them is named.

use super::*;
use crate::ids::SheetId;
use crate::jury::Standing;
use std::collections::{BTreeMap, BTreeSet};

fn read(file: &'static str) -> Result<String, SampleError> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample/").to_owned() + file;
    std::fs::read_to_string(path).map_err(|error| SampleError::new(file, error))
}

#[test]
fn the_shipped_edition_is_whole() {
    let sample = parse(&read).unwrap();
    assert_eq!((sample.products.len(), sample.provinces.len(), sample.rounds.len()), (30, 20, 3));
    let sections: Vec<_> = sample.rubric.sections.iter().map(|section| section.max.0 / 100).collect();
    assert_eq!((sections, sample.rubric.max()), (vec![40, 40, 10, 10], Points(10_000)), "the law's maxima");
    let prefixes: BTreeSet<_> = sample.provinces.iter().map(|province| &province.prefix).collect();
    assert_eq!(prefixes.len(), 20, "two provinces never share a prefix");
    for product in &sample.products {
        assert!(product.product.code.as_str().starts_with(&product.province), "{}", product.product.code);
    }
}

#[test]
fn every_sheet_is_assigned_and_every_mark_is_possible() {
    let sample = parse(&read).unwrap();
    let mut seen = BTreeSet::new();
    for sheet in &sample.sheets {
        assert!(seen.insert(SheetId::of(sample.edition.id, &sheet.round, sheet.juror, sheet.product)), "twice");
        assert!(sample.panels[&sheet.round][&sheet.product].contains_key(&sheet.juror));
        for (code, points) in &sheet.marks {
            assert_eq!(sample.rubric.criterion(code).unwrap().check(*points), Ok(()), "{code}");
        }
        assert!(!sheet.confirmed || sheet.marks.len() == sample.rubric.criteria.len());
    }
    assert_eq!(sample.sheets.iter().map(|sheet| sheet.notes.len()).sum::<usize>(), 12);
}

#[test]
fn the_visit_has_a_recusal_and_an_absence() {
    let sample = parse(&read).unwrap();
    let visit = &sample.panels[&"visit".parse().unwrap()];
    let seats = visit.values().flat_map(BTreeMap::values);
    let count = |wanted: fn(&Standing) -> bool| seats.clone().filter(|seat| wanted(&seat.standing)).count();
    assert_eq!(count(|standing| matches!(standing, Standing::Recused { .. })), 1);
    assert_eq!(count(|standing| matches!(standing, Standing::Absent { .. })), 3);
    assert!(seats.clone().all(|seat| seat.stop.is_some()));
}

#[test]
fn a_mistake_names_its_file() {
    let broken = |file: &'static str| {
        let text = read(file)?;
        Ok(if file == "products.csv" { text.replace("CS-AGI-01", "CS-XXX-99") } else { text })
    };
    let error = parse(&broken).unwrap_err();
    assert_eq!((error.file, error.what.as_str()), ("products.csv", "AGI-001: unknown establishment"));
    let over = |file: &'static str| {
        let text = read(file)?;
        Ok(if file == "rubric.toml" { text.replacen("max = \"8\"", "max = \"9\"", 1) } else { text })
    };
    assert_eq!(parse(&over).unwrap_err().file, "rubric.toml");
}
