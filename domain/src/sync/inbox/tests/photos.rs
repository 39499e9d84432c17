//! Operations that name photos: judged like all others; how many there are is the tablet's affair.

use super::*;
use crate::photo::{MAX_PHOTO_BYTES, MAX_PHOTOS, Mime, Photo};

fn photo(n: u8, size: u32) -> Photo {
    Photo { sha256: OpHash::from_bytes([n; 32]), size, mime: Mime::Jpeg }
}

#[test]
fn s18_a_photo_without_bytes_or_with_too_many_is_rejected() {
    let too_large = Status::Rejected(RejectedCode::PhotoTooLarge);
    for (size, expected) in
        [(0, too_large.clone()), (MAX_PHOTO_BYTES, Status::Accepted), (MAX_PHOTO_BYTES + 1, too_large)]
    {
        let mut tablet = Tablet::new();
        tablet.write(Act::Attach(photo(1, size)));
        assert_eq!(status_of(&tablet), expected, "{size}");
        let of_stop = status_of_visit(Role::Secretary, "visit", 1, VisitAct::Attach(photo(1, size)));
        assert_eq!(of_stop, expected, "{size}");
    }
}

#[test]
fn s18_however_many_photos_are_stored() {
    let mut tablet = Tablet::new();
    (0..=MAX_PHOTOS as u8).for_each(|n| tablet.write(Act::Attach(photo(n, 9))));
    tablet.write(Act::Detach(photo(0, 9).sha256));
    let judged = decide_fresh(&tablet.push()).unwrap();
    assert!(judged.iter().all(|(_, status)| *status == Status::Accepted), "{judged:?}");
}

#[test]
fn s5_photos_are_of_their_writers_office() {
    let other = Status::Rejected(RejectedCode::OtherOffice);
    let attach = VisitAct::Attach(photo(1, 9));
    assert_eq!(status_of_visit(Role::Juror, "visit", 1, attach.clone()), other);
    assert_eq!(status_of_visit(Role::Secretary, "visit", 9, attach), Status::Rejected(RejectedCode::UnknownStop));
    let mut tablet = Tablet::new();
    tablet.write(Act::Attach(photo(1, 9)));
    let delivery = Delivery::read(tablet.push(), of_office(Role::Secretary));
    assert_eq!(decide(&delivery, &fresh(), &[], &[], &Edition::new()).unwrap()[0].status, other);
}
