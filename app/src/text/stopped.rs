//! The words of the last screen. They take the language as a parameter: after a panic no signal may be trusted.

use super::Language;

/// The button that saves what waits as a file, in Vietnamese and English; the sync page has it, too.
pub const RESCUE: (&str, &str) = ("Tải tệp dự phòng", "Save the rescue file");
/// After it was saved.
pub const RESCUED: (&str, &str) = (
    "Tệp dự phòng đã nằm trong mục tải về của máy. Nếu ứng dụng vẫn không mở được, chuyển tệp này cho tổ giúp việc.",
    "The rescue file is among the device's downloads. If the app still won't open, give it to the support team.",
);
/// After it was saved without photos that the device could not read.
pub const PARTLY_RESCUED: (&str, &str) = (
    "Tệp dự phòng đã nằm trong mục tải về của máy, nhưng thiếu ảnh mà máy không đọc được. Giữ nguyên máy và báo tổ giúp việc.",
    "The rescue file is among the device's downloads, but lacks photos that the device could not read. Keep the device as it is and tell the support team.",
);
/// After it could not be made.
pub const NOT_RESCUED: (&str, &str) = (
    "Chưa tạo được tệp dự phòng. Phiếu vẫn nằm trên máy: giữ nguyên máy và báo tổ giúp việc.",
    "The rescue file could not be made. The sheets are still on the device: keep it as it is and tell the support team.",
);

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
    /// The button that saves what waits as a file.
    pub rescue: &'static str,
    /// Once the file is on its way to the device's downloads.
    pub rescued: &'static str,
    /// Likewise, without some photos.
    pub partly_rescued: &'static str,
    /// If it could not be made.
    pub not_rescued: &'static str,
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
            rescue: RESCUE.0,
            rescued: RESCUED.0,
            partly_rescued: PARTLY_RESCUED.0,
            not_rescued: NOT_RESCUED.0,
            details: "Chi tiết để báo tổ giúp việc",
        },
        Language::English => Words {
            title: "The app has stopped",
            words: "Everything marked “Saved on this device” is still there. Open the app again to go on.",
            unsent: "unsent sheets are on this device",
            open_again: "Open the app again",
            rescue: RESCUE.1,
            rescued: RESCUED.1,
            partly_rescued: PARTLY_RESCUED.1,
            not_rescued: NOT_RESCUED.1,
            details: "Details for the support team",
        },
    }
}
