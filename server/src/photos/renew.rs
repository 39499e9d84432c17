//! Photos are encoded anew before they are kept: where and with what they were taken, and whatever else hides in a file that
//! calls itself a picture, stays behind. Those who look at them are handed pixels that somebody's tablet drew, nothing else.

use super::turns::{Turn, Turns};
use crate::error::{ApiError, ApiResult};
use domain::ids::UserId;
use domain::photo::{MAX_PHOTO_BYTES, MAX_PHOTO_SIDE};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// As passwords: a crowd of photos can't use up the machine. One takes some 50 MB while it is worked on.
const AT_ONCE: usize = 2;
/// Of 100: labels stay readable. The next is for what would otherwise take more room than a photo may.
const QUALITIES: [u8; 3] = [85, 70, 55];
/// How every JPEG begins, and no page does.
const MAGIC: [u8; 3] = [0xff, 0xd8, 0xff];
/// A progressive JPEG of a camera has ten scans; each more costs another pass over the picture.
const MAX_SCANS: usize = 20;

/// Bytes that are no JPEG of a size that a tablet makes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a photo")]
pub struct NotAPhoto;

/// A request that its network has left behind keeps its person's turn until its own time is up: whoever comes next is told to
/// come again, and has the time to send marks meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// Encodes photos anew, of each person one at a time.
#[derive(Clone)]
pub struct Photos {
    places: Arc<Semaphore>,
    turns: Turns,
}

impl Default for Photos {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), turns: Turns::default() }
    }
}

impl Photos {
    /// Waits until no other photo of this person is being taken in; none if that takes too long.
    pub async fn turn(&self, user: UserId) -> Option<Turn> {
        tokio::time::timeout(PATIENCE, self.turns.wait(user)).await.ok()
    }

    /// What is kept of a photo, made in its owner's turn.
    pub async fn renew(&self, turn: &Turn, bytes: Vec<u8>) -> ApiResult<Vec<u8>> {
        let permit = Arc::clone(&self.places).acquire_owned().await.map_err(|_| ApiError::Internal)?;
        let turn = Arc::clone(turn);
        let work = move || {
            // Held until the work is done, also where nobody waits for it any more.
            let _held = (permit, turn);
            renew_now(&bytes)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(renewed) => Ok(renewed?),
            Err(error) => {
                // Whatever bytes bring a decoder down are none that a tablet drew.
                tracing::error!(%error, "a photo can't be worked on");
                Err(NotAPhoto.into())
            }
        }
    }
}

/// The sides are bounded where the header names them, before any room is made for pixels.
fn renew_now(bytes: &[u8]) -> Result<Vec<u8>, NotAPhoto> {
    if !bytes.starts_with(&MAGIC) {
        return Err(NotAPhoto);
    }
    let side = MAX_PHOTO_SIDE as usize;
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().map_err(|_| NotAPhoto)?;
    let info = decoder.info().ok_or(NotAPhoto)?;
    let mut renewed = Vec::with_capacity(bytes.len());
    for quality in QUALITIES {
        renewed.clear();
        let mut encoder = Encoder::new(&mut renewed, quality);
        // As tablets do: an eye sees colours less sharply than light.
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&pixels, info.width, info.height, ColorType::Rgb).map_err(|_| NotAPhoto)?;
        if renewed.len() <= MAX_PHOTO_BYTES as usize {
            break;
        }
    }
    Ok(renewed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(pixels: &[u8], (width, height): (u16, u16), colours: ColorType, quality: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, quality).encode(pixels, width, height, colours).unwrap();
        bytes
    }

    fn sides(jpeg: &[u8]) -> (u16, u16) {
        let mut decoder = JpegDecoder::new(ZCursor::new(jpeg));
        decoder.decode().unwrap();
        let info = decoder.info().unwrap();
        (info.width, info.height)
    }

    #[test]
    fn grey_pictures_and_odd_sides_are_photos_too() {
        for side in [(1, 1), (33, 7), (2_048, 1), (16, 2_048)] {
            let grey = vec![77; usize::from(side.0) * usize::from(side.1)];
            assert_eq!(sides(&renew_now(&encoded(&grey, side, ColorType::Luma, 30)).unwrap()), side);
        }
        assert_eq!(renew_now(&encoded(&[77; 2_049], (2_049, 1), ColorType::Luma, 30)), Err(NotAPhoto));
    }

    #[test]
    fn what_is_kept_takes_no_more_room_than_a_photo_may() {
        let mut state = 1_u32;
        let mut grain = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            80 + (state >> 26) as u8
        };
        let pixels: Vec<u8> = (0..1_700 * 1_200 * 3).map(|_| grain()).collect();
        let sent = encoded(&pixels, (1_700, 1_200), ColorType::Rgb, 30);
        assert!(sent.len() < MAX_PHOTO_BYTES as usize, "{}", sent.len());
        let best = encoded(&pixels, (1_700, 1_200), ColorType::Rgb, QUALITIES[0]);
        assert!(best.len() > MAX_PHOTO_BYTES as usize, "{}", best.len());
        let kept = renew_now(&sent).unwrap();
        assert!(kept.len() <= MAX_PHOTO_BYTES as usize, "{}", kept.len());
    }
}
