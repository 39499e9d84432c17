//! An answer means COMMIT (S19), and one push that the database refuses takes no other along.

use crate::tablet::Tablet;
use crate::world::World;
use domain::access::{Actor, Role};
use domain::sync::inbox::{Delivery, ReplicaState, decide};
use domain::sync::wire::Push;
use server::db::Db;
use server::db::open;
use server::db::ops::{self, Place};

/// From now on a transaction that adds an operation of replica `…4001` fails, and not before its COMMIT: a row that refers
/// to nobody is noticed only then.
const FAIL_AT_COMMIT: [&str; 2] = [
    "CREATE TABLE witness (user_id TEXT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
     CREATE TRIGGER spoil AFTER INSERT ON ops WHEN NEW.replica_id LIKE '%4001'
     BEGIN INSERT INTO witness VALUES ('nobody'); END;",
    "CREATE TABLE witness (user_id TEXT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
     CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN INSERT INTO witness VALUES ('nobody'); RETURN NEW; END $$;
     CREATE TRIGGER spoil AFTER INSERT ON ops FOR EACH ROW WHEN (NEW.replica_id LIKE '%4001') EXECUTE FUNCTION spoil();",
];
const HEAL: [&str; 2] = ["DROP TRIGGER spoil", "DROP TRIGGER spoil ON ops"];

async fn run(world: &World, [sqlite, postgres]: [&'static str; 2]) {
    match &world.app.db {
        Db::Sqlite { write, .. } => sqlx::raw_sql(sqlite).execute(write).await.map(|_| ()),
        Db::Postgres(pool) => sqlx::raw_sql(postgres).execute(pool).await.map(|_| ()),
    }
    .unwrap();
}

crate::on_both_engines! {
    /// S19, I2: a push whose COMMIT fails is not acknowledged, nothing of it is there, and its neighbours are stored.
    async fn s19_nothing_is_acknowledged_before_its_commit(world) {
        let (mut bad, bad_cookie) = Tablet::registered(&world, 1).await;
        let (mut good, good_cookie) = Tablet::registered(&world, 2).await;
        bad.mark(1, "1.1", 350);
        good.score(1, [400, 200, 300]);
        run(&world, FAIL_AT_COMMIT).await;
        let (bad_push, good_push) = (bad.push(), good.push());
        let (refused, stored) =
            tokio::join!(world.push(&bad_cookie, &bad_push), world.push(&good_cookie, &good_push));
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (500, "internal"));
        assert_eq!(stored.status, 200, "{}", stored.text());
        assert!(!refused.text().contains("witness"), "no internals: {}", refused.text());
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 4);
        assert_eq!(world.count("SELECT position FROM log_heads").await, 4, "no position is lost");
        assert_eq!(world.count("SELECT COUNT(*) FROM replicas WHERE seq > 0").await, 1);

        run(&world, HEAL).await;
        assert_eq!(world.pushed(&bad_cookie, &bad.push()).await.acked_seq, 1);
        assert_eq!(world.count("SELECT MAX(position) FROM ops").await, 5);
    }

    /// I2: even if everything else failed, the database itself takes a number of a chain once.
    async fn i2_the_database_takes_an_operation_once(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        let push: Push = tablet.push();
        let mut tx = world.app.db.write().await.unwrap();
        let head = server::db::log::head(&mut tx).await.unwrap().unwrap();
        let catalog = world.app.catalogs.at(&mut tx, &head).await.unwrap();
        let unknown = ReplicaState { user: crate::edition::user(1), seq: 0, head: None, revoked: false };
        let delivery = Delivery::read(push, Actor { user: unknown.user, role: Role::Juror });
        let again = decide(&delivery, &unknown, &[], &[], &*catalog).unwrap();
        let place = Place { edition: head.edition, first_position: 2, received_at: 0 };
        let error = ops::append(&mut tx, place, &again).await.unwrap_err().to_string();
        assert!(error.to_lowercase().contains("unique"), "{error}");
    }
}

/// S19: on PostgreSQL a commit is durable whatever the database's own settings say, and a machine that died keeps neither the
/// log nor a connection for long.
#[tokio::test]
async fn s19_postgresql_is_told_how_durable_a_commit_is() {
    let Some(world) = World::on_postgres().await else { return };
    let settings = ["synchronous_commit", "idle_in_transaction_session_timeout", "tcp_keepalives_idle"];
    for (name, careless) in settings.into_iter().zip(["off", "0", "7200"]) {
        let alter = format!("format('ALTER DATABASE %I SET {name} = {careless}', current_database())");
        world.run(&format!("DO $$ BEGIN EXECUTE {alter}; END $$")).await;
    }
    let db = open::open(&world.url).await.unwrap();
    let Db::Postgres(pool) = &db else { panic!("another engine") };
    // What a connection was told, not what it shows: on a socket of the same machine nothing has to be kept alive.
    let told: Vec<(String, String)> =
        sqlx::query_as("SELECT name, reset_val FROM pg_settings WHERE name = ANY ($1) ORDER BY name")
            .bind(settings)
            .fetch_all(pool)
            .await
            .unwrap();
    db.close().await;
    let expected =
        [("idle_in_transaction_session_timeout", "60000"), ("synchronous_commit", "on"), ("tcp_keepalives_idle", "30")];
    assert_eq!(told, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}
