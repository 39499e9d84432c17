//! Who sits where: `panels.toml` and `visits.toml`.

use super::files::{AbsenceRow, PanelsFile, VisitRow, VisitsFile};
use super::{Names, Read, SampleError, SampleEstablishment, bad_code, toml_file};
use crate::catalog::Seat;
use crate::ids::{ProductId, RoundCode, UserId};
use crate::jury::{Standing, Stop};
use std::collections::BTreeMap;

/// Round → product → juror → seat.
pub type Panels = BTreeMap<RoundCode, BTreeMap<ProductId, BTreeMap<UserId, Seat>>>;

/// Panels of groups, then the stops of delegations, then recusals: a stop's seat is the one that counts.
pub(super) fn panels(read: Read<'_>, names: &Names<'_>, places: &[SampleEstablishment]) -> Result<Panels, SampleError> {
    const FILE: &str = "panels.toml";
    let file: PanelsFile = toml_file(read, FILE)?;
    let mut panels = Panels::new();
    for row in &file.panels {
        let groups: Vec<String> = row.groups.iter().map(ToString::to_string).collect();
        for round in &row.rounds {
            let round: RoundCode = round.parse().map_err(bad_code(FILE))?;
            for juror in &row.jurors {
                let juror = names.person(FILE, juror)?;
                let members = names.products.iter().filter(|p| groups.iter().any(|g| g == p.product.group.as_str()));
                for product in members {
                    let seat = Seat { standing: Standing::Active, stop: None };
                    seats(&mut panels, &round, product.product.id).insert(juror, seat);
                }
            }
        }
    }
    visits(read, names, places, &mut panels)?;
    for row in &file.recusals {
        let round: RoundCode = row.round.parse().map_err(bad_code(FILE))?;
        let (juror, product) = (names.person(FILE, &row.juror)?, names.product(FILE, &row.product)?);
        let seat = seats(&mut panels, &round, product).get_mut(&juror);
        let seat =
            seat.ok_or_else(|| SampleError::new(FILE, format!("{}: a recusal of no assignment", row.product)))?;
        seat.standing = Standing::Recused { reason: row.reason.clone() };
    }
    Ok(panels)
}

fn visits(
    read: Read<'_>,
    names: &Names<'_>,
    places: &[SampleEstablishment],
    panels: &mut Panels,
) -> Result<(), SampleError> {
    const FILE: &str = "visits.toml";
    let file: VisitsFile = toml_file(read, FILE)?;
    for visit in &file.visits {
        let unknown = |what: &str| SampleError::new(FILE, format!("unknown {what}"));
        let delegation = file.delegations.iter().find(|d| d.code == visit.delegation);
        let delegation = delegation.ok_or_else(|| unknown(&visit.delegation))?;
        let round: RoundCode = visit.round.parse().map_err(bad_code(FILE))?;
        for row in &visit.stops {
            let place = places.iter().find(|place| place.code == row.establishment);
            let place = &place.ok_or_else(|| unknown(&row.establishment))?.establishment;
            let stop = Stop {
                delegation: delegation.name.clone(),
                date: visit.date.clone(),
                ordinal: row.order,
                time: row.starts.clone(),
                place: format!("{} – {}", place.name, row.place),
                address: place.address.clone(),
            };
            for juror in &delegation.jurors {
                let user = names.person(FILE, juror)?;
                let absence = file.absences.iter().find(|a| is_absent(a, visit, row.order, juror));
                let standing =
                    absence.map_or(Standing::Active, |absence| Standing::Absent { reason: absence.reason.clone() });
                for product in &row.products {
                    let seat = Seat { standing: standing.clone(), stop: Some(stop.clone()) };
                    seats(panels, &round, names.product(FILE, product)?).insert(user, seat);
                }
            }
        }
    }
    Ok(())
}

fn is_absent(absence: &AbsenceRow, visit: &VisitRow, stop: u32, juror: &str) -> bool {
    absence.round == visit.round
        && absence.delegation == visit.delegation
        && absence.date == visit.date
        && absence.stop == stop
        && absence.juror == juror
}

fn seats<'a>(panels: &'a mut Panels, round: &RoundCode, product: ProductId) -> &'a mut BTreeMap<UserId, Seat> {
    panels.entry(round.clone()).or_default().entry(product).or_default()
}
