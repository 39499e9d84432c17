//! What a person likes of the screen: theme, size of text, language. Kept in localStorage (nothing of value is), and
//! told to `<html>`, from which the style sheets read it.

use crate::text::{Language, speak};
use gloo_storage::{LocalStorage, Storage};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const KEY: &str = "preferences";

/// Colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device has it.
    #[default]
    Auto,
    /// Paper white.
    Light,
    /// At night.
    Dark,
    /// Under the open sky.
    Sunlight,
}

/// Size of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// 16 px.
    #[default]
    Normal,
    /// 18 px.
    Large,
    /// 21 px.
    Larger,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    theme: Theme,
    text_size: TextSize,
    language: Language,
}

/// The preferences as signals; a handle to copy around.
#[derive(Clone, Copy)]
pub struct Preferences {
    kept: RwSignal<Kept>,
}

/// Reads the preferences, puts them into the context, and keeps `<html>` and localStorage up to date with them.
pub fn provide_preferences() {
    let kept = LocalStorage::get::<Kept>(KEY).unwrap_or_default();
    show(&kept);
    let kept = RwSignal::new(kept);
    provide_context(Preferences { kept });
    Effect::watch(
        move || kept.get(),
        |kept, _, _| {
            show(kept);
            // A browser that forbids localStorage forgets the theme; nothing else depends on it.
            LocalStorage::set(KEY, kept).ok();
        },
        false,
    );
}

/// The preferences of this app.
pub fn use_preferences() -> Preferences {
    expect_context()
}

impl Preferences {
    /// The theme now.
    pub fn theme(self) -> Theme {
        self.kept.get().theme
    }

    /// Another theme.
    pub fn set_theme(self, theme: Theme) {
        self.kept.update(|kept| kept.theme = theme);
    }

    /// The size of text now.
    pub fn text_size(self) -> TextSize {
        self.kept.get().text_size
    }

    /// Another size of text.
    pub fn set_text_size(self, text_size: TextSize) {
        self.kept.update(|kept| kept.text_size = text_size);
    }

    /// Another language.
    pub fn set_language(self, language: Language) {
        self.kept.update(|kept| kept.language = language);
    }
}

fn show(kept: &Kept) {
    speak(kept.language);
    let Some(html) = document().document_element() else {
        return;
    };
    let theme = match kept.theme {
        Theme::Auto => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
        Theme::Sunlight => Some("sunlight"),
    };
    let text = match kept.text_size {
        TextSize::Normal => None,
        TextSize::Large => Some("large"),
        TextSize::Larger => Some("larger"),
    };
    for (name, value) in [("data-theme", theme), ("data-text", text), ("lang", Some(kept.language.tag()))] {
        // Setting a fixed attribute of <html> has no way to fail.
        match value {
            Some(value) => html.set_attribute(name, value).ok(),
            None => html.remove_attribute(name).ok(),
        };
    }
}
