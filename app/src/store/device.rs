//! Who has signed in on this device, and which database is whose: what lets the app start without a network. It holds no
//! work, only names; jurors who share a tablet have a database each (S1).

use super::connection::Connection;
use super::problem::SaveProblem;
use super::schema::Schema;
use super::schema::v1::PEOPLE;
use domain::api::SignedIn;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};

/// The one database whose name is known beforehand.
pub const DEVICE: &str = "binhchon-device";

/// Somebody who has signed in here once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As the server said.
    pub who: SignedIn,
    /// The random name of their database.
    pub database: String,
    /// At most one of all people; stays set when the server forgets the session.
    pub signed_in: bool,
}

/// The device's register of people.
pub struct Device {
    db: Connection,
}

impl Device {
    /// Opens the register of this name, which is [`DEVICE`] outside tests.
    pub async fn open(name: &str) -> Result<Self, SaveProblem> {
        Ok(Self { db: Connection::open(name, Schema::Device).await? })
    }

    /// Who is signed in on this device.
    pub async fn signed_in(&self) -> Result<Option<Person>, SaveProblem> {
        let people: Vec<Person> = self.db.read(&[PEOPLE], async |tx| tx.get_all(PEOPLE).await).await?;
        Ok(people.into_iter().find(|person| person.signed_in))
    }

    /// The entry of a user; a new one, with this database name, if they have never been here.
    pub async fn enter(&self, who: &SignedIn, database: &str) -> Result<Person, SaveProblem> {
        let key = who.user.to_string();
        self.db
            .write(&[PEOPLE], async |tx| {
                let known: Option<Person> = tx.get(PEOPLE, key.as_str()).await?;
                let person = match known {
                    Some(known) => Person { who: who.clone(), ..known },
                    None => Person { who: who.clone(), database: database.to_owned(), signed_in: false },
                };
                tx.put(PEOPLE, key.as_str(), &person)?;
                Ok(person)
            })
            .await
    }

    /// Marks this user as signed in, and nobody else; with none, nobody. Deletes nothing (S11).
    pub async fn mark_signed_in(&self, user: Option<UserId>) -> Result<(), SaveProblem> {
        self.db
            .write(&[PEOPLE], async |tx| {
                let people: Vec<Person> = tx.get_all(PEOPLE).await?;
                for mut person in people {
                    person.signed_in = Some(person.who.user) == user;
                    tx.put(PEOPLE, person.who.user.to_string(), &person)?;
                }
                Ok(())
            })
            .await
    }
}
