//! The signing key and its master key (S19).

use crate::on_both_engines;
use crate::visits::found;
use crate::world::{World, temporary_folder};
use domain::sync::chain::to_hex;
use domain::sync::receipt::ReceiptKey;
use server::evidence;
use server::evidence::verify::{Witnesses, verify};
use server::keys::{self, KeyError};
use std::path::Path;

async fn load(world: &World, data: &Path, replace: bool) -> Result<ReceiptKey, KeyError> {
    keys::load(&world.app.db, &world.app.nature, data, replace).await
}

on_both_engines! {
    /// S19: all processes share the key through the database, and nobody has it without the master key.
    async fn s19_the_master_key_opens_the_signing_key_and_no_other_does(world) {
        let ours = world.app.receipt_key.public();
        assert_eq!(load(&world, world.folder(), false).await.unwrap().public(), ours);

        let elsewhere = temporary_folder();
        let refused = load(&world, elsewhere.path(), false).await.err().unwrap();
        assert!(matches!(&refused, KeyError::NoMaster { known, .. } if *known == ours.key_id), "{refused}");
        assert!(refused.to_string().contains("keys/master.key"), "{refused}");
        assert!(!elsewhere.path().join("keys").exists(), "no key is drawn that opens nothing: `verify` would go by it");

        // Whatever the clock says.
        world.clock.pass(-60_000);
        let replaced = load(&world, elsewhere.path(), true).await.unwrap().public();
        assert_ne!(replaced, ours);
        assert_eq!(load(&world, elsewhere.path(), false).await.unwrap().public(), replaced);
        assert_eq!(world.count("SELECT COUNT(*) FROM receipt_keys").await, 2, "the earlier public half stays");
        let refused = load(&world, world.folder(), false).await.err().unwrap();
        let known = replaced.key_id;
        assert!(matches!(&refused, KeyError::Other { known: named, .. } if *named == known), "the first opens the first only");
    }

    /// S19, S32: whoever replaces the key vouches for the log as it is: its end is signed anew, and only then it goes on.
    async fn s19_a_replaced_key_goes_on_where_the_earlier_one_ended(world) {
        found(&world).await;
        let elsewhere = temporary_folder();
        let replaced = load(&world, elsewhere.path(), true).await.unwrap();
        let (app, now) = (&world.app, world.app.nature.now());
        assert!(evidence::begin(&app.db, &app.catalogs, &replaced, false, now).await.is_err());
        evidence::begin(&app.db, &app.catalogs, &replaced, true, now).await.unwrap();
        evidence::begin(&app.db, &app.catalogs, &replaced, false, now).await.unwrap();
        let report = verify(&app.db, Witnesses::default()).await.unwrap().unwrap();
        assert_eq!((report.findings, report.signer), (vec![], Some(replaced.public().key_id)));
    }

    /// S19: two processes that start at once on an empty database sign with one key.
    async fn s19_two_processes_that_start_at_once_share_one_key(world) {
        world.run("DELETE FROM receipt_keys").await;
        let folder = world.folder();
        let (one, other) = tokio::join!(load(&world, folder, false), load(&world, folder, false));
        assert_eq!(one.unwrap().public(), other.unwrap().public());
        assert_eq!(world.count("SELECT COUNT(*) FROM receipt_keys").await, 1);
    }

    /// S19: what an older version kept bare is wrapped, goes on to be trusted, and lies about no more.
    async fn s19_an_older_versions_key_is_taken_over(world) {
        let seed = [7; 32];
        let older = world.folder().join("receipt.key");
        std::fs::write(&older, to_hex(&seed)).unwrap();
        let key = ReceiptKey::from_seed(seed).public();
        world.run("DELETE FROM receipt_keys").await;
        world.run(&format!(
            "INSERT INTO receipt_keys (key_id, public, first_used_at) VALUES ('{}', '{}', 1)", key.key_id, key.public
        )).await;
        assert_eq!(load(&world, world.folder(), false).await.unwrap().public(), key);
        assert!(!older.exists());
        assert_eq!(load(&world, world.folder(), false).await.unwrap().public(), key, "from the database");
    }
}

/// S19: neither the database nor any file that others may read holds what signs.
#[cfg(unix)]
#[tokio::test]
async fn s19_the_master_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::on_sqlite().await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = world.folder().join("keys");
    assert_eq!((mode(&folder), mode(&folder.join("master.key"))), (0o700, 0o600));
    assert!(!world.folder().join("receipt.key").exists());

    // Copied from another machine.
    let everybody = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.join("master.key"), everybody).unwrap();
    load(&world, world.folder(), false).await.unwrap();
    assert_eq!(mode(&folder.join("master.key")), 0o600);
}

/// S19: a power cut at the very first start leaves an empty file, and no server that never starts again.
#[tokio::test]
async fn s19_an_empty_key_file_is_none() {
    let world = World::on_sqlite().await;
    world.run("DELETE FROM receipt_keys").await;
    let elsewhere = temporary_folder();
    std::fs::create_dir_all(elsewhere.path().join("keys")).unwrap();
    std::fs::write(elsewhere.path().join("keys/master.key"), "").unwrap();
    let key = load(&world, elsewhere.path(), false).await.unwrap().public();
    assert_eq!(load(&world, elsewhere.path(), false).await.unwrap().public(), key);
}
