//! Words of every page: the bar, the menu, states, buttons.

use super::pick;

words! {
    app_name: "Bình chọn CNNT", "Rural Industry Award";
    to_content: "Đến nội dung chính", "Skip to the content";
    home_label: "về trang việc của tôi", "to my work";
    desk_home_label: "về trang tổng hợp điểm", "to the totals";
    close: "Đóng", "Close";
    back: "Thôi", "Cancel";
    retry: "Thử lại", "Try again";
    menu: "Trình đơn", "Menu";
    open_menu: "Mở trình đơn", "Open the menu";
    my_work: "Việc của tôi", "My work";
    send_sheets: "Gửi phiếu", "Sync";
    send_now: "Gửi ngay", "Send now";
    sign_out: "Đăng xuất", "Sign out";
    sign_in_again: "Đăng nhập lại", "Sign in again";
    screen: "Màn hình", "Screen";
    theme_auto: "Theo máy", "As the device";
    theme_light: "Sáng", "Light";
    theme_dark: "Tối", "Dark";
    theme_sunlight: "Ngoài nắng", "Sunlight";
    sunlight_mode: "Chế độ ngoài nắng", "Sunlight mode";
    text_size: "Cỡ chữ", "Text size";
    text_normal: "Thường", "Normal";
    text_large: "Lớn", "Large";
    text_larger: "Rất lớn", "Larger";
    language: "Ngôn ngữ", "Language";
    search_label: "Tìm mã, sản phẩm, cơ sở, tỉnh", "Search code, product, establishment, province";
    search_hint: "Tìm mã, sản phẩm, cơ sở, tỉnh", "Code, product, establishment, province";
    not_scored: "Chưa chấm", "Not scored";
    scoring: "Đang chấm", "Scoring";
    not_reviewed: "Chưa xem lại", "Not reviewed";
    adjusting: "Đang điều chỉnh", "Adjusting";
    not_remarked: "Chưa nhận xét", "No remarks yet";
    remarking: "Đang nhận xét", "Writing remarks";
    locked: "Đã khóa", "Locked";
    recused: "Từ chối chấm", "Recused";
    absent: "Vắng mặt", "Absent";
    two_values: "Có hai mức điểm", "Two values";
    confirm_again: "Cần xác nhận lại", "Confirm again";
    not_sent: "chưa gửi", "not sent";
    received: "Tổ giúp việc đã nhận", "Received by the support team";
    held: "tạm giữ, chờ quyết định", "held for a decision";
    needs_you: "cần giám khảo xem lại", "needs your attention";
    not_saved: "CHƯA LƯU", "NOT SAVED";
    unsent_after: "chưa gửi", "unsent";
    unsent_sheets: " phiếu", " sheets";
    link_online: "Có mạng", "Online";
    link_offline: "Không có mạng", "Offline";
    link_captive: "Wi-Fi chưa đăng nhập", "Wi-Fi wants a log-in";
    link_signed_out: "Hết phiên đăng nhập", "Session ended";
    link_version: "Cần cập nhật", "Update needed";
    link_refused: "Máy chủ chưa nhận", "Not accepted yet";
    link_unknown: "Chưa kiểm tra mạng", "Not checked yet";
    sending: "Đang gửi", "Sending";
    checking: "Đang kiểm tra", "Checking";
    loading_title: "Đang tải dữ liệu về máy", "Loading data to this device";
    loading_words: "Danh sách sản phẩm và phiếu của giám khảo đang được tải về.", "Your products and sheets are on their way.";
    no_data_title: "Chưa có dữ liệu trên máy này", "No data on this device yet";
    no_data_words: "Lần đầu cần có mạng để tải danh sách về máy. Nối mạng rồi thử lại.", "The first time needs a network. Connect, then try again.";
    not_found_title: "Không tìm thấy trang", "Page not found";
    not_found_words: "Đường dẫn này không còn hoặc gõ chưa đúng.", "The address is wrong or no longer exists.";
    to_start: "Về trang đầu", "To the start";
    to_work: "Về việc của tôi", "To my work";
    broken_title: "Chưa mở được dữ liệu trên máy", "The data on this device can't be opened";
    storage_strong: "Máy có thể tự xóa dữ liệu khi thiếu bộ nhớ.", "The device may clear data when it runs short of storage.";
    storage_words: "Cài ứng dụng ra màn hình chính và gửi phiếu ngay khi có mạng để phiếu được giữ chắc chắn.", "Install the app to the home screen and send your sheets whenever there is a network.";
    update_strong: "Có bản mới của ứng dụng.", "A new version is ready.";
    update_words: "Phiếu đã lưu vẫn giữ nguyên khi cập nhật.", "Saved sheets stay as they are.";
    update_unsaved: "Có nội dung đang báo “chưa lưu”. Lưu lại hoặc bỏ nội dung đó rồi cập nhật.", "Something is said to be not saved. Save or discard it, then update.";
    update_unsaved_of_others: "Người dùng trước còn ảnh chưa lưu trên máy này. Người đó đăng nhập lại để lưu hoặc bỏ ảnh rồi cập nhật.", "Somebody who used this tablet before has a photo that is not saved. They sign in to save or discard it, then update.";
    leave_unsaved: "Riêng nội dung đang báo “chưa lưu” có thể mất.", "What is said to be not saved may be lost.";
    leave_failed: "Chưa đăng xuất được: máy không ghi được vào bộ nhớ. Xóa bớt tệp khác hoặc mở lại ứng dụng, rồi thử lại.", "Not signed out: the device can't write to its storage. Free some space or open the app again, then try once more.";
    leave_page_unsaved: "Nội dung đang báo “chưa lưu” sẽ mất khi rời trang này. Vẫn rời?", "What is said to be not saved is lost when you leave this page. Leave it?";
    update: "Cập nhật", "Update";
    understood: "Đã hiểu", "Understood";
    offline_copy_strong: "Chưa tải đủ bản dùng khi không có mạng.", "The offline copy is not complete.";
    offline_copy_words: "Giữ mạng thêm một lúc rồi mở lại ứng dụng, trước khi đi thực tế.", "Stay online a little longer and open the app again before the visit.";
    captive_strong: "Wi-Fi chưa đăng nhập.", "The Wi-Fi wants a log-in.";
    captive_words: "Mạng này đòi đăng nhập trước. Mở trang đăng nhập của khách sạn, rồi quay lại đây.", "Open the hotel's log-in page, then come back here.";
    captive_open: "Mở trang đăng nhập", "Open the log-in page";
    signed_out_strong: "Phiên đăng nhập đã hết.", "The session has ended.";
    signed_out_words: "Vẫn chấm điểm được. Đăng nhập lại để gửi phiếu.", "You can go on scoring. Sign in again to send.";
    version_strong: "Ứng dụng trên máy khác phiên bản với máy chủ.", "The app and the server differ in version.";
    version_words: "Phiếu vẫn an toàn trên máy. Khi có mạng, mở lại ứng dụng để cập nhật.", "Sheets are safe on this device. Open the app again when online to update.";
    leave_words_strong: "Phiếu vẫn nằm trên máy này.", "The sheets stay on this device.";
    leave_words: "Đăng xuất không xóa phiếu nào, nhưng phiếu chỉ được gửi khi chính giám khảo đăng nhập lại trên máy này.", "Signing out deletes nothing, but they are sent only after you sign in here again.";
    leave_offline_title: "Máy này đang không có mạng", "No network on this device";
    leave_offline_words: "Đăng nhập lại cần có mạng: đăng xuất lúc này thì chưa chấm tiếp được cho đến khi có mạng.", "Signing in again needs a network: until there is one, you could not go on scoring.";
    stay: "Ở lại", "Stay";
    leave_anyway: "Vẫn đăng xuất", "Sign out anyway";
}

/// "Khu vực phía Nam" as it stands under the name.
pub fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    pick(|| format!("Phiên bản {version}"), || format!("Version {version}"))
}

/// Title of the dialog that warns before signing out.
pub fn leave_title(unsent: u32) -> String {
    pick(|| format!("Còn {unsent} phiếu chưa gửi"), || format!("Unsent sheets: {unsent}"))
}

/// "Nhóm 2".
pub fn group(code: &str) -> String {
    pick(|| format!("Nhóm {code}"), || format!("Group {code}"))
}

/// "Nhóm 2 – Chế biến nông, lâm, thủy sản và thực phẩm".
pub fn group_named(code: &str, name: &str) -> String {
    format!("{} – {name}", group(code))
}

/// "Đang chấm 15/22".
pub fn scoring_of(scored: usize, all: usize) -> String {
    format!("{} {scored}/{all}", scoring())
}

/// "Mã lỗi: forbidden".
pub fn error_code(code: &str) -> String {
    pick(|| format!("Mã lỗi: {code}"), || format!("Error code: {code}"))
}
