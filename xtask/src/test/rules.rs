//! The rules of docs/SYNC.md and the tests that name them: a rule without a test is only a wish.

use super::Outcome;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where tests are.
const TESTS: [&str; 6] = ["domain/src", "app", "server", "end2end/stories", "end2end/engines", "xtask/simulate/src"];

/// Every rule has a test.
pub fn every_rule_has_a_test() -> Outcome {
    let text = fs::read_to_string("docs/SYNC.md").context("docs/SYNC.md")?;
    let mut cited = BTreeSet::new();
    for folder in TESTS {
        read_folder(Path::new(folder), &mut cited)?;
    }
    let missing: Vec<String> = rules(&text).into_iter().filter(|rule| !cited.contains(rule)).collect();
    if !missing.is_empty() {
        bail!("rules of docs/SYNC.md that no test names: {}", missing.join(", "));
    }
    Ok("")
}

/// `S16`, `I4`, … as they stand in bold.
fn rules(text: &str) -> Vec<String> {
    let bold = text.split("**").skip(1).step_by(2);
    bold.filter(|name| is_rule(name)).map(str::to_owned).collect()
}

fn is_rule(name: &str) -> bool {
    let mut letters = name.chars();
    matches!(letters.next(), Some('S' | 'I')) && letters.clone().next().is_some() && letters.all(|c| c.is_ascii_digit())
}

/// Rules that files name: `s16_…` in a test's name, `S16` in its words.
fn read_folder(folder: &Path, cited: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules") {
            read_folder(&path, cited)?;
        } else if is_test(&path) {
            cited.extend(cited_in(&fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

fn is_test(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let invariants = text.ends_with("simulate/src/invariants.rs");
    let rust = text.ends_with(".rs") && (text.contains("/tests") || text.contains("domain/src"));
    rust || invariants || text.ends_with(".spec.ts")
}

/// In Rust only what stands behind the first test of a file counts: the code above speaks of rules, too.
fn cited_in(text: &str) -> BTreeSet<String> {
    let tests = text.find("#[cfg(test)]").map_or(text, |start| &text[start..]);
    let words = tests.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(str::to_uppercase).filter(|word| is_rule(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_what_stands_in_bold_and_has_a_number() {
        let text = "- **S1** A thing.\n- a **bold** word\n**I3** at the end · **I4** too";
        assert_eq!(rules(text), ["S1", "I3", "I4"]);
    }

    #[test]
    fn tests_cite_rules_by_name_or_in_words() {
        let text =
            "/// S9: not a test\nfn a() {}\n#[cfg(test)]\nmod tests {\n/// I2 and\nfn s16_a_gap() {} // S17, S2x";
        assert_eq!(cited_in(text).into_iter().collect::<Vec<_>>(), ["I2", "S16", "S17"]);
    }
}
