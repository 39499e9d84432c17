//! `binhchon sample`: the shipped edition, with the figures that its README names.

use crate::world::{fresh_postgres, temporary_folder};
use domain::api::TotalsPage;
use domain::tally::Row;
use server::clock::Nature;
use server::db::{Db, open};
use server::sample::{begin, import, read};
use server::state::App;
use std::path::Path;
use tempfile::TempDir;

fn shipped() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../sample/small"))
}

async fn imported(url: &str, folder: &TempDir) -> App {
    let db = open::open(url).await.unwrap();
    let said = import(db, Nature::of_this_machine(), folder.path(), shipped()).await.unwrap();
    assert!(said.starts_with("Sample edition: 30 products, 136 sheets"), "{said}");
    let db = open::open(url).await.unwrap();
    App::start(crate::world::loopback(), db, Nature::of_this_machine(), folder.path()).await.unwrap()
}

async fn page(app: &App, round: &str) -> TotalsPage {
    let bytes = app.live.page(&round.parse().unwrap()).await.unwrap().unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn find<'a>(page: &'a TotalsPage, code: &str) -> &'a Row {
    page.totals.rows.iter().find(|row| row.code.as_str() == code).unwrap()
}

fn figures(page: &TotalsPage, code: &str) -> (Option<u32>, Option<(i64, i64)>) {
    let row = find(page, code);
    (row.rank, row.mean.map(|mean| (mean.num, mean.den)))
}

async fn check(url: &str, folder: &TempDir) {
    let app = imported(url, folder).await;
    let dossier = page(&app, "dossier").await;
    assert_eq!(figures(&dossier, "KGI-001"), (Some(1), Some((45_650, 5))));
    assert_eq!(figures(&dossier, "BTR-001").0, Some(2), "a tie");
    assert_eq!(figures(&dossier, "AGI-001").0, Some(2));
    assert_eq!(find(&dossier, "BTR-001").mean, find(&dossier, "AGI-001").mean);
    assert_eq!(figures(&dossier, "KGI-005").1, Some((35_000, 5)), "exactly 70");
    assert_eq!(figures(&dossier, "BTR-002").1, Some((34_950, 5)), "69,90");
    assert!(!dossier.totals.provisional, "closed, and nothing missing");
    assert!(dossier.totals.rows.iter().all(|row| row.complete));

    let visit = page(&app, "visit").await;
    assert_eq!(figures(&visit, "AGI-001").1, Some((26_800, 3)));
    assert_eq!(figures(&visit, "AGI-002").1, Some((16_650, 2)));
    assert_eq!((find(&visit, "AGI-006").recused, find(&visit, "DTH-001").absent), (1, 1));
    assert!(visit.totals.provisional);
    assert_eq!(page(&app, "direct").await.totals.rows.len(), 30);
    app.stop().await;

    let db = open::open(url).await.unwrap();
    let said = import(db, Nature::of_this_machine(), folder.path(), shipped()).await.unwrap();
    assert_eq!(said, "The database has an edition already: nothing was changed.");
    counts(url).await;
}

async fn counts(url: &str) {
    let db = open::open(url).await.unwrap();
    let checks = [
        ("SELECT COUNT(*) FROM users WHERE demo = TRUE", 8),
        ("SELECT COUNT(*) FROM ops WHERE status <> 'accepted'", 0),
        ("SELECT COUNT(*) FROM replicas", 5),
        ("SELECT COUNT(*) FROM round_acts", 3),
        ("SELECT COUNT(*) FROM standing_acts", 4),
        ("SELECT COUNT(*) FROM provinces", 20),
        ("SELECT acted_at FROM round_acts WHERE round = 'visit'", 1_724_630_400_000),
    ];
    for (sql, expected) in checks {
        let (count,): (i64,) = match &db {
            Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_one(read).await.unwrap(),
            Db::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await.unwrap(),
        };
        assert_eq!(count, expected, "{sql}");
    }
}

#[tokio::test]
async fn the_sample_has_its_figures_on_sqlite() {
    let folder = temporary_folder();
    check(&format!("sqlite://{}", folder.path().join("a.db").display()), &folder).await;
}

#[tokio::test]
async fn the_sample_has_its_figures_on_postgres() {
    if let Some(url) = fresh_postgres().await {
        check(&url, &temporary_folder()).await;
    }
}

/// A program killed between the settings and the last sheet: the next start finishes what was begun.
#[tokio::test]
async fn an_interrupted_import_is_finished_by_the_next_one() {
    let folder = temporary_folder();
    let url = format!("sqlite://{}", folder.path().join("a.db").display());
    let db = open::open(&url).await.unwrap();
    let app = App::start(crate::world::loopback(), db, Nature::of_this_machine(), folder.path()).await.unwrap();
    begin(&app, &read(shipped()).unwrap()).await.unwrap();
    app.stop().await;
    check(&url, &folder).await;
}

#[tokio::test]
async fn a_mistake_in_the_files_is_named_and_nothing_is_written() {
    let folder = temporary_folder();
    let copy = folder.path().join("sample");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(shipped()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let products = std::fs::read_to_string(copy.join("products.csv")).unwrap();
    std::fs::write(copy.join("products.csv"), products.replace("CS-AGI-01", "CS-AGI-99")).unwrap();
    let path = folder.path().join("a.db");
    let db = open::open_file(&path).await.unwrap();
    let error = import(db.clone(), Nature::of_this_machine(), folder.path(), &copy).await.unwrap_err();
    assert!(format!("{error:#}").contains("products.csv: AGI-001: unknown establishment"), "{error:#}");
    let Db::Sqlite { read, .. } = &db else { return };
    let (users,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM users").fetch_one(read).await.unwrap();
    assert_eq!(users, 0);
}
