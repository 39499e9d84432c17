//! Every sentence that a person reads: Vietnamese, with English beside it. The language is a switch that acts at once,
//! so sentences are functions that read it; passing one to a view as it is (`{common::close}`) makes it follow the switch.

/// Declares sentences: `name: "Vietnamese", "English";`. They are values of one type, not functions of a type each: what
/// makes a view of one is in the app's code once.
macro_rules! words {
    ($($name:ident: $vi:literal, $en:literal;)*) => { $(
        #[expect(non_upper_case_globals, reason = "called and passed like a function, and so named")]
        pub const $name: $crate::text::Sentence = || $crate::text::said($vi, $en);
    )* };
}

pub mod common;
pub mod desk;
pub mod fold;
pub mod format;
pub mod grid;
pub mod marks;
pub mod photos;
pub mod plan;
pub mod presence;
pub mod problems;
pub mod product;
pub mod results;
pub mod rounds;
pub mod sheet;
pub mod sign_in;
pub mod stopped;
pub mod sync;
pub mod tablets;
pub mod tally;
pub mod visits;
pub mod work;

use leptos::prelude::{ArcRwSignal, Get, Set};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The languages of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// The language of the award.
    #[default]
    Vietnamese,
    /// For guests and developers.
    English,
}

// One for the whole app and of no component: sentences are needed where no component is, such as in a task's answer.
static LANGUAGE: LazyLock<ArcRwSignal<Language>> = LazyLock::new(|| ArcRwSignal::new(Language::Vietnamese));

/// A sentence that follows the switch.
pub type Sentence = fn() -> &'static str;

/// The language now; whoever reads it in a view follows the switch.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// The words of a sentence in the language now.
fn said(vietnamese: &'static str, english: &'static str) -> &'static str {
    match language() {
        Language::Vietnamese => vietnamese,
        Language::English => english,
    }
}

/// Throws the switch.
pub fn speak(language: Language) {
    LANGUAGE.set(language);
}

impl Language {
    /// As `lang` attributes say it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Vietnamese => Self::English,
            Self::English => Self::Vietnamese,
        }
    }
}

/// The one of two that is in the language now.
pub fn pick<T>(vietnamese: impl FnOnce() -> T, english: impl FnOnce() -> T) -> T {
    match language() {
        Language::Vietnamese => vietnamese(),
        Language::English => english(),
    }
}
