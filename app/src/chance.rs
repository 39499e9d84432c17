//! Randomness: the one place of the app that asks the browser for it.

use uuid::Uuid;

/// 128 random bits, as a UUID.
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}

/// 0 to 1000, to spread waiting times (S12).
pub fn jitter() -> u32 {
    let [high, low, ..] = bytes();
    u32::from(u16::from_be_bytes([high, low])) % 1_001
}

fn bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    // Without this an id could repeat, so a browser that lacks it (none that runs WebAssembly does) must stop here.
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    assert!(filled, "the browser has no source of randomness");
    bytes
}
