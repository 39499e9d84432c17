//! The files under `/assets/`: named by the hash of their content, each with a brotli sibling where that is smaller.
//!
//! The hash in the name is also what the service worker checks a download against (`public/sw.js`): a page of a
//! captive portal or a truncated file can't enter a tablet's offline copy.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Files in `public/` with a role of their own (the symbols are compiled into the app): they don't become hashed assets.
const NOT_ASSETS: [&str; 4] = ["sw.js", "loader.js", "manifest.webmanifest", "icons/symbols.svg"];
const IMAGES: [&str; 5] = ["png", "svg", "ico", "webp", "avif"];

/// Every asset written so far.
pub struct Assets {
    folder: PathBuf,
    quality: u32,
    /// `/fonts/x.woff2` → `/assets/x-<hash>.woff2`, for each file of `public/`.
    files: BTreeMap<String, String>,
    urls: BTreeSet<String>,
}

/// How many bytes each asset costs on the wire.
pub struct Compressed(BTreeMap<String, u64>);

impl Assets {
    /// Starts with an empty `assets/` inside `out`.
    pub fn new(out: &Path, quality: u32) -> Result<Self> {
        let folder = out.join("assets");
        fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
        Ok(Self { folder, quality, files: BTreeMap::new(), urls: BTreeSet::new() })
    }

    /// Adds all files of a folder, with its subfolders; `/fonts/x.woff2` is then known to [`Assets::find`].
    pub fn add_folder(&mut self, public: &Path) -> Result<()> {
        for path in files_below(public)? {
            let name = path.strip_prefix(public)?.to_string_lossy().replace('\\', "/");
            if NOT_ASSETS.contains(&name.as_str()) {
                continue;
            }
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            let url = self.add(&stem, &extension, &fs::read(&path)?)?;
            self.files.insert(format!("/{name}"), url);
        }
        Ok(())
    }

    /// Writes one asset and gives its URL.
    pub fn add(&mut self, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
        let name = format!("{stem}-{}.{extension}", short_hash(content));
        fs::write(self.folder.join(&name), content)?;
        let url = format!("/assets/{name}");
        self.urls.insert(url.clone());
        Ok(url)
    }

    /// The asset made of a file of `public/`, by the path under which a style sheet or the manifest names it.
    pub fn find(&self, public_path: &str) -> Option<&str> {
        self.files.get(public_path).map(String::as_str)
    }

    /// All of `public/`, for whoever writes HTML.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// The fonts' URLs.
    pub fn fonts(&self) -> Vec<String> {
        self.with_extension(&["woff2"])
    }

    /// What a tablet without network needs beside its code.
    pub fn fonts_and_images(&self) -> Vec<String> {
        let mut all = self.fonts();
        all.extend(self.with_extension(&IMAGES));
        all
    }

    fn with_extension(&self, extensions: &[&str]) -> Vec<String> {
        let has_extension = |url: &&String| extensions.contains(&url.rsplit('.').next().unwrap_or_default());
        self.files.values().filter(has_extension).cloned().collect()
    }

    /// One hash over all names (which carry their contents' hashes) and the service worker's source.
    pub fn hash_of_all(&self, worker: &str) -> String {
        let names: Vec<&str> = self.urls.iter().map(String::as_str).collect();
        short_hash(format!("{}\n{worker}", names.join("\n")).as_bytes())
    }

    /// Writes `<name>.br` beside each asset that it makes smaller, on as many threads as there are cores.
    pub fn compress(&self) -> Result<Compressed> {
        let waiting = Mutex::new(self.urls.iter().collect::<Vec<_>>());
        let sizes = Mutex::new(BTreeMap::new());
        let work = || -> Result<()> {
            while let Some(url) = lock(&waiting).pop() {
                let size = self.compress_one(url)?;
                lock(&sizes).insert(url.clone(), size);
            }
            Ok(())
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| -> Result<()> {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for handle in handles {
                handle.join().map_err(|_| anyhow::anyhow!("compressing an asset failed"))??;
            }
            Ok(())
        })?;
        Ok(Compressed(sizes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)))
    }

    fn compress_one(&self, url: &str) -> Result<u64> {
        let path = self.folder.join(url.trim_start_matches("/assets/"));
        let content = fs::read(&path)?;
        let mut packed = Vec::new();
        let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, self.quality, 22);
        writer.write_all(&content)?;
        drop(writer);
        if packed.len() >= content.len() {
            return Ok(content.len() as u64);
        }
        let mut sibling = path.into_os_string();
        sibling.push(".br");
        fs::write(sibling, &packed)?;
        Ok(packed.len() as u64)
    }
}

impl Compressed {
    /// Bytes on the wire; 0 for an unknown URL.
    pub fn size(&self, url: &str) -> u64 {
        self.0.get(url).copied().unwrap_or_default()
    }
}

/// The first 16 hex digits of SHA-256: `public/sw.js` computes the same.
fn short_hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("{} can't be read", next.display()))? {
            let path = entry?.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
