//! The shipped files are whole, and a mistake in them is named.

use super::*;
use crate::edition::Scoring;
use crate::ids::SheetId;
use crate::jury::Standing;
use std::collections::{BTreeMap, BTreeSet};

fn read(file: &'static str) -> Result<String, SampleError> {
    read_from("small/", file)
}

fn read_whole(file: &'static str) -> Result<String, SampleError> {
    read_from("", file)
}

fn read_from(folder: &str, file: &'static str) -> Result<String, SampleError> {
    let path = format!("{}/../sample/{folder}{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).map_err(|error| SampleError::new(file, error))
}

/// The size of the 2024 Southern event: 382 products of 18 of 20 provinces, groups about 16, 68, 8 and 8 in a hundred.
#[test]
fn the_whole_edition_has_the_size_of_2024() {
    let sample = parse(&read_whole).unwrap();
    let products = || sample.products.iter();
    let groups = ["1", "2", "3", "4"].map(|group| products().filter(|one| one.product.group.as_str() == group).count());
    assert_eq!((products().count(), groups), (382, [61, 260, 31, 30]));
    assert_eq!(products().map(|one| &one.province).collect::<BTreeSet<_>>().len(), 18);
    assert_eq!(products().map(|one| &one.product.name).collect::<BTreeSet<_>>().len(), 382, "names are distinct");
    assert_eq!(sample.people.iter().filter(|person| person.role.scores()).count(), 11);
    assert_eq!(sample.plan.len(), 17);
    let visit = &sample.panels[&"visit".parse().unwrap()];
    let stops: BTreeSet<_> = visit.values().flat_map(BTreeMap::values).filter_map(|seat| seat.stop.clone()).collect();
    let days: BTreeSet<_> = stops.iter().map(|stop| (&stop.delegation, &stop.date)).collect();
    assert_eq!((visit.len(), stops.len(), days.len()), (61, 18, 6), "two delegations, three days, three stops a day");
    assert_eq!(sample.scoring, Scoring::default());
}

/// Every juror's sheet of the closed round is there, whole and confirmed.
#[test]
fn the_whole_editions_dossier_round_is_complete() {
    let sample = parse(&read_whole).unwrap();
    let dossier = "dossier".parse().unwrap();
    let written: BTreeMap<_, _> = sample
        .sheets
        .iter()
        .filter(|sheet| sheet.round == dossier)
        .map(|sheet| ((sheet.product, sheet.juror), sheet))
        .collect();
    for (product, panel) in &sample.panels[&dossier] {
        for (juror, seat) in panel {
            let sheet = written.get(&(*product, *juror));
            assert_eq!(
                sheet.is_some_and(|sheet| sheet.confirmed),
                seat.standing == Standing::Active,
                "{product} {juror}"
            );
        }
    }
    check_sheets(&sample);
}

#[test]
fn the_plan_is_the_plans_own() {
    let sample = parse(&read_whole).unwrap();
    let rows: Vec<_> = sample.plan.iter().map(|row| row.ordinal).collect();
    assert_eq!(rows, (1..=17).collect::<Vec<_>>());
    let visit = &sample.plan[5];
    assert_eq!(
        (visit.lead.as_slice(), visit.window.as_str()),
        (["Hội đồng".to_owned(), "Ban Giám khảo".to_owned()].as_slice(), "Từ ngày 26/8/2024 ÷ 28/8/2024")
    );
    let led: Vec<_> = sample.plan.iter().filter(|row| row.is_led_by_department()).map(|row| row.ordinal).collect();
    assert_eq!(led, [5, 11, 12, 16, 17]);
}

#[test]
fn the_small_edition_is_whole() {
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
    check_sheets(&sample);
    assert_eq!(sample.sheets.iter().map(|sheet| sheet.notes.len()).sum::<usize>(), 12);
}

fn check_sheets(sample: &Sample) {
    let mut seen = BTreeSet::new();
    for sheet in &sample.sheets {
        assert!(seen.insert(SheetId::of(sample.edition.id, &sheet.round, sheet.juror, sheet.product)), "twice");
        assert!(sample.panels[&sheet.round][&sheet.product].contains_key(&sheet.juror));
        for (code, points) in &sheet.marks {
            assert_eq!(sample.rubric.criterion(code).unwrap().check(*points), Ok(()), "{code}");
        }
        assert!(!sheet.confirmed || sheet.marks.len() == sample.rubric.criteria.len());
    }
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
        Ok(if file == "products.csv" { text.replace("CS-AGI-01", "CS-AGI-99") } else { text })
    };
    let error = parse(&broken).unwrap_err();
    assert_eq!((error.file, error.what.as_str()), ("products.csv", "AGI-001: unknown establishment"));
    let adjusts = |file: &'static str| {
        let text = read(file)?;
        Ok(if file == "rounds.toml" {
            text.replacen("state = \"open\"", "mode = \"adjust\"\nstate = \"open\"", 1)
        } else {
            text
        })
    };
    let error = parse(&adjusts).unwrap_err();
    assert_eq!((error.file, error.what.as_str()), ("rounds.toml", "visit: adjusts which round?"));
    for from in ["direct", "visit"] {
        let later = |file: &'static str| {
            let adjusts = format!("mode = \"adjust\"\nfrom = \"{from}\"\nadjustable = [\"1.1\"]\nstate = \"open\"");
            Ok(if file == "rounds.toml" { read(file)?.replacen("state = \"open\"", &adjusts, 1) } else { read(file)? })
        };
        let why = format!("visit: {from} is no earlier round that scores anew");
        assert_eq!(parse(&later).unwrap_err().what, why);
    }
    let over = |file: &'static str| {
        let text = read(file)?;
        Ok(if file == "rubric.toml" { text.replacen("max = \"8\"", "max = \"9\"", 1) } else { text })
    };
    assert_eq!(parse(&over).unwrap_err().file, "rubric.toml");
}
