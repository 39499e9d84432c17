//! Photos on a sheet and in the record of a stop.

use super::pick;

words! {
    title: "Ảnh", "Photos";
    add: "Thêm ảnh", "Add photos";
    hint: "Chụp hoặc chọn trong máy. Ảnh được thu nhỏ, lưu trên máy này và tự gửi khi có mạng.", "Take them or choose them here. They are made smaller, saved on this device and sent once there is a network.";
    saving: "Đang lưu ảnh…", "Saving…";
    not_saved: "Chưa lưu trên máy", "Not saved on this device";
    again: "Lưu lại", "Save again";
    discard: "Bỏ ảnh", "Discard";
    remove: "Gỡ ảnh này", "Remove this photo";
    elsewhere: "Ảnh ở máy khác, xem được khi có mạng", "Taken on another device; shown once there is a network";
    unreadable: "Không đọc được tệp vừa chọn như một ảnh. Chụp lại hoặc chọn ảnh khác.", "What you chose can't be read as a picture. Take it again or choose another one.";
    full: "Đã đủ số ảnh. Gỡ bớt một ảnh rồi thêm.", "No more photos fit. Remove one first.";
}

/// "Ảnh 2".
pub fn numbered(number: usize) -> String {
    pick(|| format!("Ảnh {number}"), || format!("Photo {number}"))
}

/// "3 / 12 ảnh".
pub fn count(there: usize, most: usize) -> String {
    pick(|| format!("{there}/{most} ảnh"), || format!("{there} of {most}"))
}
