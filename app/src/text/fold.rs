//! Search without diacritics: "go my nghe" finds "gỗ mỹ nghệ".

use js_sys::JsString;
use std::ops::RangeInclusive;

/// What stands on and under a letter, when it is written apart.
const MARKS: RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// The text in small letters without diacritics, `đ` as `d`. The browser knows the letters: tables of them are not carried
/// along.
pub fn fold(text: &str) -> String {
    let apart = String::from(JsString::from(text).to_lower_case().normalize("NFD"));
    apart
        .chars()
        .filter(|letter| !MARKS.contains(letter))
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .collect()
}

/// Whether each word of an already folded search occurs in an already folded text.
pub fn finds(search: &str, text: &str) -> bool {
    search.split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_search_without_diacritics_finds_what_has_them() {
        let text = fold("BTR-005 Bộ dụng cụ nhà bếp bằng gỗ dừa, thủ công MỸ NGHỆ Đồng Tháp");
        for search in ["go my nghe", "gỗ mỹ nghệ", "dong thap", "btr-005", "BẾP gỗ", ""] {
            assert!(finds(&fold(search), &text), "{search}");
        }
        assert!(!finds(&fold("go my nghe an giang"), &text));
    }

    #[wasm_bindgen_test]
    fn letters_written_with_their_marks_apart_are_the_same() {
        assert_eq!(fold("go\u{302}\u{303} my\u{303} nghe\u{302}\u{323}"), "go my nghe");
    }
}
