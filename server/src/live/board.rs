//! The projection with, for each round, what was last shown, what has changed since, and who watches.

use super::Watching;
use crate::catalogs::Catalogs;
use crate::db::log::{self, Head};
use crate::db::ops::{self, Span};
use crate::db::{Db, DbResult, Tx, replicas};
use bytes::Bytes;
use domain::api::{ProductLine, ResultsPage, TotalsChange, TotalsPage};
use domain::catalog::Catalog;
use domain::ids::{ProductId, RoundCode, SelectionCode, UserId};
use domain::registration::Product;
use domain::tally::{Missing, Projection, Row, Totals};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Operations read from the log at once.
const PAGE: u32 = 5_000;
/// Events that a slow viewer may be behind before it is sent the whole page.
const BACKLOG: usize = 16;

/// All rounds.
pub struct Board {
    head: Head,
    projection: Projection,
    feeds: BTreeMap<RoundCode, Feed>,
}

/// One round.
struct Feed {
    /// The totals without their rows, as of the last change.
    frame: Totals,
    /// Rows that changed since the last event.
    pending: BTreeMap<SelectionCode, Row>,
    /// Whether the settings changed since: then the next event is the whole page.
    whole: bool,
    /// Whether there is anything to send.
    dirty: bool,
    /// The whole page as of the last change, once somebody asked for it.
    page: Option<Bytes>,
    viewers: broadcast::Sender<Bytes>,
}

impl Board {
    /// Takes in what log and settings have got since. Returns whether there is something to send.
    pub async fn catch_up(slot: &mut Option<Self>, db: &Db, catalogs: &Catalogs) -> DbResult<bool> {
        let mut tx = db.read().await?;
        let Some(head) = log::head(&mut tx).await? else {
            return Ok(false);
        };
        let catalog = catalogs.at(&mut tx, &head).await?;
        let board = match slot {
            Some(board) if board.is_of(&head) => board,
            // Another log: whoever watched the old one is cut off and comes again.
            other => other.insert(Self::new(&head, Arc::clone(&catalog))),
        };
        board.read_log(&mut tx, head, catalog).await?;
        let tablets = replicas::count_unsent(&mut tx).await?;
        tx.rollback().await?;
        board.refresh(tablets);
        Ok(board.feeds.values().any(|feed| feed.dirty))
    }

    fn new(head: &Head, catalog: Arc<Catalog>) -> Self {
        Self { head: head.clone(), projection: Projection::new(catalog), feeds: BTreeMap::new() }
    }

    fn is_of(&self, head: &Head) -> bool {
        self.head.edition == head.edition && self.head.incarnation == head.incarnation
    }

    async fn read_log(&mut self, tx: &mut Tx, head: Head, catalog: Arc<Catalog>) -> DbResult<()> {
        if self.projection.catalog().version != catalog.version {
            self.projection.set_catalog(catalog);
            self.feeds.values_mut().for_each(|feed| (feed.whole, feed.dirty, feed.page) = (true, true, None));
        }
        while self.projection.position() < head.position {
            let span = Span { after: self.projection.position(), up_to: head.position, limit: PAGE };
            let entries = ops::entries(tx, head.edition, span).await?;
            if entries.is_empty() {
                break;
            }
            entries.iter().for_each(|entry| self.projection.apply(entry));
        }
        self.head = head;
        Ok(())
    }

    fn refresh(&mut self, tablets: u32) {
        let rounds: Vec<RoundCode> = self.projection.catalog().rounds.iter().map(|round| round.code.clone()).collect();
        for round in rounds {
            let Some(rows) = self.projection.refresh(&round) else { continue };
            let Some(frame) = self.projection.frame(&round, tablets) else { continue };
            match self.feeds.get_mut(&round) {
                Some(feed) => feed.note(frame, rows),
                None => drop(self.feeds.insert(round, Feed::new(frame))),
            }
        }
    }

    /// Sends to all viewers what has changed since the last time.
    pub fn publish(&mut self) {
        let rounds: Vec<RoundCode> = self.feeds.keys().cloned().collect();
        for round in rounds {
            let event = self.next_event(&round);
            let Some(feed) = self.feeds.get_mut(&round) else { continue };
            feed.pending.clear();
            (feed.whole, feed.dirty) = (false, false);
            if let Some(event) = event {
                // An error says that nobody watches.
                drop(feed.viewers.send(event));
            }
        }
    }

    fn next_event(&mut self, round: &RoundCode) -> Option<Bytes> {
        let feed = self.feeds.get(round)?;
        if !feed.dirty || feed.viewers.receiver_count() == 0 {
            return None;
        }
        if feed.whole {
            return self.reset(round);
        }
        let rows = feed.pending.values().cloned().collect();
        let change = TotalsChange { totals: Totals { rows, ..feed.frame.clone() } };
        Some(event("change", &self.id(feed), &json(&change)))
    }

    /// Begins to watch a round.
    pub fn watch(&mut self, round: &RoundCode, after: Option<&str>) -> Option<Watching> {
        let feed = self.feeds.get(round)?;
        let events = feed.viewers.subscribe();
        let is_current = after.is_some_and(|after| after == self.id(feed));
        let first = if is_current { None } else { self.reset(round) };
        Some(Watching { first, events })
    }

    /// The whole page as JSON.
    pub fn page(&mut self, round: &RoundCode) -> Option<Bytes> {
        let kept = self.feeds.get(round)?.page.clone();
        if kept.is_some() {
            return kept;
        }
        let page = self.build_page(round)?;
        self.feeds.get_mut(round)?.page = Some(page.clone());
        Some(page)
    }

    /// The settings that it counts over.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(self.projection.catalog())
    }

    /// What a round's totals miss.
    pub fn missing(&self, round: &RoundCode) -> Option<Missing> {
        self.feeds.get(round).map(|feed| feed.frame.missing)
    }

    /// Whose confirmed sheets of a round don't count because of an absence.
    pub fn set_aside(&self, round: &RoundCode) -> Vec<(UserId, ProductId)> {
        self.projection.set_aside(round)
    }

    /// The result over all rounds as JSON.
    pub fn results(&self) -> Bytes {
        let catalog = self.projection.catalog();
        let rows = self.projection.outcomes();
        let incomplete = rows.iter().any(|row| row.mean.is_some() && !row.complete)
            || self.feeds.values().any(|feed| !feed.frame.missing.is_nothing());
        let page = ResultsPage {
            position: self.head.position,
            head: self.head.hash,
            provisional: incomplete || catalog.rounds.iter().any(|round| !round.state.is_closed()),
            threshold: catalog.edition.threshold,
            rule: catalog.scoring.result.clone(),
            tally: catalog.scoring.tally.clone(),
            rounds: catalog.rounds.clone(),
            groups: catalog.edition.groups.clone(),
            products: lines(catalog, rows.iter().map(|row| &row.code)),
            rows,
        };
        json(&page)
    }

    fn build_page(&self, round: &RoundCode) -> Option<Bytes> {
        let frame = &self.feeds.get(round)?.frame;
        let totals = self.projection.totals(round, frame.missing.tablets)?;
        let catalog = self.projection.catalog();
        let products = lines(catalog, totals.rows.iter().map(|row| &row.code));
        let (rounds, edition) = (catalog.rounds.clone(), &catalog.edition);
        let totals = Totals { position: frame.position, ..totals };
        let (groups, tally) = (edition.groups.clone(), catalog.scoring.tally.clone());
        Some(json(&TotalsPage { totals, rounds, groups, tally, products }))
    }

    fn reset(&mut self, round: &RoundCode) -> Option<Bytes> {
        let page = self.page(round)?;
        Some(event("reset", &self.id(self.feeds.get(round)?), &page))
    }

    /// Names a state of a round: equal ids, equal totals. Rows follow from position and settings; what tablets last
    /// reported doesn't stand in the log, so it is part of the name.
    fn id(&self, feed: &Feed) -> String {
        let Head { incarnation, catalog_version, .. } = &self.head;
        let Totals { position, missing, .. } = &feed.frame;
        format!("{incarnation}.{position}.{catalog_version}.{}", missing.tablets)
    }
}

impl Feed {
    fn new(frame: Totals) -> Self {
        let viewers = broadcast::Sender::new(BACKLOG);
        Self { frame, pending: BTreeMap::new(), whole: false, dirty: false, page: None, viewers }
    }

    fn note(&mut self, frame: Totals, rows: Vec<Row>) {
        let same = Totals { position: self.frame.position, ..frame.clone() } == self.frame;
        if same && rows.is_empty() && !self.dirty {
            return;
        }
        // Another number of products is another table: admitted work may bring a line that wasn't there.
        self.whole |= frame.not_visited != self.frame.not_visited;
        (self.frame, self.page, self.dirty) = (frame, None, true);
        self.pending.extend(rows.into_iter().map(|row| (row.code.clone(), row)));
    }
}

/// What rows are about, in their order.
fn lines<'a>(catalog: &Catalog, codes: impl Iterator<Item = &'a SelectionCode>) -> Vec<ProductLine> {
    let products: HashMap<&SelectionCode, &Product> = catalog.products.iter().map(|p| (&p.code, p)).collect();
    codes.filter_map(|code| products.get(code)).map(|product| line(product)).collect()
}

fn line(product: &Product) -> ProductLine {
    ProductLine {
        code: product.code.clone(),
        name: product.name.clone(),
        establishment: product.establishment.name.clone(),
        province: product.province.clone(),
    }
}

fn json(value: &impl Serialize) -> Bytes {
    // Plain structs with text keys: serde_json has no error for them.
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// An event as it goes over the wire. JSON on one line needs no splitting.
fn event(name: &str, id: &str, data: &[u8]) -> Bytes {
    let mut text = format!("event: {name}\nid: {id}\ndata: ").into_bytes();
    text.extend_from_slice(data);
    text.extend_from_slice(b"\n\n");
    text.into()
}
