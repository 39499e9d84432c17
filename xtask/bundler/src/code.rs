//! One bundle (tablet or desk): WebAssembly, its JavaScript, the loader and the style sheet.

use crate::assets::Assets;
use crate::{Order, styles};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// The URLs of a bundle.
pub struct Bundle {
    loader: String,
    css: String,
    preload: Vec<String>,
}

impl Bundle {
    /// Everything that the bundle is made of.
    pub fn all(&self) -> Vec<&String> {
        [&self.loader, &self.css].into_iter().chain(&self.preload).collect()
    }

    /// The bundle's entry in `site.json`.
    pub fn to_json(&self) -> Value {
        json!({ "loader": self.loader, "css": self.css, "preload": self.preload })
    }
}

/// Binds, hashes and adds the bundle of this name; `offline` bundles register the service worker.
pub fn add_bundle(assets: &mut Assets, order: &Order, name: &str, styles: &Path, offline: bool) -> Result<Bundle> {
    let css = styles::add(assets, &styles.join(format!("{name}.css")), name)?;
    let bound = bind(order, name)?;
    let wasm = assets.add(name, "wasm", &fs::read(bound.join(format!("{name}_bg.wasm")))?)?;
    let mut preload = vec![wasm.clone()];

    let mut script = fs::read_to_string(bound.join(format!("{name}.js")))?;
    for snippet in snippets(&bound)? {
        let url = assets.add("snippet", "js", &fs::read(bound.join(&snippet))?)?;
        script = script.replace(&format!("./{snippet}"), &url);
        preload.push(url);
    }
    let script = assets.add(name, "js", packed(&script).as_bytes())?;
    preload.push(script.clone());

    let loader = fs::read_to_string(order.root.join("public/loader.js")).context("public/loader.js")?;
    let loader = loader
        .replace("__SCRIPT__", &script)
        .replace("__WASM__", &wasm)
        .replace("__KEEP_OFFLINE__", if offline { "true" } else { "false" });
    let loader = assets.add(&format!("loader-{name}"), "js", packed(&loader).as_bytes())?;
    Ok(Bundle { loader, css, preload })
}

/// Without the comments and indentation that are for people: a tenth of what a tablet downloads of it.
fn packed(script: &str) -> String {
    minifier::js::minify(script).to_string()
}

/// Runs wasm-bindgen; debug information and names stay behind (17 MB → 3 MB in a development build).
fn bind(order: &Order, name: &str) -> Result<PathBuf> {
    let input = order.wasm.join(format!("{name}.wasm"));
    let out = order.bound().join(name);
    Bindgen::new()
        .input_path(&input)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .keep_debug(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&out)
        .with_context(|| format!("wasm-bindgen on {}", input.display()))?;
    Ok(out)
}

/// The JavaScript files that crates bring along, as paths relative to the bound folder.
fn snippets(bound: &Path) -> Result<Vec<String>> {
    let folder = bound.join("snippets");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for owner in fs::read_dir(&folder)? {
        for file in fs::read_dir(owner?.path())? {
            let path = file?.path();
            found.push(path.strip_prefix(bound)?.to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}
