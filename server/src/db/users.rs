//! People who sign in.

use super::{Db, DbResult, Tx, read, with_db, with_tx};
use domain::access::Role;
use domain::ids::UserId;
use sqlx::{Postgres, QueryBuilder};

/// A person to add.
pub struct NewUser<'a> {
    /// Identity.
    pub id: UserId,
    /// Account name.
    pub name: &'a str,
    /// As others read it.
    pub display_name: &'a str,
    /// Title or degree, as printed on a sheet.
    pub title: &'a str,
    /// Role.
    pub role: Role,
    /// Argon2id, in PHC form.
    pub password_hash: &'a str,
    /// Whether everybody knows the password.
    pub demo: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// What signing in needs to know of a person.
pub struct Account {
    /// Identity.
    pub id: UserId,
    /// As others read it.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// Argon2id, in PHC form.
    pub password_hash: String,
}

/// Adds a person.
pub async fn insert(tx: &mut Tx, user: &NewUser<'_>) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO users (id, name, display_name, title, role, password_hash, demo, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(user.id.to_string())
    .bind(user.name)
    .bind(user.display_name)
    .bind(user.title)
    .bind(user.role.as_str())
    .bind(user.password_hash)
    .bind(user.demo)
    .bind(user.created_at)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The person with this account name.
pub async fn find(db: &Db, name: &str) -> DbResult<Option<Account>> {
    let row: Option<(String, String, String, String)> =
        with_db!(db, |pool| sqlx::query_as("SELECT id, display_name, role, password_hash FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(pool)
            .await)?;
    row.map(|(id, display_name, role, password_hash)| {
        Ok(Account { id: read(&id, "user id")?, display_name, role: read(&role, "role")?, password_hash })
    })
    .transpose()
}

/// Locks people until the transaction ends: what it reads of them from here on no other transaction that locks them changes. In
/// the order of their ids, so that two processes never wait for each other. SQLite's whole database is locked already.
pub async fn lock(tx: &mut Tx, users: &[UserId]) -> DbResult<()> {
    if let Tx::Postgres(tx) = tx {
        let mut query = QueryBuilder::<Postgres>::new("SELECT id FROM users WHERE id IN (");
        let mut list = query.separated(", ");
        for user in users {
            list.push_bind(user.to_string());
        }
        // Rows that refer to a person, such as a new session's, don't have to wait.
        query.push(") ORDER BY id FOR NO KEY UPDATE").build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Everybody's name as others read it.
pub async fn display_names(tx: &mut Tx) -> DbResult<Vec<(UserId, String)>> {
    let rows: Vec<(String, String)> =
        with_tx!(tx, |connection| sqlx::query_as("SELECT id, display_name FROM users").fetch_all(connection).await)?;
    rows.into_iter().map(|(id, name)| Ok((read(&id, "user id")?, name))).collect()
}

/// Whether accounts exist whose passwords everybody knows.
pub async fn any_demo(db: &Db) -> DbResult<bool> {
    let name: Option<(String,)> =
        with_db!(db, |pool| sqlx::query_as("SELECT name FROM users WHERE demo = TRUE LIMIT 1")
            .fetch_optional(pool)
            .await)?;
    Ok(name.is_some())
}
