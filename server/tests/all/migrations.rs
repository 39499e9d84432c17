//! The two folders of migrations say the same.

use crate::world::{World, fresh_postgres, temporary_folder};
use server::db::{Db, open};
use std::collections::BTreeSet;
use std::fs;

fn names(engine: &str) -> BTreeSet<String> {
    let folder = format!("{}/../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_folders_have_the_same_files() {
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

/// Table, column, type, whether it may be null.
type Column = (String, String, String, bool);

async fn columns(db: &Db) -> BTreeSet<Column> {
    let rows: Vec<Column> = match db {
        Db::Sqlite { read, .. } => sqlx::query_as(
            "SELECT m.name, c.name, LOWER(c.type), c.\"notnull\" = 0 FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
        )
        .fetch_all(read)
        .await
        .unwrap(),
        Db::Postgres(pool) => sqlx::query_as(
            "SELECT table_name::text, column_name::text, REPLACE(data_type::text, 'bytea', 'blob'), is_nullable = 'YES'
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
    };
    rows.into_iter().collect()
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let Some(url) = fresh_postgres().await else { return };
    let postgres = columns(&open::open(&url).await.unwrap()).await;
    let folder = temporary_folder();
    let sqlite = columns(&open::open_file(&folder.path().join("a.db")).await.unwrap()).await;
    assert_eq!(sqlite.difference(&postgres).collect::<Vec<_>>(), Vec::<&Column>::new(), "only on SQLite");
    assert_eq!(postgres.difference(&sqlite).collect::<Vec<_>>(), Vec::<&Column>::new(), "only on PostgreSQL");
    assert!(sqlite.len() > 80, "{}", sqlite.len());
    let types: BTreeSet<_> = sqlite.iter().map(|column| column.2.as_str()).collect();
    assert_eq!(types, BTreeSet::from(["bigint", "blob", "boolean", "text"]), "integers are BIGINT");
}

crate::on_both_engines! {
    /// A database that a newer program has written is refused in one line.
    async fn a_newer_database_is_named(world) {
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                   VALUES (9999, 'later', TRUE, '', 0)";
        match &world.app.db {
            Db::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.map(|_| ()),
            Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|_| ()),
        }
        .unwrap();
        let (url, _folder) = World::close(world).await;
        let error = open::open(&url).await.err().unwrap().to_string();
        assert!(error.starts_with("the database is newer than this program") && !error.contains('\n'), "{error}");
    }

    /// Opening twice changes nothing.
    async fn migrating_again_changes_nothing(world) {
        let before = columns(&world.app.db).await;
        let again = open::open(&world.url).await.unwrap();
        assert_eq!(columns(&again).await, before);
    }
}
