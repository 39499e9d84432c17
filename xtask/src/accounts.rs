//! The demo accounts, read from the file that also fills the database.

use anyhow::{Context, Result};
use std::fs;

const FILE: &str = "sample/people.toml";

/// A demo account: what someone types to sign in, and as what.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// The sign-in name.
    pub name: String,
    /// The password, in the clear: it belongs to nobody.
    pub password: String,
    /// juror, secretary, organiser or administrator.
    pub role: String,
}

/// Reads `sample/people.toml`.
pub fn read() -> Result<Vec<Account>> {
    parse(&fs::read_to_string(FILE).context(FILE)?)
}

fn parse(text: &str) -> Result<Vec<Account>> {
    let file: toml::Table = text.parse().context(FILE)?;
    let people =
        file.get("people").and_then(toml::Value::as_array).with_context(|| format!("{FILE}: no [[people]]"))?;
    let field = |person: &toml::Value, name: &str| -> Result<String> {
        let value = person.get(name).and_then(toml::Value::as_str);
        Ok(value.with_context(|| format!("{FILE}: a person without {name}"))?.to_owned())
    };
    people
        .iter()
        .map(|person| {
            let [name, password, role] = ["name", "password", "role"].map(|name| field(person, name));
            Ok(Account { name: name?, password: password?, role: role? })
        })
        .collect()
}

/// One JSON object a line, for programs.
pub fn print_as_json() -> Result<()> {
    for Account { name, password, role } in read()? {
        println!("{}", serde_json::json!({ "name": name, "password": password, "role": role }));
    }
    Ok(())
}

/// A table, for people.
pub fn print_as_table() -> Result<()> {
    let accounts = read()?;
    let width = |of: fn(&Account) -> &String| accounts.iter().map(|one| of(one).chars().count()).max().unwrap_or(0);
    let (names, passwords) = (width(|one| &one.name), width(|one| &one.password));
    println!("Demo accounts (name, password, role):");
    for Account { name, password, role } in &accounts {
        println!("  {name:names$}  {password:passwords$}  {role}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_people_and_names_what_is_missing() -> Result<()> {
        let whole = "[[people]]\nname = \"a\"\npassword = \"b\"\nrole = \"juror\"\ndisplay_name = \"A\"";
        let [name, password, role] = ["a", "b", "juror"].map(str::to_owned);
        assert_eq!(parse(whole)?, [Account { name, password, role }]);
        assert!(parse("[[people]]\nname = \"a\"").is_err_and(|error| error.to_string().contains("password")));
        Ok(())
    }

    #[test]
    fn the_sample_has_every_role() -> Result<()> {
        let accounts = parse(include_str!("../../sample/people.toml"))?;
        for role in [
            "juror",
            "jury_head",
            "jury_deputy",
            "council_chair",
            "secretary",
            "organiser",
            "department",
            "administrator",
        ] {
            assert!(accounts.iter().any(|account| account.role == role), "{role}");
        }
        Ok(())
    }
}
