//! `binhchon sample`: an empty database gets the edition of `sample/`, its demo accounts, and its sheets, which go through
//! the very inbox that real ones go through.

mod sheets;

use crate::acts::{self, By, OnSettings};
use crate::clock::Nature;
use crate::db::editions::{self, SeatKey};
use crate::db::log;
use crate::db::presence::{self, At};
use crate::db::rounds::{self, RoundAct};
use crate::db::{Db, Tx, plan, users};
use crate::passwords::Passwords;
use crate::settings::{Reach, Settings};
use crate::state::App;
use anyhow::{Context, Result};
use chrono::DateTime;
use domain::access::Role;
use domain::ids::UserId;
use domain::jury::{Presence, Standing};
use domain::log::OrganiserAct;
use domain::round::{Round, RoundMove};
use domain::sample::{Person, Sample, SampleAct, SampleError, SampleRound, parse};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

/// The settings' version while the sheets are on their way: founding makes it, the last step raises it. So what was
/// interrupted is known.
const FILLING: u64 = 1;

/// Imports the sample, unless the database has an edition already; an interrupted import is finished. Returns the line
/// to print.
pub async fn import(db: Db, nature: Nature, data: &Path, folder: &Path) -> Result<String> {
    let mut tx = db.read().await?;
    let head = log::head(&mut tx).await?;
    tx.rollback().await?;
    let begun = head.is_some();
    if head.is_some_and(|head| head.catalog_version > FILLING) {
        db.close().await;
        return Ok("The database has an edition already: nothing was changed.".to_owned());
    }
    let sample = read(folder)?;
    let app = App::start(offline(folder), db, nature, data).await?;
    let result = async {
        if !begun {
            begin(&app, &sample).await?;
        }
        fill(&app, &sample).await
    }
    .await;
    app.stop().await;
    result
}

/// Reads and checks the files of a sample.
pub fn read(folder: &Path) -> Result<Sample> {
    let read = |file: &'static str| {
        let error = |error: std::io::Error| SampleError { file, what: error.to_string() };
        std::fs::read_to_string(folder.join(file)).map_err(error)
    };
    parse(&read).with_context(|| format!("the sample in {}", folder.display()))
}

/// Nothing is served: only the writer is wanted.
fn offline(folder: &Path) -> Settings {
    Settings {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        site: folder.to_path_buf(),
        reach: Reach::Loopback,
        session_idle_ms: 0,
        replace_receipt_key: false,
    }
}

/// The first step: people, settings, and every round's opening.
pub async fn begin(app: &App, sample: &Sample) -> Result<()> {
    let hashes = hash_passwords(&app.passwords, &app.nature, &sample.people).await?;
    let mut tx = app.db.write().await?;
    insert_people(&mut tx, sample, &hashes, app.nature.now()).await?;
    let absences = insert_settings(&mut tx, sample, &app.nature).await?;
    for (round, act) in acts_of(sample, |acts| acts.get(..1).unwrap_or_default()) {
        append_round_act(&mut tx, sample, round, act).await?;
    }
    let at = app.nature.now();
    let (founder, recorder) = (By { user: founder(sample)?, at }, By { user: recorder(sample)?, at });
    let acts = [(founder, OrganiserAct::Found {})].into_iter().chain(absences.into_iter().map(|act| (recorder, act)));
    acts::record_all(&mut tx, &app.catalogs, &app.receipt_key, sample.edition.id, acts.collect(), OnSettings::Founded)
        .await?;
    Ok(tx.commit().await?)
}

/// The sheets, then what closed the rounds: an act after which nothing more is counted must not come before what it
/// closes. A sheet that is there already is known by its place in its tablet's chain, and not counted twice.
async fn fill(app: &App, sample: &Sample) -> Result<String> {
    let ops = sheets::push_all(app, sample).await?;

    let mut tx = app.db.write().await?;
    for (round, act) in acts_of(sample, |acts| acts.get(1..).unwrap_or_default()) {
        let head = log::head(&mut tx).await?.context("there is no edition")?;
        let before = acts::settings(&mut tx, &head).await?;
        append_round_act(&mut tx, sample, round, act).await?;
        let Round { code, epoch, .. } = &round.round;
        let (round, reason) = (code.clone(), String::new());
        let moved = OrganiserAct::MoveRound { round, step: RoundMove::Close, epoch: *epoch, reason };
        let by = By { user: act.by, at: moment(act)? };
        let (edition, moved) = (sample.edition.id, vec![(by, moved)]);
        acts::record_all(&mut tx, &app.catalogs, &app.receipt_key, edition, moved, OnSettings::Changed(before)).await?;
    }
    log::raise_catalog_version(&mut tx, sample.edition.id).await?;
    log::announce(&mut tx).await?;
    tx.commit().await?;
    let (products, sheets) = (sample.products.len(), sample.sheets.len());
    Ok(format!("Sample edition: {products} products, {sheets} sheets, {ops} operations."))
}

async fn hash_passwords(passwords: &Passwords, nature: &Nature, people: &[Person]) -> Result<Vec<String>> {
    let hashes = people.iter().map(|person| passwords.hash(person.password.clone(), nature.bytes()));
    Ok(futures_util::future::try_join_all(hashes).await?)
}

async fn insert_people(tx: &mut Tx, sample: &Sample, hashes: &[String], now: i64) -> Result<()> {
    for (person, hash) in sample.people.iter().zip(hashes) {
        let user = users::NewUser {
            id: person.id,
            name: &person.name,
            display_name: &person.display_name,
            title: &person.title,
            role: person.role,
            password_hash: hash,
            demo: true,
            created_at: now,
        };
        users::insert(tx, &user).await.with_context(|| format!("the account {}", person.name))?;
    }
    Ok(())
}

/// Everything that the founding act speaks of. Returns the absences that its secretary recorded, as acts that follow it.
async fn insert_settings(tx: &mut Tx, sample: &Sample, nature: &Nature) -> Result<Vec<OrganiserAct>> {
    let (edition, now) = (sample.edition.id, nature.now());
    editions::insert(tx, &sample.edition, &sample.scoring, now).await?;
    editions::insert_rubric(tx, edition, &sample.rubric, now).await?;
    for round in &sample.rounds {
        editions::insert_round(tx, edition, &round.round).await?;
    }
    for province in &sample.provinces {
        editions::insert_province(tx, edition, province).await?;
    }
    for place in &sample.establishments {
        editions::insert_establishment(tx, edition, &place.code, &place.province, &place.establishment).await?;
    }
    for product in &sample.products {
        editions::insert_product(tx, edition, &product.establishment, &product.product).await?;
    }
    for row in &sample.plan {
        plan::insert(tx, edition, row).await?;
    }
    log::insert(tx, edition, &nature.hex::<8>()).await?;
    insert_seats(tx, sample, now).await
}

async fn insert_seats(tx: &mut Tx, sample: &Sample, now: i64) -> Result<Vec<OrganiserAct>> {
    let recorder = recorder(sample)?;
    let edition = sample.edition.id;
    let mut absent = BTreeMap::new();
    for (round, panels) in &sample.panels {
        for (product, panel) in panels {
            for (juror, seat) in panel {
                let key = SeatKey { edition, round, product: *product, juror: *juror };
                editions::insert_seat(tx, key, seat).await?;
                if seat.standing != Standing::Active {
                    editions::append_standing(tx, key, &seat.standing, recorder, now).await?;
                }
                if let (Standing::Absent { reason }, Some(stop)) = (&seat.standing, &seat.stop) {
                    let (delegation, date) = (stop.delegation.clone(), stop.date.clone());
                    absent.insert((round, At { delegation, date, ordinal: stop.ordinal, juror: *juror }), reason);
                }
            }
        }
    }
    // One act for each juror at a stop, however many products it has.
    let mut acts = Vec::with_capacity(absent.len());
    for ((round, at), reason) in absent {
        let presence = Presence::Absent { reason: reason.clone() };
        presence::append(tx, edition, round, &at, &presence, (recorder, now)).await?;
        let (round, At { delegation, date, ordinal, juror }) = (round.clone(), at);
        acts.push(OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, from: Vec::new() });
    }
    Ok(acts)
}

/// Absences and recusals are recorded by the secretary.
fn recorder(sample: &Sample) -> Result<UserId> {
    let secretary = sample.people.iter().find(|person| person.role == Role::Secretary);
    Ok(secretary.context("the sample has no secretary")?.id)
}

/// Who made the edition: an organiser.
fn founder(sample: &Sample) -> Result<UserId> {
    let organiser = sample.people.iter().find(|person| person.role == Role::Organiser);
    Ok(organiser.context("the sample has no organiser")?.id)
}

fn acts_of(
    sample: &Sample,
    which: fn(&[SampleAct]) -> &[SampleAct],
) -> impl Iterator<Item = (&SampleRound, &SampleAct)> {
    sample.rounds.iter().flat_map(move |round| which(&round.acts).iter().map(move |act| (round, act)))
}

async fn append_round_act(tx: &mut Tx, sample: &Sample, round: &SampleRound, act: &SampleAct) -> Result<()> {
    let act = RoundAct { state: act.state, epoch: round.round.epoch, by: act.by, at: moment(act)?, reason: "" };
    Ok(rounds::append_act(tx, sample.edition.id, &round.round.code, &act).await?)
}

fn moment(act: &SampleAct) -> Result<i64> {
    let time = DateTime::parse_from_rfc3339(&act.at);
    Ok(time.with_context(|| format!("rounds.toml: {} is not a moment", act.at))?.timestamp_millis())
}
