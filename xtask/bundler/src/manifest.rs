//! The web app manifest keeps its name (an installed app asks for it again); only its icons' names carry hashes.

use crate::assets::Assets;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Copies `public/manifest.webmanifest`, with every `src` replaced by the asset that it names.
pub fn write(assets: &Assets, public: &Path, out: &Path) -> Result<()> {
    let text = fs::read_to_string(public.join("manifest.webmanifest")).context("public/manifest.webmanifest")?;
    let mut manifest: Value = serde_json::from_str(&text).context("public/manifest.webmanifest")?;
    rewrite(&mut manifest, &|src| assets.find(src).map(str::to_owned))?;
    fs::write(out.join("manifest.webmanifest"), serde_json::to_string(&manifest)?)?;
    Ok(())
}

/// `src` appears in icons, screenshots and the icons of shortcuts: all of them are files of `public/`.
fn rewrite(value: &mut Value, find: &dyn Fn(&str) -> Option<String>) -> Result<()> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| rewrite(item, find)),
        Value::Object(fields) => fields.iter_mut().try_for_each(|(name, field)| match field {
            Value::String(src) if name == "src" => {
                let path = format!("/{}", src.trim_start_matches('/'));
                *src = find(&path).with_context(|| format!("the manifest names public{path}, which does not exist"))?;
                Ok(())
            }
            other => rewrite(other, find),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_rewritten_and_a_missing_one_is_an_error() -> Result<()> {
        let known = |src: &str| (src == "/icons/a.png").then(|| "/assets/a-1.png".to_owned());
        let mut manifest = serde_json::json!({
            "icons": [{ "src": "/icons/a.png" }],
            "shortcuts": [{ "url": "/work", "icons": [{ "src": "icons/a.png" }] }],
        });
        rewrite(&mut manifest, &known)?;
        assert_eq!(manifest["icons"][0]["src"], "/assets/a-1.png");
        assert_eq!(manifest["shortcuts"][0]["icons"][0]["src"], "/assets/a-1.png");
        assert_eq!(manifest["shortcuts"][0]["url"], "/work");

        let mut broken = serde_json::json!({ "icons": [{ "src": "/icons/b.png" }] });
        assert!(rewrite(&mut broken, &known).is_err());
        Ok(())
    }
}
