//! What is typed and is no operation yet (S6), with what stood in its cell when the typing began: the words that its writer
//! had on the screen, which alone it may supersede (S23). Sheets and records of stops keep it alike.

use crate::sheet::Bases;

/// Puts, replaces or removes a draft. `now` says what stands in its cell.
pub fn put<C: Clone + PartialEq>(
    drafts: &mut Vec<(C, String)>,
    began_on: &mut Vec<(C, Bases)>,
    cell: &C,
    text: Option<String>,
    now: impl FnOnce() -> Bases,
) {
    let began = end(drafts, began_on, cell);
    if let Some(text) = text {
        drafts.push((cell.clone(), text));
        began_on.push((cell.clone(), began.unwrap_or_else(now)));
    }
}

/// Ends a draft, and says what its writer had on the screen; none if there was none.
pub fn end<C: PartialEq>(drafts: &mut Vec<(C, String)>, began_on: &mut Vec<(C, Bases)>, cell: &C) -> Option<Bases> {
    let place = drafts.iter().position(|(other, _)| other == cell)?;
    drafts.remove(place);
    let began = began_on.iter().position(|(other, _)| other == cell);
    // Earlier versions did not write it down: then nobody knows, and what is another's is not taken for seen.
    Some(began.map(|place| began_on.remove(place).1).unwrap_or_default())
}
