//! The command line: flags, and options with a value as `--name value` or `--name=value`.

use anyhow::{Context, Result, bail};

/// What of the command line has not been read yet.
pub struct Arguments(Vec<String>);

impl Arguments {
    /// Takes the words after the command's name.
    pub fn new(words: impl Iterator<Item = String>) -> Self {
        Self(words.collect())
    }

    /// Whether the flag was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// The option's value, if it was given.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        let with_sign = format!("{name}=");
        let Some(place) = self.0.iter().position(|word| word == name || word.starts_with(&with_sign)) else {
            return Ok(None);
        };
        let word = self.0.remove(place);
        if let Some(value) = word.strip_prefix(&with_sign) {
            return Ok(Some(value.to_owned()));
        }
        let value = (place < self.0.len()).then(|| self.0.remove(place));
        Ok(Some(value.with_context(|| format!("{name} wants a value"))?))
    }

    /// Refuses whatever nobody asked for.
    pub fn finish(self) -> Result<()> {
        if let Some(word) = self.0.first() {
            bail!("unknown argument “{word}” (see cargo xtask help)");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_values_and_unknown_words() -> Result<()> {
        let words = ["--fresh", "--addr", "0.0.0.0:1", "--data=x", "--odd"].map(str::to_owned);
        let mut arguments = Arguments::new(words.into_iter());
        assert!(arguments.flag("--fresh"));
        assert!(!arguments.flag("--release"));
        assert_eq!(arguments.value("--addr")?.as_deref(), Some("0.0.0.0:1"));
        assert_eq!(arguments.value("--data")?.as_deref(), Some("x"));
        assert_eq!(arguments.value("--none")?, None);
        assert!(arguments.finish().is_err_and(|error| error.to_string().contains("--odd")));
        Ok(())
    }

    #[test]
    fn an_option_without_its_value_is_refused() {
        let mut arguments = Arguments::new(["--addr".to_owned()].into_iter());
        assert!(arguments.value("--addr").is_err());
    }
}
