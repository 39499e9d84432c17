//! What typed text says: pure, so that its rules are tested on their own.

use crate::components::criterion_row::Face;
use crate::components::value_choice::Rival;
use crate::tablet::{DraftCell, SheetView};
use crate::text::sheet as words;
use domain::ids::{CriterionCode, ReplicaId};
use domain::points::{Points, PointsError};
use domain::rubric::{Criterion, MarkError};
use domain::sheet::Sheet;

/// Why typed text is no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMark {
    /// Not a number of points.
    NotPoints,
    /// Above the criterion's maximum.
    OverMaximum,
    /// Not a multiple of its step.
    OffStep,
}

/// One more character, where the result can still become points.
pub fn type_into(mut text: String, typed: char) -> String {
    if typed == ',' && text.is_empty() {
        text.push('0');
    }
    if text == "0" && typed != ',' {
        text.clear();
    }
    let (before, mut after) = (text.clone(), text);
    after.push(typed);
    match Points::parse_vi(&after) {
        Ok(_) => after,
        Err(_) => before,
    }
}

/// What typed text says for a criterion: empty is "not scored".
pub fn read_mark(text: &str, criterion: &Criterion) -> Result<Option<Points>, NoMark> {
    let points = match Points::parse_vi(text) {
        Ok(points) => points,
        Err(PointsError::Empty) if text.is_empty() => return Ok(None),
        Err(_) => return Err(NoMark::NotPoints),
    };
    match criterion.check(points) {
        Ok(()) => Ok(Some(points)),
        Err(MarkError::OffStep) => Err(NoMark::OffStep),
        Err(MarkError::OverMaximum) => Err(NoMark::OverMaximum),
        Err(MarkError::Negative) => Err(NoMark::NotPoints),
    }
}

/// How a criterion stands, its draft before its mark as long as the sheet is open: on a locked one a draft is not what was
/// locked. `sheet` is whole: with the marks that it starts from; `here` is the replica of this tablet.
pub fn face(view: &SheetView, open: bool, sheet: &Sheet, criterion: &Criterion, here: Option<ReplicaId>) -> Face {
    let Criterion { code, max, step, .. } = criterion;
    let typed = |cell: &DraftCell| view.drafts.get(cell).filter(|_| open);
    let note = typed(&DraftCell::Note(code.clone())).cloned().unwrap_or_else(|| view.sheet.note(code));
    let cell = DraftCell::Mark(code.clone());
    let Some(text) = typed(&cell) else {
        let rivals = rivals(sheet, code, here);
        if rivals.is_empty() {
            let points = sheet.mark(code);
            return Face { points, shown: points.map(Points::to_vi), note, ..Face::default() };
        }
        let values: Vec<_> = rivals.iter().map(|rival| rival.points.map_or_else(not_scored, Points::to_vi)).collect();
        let (shown, problem) = (values.join(" / "), words::two_values(&values.join(words::and())));
        return Face { shown: Some(shown), problem: Some(problem), note, rivals, ..Face::default() };
    };
    let shown = (!text.is_empty()).then(|| text.clone());
    let unsaved = view.unsaved.contains(&cell);
    match read_mark(text, criterion) {
        Ok(points) if unsaved => {
            Face { points, shown, problem: Some(words::row_not_saved().to_owned()), unsaved, note, ..Face::default() }
        }
        Ok(points) => Face { points, shown, note, ..Face::default() },
        Err(why) => {
            let problem = match why {
                NoMark::NotPoints => words::not_points(text),
                NoMark::OverMaximum => words::over_maximum(text, *max),
                NoMark::OffStep => words::off_step(text, *step),
            };
            Face { shown, problem: Some(problem), note, ..Face::default() }
        }
    }
}

/// The values between which only the juror can choose (S23).
fn rivals(sheet: &Sheet, code: &CriterionCode, here: Option<ReplicaId>) -> Vec<Rival> {
    let mut rivals: Vec<Rival> = Vec::new();
    for head in sheet.mark_heads(code) {
        let here = here.is_some_and(|here| head.is_by(here));
        match rivals.iter_mut().find(|rival| rival.points == head.value) {
            Some(rival) => rival.here |= here,
            None => rivals.push(Rival { points: head.value, here }),
        }
    }
    if rivals.len() < 2 {
        rivals.clear();
    }
    rivals
}

fn not_scored() -> String {
    words::not_scored().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn typed(keys: &str) -> String {
        keys.chars().fold(String::new(), type_into)
    }

    fn criterion() -> Option<Criterion> {
        let json = r#"{"code":"1.2","section":"1","name":"","max":400,"step":50,"guide":""}"#;
        serde_json::from_str(json).ok()
    }

    #[wasm_bindgen_test]
    fn s6_keys_make_only_what_can_become_points() {
        assert_eq!(typed("8,5"), "8,5");
        assert_eq!(typed(",5"), "0,5");
        assert_eq!(typed("08"), "8");
        assert_eq!(typed("8,,5"), "8,5");
        assert_eq!(typed("8,255"), "8,25");
        assert_eq!(typed("12345"), "1234");
    }

    #[wasm_bindgen_test]
    fn s6_only_a_valid_draft_becomes_a_mark() {
        let criterion = criterion().unwrap();
        assert_eq!(read_mark("3,5", &criterion), Ok(Some(Points(350))));
        assert_eq!(read_mark("0", &criterion), Ok(Some(Points(0))));
        assert_eq!(read_mark("", &criterion), Ok(None), "nothing typed is not scored, which is not 0");
        assert_eq!(read_mark("7", &criterion), Err(NoMark::OverMaximum));
        assert_eq!(read_mark("3,2", &criterion), Err(NoMark::OffStep));
        assert_eq!(read_mark(",", &criterion), Err(NoMark::NotPoints));
    }
}
