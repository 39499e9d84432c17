//! Turns compiled WebAssembly, `style/` and `public/` into the folder that the server serves.
//!
//! Why not an existing bundler: installing one takes a quarter of an hour of compiling on a small machine; the few
//! libraries behind it take a minute, and are pinned by our own lock file.
//!
//! The folder holds `assets/` (names carry the hash of their content, so they may be cached for ever), `site.json`
//! (what the server and the service worker need to know), `manifest.webmanifest` and `sw.js`.

mod assets;
mod code;
mod manifest;
mod styles;

use anyhow::{Context, Result, bail};
use assets::Assets;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What the command line says: where to read, where to write, how hard to compress.
struct Order {
    /// The repository: `style/` and `public/` are read from it.
    root: PathBuf,
    /// Where cargo put `tablet.wasm` and `desk.wasm`.
    wasm: PathBuf,
    /// The site to write; an older one is replaced.
    out: PathBuf,
    /// Brotli's effort, 0–11.
    quality: u32,
}

impl Order {
    /// A folder for wasm-bindgen's output until it is read.
    fn bound(&self) -> PathBuf {
        self.beside("bound")
    }

    /// A folder of this run alone: two may run at once.
    fn beside(&self, purpose: &str) -> PathBuf {
        self.out.with_extension(format!("{purpose}-{}", std::process::id()))
    }
}

fn main() -> Result<()> {
    let order = read_arguments()?;
    let fresh = order.beside("new");
    let replaced = write_site(&order, &fresh).and_then(|()| replace_folder(&order.out, &fresh));
    for left in [fresh, order.bound()] {
        drop(fs::remove_dir_all(left));
    }
    replaced
}

fn read_arguments() -> Result<Order> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [root, wasm, out, quality] = arguments.as_slice() else {
        bail!("bundler <repository> <folder of the wasm files> <site to write> <brotli quality 0–11>");
    };
    Ok(Order {
        root: root.into(),
        wasm: wasm.into(),
        out: out.into(),
        quality: quality.parse().context("the brotli quality is a number from 0 to 11")?,
    })
}

fn write_site(order: &Order, out: &Path) -> Result<()> {
    let mut assets = Assets::new(out, order.quality)?;
    let public = order.root.join("public");
    assets.add_folder(&public)?;

    let styles = order.root.join("style");
    let tablet = code::add_bundle(&mut assets, order, "tablet", &styles, true)?;
    let desk = code::add_bundle(&mut assets, order, "desk", &styles, false)?;
    manifest::write(&assets, &public, out)?;
    let worker = fs::read_to_string(public.join("sw.js")).context("public/sw.js")?;
    fs::write(out.join("sw.js"), &worker)?;
    let compressed = assets.compress()?;

    let kept_offline = assets.fonts_and_images();
    let code_brotli: u64 = tablet.all().iter().map(|url| compressed.size(url)).sum();
    let fonts_brotli: u64 = assets.fonts().iter().map(|url| compressed.size(url)).sum();
    let precache: Vec<&String> = tablet.all().into_iter().chain(&kept_offline).collect();
    let site = json!({
        "build": assets.hash_of_all(&worker),
        "tablet": tablet.to_json(),
        "desk": desk.to_json(),
        "precache": precache,
        "files": assets.files(),
        "sizes": { "code_brotli": code_brotli, "fonts_brotli": fonts_brotli },
    });
    fs::write(out.join("site.json"), serde_json::to_string_pretty(&site)?)?;
    println!("tablet: {} KB code + {} KB fonts, brotli", code_brotli.div_ceil(1024), fonts_brotli.div_ceil(1024));
    Ok(())
}

/// Puts the finished site in place of the old one, so that a server never reads half a site.
fn replace_folder(out: &Path, fresh: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::rename(fresh, out).with_context(|| format!("{} could not be put in place", out.display()))
}
