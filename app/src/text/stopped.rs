//! The words of the last screen. They take the language as a parameter: after a panic no signal may be trusted.

use super::Language;

/// Everything that the screen says.
pub struct Words {
    /// Heading.
    pub title: &'static str,
    /// What is safe, and what to do.
    pub words: &'static str,
    /// After the number of sheets.
    pub unsent: &'static str,
    /// The button.
    pub open_again: &'static str,
    /// Over the technical part.
    pub details: &'static str,
}

/// In this language.
pub fn words(language: Language) -> Words {
    match language {
        Language::Vietnamese => Words {
            title: "Ứng dụng đã dừng",
            words: "Mọi điểm có dòng “Đã lưu trên máy” vẫn còn nguyên. Mở lại ứng dụng để làm tiếp.",
            unsent: "phiếu chưa gửi đang nằm trên máy này",
            open_again: "Mở lại ứng dụng",
            details: "Chi tiết để báo tổ giúp việc",
        },
        Language::English => Words {
            title: "The app has stopped",
            words: "Everything marked “Saved on this device” is still there. Open the app again to go on.",
            unsent: "unsent sheets are on this device",
            open_again: "Open the app again",
            details: "Details for the support team",
        },
    }
}
