//! A juror's or a secretary's tablet, as far as the server sees one.

use crate::edition::{product, round, stop, user};
use crate::world::{Answer, World};
use domain::ids::{ProductId, ReplicaId};
use domain::points::Points;
use domain::sheet::{Act, Origin, Sheet, Work};
use domain::sync::PROTOCOL;
use domain::sync::chain::{Chain, Context, OpHash, WireOp};
use domain::sync::wire::{Push, Pushed};
use domain::visit::{Visit, VisitAct, VisitWork};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// One replica of one juror.
pub struct Tablet {
    pub juror: u128,
    pub chain: Chain,
    pub ops: Vec<WireOp>,
    pub epoch: u32,
    sheets: HashMap<(String, ProductId), Sheet>,
    /// The record of the world's one stop, as this tablet knows it.
    pub visit: Visit,
}

impl Tablet {
    pub fn new(juror: u128, replica: u128) -> Self {
        let chain = Chain::new(ReplicaId(Uuid::from_u128(replica)));
        Self { juror, chain, ops: Vec::new(), epoch: 1, sheets: HashMap::new(), visit: Visit::default() }
    }

    /// A tablet that is signed in and registered; its cookie beside it.
    pub async fn registered(world: &World, juror: u128) -> (Self, String) {
        let tablet = Self::new(juror, 0x4000 + juror);
        let cookie = world.cookie(juror).await;
        tablet.register(world, &cookie).await;
        (tablet, cookie)
    }

    pub async fn register(&self, world: &World, cookie: &str) {
        let answer = world.post(cookie, "/api/v1/replicas", &json!({ "replica": self.chain.replica })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub fn act(&mut self, code: &str, about: u128, act: Act) {
        self.act_again(code, about, act, None);
    }

    pub fn act_again(&mut self, code: &str, about: u128, act: Act, reissue_of: Option<OpHash>) {
        let sheet = self.sheets.entry((code.to_owned(), product(about))).or_default();
        let bases = sheet.bases_for(&act.cell(), self.chain.replica, None);
        let (user, round, claimed_at) = (user(self.juror), round(code), 1_724_634_000_000);
        let context = Context { user, round, epoch: self.epoch, bases: bases.clone(), claimed_at, reissue_of };
        let op = self.chain.append(context, &Work { product: product(about), act: act.clone() });
        sheet.apply(&Origin { reissue_of, ..Origin::first(self.chain.replica, self.chain.seq, op.hash, bases) }, &act);
        self.ops.push(op);
    }

    pub fn mark(&mut self, about: u128, criterion: &str, points: i32) {
        self.act("visit", about, mark(criterion, points));
    }

    /// All three marks (4 + 2 + 4 points at most) and the confirmation.
    pub fn score(&mut self, about: u128, points: [i32; 3]) {
        for (criterion, points) in ["1.1", "1.2", "2"].into_iter().zip(points) {
            self.mark(about, criterion, points);
        }
        let sheet = &self.sheets[&("visit".to_owned(), product(about))];
        let state_hash = sheet.state_hash();
        self.act("visit", about, Act::Confirm { state_hash });
    }

    /// A secretary writes into the record of the world's stop.
    pub fn visit(&mut self, act: VisitAct) {
        self.visit_again(act, None);
    }

    pub fn visit_again(&mut self, act: VisitAct, reissue_of: Option<OpHash>) {
        let bases = self.visit.bases_for(&act.cell(), self.chain.replica, None);
        let (user, round, claimed_at) = (user(self.juror), round("visit"), 1_724_634_000_000);
        let context = Context { user, round, epoch: self.epoch, bases: bases.clone(), claimed_at, reissue_of };
        let op = self.chain.append_visit(context, &VisitWork { stop: stop(), act: act.clone() });
        self.visit
            .apply(&Origin { reissue_of, ..Origin::first(self.chain.replica, self.chain.seq, op.hash, bases) }, &act);
        self.ops.push(op);
    }

    /// Everything from number `first` on.
    pub fn push_from(&self, first: u64) -> Push {
        Push {
            protocol: PROTOCOL,
            app_version: "test".into(),
            replica: self.chain.replica,
            first_seq: first,
            ops: self.ops[first as usize - 1..].to_vec(),
            unsent: 0,
        }
    }

    pub fn push(&self) -> Push {
        self.push_from(1)
    }
}

pub fn mark(criterion: &str, points: i32) -> Act {
    Act::SetMark { criterion: criterion.parse().unwrap(), points: Some(Points(points)) }
}

impl World {
    pub async fn push(&self, cookie: &str, push: &Push) -> Answer {
        self.post(cookie, "/api/v1/sync/push", push).await
    }

    pub async fn pushed(&self, cookie: &str, push: &Push) -> Pushed {
        let answer = self.push(cookie, push).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.bytes).unwrap()
    }
}
