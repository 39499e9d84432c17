//! One style sheet a bundle: `@import`s inlined, minified, lowered for the oldest browser we name, `url(/fonts/…)`
//! turned into the hashed asset.

use crate::assets::Assets;
use anyhow::{Context, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};
use std::path::Path;

/// The oldest browsers that the tablets of a visit still run.
const OLDEST: Browsers = Browsers {
    android: Some(version(111, 0)),
    chrome: Some(version(111, 0)),
    edge: Some(version(111, 0)),
    firefox: Some(version(115, 0)),
    ie: None,
    ios_saf: Some(version(16, 4)),
    opera: None,
    safari: Some(version(16, 4)),
    samsung: Some(version(22, 0)),
};

const fn version(major: u32, minor: u32) -> u32 {
    major << 16 | minor << 8
}

/// Bundles one entry (`style/tablet.css`) and gives its URL.
pub fn add(assets: &mut Assets, entry: &Path, name: &str) -> Result<String> {
    let css = bundle(entry, &|url| assets.find(url).map(str::to_owned))?;
    assets.add(name, "css", css.as_bytes())
}

fn bundle(entry: &Path, find: &dyn Fn(&str) -> Option<String>) -> Result<String> {
    let files = FileProvider::new();
    let sheet = Bundler::new(&files, None, ParserOptions::default()).bundle(entry);
    let mut sheet = sheet.map_err(|error| anyhow!("{}: {error}", entry.display()))?;
    let targets = Targets::from(OLDEST);
    sheet
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .map_err(|error| anyhow!("{}: {error}", entry.display()))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("{}: {error}", entry.display()))?;

    let mut css = printed.code;
    for dependency in printed.dependencies.unwrap_or_default() {
        let Dependency::Url(used) = dependency else {
            continue;
        };
        let url = if used.url.starts_with("data:") {
            used.url
        } else {
            find(&used.url).with_context(|| format!("{}: public{} does not exist", used.loc.file_path, used.url))?
        };
        css = css.replace(&used.placeholder, &url);
    }
    Ok(css)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_inlined_and_urls_are_hashed() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("bundler-styles-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("shared.css"), "@font-face { font-family: A; src: url(/fonts/a.woff2) }")?;
        std::fs::write(folder.join("entry.css"), "@import './shared.css';\n.a { .b & { color: #ff0000 } }")?;
        let known = |url: &str| (url == "/fonts/a.woff2").then(|| "/assets/a-1.woff2".to_owned());
        let css = bundle(&folder.join("entry.css"), &known)?;
        assert!(css.contains("/assets/a-1.woff2"), "{css}");
        assert!(css.contains(".b .a{color:red}"), "nesting is lowered: {css}");
        assert!(!css.contains("@import"), "{css}");

        let unknown = bundle(&folder.join("entry.css"), &|_| None).err().map(|error| error.to_string());
        assert!(unknown.is_some_and(|text| text.contains("public/fonts/a.woff2 does not exist")));
        std::fs::remove_dir_all(folder)?;
        Ok(())
    }
}
