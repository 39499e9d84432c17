//! Search without diacritics: "go my nghe" finds "gỗ mỹ nghệ".

/// The text in small letters without diacritics, `đ` as `d`.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(bare).collect()
}

/// Whether each word of an already folded search occurs in an already folded text.
pub fn finds(search: &str, text: &str) -> bool {
    search.split_whitespace().all(|word| text.contains(word))
}

fn bare(letter: char) -> Option<char> {
    Some(match letter {
        'à' | 'á' | 'ạ' | 'ả' | 'ã' | 'â' | 'ầ' | 'ấ' | 'ậ' | 'ẩ' | 'ẫ' | 'ă' | 'ằ' | 'ắ' | 'ặ' | 'ẳ' | 'ẵ' => 'a',
        'è' | 'é' | 'ẹ' | 'ẻ' | 'ẽ' | 'ê' | 'ề' | 'ế' | 'ệ' | 'ể' | 'ễ' => 'e',
        'ì' | 'í' | 'ị' | 'ỉ' | 'ĩ' => 'i',
        'ò' | 'ó' | 'ọ' | 'ỏ' | 'õ' | 'ô' | 'ồ' | 'ố' | 'ộ' | 'ổ' | 'ỗ' | 'ơ' | 'ờ' | 'ớ' | 'ợ' | 'ở' | 'ỡ' => 'o',
        'ù' | 'ú' | 'ụ' | 'ủ' | 'ũ' | 'ư' | 'ừ' | 'ứ' | 'ự' | 'ử' | 'ữ' => 'u',
        'ỳ' | 'ý' | 'ỵ' | 'ỷ' | 'ỹ' => 'y',
        'đ' => 'd',
        // Some keyboards write the letter and its marks one after the other.
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}
