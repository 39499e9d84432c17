//! A long list fills in by frames: the first screenful is there at once, and no single task makes hundreds of rows.

use leptos::prelude::*;

/// Rows that are made at once: a screenful and more.
pub const FIRST: usize = 30;
/// Rows that a frame adds.
const PORTION: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    all: usize,
    shown: usize,
    frame: u32,
}

/// How many of `all` rows are made by now, `first` of them at once. Rows that were there before `all` changed stay; more
/// come a frame at a time.
pub fn gradually(all: Signal<usize>, first: usize) -> Memo<usize> {
    let frame = RwSignal::new(0_u32);
    let progress = Memo::new(move |before: Option<&Progress>| next(before.copied(), all.get(), frame.get(), first));
    Effect::new(move |_| {
        if progress.with(|progress| progress.shown < progress.all) {
            request_animation_frame(move || {
                // The list may be gone by now.
                let _ = frame.try_update(|frame| *frame = frame.wrapping_add(1));
            });
        }
    });
    Memo::new(move |_| progress.with(|progress| progress.shown))
}

fn next(before: Option<Progress>, all: usize, frame: u32, first: usize) -> Progress {
    let shown = match before {
        None => first,
        Some(before) => {
            let there = before.shown.min(before.all);
            let grown = if before.frame == frame { there } else { there.saturating_add(PORTION) };
            grown.max(first.min(FIRST))
        }
    };
    Progress { all, shown: shown.min(all), frame }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_long_list_comes_a_frame_at_a_time_and_a_short_one_at_once() {
        let shown = |before, all, frame| next(before, all, frame, FIRST);
        assert_eq!(shown(None, 7, 0).shown, 7);
        let mut now = shown(None, 382, 0);
        assert_eq!(now.shown, FIRST);
        now = shown(Some(now), 382, 1);
        assert_eq!(now.shown, FIRST + PORTION);
        now = shown(Some(now), 382, 1);
        assert_eq!(now.shown, FIRST + PORTION, "once a frame");
        while now.shown < now.all {
            now = shown(Some(now), 382, now.frame + 1);
        }
        assert_eq!(shown(Some(now), 381, now.frame).shown, 381, "what is there stays");
        let searched = shown(Some(now), 3, now.frame);
        assert_eq!(searched.shown, 3);
        assert_eq!(shown(Some(searched), 382, now.frame).shown, FIRST, "and comes back by frames");
    }

    #[wasm_bindgen_test]
    fn a_list_that_is_scrolled_back_into_comes_whole() {
        assert_eq!(next(None, 382, 0, usize::MAX).shown, 382);
    }
}
