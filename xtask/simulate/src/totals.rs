//! What the totals of a round come to by definition alone: from the heads that I5 finds, the rulings and the records of who
//! was there, without the fold and without the projection (S25, S29, S30).

use crate::committed::{Committed, Stored};
use crate::edition::{EDITION, JURORS};
use crate::invariants::Broken;
use domain::catalog::Catalog;
use domain::ids::{CriterionCode, ProductId, RoundCode, SheetId, UserId};
use domain::jury::{Presence, Standing, Stop, StopKey};
use domain::log::{OrganiserAct, Verdict};
use domain::points::Points;
use domain::round::Round;
use domain::sheet::Act;
use domain::sync::chain::{Task, sha256};
use domain::sync::wire::Status;
use domain::tally::{Row, Totals};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// What stands on each sheet: the acts that are heads of its cells.
pub type Standings<'a> = BTreeMap<SheetId, Vec<&'a Act>>;

/// Where a sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Blank,
    Begun,
    NeedsJuror,
    Recused,
    Confirmed(i32),
}

/// What a product's row counts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    confirmed: Vec<i32>,
    assigned: u32,
    recused: u32,
    absent: u32,
    set_aside: u32,
    scoring: u32,
    needs_juror: u32,
}

/// S25, S29, S30: the totals are what the definition says.
pub fn are_by_definition(disk: &Committed, standings: &Standings<'_>, totals: &[Totals]) -> Result<(), Broken> {
    let said = Said::of(disk);
    for totals in totals {
        let Some(round) = disk.catalog.find_round(&totals.round) else { continue };
        let wrong = |what: String| Err(Broken::new("S29", format!("the totals of {:?}: {what}", totals.round)));
        let rows: BTreeMap<ProductId, Counted> = disk
            .catalog
            .products
            .iter()
            .filter_map(|product| Some((product.id, counted(disk, &said, standings, round, product.id)?)))
            .collect();
        if rows.len() != totals.rows.len() {
            return wrong(format!("{} rows, by definition {}", totals.rows.len(), rows.len()));
        }
        for (product, expected) in &rows {
            let code = disk.catalog.products.iter().find(|one| one.id == *product).map(|one| &one.code);
            let Some(row) = totals.rows.iter().find(|row| Some(&row.code) == code) else {
                return wrong(format!("{product} has no row"));
            };
            if !is_row(row, expected) || row.rank != place(expected, &rows) {
                return wrong(format!("{row:?}, by definition {expected:?}"));
            }
        }
        let sum = |of: fn(&Counted) -> u32| rows.values().map(of).sum::<u32>();
        let open = sum(|row| row.assigned - row.recused - row.absent - row.confirmed.len() as u32);
        let held = said.held.iter().filter(|(code, ..)| *code == totals.round).count() as u32;
        let missing = &totals.missing;
        let expected = (open, sum(|row| row.scoring), sum(|row| row.needs_juror), held, sum(|row| row.set_aside));
        if (missing.sheets, missing.scoring, missing.needs_juror, missing.held, missing.set_aside) != expected {
            return wrong(format!("{missing:?}, by definition {expected:?}"));
        }
        let is_final = round.state.is_closed() && open == 0 && held == 0;
        if totals.provisional == is_final {
            return wrong(format!("provisional is {}", totals.provisional));
        }
    }
    Ok(())
}

/// What organisers said of sheets, by the positions at which they said it.
struct Said {
    /// Sheets with work that waits for a ruling.
    held: BTreeSet<(RoundCode, UserId, ProductId)>,
    /// Where something of a sheet was last admitted.
    admitted: BTreeMap<(RoundCode, UserId, ProductId), u64>,
    /// Where a juror was last recorded as absent from a stop.
    absent: Vec<(RoundCode, StopKey, UserId, u64)>,
}

impl Said {
    fn of(disk: &Committed) -> Self {
        let mut said = Self { held: BTreeSet::new(), admitted: BTreeMap::new(), absent: Vec::new() };
        for op in disk.ops() {
            let Some(work) = op.task.as_ref().and_then(Task::sheet) else { continue };
            let sheet = (op.envelope.round.clone(), op.envelope.user, work.product);
            if let Some((position, Verdict::Admit)) = disk.rulings.get(&op.wire.hash) {
                let last = said.admitted.entry(sheet.clone()).or_default();
                *last = (*last).max(*position);
            }
            if matches!(disk.status_of(op), Status::Held(_)) {
                said.held.insert(sheet);
            }
        }
        for (position, stored) in (1..).zip(&disk.log) {
            let Stored::Act(noted) = stored else { continue };
            if let OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, .. } = &noted.act
                && matches!(presence, Presence::Absent { .. })
            {
                let stop = StopKey { delegation: delegation.clone(), date: date.clone(), ordinal: *ordinal };
                said.absent.push((round.clone(), stop, *juror, position));
            }
        }
        said
    }

    /// Whether an admission of the sheet is a later word than every absence from its stop.
    fn counts_in_spite(&self, sheet: &(RoundCode, UserId, ProductId), stop: Option<&Stop>) -> bool {
        let Some(admitted) = self.admitted.get(sheet) else { return false };
        let absences = self.absent.iter().filter(|(round, at, juror, _)| {
            (round, juror) == (&sheet.0, &sheet.1) && stop.is_some_and(|stop| stop.is(at))
        });
        absences.map(|(.., position)| position).all(|absent| absent < admitted)
    }
}

fn counted(
    disk: &Committed,
    said: &Said,
    standings: &Standings<'_>,
    round: &Round,
    product: ProductId,
) -> Option<Counted> {
    let panel = disk.catalog.panels.get(&round.code).and_then(|panels| panels.get(&product));
    let mut counted = Counted::default();
    for juror in JURORS {
        let sheet = (round.code.clone(), juror, product);
        let id = SheetId::of(EDITION, &round.code, juror, product);
        let stands = stands(standings.get(&id).map_or(&[], Vec::as_slice), &disk.catalog, round);
        let seat = panel.and_then(|panel| panel.get(&juror));
        let is_absent = match seat {
            Some(seat) => matches!(seat.standing, Standing::Absent { .. }),
            None if said.admitted.contains_key(&sheet) => false,
            None => continue,
        };
        counted.assigned += 1;
        let stop = seat.and_then(|seat| seat.stop.as_ref());
        match stands {
            Stands::Confirmed(total) if !is_absent || said.counts_in_spite(&sheet, stop) => {
                counted.confirmed.push(total);
            }
            stands if is_absent => {
                counted.absent += 1;
                counted.set_aside += u32::from(matches!(stands, Stands::Confirmed(_)));
            }
            Stands::Recused => counted.recused += 1,
            Stands::NeedsJuror => counted.needs_juror += 1,
            Stands::Begun => counted.scoring += 1,
            Stands::Blank | Stands::Confirmed(_) => {}
        }
    }
    (panel.is_some() || counted.assigned > 0).then_some(counted)
}

/// Where a sheet stands by what stands on it.
fn stands(heads: &[&Act], catalog: &Catalog, round: &Round) -> Stands {
    let (mut marks, mut notes) = (BTreeMap::<&CriterionCode, BTreeSet<Option<Points>>>::new(), BTreeMap::new());
    let (mut remark, mut photos, mut lock) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for head in heads {
        match head {
            Act::SetMark { criterion, points } => drop(marks.entry(criterion).or_default().insert(*points)),
            Act::SetNote { criterion, text } => {
                notes.entry(criterion).or_insert_with(BTreeSet::new).insert(text.as_str());
            }
            Act::SetRemark { text } => drop(remark.insert(text.as_str())),
            Act::Attach(photo) => drop(photos.insert(photo.sha256)),
            Act::Detach(_) => {}
            said if lock.contains(&said) => {}
            said => lock.push(said),
        }
    }
    if lock.len() > 1 || marks.values().any(|values| values.len() > 1) {
        return Stands::NeedsJuror;
    }
    let given: BTreeMap<&CriterionCode, Points> =
        marks.into_iter().filter_map(|(code, values)| Some((code, values.into_iter().flatten().next()?))).collect();
    let together =
        |texts: BTreeSet<&str>| texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let mut notes: BTreeMap<_, _> = notes.into_iter().map(|(code, texts)| (code, together(texts))).collect();
    notes.retain(|_, text| !text.is_empty());
    let remark = together(remark);
    match lock.first() {
        Some(Act::Recuse { .. }) => return Stands::Recused,
        Some(Act::Confirm { state_hash }) => {
            let marks: BTreeMap<_, _> = given.iter().map(|(code, points)| (code, [points])).collect();
            let photos = if photos.is_empty() { String::new() } else { format!(",\"photos\":{}", json!(photos)) };
            let (marks, notes, remark) = (json!(marks), json!(notes), json!(remark));
            let state = format!("{{\"marks\":{marks},\"notes\":{notes},\"remark\":{remark}{photos}}}");
            if sha256(state.as_bytes()) != *state_hash {
                return Stands::NeedsJuror;
            }
            let criteria = catalog.rubric_of(round).map(|rubric| rubric.criteria.as_slice()).unwrap_or_default();
            let marks: Option<Vec<i32>> =
                criteria.iter().map(|criterion| given.get(&criterion.code).map(|points| points.0)).collect();
            if let Some(marks) = marks {
                return Stands::Confirmed(marks.into_iter().sum());
            }
        }
        _ => {}
    }
    let is_blank = given.is_empty() && notes.is_empty() && remark.is_empty() && photos.is_empty();
    if is_blank { Stands::Blank } else { Stands::Begun }
}

fn is_row(row: &Row, expected: &Counted) -> bool {
    let found = Counted {
        confirmed: expected.confirmed.clone(),
        assigned: row.assigned,
        recused: row.recused,
        absent: row.absent,
        set_aside: row.set_aside,
        scoring: row.scoring,
        needs_juror: row.needs_juror,
    };
    let mean = row.mean.map(|mean| (mean.num, mean.den));
    let sum: i64 = expected.confirmed.iter().copied().map(i64::from).sum();
    let sheets = expected.confirmed.len();
    let is_complete = sheets > 0 && sheets as u32 + expected.recused + expected.absent == expected.assigned;
    found == *expected
        && row.confirmed as usize == sheets
        && mean == (sheets > 0).then_some((sum, sheets as i64))
        && row.complete == is_complete
}

/// One more than how many have a higher mean; all are of one group.
fn place(row: &Counted, rows: &BTreeMap<ProductId, Counted>) -> Option<u32> {
    let mean = |row: &Counted| {
        let sum: i64 = row.confirmed.iter().copied().map(i64::from).sum();
        (sum, row.confirmed.len() as i64)
    };
    let (sum, sheets) = mean(row);
    let is_higher = |(other, others): (i64, i64)| others > 0 && other * sheets > sum * others;
    (sheets > 0).then(|| 1 + rows.values().map(mean).filter(|other| is_higher(*other)).count() as u32)
}
