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
