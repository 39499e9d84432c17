//! Passwords: Argon2id with 46 MiB, at most two at a time, so that a crowd signing in can't use up the machine.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 47_104;
const AT_ONCE: usize = 2;
/// Fewest and most characters of a new password.
pub const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// The most common passwords of published breaches that are long enough to be taken otherwise, and their local kin.
const BREACHED: &str = include_str!("passwords/breached.txt");

/// Hashing or verifying failed for another reason than a wrong password.
#[derive(Debug, thiserror::Error)]
#[error("password hashing failed")]
pub struct HashingFailed;

/// Why a password can't be taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too short or too long.
    #[error("a password has 8 to 128 characters")]
    Length,
    /// Everybody's first guess.
    #[error("this password is among the first that an attacker tries")]
    Breached,
}

/// Checked in place of the hash of an account that doesn't exist, so that both take the same time.
const DECOY: &str = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// Hashes a new password, in PHC form.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, HashingFailed> {
        let _permit = self.0.acquire().await.map_err(|_| HashingFailed)?;
        tokio::task::spawn_blocking(move || hash_now(&password, &salt)).await.map_err(|_| HashingFailed)?
    }

    /// Whether the password is the account's. `None` stands for an account that doesn't exist, and takes as long.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, HashingFailed> {
        let _permit = self.0.acquire().await.map_err(|_| HashingFailed)?;
        let exists = stored.is_some();
        let hash = stored.unwrap_or_else(|| DECOY.to_owned());
        let check =
            move || argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), hash.as_str()).is_ok());
        let fits = tokio::task::spawn_blocking(check).await.map_err(|_| HashingFailed)?;
        Ok(fits && exists)
    }
}

/// Whether a new password may be taken: length and breaches alone, no rules of composition.
pub fn check_new(password: &str) -> Result<(), Unfit> {
    if !LENGTH.contains(&password.chars().count()) {
        return Err(Unfit::Length);
    }
    let plain = password.to_lowercase();
    if BREACHED.lines().any(|breached| breached == plain) { Err(Unfit::Breached) } else { Ok(()) }
}

fn argon2() -> Result<Argon2<'static>, HashingFailed> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).map_err(|_| HashingFailed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, HashingFailed> {
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt).map_err(|_| HashingFailed)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("nepthomlang58".into(), [7; 16]).await.unwrap();
        assert!(passwords.verify("nepthomlang58".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("nepthomlang59".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("nepthomlang58".into(), None).await.unwrap());
        assert_eq!(hash.len(), DECOY.len());
        assert_eq!(hash[..31], DECOY[..31], "the decoy costs what a real one does");
        assert!(DECOY.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        assert!(argon2::PasswordHash::new(DECOY).is_ok(), "and is worked through, not thrown out");
    }

    #[test]
    fn new_passwords_are_bounded_and_not_everybodys() {
        assert_eq!(check_new("muagiotram41"), Ok(()));
        assert_eq!(check_new("ệệệệệệệệ"), Ok(()), "characters, not bytes");
        assert_eq!(check_new("muagio4"), Err(Unfit::Length));
        assert_eq!(check_new(&"a".repeat(129)), Err(Unfit::Length));
        assert_eq!(check_new("Password1"), Err(Unfit::Breached));
        assert_eq!(check_new("binhchon2024"), Err(Unfit::Breached));
        assert!(BREACHED.lines().all(|line| line.len() >= 8 && line == line.to_lowercase()));
    }
}
