//! The door.

use super::pick;

words! {
    title: "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu", "Selection of typical rural industrial products";
    subtitle: "Chấm điểm và tổng hợp điểm", "Score sheets and totals";
    name: "Tên đăng nhập", "Account name";
    password: "Mật khẩu", "Password";
    show_password: "Hiện mật khẩu", "Show the password";
    submit: "Đăng nhập", "Sign in";
    busy: "Đang đăng nhập", "Signing in";
    first_time: "Đăng nhập cần có mạng. Đã đăng nhập thì chấm điểm được cả khi không có mạng.", "Signing in needs a network. Once signed in, you can score without one.";
    keep_open: "Giữ mạng và để màn hình này mở. Tải xong, máy chấm điểm được cả khi không có mạng.", "Stay online and keep this screen open. Afterwards you can score without a network.";
    name_missing: "Nhập tên đăng nhập.", "Enter the account name.";
    password_missing: "Nhập mật khẩu.", "Enter the password.";
    administrator_title: "Tài khoản quản trị", "Administrator account";
    administrator_words: "Tài khoản quản trị lo về máy chủ và tài khoản, không xem điểm và không chấm điểm. Thêm và sửa tài khoản bằng lệnh “binhchon user” trên máy chủ.", "Administrators look after the server and accounts; they neither see scores nor give any. Accounts are managed with the command “binhchon user” on the server.";
}

/// Somebody is signed in on this device already.
pub fn already_in(who: &str) -> String {
    pick(|| format!("{who} đang đăng nhập trên máy này."), || format!("{who} is signed in on this device."))
}

/// How far the first download is.
pub fn downloaded(products: usize, sheets: usize) -> String {
    pick(
        || format!("Đã có trên máy: {products} sản phẩm, {sheets} phiếu của giám khảo"),
        || format!("On this device: {products} products, {sheets} of your sheets"),
    )
}
