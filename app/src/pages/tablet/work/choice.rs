//! What the juror has chosen to see of the list; it outlives the page, so that coming back from a product finds the list
//! as it was left.

use crate::pages::tablet::sheet_facts::{SheetFacts, Stand};
use domain::ids::{GroupCode, RoundCode};
use leptos::prelude::*;

/// Which states are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// All.
    #[default]
    All,
    /// Chưa chấm.
    NotScored,
    /// Đang chấm, with all that waits for its juror.
    Scoring,
    /// Đã khóa.
    Locked,
    /// Not expected: recused, absent.
    NotExpected,
}

impl StateFilter {
    /// Whether a sheet is seen.
    pub fn shows(self, facts: &SheetFacts) -> bool {
        match self {
            Self::All => true,
            Self::NotScored => facts.stand == Stand::NotScored,
            Self::Scoring => matches!(facts.stand, Stand::Scoring | Stand::TwoValues | Stand::Outdated),
            Self::Locked => facts.stand == Stand::Locked,
            Self::NotExpected => matches!(facts.stand, Stand::Recused | Stand::Absent),
        }
    }
}

/// The choice; a handle to copy around.
#[derive(Clone, Copy)]
pub struct WorkChoice {
    /// Round; none = the open one.
    pub round: RwSignal<Option<RoundCode>>,
    /// Search.
    pub search: RwSignal<String>,
    /// State.
    pub state: RwSignal<StateFilter>,
    /// Group; none = all.
    pub group: RwSignal<Option<GroupCode>>,
    scroll: StoredValue<f64>,
}

/// Once, at the root.
pub fn provide_work_choice() {
    provide_context(WorkChoice {
        round: RwSignal::new(None),
        search: RwSignal::new(String::new()),
        state: RwSignal::new(StateFilter::All),
        group: RwSignal::new(None),
        scroll: StoredValue::new(0.0),
    });
}

impl WorkChoice {
    /// Everything is seen again.
    pub fn clear(self) {
        self.search.set(String::new());
        self.clear_filters();
    }

    /// A search goes over all of the round, whatever was filtered before.
    pub fn clear_filters(self) {
        self.state.set(StateFilter::All);
        self.group.set(None);
    }

    /// Keeps the place in the list.
    pub fn keep_scroll(self) {
        self.scroll.set_value(window().scroll_y().unwrap_or_default());
    }

    /// Back to the kept place, once; says whether there is one.
    pub fn restore_scroll(self) -> bool {
        let place = self.scroll.try_update_value(std::mem::take).unwrap_or_default();
        if place > 0.0 {
            // After the router has scrolled the new page to its top.
            request_animation_frame(move || {
                request_animation_frame(move || window().scroll_to_with_x_and_y(0.0, place));
            });
        }
        place > 0.0
    }
}
