//! What a browser loads before our code runs: one neutral page for every address of the app, the service worker, the
//! assets. All of it lies in the site folder that `cargo xtask` builds, and is read from there at each request, so that a
//! rebuilt front end needs no restart.

pub mod files;
pub mod page;
pub mod worker;

use crate::state::App;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `site.json`.
#[derive(Deserialize)]
pub struct Site {
    /// Hash of everything.
    pub build: String,
    /// The jurors' bundle.
    pub tablet: Bundle,
    /// The organisers' bundle.
    pub desk: Bundle,
    /// What a tablet keeps for offline.
    pub precache: Vec<String>,
    /// `/icons/icon.svg` → `/assets/icon-….svg`.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// The entry files of a bundle.
#[derive(Deserialize)]
pub struct Bundle {
    /// The script that starts it.
    pub loader: String,
    /// Its style sheet.
    pub css: String,
    /// What the loader will ask for.
    pub preload: Vec<String>,
}

/// Reads `site.json`; none while no front end is built.
pub async fn site(app: &App) -> Option<Site> {
    let path = app.settings.site.join("site.json");
    let text = tokio::fs::read(&path).await.ok()?;
    match serde_json::from_slice(&text) {
        Ok(site) => Some(site),
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "site.json can't be read");
            None
        }
    }
}
