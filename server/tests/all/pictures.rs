//! Pictures for tests, and how they are handed in.

use crate::world::{Answer, World, request};
use axum::body::Body;
use axum::http::header;
use domain::photo::{Mime, Photo};
use domain::sync::chain::sha256;
use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

fn encoded(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 80).encode(pixels, width as u16, height as u16, ColorType::Rgb).unwrap();
    bytes
}

/// A JPEG's pixels, red, green and blue.
pub fn pixels(jpeg: &[u8]) -> Vec<u8> {
    JpegDecoder::new(ZCursor::new(jpeg)).decode().unwrap()
}

/// A JPEG with a slope of light; each shade is another one.
pub fn picture(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let pixel = |x: u32, y: u32| [(x * 255 / width) as u8, (y * 255 / height) as u8, shade * 40];
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    encoded(&pixels, width, height)
}

/// A JPEG that is as large as can be.
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    encoded(&(0..width * height * 3).map(|_| next()).collect::<Vec<u8>>(), width, height)
}

/// A segment of a JPEG's header, put behind its beginning.
pub fn with_segment(jpeg: &[u8], marker: u8, text: &[u8]) -> Vec<u8> {
    let length = u16::try_from(text.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, text, &jpeg[2..]].concat()
}

/// Where a camera says that it stood, as EXIF writes it: degrees, minutes and hundredths of a second.
pub const LATITUDE: [u32; 6] = [10, 1, 30, 1, 3_021, 100];

/// A little-endian EXIF segment's text with nothing but that place.
pub fn exif_with_place() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    // Offsets count from behind `Exif\0\0`: a list of one entry at 8, the place's own of two at 26, its numbers at 56.
    let list = |entries: &[Vec<u8>]| {
        [&(entries.len() as u16).to_le_bytes()[..], &entries.concat(), &0_u32.to_le_bytes()].concat()
    };
    let first = list(&[entry(0x8825, 4, 1, 26_u32.to_le_bytes())]);
    let place = list(&[entry(1, 2, 2, *b"N\0\0\0"), entry(2, 5, 3, 56_u32.to_le_bytes())]);
    [&b"Exif\0\0II*\0\x08\0\0\0"[..], &first, &place, &LATITUDE.map(u32::to_le_bytes).concat()].concat()
}

/// The markers of a JPEG's segments, up to its pixels.
pub fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut found, mut rest) = (Vec::new(), &jpeg[2..]);
    while found.last() != Some(&0xda) {
        found.push(rest[1]);
        rest = &rest[2 + usize::from(u16::from_be_bytes([rest[2], rest[3]]))..];
    }
    found
}

/// As an operation names it.
pub fn photo_of(bytes: &[u8]) -> Photo {
    Photo { sha256: sha256(bytes), size: bytes.len() as u32, mime: Mime::Jpeg }
}

pub fn path(photo: &Photo) -> String {
    format!("/api/v1/photos/{}", photo.sha256)
}

impl World {
    pub async fn put_photo(&self, cookie: &str, photo: &Photo, bytes: Vec<u8>) -> Answer {
        self.send_photo(cookie, photo, Body::from(bytes)).await
    }

    pub async fn send_photo(&self, cookie: &str, photo: &Photo, body: Body) -> Answer {
        let request = request("PUT", cookie, &path(photo)).header(header::CONTENT_TYPE, "image/jpeg");
        self.send(request.body(body).unwrap()).await
    }
}
