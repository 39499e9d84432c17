//! What the tabs of one browser tell each other (S12). They pass on names only: each reads what it needs from the store.

use domain::ids::SheetId;
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "binhchon";

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// Somebody signed in or out on this device.
    People,
    /// Sheets in this database.
    Sheets {
        /// The juror's database.
        database: String,
        /// Which.
        ids: Vec<SheetId>,
    },
    /// Records of stops in this database.
    Visits {
        /// The secretary's database.
        database: String,
        /// Which.
        ids: Vec<SheetId>,
    },
    /// The catalogue or what the server acknowledged, in this database.
    Database {
        /// The juror's database.
        database: String,
    },
}

/// The channel to the other tabs; none where the browser has none, and each tab then sees the others' work at its start.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Listens to the other tabs; one's own messages don't come back.
    pub fn open(hear: impl Fn(Message) + 'static) -> Self {
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(message) = serde_json::from_slice(text.as_bytes()) {
                hear(message);
            }
        });
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        }
        Self { channel, _listener: listener }
    }

    /// Tells the other tabs.
    pub fn tell(&self, message: &Message) {
        let text = crate::net::encode(message);
        if let Some(channel) = &self.channel {
            // Only what can't be cloned is refused, and a text can.
            channel.post_message(&JsValue::from_str(&text)).ok();
        }
    }
}
