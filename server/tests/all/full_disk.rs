//! The server's disk is full: nothing that can't be stored is acknowledged, nothing acknowledged is lost, and once there is
//! room the same push goes in (S18, S19).

use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::World;
use domain::sheet::{Act, MAX_TEXT_CHARS};
use domain::sync::wire::Push;
use server::db::Db;

/// Pushes of the longest remarks until the room that a database has already taken is used up.
const PUSHES: u64 = 400;

/// No file grows any more; on PostgreSQL the table takes no row, as if.
pub async fn fill(world: &World, table: &str) {
    match world.app.db {
        // As many pages as there are: it is never less. The limit is the connection's: it ends with it.
        Db::Sqlite { .. } => drop(world.run("PRAGMA max_page_count = 1").await),
        Db::Postgres(_) => {
            let refuse = "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN \
                RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; \
                END $$ LANGUAGE plpgsql";
            world.run(refuse).await;
            let no_room =
                format!("CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()");
            world.run(&no_room).await;
        }
    }
}

pub async fn make_room(world: &World, table: &str) {
    match world.app.db {
        Db::Sqlite { .. } => drop(world.run("PRAGMA max_page_count = 1073741823").await),
        Db::Postgres(_) => drop(world.run(&format!("DROP TRIGGER no_room ON {table}")).await),
    }
}

on_both_engines! {
    /// S18, S19: a coded refusal instead of an ack; what was acknowledged is all there, and the outbox drains later.
    async fn s19_a_full_disk_acknowledges_nothing_that_it_has_not(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        fill(&world, "ops").await;

        let mut acked = 1;
        let refused = loop {
            assert!(acked < PUSHES, "the disk never fills");
            tablet.act("visit", 1, Act::SetRemark { text: "ữ".repeat(MAX_TEXT_CHARS) });
            let push = Push { ops: tablet.ops[acked as usize..].to_vec(), ..tablet.push_from(acked + 1) };
            let answer = world.push(&cookie, &push).await;
            if answer.status != 200 {
                break answer;
            }
            acked += 1;
        };
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (507, "server_full"));
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, acked as i64);
        let pulled = world.get(&cookie, "/api/v1/sync/pull").await;
        assert_eq!(pulled.json()["ops"].as_array().map(Vec::len), Some(acked as usize), "what it has is still read");

        make_room(&world, "ops").await;
        let pushed = world.pushed(&cookie, &tablet.push_from(acked + 1)).await;
        assert_eq!(pushed.acked_seq, acked + 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, acked as i64 + 1);
        assert_eq!(world.count("SELECT position FROM log_heads").await, acked as i64 + 1, "no position is skipped");
    }
}
