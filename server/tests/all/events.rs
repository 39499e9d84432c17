//! Reads server-sent events.

use axum::body::Body;
use domain::api::{TotalsChange, TotalsPage};
use http_body_util::BodyExt;
use std::time::Duration;

/// Longest wait for what must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One event.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: String,
}

impl Event {
    pub fn page(&self) -> TotalsPage {
        assert_eq!(self.name, "reset");
        serde_json::from_str(&self.data).unwrap()
    }

    pub fn change(&self) -> TotalsChange {
        assert_eq!(self.name, "change");
        serde_json::from_str(&self.data).unwrap()
    }
}

/// An open stream.
pub struct Events {
    body: Body,
    buffer: String,
}

impl Events {
    pub fn new(body: Body) -> Self {
        Self { body, buffer: String::new() }
    }

    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        // Of all that comes: a stream that is only kept alive has no event.
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an event in time")
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let event = parse(block);
                self.buffer = rest.to_owned();
                match event {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let frame = self.body.frame().await?;
            let Ok(data) = frame.ok()?.into_data() else { continue };
            self.buffer.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    /// An event that must come.
    pub async fn expect(&mut self) -> Event {
        self.next().await.expect("the stream goes on")
    }
}

/// None for comments and `retry:`.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = field("data")?.to_owned();
    Some(Event { name: field("event")?.to_owned(), id: field("id")?.to_owned(), data })
}
