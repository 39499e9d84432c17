//! Refusals: stable codes of domain and server become sentences, each with the next step.

use super::pick;
use crate::session::Problem;
use crate::store::SaveProblem;
use crate::tablet::{ActProblem, Link, RescueProblem, StartProblem, WorkError};
use domain::sheet::SheetError;
use domain::sync::rescue::RescueError;
use domain::sync::wire::{HeldCode, RejectedCode};
use domain::visit::VisitError;

/// A refusal of the server, or of the way to it.
pub fn refusal(code: &str) -> String {
    let (vi, en) = match code {
        "offline" => (
            "Không kết nối được với máy chủ. Kiểm tra mạng rồi thử lại.",
            "The server can't be reached. Check the network and try again.",
        ),
        "captive_portal" => (
            "Wi-Fi chưa đăng nhập. Mở trang đăng nhập của mạng này, rồi thử lại.",
            "The Wi-Fi wants a log-in. Open its page, then try again.",
        ),
        "wrong_credentials" => (
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra lại rồi thử lần nữa.",
            "The account name or the password is wrong. Check them and try again.",
        ),
        "too_many_attempts" => {
            ("Thử quá nhiều lần. Chờ vài phút rồi thử lại.", "Too many attempts. Wait a few minutes, then try again.")
        }
        "not_signed_in" => {
            ("Phiên đăng nhập đã hết. Đăng nhập lại để làm tiếp.", "The session has ended. Sign in again to go on.")
        }
        "forbidden" => (
            "Trang này chỉ mở cho ban tổ chức và thư ký. Giám khảo chấm độc lập nên không xem được điểm của người khác.",
            "This page is for the organisers and the secretary. Jurors score independently and see nobody else's marks.",
        ),
        "open_assignment" => (
            "Ông/bà còn phân công chấm ở một vòng chưa đóng, nên chưa xem được điểm tổng hợp. Vòng đóng thì xem được.",
            "You still have sheets to score in a round that is not closed; its totals are shown to you once it is.",
        ),
        "changed_meanwhile" => (
            "Có người vừa sửa dòng này. Xem lại rồi sửa tiếp; nội dung đang nhập vẫn còn.",
            "Somebody has just changed this. Look again, then go on; what you typed is still here.",
        ),
        "invalid_move" => (
            "Vòng này đang ở trạng thái khác nên chưa làm được việc đó. Tải lại trang rồi xem lại.",
            "The round stands elsewhere, so this can't be done. Load the page again.",
        ),
        "unknown_operation" | "unknown_replica" => {
            ("Không còn dòng này. Tải lại trang.", "This line is gone. Load the page again.")
        }
        "too_many_ops" => ("Chọn từ 1 đến 500 thao tác mỗi lần.", "Choose 1 to 500 acts at a time."),
        "reason_missing" => ("Nhập lý do.", "Give a reason."),
        "text_too_long" => ("Nội dung dài quá.", "The text is too long."),
        "ends_before_it_starts" => {
            ("Ngày kết thúc phải từ ngày bắt đầu trở đi.", "The last day must not be before the first one.")
        }
        "not_a_date" => ("Ngày này không có trong lịch. Nhập lại ngày.", "There is no such day. Enter it again."),
        "unknown_plan_row" | "unknown_stop" => {
            ("Không còn dòng này. Tải lại trang.", "This line is gone. Load the page again.")
        }
        "unknown_round" | "not_found" | "no_edition" => (
            "Không có vòng chấm này. Chọn vòng khác ở trình đơn.",
            "There is no such round. Choose another one in the menu.",
        ),
        "other_users_replica" => (
            "Phiếu trên máy này là của giám khảo khác. Người đó đăng nhập thì phiếu mới được gửi.",
            "The sheets on this device are another juror's, who has to sign in to send them.",
        ),
        "unsupported_protocol" | "unsupported_schema" | "wrong_version" => (
            "Ứng dụng trên máy khác phiên bản với máy chủ. Khi có mạng, mở lại ứng dụng để cập nhật.",
            "The app and the server differ in version. Open the app again when online to update.",
        ),
        "receipt_invalid" => (
            "Biên nhận của máy chủ không khớp; báo tổ giúp việc. Nếu máy chủ vừa đổi khóa ký: đăng xuất rồi đăng nhập lại.",
            "The server's receipt does not fit; tell the support team. If the server signs with a new key now: sign out and in again.",
        ),
        "server_full" => (
            "Máy chủ hết chỗ lưu nên chưa ghi được gì. Báo tổ giúp việc.",
            "The server has no room left and stored nothing. Tell the support team.",
        ),
        "too_many_photos" => (
            "Máy chủ không nhận thêm ảnh của tài khoản này. Phiếu vẫn gửi bình thường; báo tổ giúp việc.",
            "The server takes no more photos of this account. The sheets were sent; tell the support team.",
        ),
        "photo_differs" | "not_a_photo" | "unknown_photo" => (
            "Có một ảnh máy chủ không nhận. Phiếu và các ảnh khác vẫn gửi bình thường; chụp lại ảnh ấy hoặc báo tổ giúp việc.",
            "The server did not take one of the photos. The sheets and the other photos were sent; take it again or tell the support team.",
        ),
        "photo_missing" => (
            "Máy này không còn giữ một ảnh đã gắn. Phiếu và các ảnh khác vẫn gửi bình thường; chụp lại ảnh ấy và báo tổ giúp việc.",
            "This device no longer has one of the photos. The sheets and the other photos were sent; take it again and tell the support team.",
        ),
        "fork" => (
            "Máy chủ đã nhận phiếu khác từ máy đó, nên tệp này được cất riêng để ban tổ chức xem. Báo thư ký.",
            "The server has other sheets of that device; the file is set aside for the organisers. Tell the secretary.",
        ),
        "gap" => (
            "Máy chủ thiếu phần trước của tệp này. Gửi từ máy cũ hoặc nạp tệp tải sớm hơn; nếu không được, đưa tệp cho thư ký.",
            "The server misses what came before this file. Send from the old device or take in an earlier file; else hand it to the secretary.",
        ),
        "storage_full" => (
            "Bộ nhớ máy đã đầy. Xóa bớt ảnh hoặc ứng dụng khác, rồi nhập lại.",
            "The device's storage is full. Free some space, then enter it again.",
        ),
        "storage_failed" => (
            "Máy chưa ghi được vào bộ nhớ. Mở lại ứng dụng; nếu vẫn vậy, đổi máy và báo tổ giúp việc.",
            "The device could not write to its storage. Open the app again; if it stays, change the device.",
        ),
        "storage_unavailable" => (
            "Trình duyệt này không cho lưu dữ liệu (có thể đang ở chế độ riêng tư). Mở bằng cửa sổ thường hoặc máy khác.",
            "This browser does not allow storage (perhaps a private window). Use a normal window or another device.",
        ),
        _ => (
            "Máy chủ chưa làm được việc vừa rồi. Thử lại sau ít phút; nếu vẫn vậy, báo tổ giúp việc.",
            "The server could not do that. Try again in a few minutes; if it stays, tell the support team.",
        ),
    };
    pick(|| vi.to_owned(), || en.to_owned())
}

/// Why a rescue file was not taken in.
pub fn rescue(problem: &RescueProblem) -> String {
    match problem {
        RescueProblem::File(error) => {
            let (vi, en) = match error {
                RescueError::NotOne => (
                    "Đây không phải tệp dự phòng mà ứng dụng này đọc được. Chọn lại tệp.",
                    "This is no rescue file that this app can read. Choose another one.",
                ),
                RescueError::OtherUser => (
                    "Tệp này là của giám khảo khác. Người đó đăng nhập thì mới nạp được.",
                    "The file is another juror's, who has to sign in to take it in.",
                ),
                RescueError::Damaged => (
                    "Tệp bị hỏng hoặc đã bị sửa nên không nạp được. Đưa tệp cho thư ký.",
                    "The file is damaged or was changed. Hand it to the secretary.",
                ),
            };
            pick(|| vi.to_owned(), || en.to_owned())
        }
        RescueProblem::Link(link) => match link {
            Link::Refused(code) => refusal(code),
            Link::CaptivePortal => refusal("captive_portal"),
            Link::SignedOut => refusal("not_signed_in"),
            Link::WrongVersion => refusal("wrong_version"),
            Link::Unknown | Link::Online | Link::Offline => refusal("offline"),
        },
        RescueProblem::Typed(problem) => act(problem),
    }
}

/// Why work is held.
pub fn held(code: HeldCode) -> &'static str {
    let (vi, en) = match code {
        HeldCode::RoundPlanned => ("Vòng chấm chưa mở", "The round is not open yet"),
        HeldCode::RoundClosed => ("Vòng chấm đã đóng", "The round is closed"),
        HeldCode::OtherEpoch => ("Vòng chấm đã được mở lại sau khi chấm", "The round was reopened since"),
        HeldCode::NotAssigned => ("Ngoài phân công", "Not assigned to you"),
        HeldCode::NotExpected => ("Phân công ghi từ chối chấm hoặc vắng mặt", "Your assignment says recused or absent"),
        HeldCode::ReplicaRevoked => ("Máy tính bảng này đã bị thu quyền gửi", "This tablet was revoked"),
        HeldCode::Other => ("Lý do có trong bản ứng dụng mới hơn", "The reason is a newer version's"),
    };
    pick(|| vi, || en)
}

/// Why work does not count.
pub fn rejected(code: RejectedCode) -> &'static str {
    let (vi, en) = match code {
        RejectedCode::UnknownKind | RejectedCode::MalformedBody => {
            ("Máy chủ không đọc được thao tác này", "The server can't read this act")
        }
        RejectedCode::UnknownRound => ("Không có vòng chấm này", "There is no such round"),
        RejectedCode::UnknownProduct => ("Không có sản phẩm này", "There is no such product"),
        RejectedCode::UnknownCriterion => ("Tiêu chí không có trong khung điểm", "The criterion is not in the rubric"),
        RejectedCode::Negative => ("Điểm nhỏ hơn 0", "Points below 0"),
        RejectedCode::UnknownStop => ("Điểm đến không có trong vòng này", "No such stop in this round"),
        RejectedCode::UnknownJuror => {
            ("Giám khảo không thuộc đoàn tại điểm đến này", "The juror isn't expected at this stop")
        }
        RejectedCode::OtherOffice => {
            ("Tài khoản này không ghi được loại phiếu đó", "People of this office don't write such a sheet")
        }
        RejectedCode::OverMaximum => ("Điểm quá mức tối đa", "Points over the maximum"),
        RejectedCode::OffStep => ("Điểm không theo bước điểm", "Points off the step"),
        RejectedCode::NoMarks => ("Vòng này không cho điểm", "This round takes no marks"),
        RejectedCode::NotAdjustable => {
            ("Tiêu chí không được điều chỉnh ở vòng này", "The criterion may not be adjusted in this round")
        }
        RejectedCode::PhotoTooLarge => ("Ảnh quá lớn", "The photo is too large"),
        RejectedCode::TextTooLong => ("Ghi chú dài quá 4.000 ký tự", "The text is longer than 4,000 characters"),
        RejectedCode::ReasonMissing => ("Thiếu lý do", "The reason is missing"),
        RejectedCode::AlreadyStored => ("Đã nhận từ trước, không tính hai lần", "Received before; not counted twice"),
        RejectedCode::Denied => ("Ban tổ chức quyết định không tính", "The organisers decided not to count it"),
        RejectedCode::Other => ("Lý do có trong bản ứng dụng mới hơn", "The reason is a newer version's"),
    };
    pick(|| vi, || en)
}

/// Why something could not be saved on the tablet.
pub fn not_saved(problem: &SaveProblem) -> String {
    let (vi, en) = match problem {
        SaveProblem::Full => {
            ("bộ nhớ máy đã đầy, xóa bớt ảnh rồi nhập lại", "storage is full, free some space and enter it again")
        }
        SaveProblem::Lost => ("mất kết nối với bộ nhớ máy, mở lại ứng dụng", "the storage is gone, open the app again"),
        SaveProblem::NoStorage => (
            "trình duyệt không cho lưu, đừng dùng cửa sổ ẩn danh",
            "the browser forbids storing, don't use a private window",
        ),
        SaveProblem::Newer => {
            ("dữ liệu thuộc bản ứng dụng mới hơn, mở lại ứng dụng", "the data is a newer version's, open the app again")
        }
        SaveProblem::Unreadable => {
            ("không đọc được dữ liệu trên máy, báo tổ giúp việc", "the data can't be read, tell the support team")
        }
        SaveProblem::Failed(_) => {
            ("máy chưa ghi được, mở lại ứng dụng", "the device could not write, open the app again")
        }
    };
    pick(|| vi.to_owned(), || en.to_owned())
}

/// Why signing in, or another request, came to nothing.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::NoNetwork => refusal("offline"),
        Problem::CaptivePortal => refusal("captive_portal"),
        Problem::WrongVersion => refusal("wrong_version"),
        Problem::Refused(code) => refusal(code),
        Problem::Save(SaveProblem::Full) => refusal("storage_full"),
        Problem::Save(_) => refusal("storage_failed"),
    }
}

const PHOTO_TOO_LARGE: (&str, &str) = ("Ảnh quá lớn.", "The photo is too large.");
const TOO_MANY_PHOTOS: (&str, &str) =
    ("Đã đủ số ảnh. Gỡ bớt một ảnh rồi thêm.", "No more photos fit. Remove one first.");

/// Why a photo is not saved.
pub fn photo_not_saved(problem: &ActProblem) -> String {
    match problem {
        ActProblem::Save(SaveProblem::Full) => pick(
            || "Bộ nhớ máy đã đầy: xóa bớt tệp khác trên máy, rồi bấm Lưu lại.",
            || "The storage is full: free some space, then save it again.",
        )
        .to_owned(),
        ActProblem::Save(_) => pick(
            || "Máy chưa ghi được: bấm Lưu lại. Nếu vẫn không được, chụp lại bằng máy khác trước khi đóng ứng dụng.",
            || "The device could not write: save it again. If that fails, take it with another device before you close the app.",
        )
        .to_owned(),
        other => act(other),
    }
}

/// Why an act was not done.
pub fn act(problem: &ActProblem) -> String {
    let (vi, en) = match problem {
        ActProblem::Save(problem) => return pick(|| "Chưa lưu: ", || "Not saved: ").to_owned() + &not_saved(problem),
        ActProblem::Work(WorkError::Unknown) => {
            ("Vòng chấm hoặc sản phẩm này không có trên máy.", "The device doesn't know this round or product.")
        }
        ActProblem::Work(WorkError::Recused) => {
            ("Phân công ghi giám khảo từ chối chấm sản phẩm này.", "Your assignment says that you are recused.")
        }
        ActProblem::Work(WorkError::Withdrawn) => {
            ("Phân công sản phẩm này đã được thu hồi.", "The assignment was withdrawn.")
        }
        ActProblem::Work(WorkError::RoundClosing) => (
            "Vòng chấm sắp đóng, không mở phiếu mới. Phiếu đã chấm dở vẫn chấm tiếp được.",
            "The round is about to close: no new sheet can be begun, those begun can be finished.",
        ),
        ActProblem::PhotosNotSaved => (
            "Có ảnh của phiếu chưa lưu xong. Lưu lại hoặc bỏ ảnh ấy, rồi xác nhận lần nữa.",
            "Photos of the sheet are not saved yet. Save or discard them, then confirm again.",
        ),
        ActProblem::Visit(VisitError::PhotoTooLarge) => PHOTO_TOO_LARGE,
        ActProblem::Visit(VisitError::TooManyPhotos) => TOO_MANY_PHOTOS,
        ActProblem::Visit(VisitError::ReasonMissing) => ("Nhập lý do.", "Give a reason."),
        ActProblem::Visit(VisitError::TextTooLong) => {
            ("Nội dung dài quá 4.000 ký tự.", "The text is longer than 4,000 characters.")
        }
        ActProblem::Work(WorkError::Sheet(problem)) => match problem {
            SheetError::UnknownCriterion(_) => {
                ("Tiêu chí không có trong khung điểm.", "The criterion is not in the rubric.")
            }
            SheetError::Mark(_) => ("Điểm không hợp lệ.", "The mark is not valid."),
            SheetError::NoMarks => ("Vòng này không cho điểm.", "This round takes no marks."),
            SheetError::NotAdjustable(_) => {
                ("Tiêu chí này không được điều chỉnh ở vòng này.", "This criterion may not be adjusted in this round.")
            }
            SheetError::PhotoTooLarge => PHOTO_TOO_LARGE,
            SheetError::TooManyPhotos => TOO_MANY_PHOTOS,
            SheetError::TextTooLong => ("Nội dung dài quá 4.000 ký tự.", "The text is longer than 4,000 characters."),
            SheetError::ReasonMissing => ("Nhập lý do.", "Give a reason."),
            SheetError::Locked => {
                ("Phiếu đang khóa. Mở lại phiếu trước khi sửa.", "The sheet is locked. Reopen it first.")
            }
            SheetError::NotLocked => ("Phiếu chưa khóa nên không cần mở lại.", "The sheet is not locked."),
            SheetError::Incomplete(_) => ("Còn tiêu chí chưa chấm.", "Criteria are not scored yet."),
            SheetError::InConflict => (
                "Phiếu có hai mức điểm. Nhập lại mức điểm đúng trước.",
                "The sheet has two values. Enter the right one first.",
            ),
            SheetError::UnfinishedDrafts => {
                ("Còn điểm nhập dở. Bấm Xong hoặc sửa lại trước khi khóa.", "Something is half typed. Finish it first.")
            }
            SheetError::StateChanged => (
                "Phiếu vừa thay đổi. Xem lại rồi xác nhận lần nữa.",
                "The sheet has just changed. Look again, then confirm.",
            ),
        },
    };
    pick(|| vi.to_owned(), || en.to_owned())
}

/// Why the app can't work on this device.
pub fn start(problem: &StartProblem) -> String {
    match problem {
        StartProblem::NoStorage => refusal("storage_unavailable"),
        StartProblem::StoreNewer => refusal("wrong_version"),
        StartProblem::Unreadable(_) => refusal("storage_failed"),
    }
}
