//! Pictures in the browser: what a camera gave becomes a small upright JPEG that carries nothing of where and with what it was
//! taken; bytes become something that an `<img>` can show.

use crate::store::TakenPhoto;
use domain::photo::{MAX_PHOTO_BYTES, Mime, Photo};
use domain::sync::chain::sha256;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

const JPEG: &str = "image/jpeg";
/// Longest side in pixels, and quality, from the best down to what surely fits.
const TRIES: [(u32, f64); 4] = [(1_600, 0.82), (1_600, 0.6), (1_200, 0.6), (800, 0.5)];

/// An address of bytes that are in memory, for as long as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectUrl(String);

impl ObjectUrl {
    /// The address of a JPEG's bytes.
    pub fn of_jpeg(bytes: &[u8]) -> Option<Self> {
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let form = BlobPropertyBag::new();
        form.set_type(JPEG);
        Self::of(&Blob::new_with_u8_array_sequence_and_options(&parts, &form).ok()?)
    }

    fn of(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // Only an address that isn't one is refused.
        Url::revoke_object_url(&self.0).unwrap_or_default();
    }
}

/// Makes a photo of a picture file; none if this browser can't read it as one.
pub async fn take(file: &Blob) -> Option<TakenPhoto> {
    let address = ObjectUrl::of(file)?;
    let image = HtmlImageElement::new().ok()?;
    image.set_src(address.as_str());
    JsFuture::from(image.decode()).await.ok()?;
    for (side, quality) in TRIES {
        // A canvas that is too large for the device's memory may do smaller.
        let Ok(blob) = drawn(&image, side, quality).await else { continue };
        if blob.size() <= f64::from(MAX_PHOTO_BYTES) {
            return read(&blob).await;
        }
    }
    None
}

async fn read(blob: &Blob) -> Option<TakenPhoto> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    let size = u32::try_from(bytes.len()).ok().filter(|size| *size > 0)?;
    Some(TakenPhoto { photo: Photo { sha256: sha256(&bytes), size, mime: Mime::Jpeg }, bytes: bytes.into() })
}

/// The picture, its longest side at most so many pixels. Browsers draw it upright, as its camera was held.
async fn drawn(image: &HtmlImageElement, side: u32, quality: f64) -> Result<Blob, JsValue> {
    let (width, height) = fitted(image.natural_width(), image.natural_height(), side);
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    let (across, down) = (f64::from(width), f64::from(height));
    // JPEG has no transparency: what lies behind would be black.
    pen.set_fill_style_str("#fff");
    pen.fill_rect(0.0, 0.0, across, down);
    pen.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, across, down)?;
    let packing = js_sys::Promise::new(&mut |done, failed| {
        let packed = Closure::once_into_js(move |blob: JsValue| done.call1(&JsValue::NULL, &blob).map(drop));
        let begun = canvas.to_blob_with_type_and_encoder_options(packed.unchecked_ref(), JPEG, &quality.into());
        if let Err(error) = begun {
            failed.call1(&JsValue::NULL, &error).map(drop).unwrap_or_default();
        }
    });
    let packed = JsFuture::from(packing).await;
    // Some browsers keep a canvas's pixels until they feel like it: an empty one has none.
    canvas.set_width(0);
    canvas.set_height(0);
    packed?.dyn_into()
}

/// Width and height with the same proportions, the longer at most `side`, neither nothing.
fn fitted(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    if longest <= side {
        return (width.max(1), height.max(1));
    }
    let scaled = |length: u32| ((u64::from(length) * u64::from(side) / u64::from(longest)) as u32).max(1);
    (scaled(width), scaled(height))
}
