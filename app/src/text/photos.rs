//! Photos on a sheet and in the record of a stop.

use super::pick;

words! {
    title: "Ảnh", "Photos";
    add: "Thêm ảnh", "Add photos";
    hint: "Chụp hoặc chọn trong máy. Ảnh được thu nhỏ, lưu trên máy này và tự gửi khi có mạng.", "Take them or choose them here. They are made smaller, saved on this device and sent once there is a network.";
    saving: "Đang lưu ảnh…", "Saving…";
    not_saved: "Chưa lưu trên máy.", "Not saved on this device.";
    first_save: "Có ảnh chưa lưu trên máy. Bấm Lưu lại hoặc Bỏ ảnh, rồi mới xác nhận được.", "Some photos are not saved on this device. Save or discard them, then confirm.";
    refused: "Máy chủ chưa nhận", "Not taken by the server";
    removed: "Đã gỡ ảnh.", "Photo removed.";
    again: "Lưu lại", "Save again";
    discard: "Bỏ ảnh", "Discard";
    remove: "Gỡ ảnh này", "Remove this photo";
    elsewhere: "Ảnh ở máy khác, xem được khi có mạng", "Taken on another device; shown once there is a network";
    not_here_yet: "Máy chụp ảnh chưa gửi ảnh này", "The device that took it has not sent it yet";
    not_sent_yet: "Ảnh chưa gửi tới", "Not sent yet";
    full: "Đã đủ số ảnh. Gỡ bớt một ảnh rồi thêm.", "No more photos fit. Remove one first.";
}

/// Files that are no pictures.
pub fn unreadable(count: usize) -> String {
    match count {
        1 => pick(
            || "Tệp vừa chọn không mở được thành ảnh. Chụp lại hoặc chọn ảnh khác.".to_owned(),
            || "What you chose can't be opened as a picture. Take it again or choose another one.".to_owned(),
        ),
        _ => pick(
            || format!("{count} tệp vừa chọn không mở được thành ảnh. Chụp lại hoặc chọn ảnh khác."),
            || format!("{count} of the files can't be opened as pictures. Take them again or choose others."),
        ),
    }
}

/// There was room for some of the chosen ones only.
pub fn no_room(beyond: usize, most: usize) -> String {
    pick(
        || format!("{beyond} ảnh không thêm được vì mỗi nơi chỉ có {most} ảnh."),
        || format!("{beyond} did not fit: there is room for {most} photos."),
    )
}

/// "Ảnh 2", and what is the matter with it.
pub fn numbered_as(number: usize, state: Option<&str>) -> String {
    state.map_or_else(|| numbered(number), |state| format!("{}: {state}", numbered(number)))
}

/// "Ảnh 2".
pub fn numbered(number: usize) -> String {
    pick(|| format!("Ảnh {number}"), || format!("Photo {number}"))
}

/// "3 / 12 ảnh".
pub fn count(there: usize, most: usize) -> String {
    pick(|| format!("{there}/{most} ảnh"), || format!("{there} of {most}"))
}
