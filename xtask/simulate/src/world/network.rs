//! The network between tablets and server: requests and answers overtake each other, are lost, repeated, cut off, and answered
//! by others.

use super::World;
use crate::invariants::Broken;
use crate::server::{Crash, Request};
use domain::ids::UserId;
use domain::sync::turn::{Event, Link, Reply, Step};

/// A request on its way, and the session that it carries.
#[derive(Clone)]
pub struct Flight {
    number: u64,
    device: usize,
    session: Option<UserId>,
    request: Request,
}

impl World {
    pub(super) fn go_on_talking(&mut self, index: usize) {
        let Some(step) = self.devices[index].talk.as_mut().and_then(|talk| talk.step.take()) else {
            return;
        };
        self.say(|| format!("device {index}: {}", name_of(&step)));
        let replica = self.fresh_replica();
        let Some(request) = self.devices[index].carry_out(step, || replica) else {
            return;
        };
        let device = &mut self.devices[index];
        let request = match request {
            Step::Register(register) => Request::Register(register),
            Step::Push(mut push) => {
                push.protocol += u32::from(device.ahead);
                Request::Push(push)
            }
            Step::Pull(cursor) => Request::Pull(cursor),
            Step::AskPhotos(_) | Step::PutPhoto(_) if device.ahead => Request::OfTomorrow,
            Step::AskPhotos(ask) => Request::AskPhotos(ask),
            Step::PutPhoto(waiting) => {
                let sha256 = waiting.photo.sha256;
                let bytes = device.disk.photos.get(&sha256).cloned().unwrap_or_default();
                Request::PutPhoto { sha256, bytes }
            }
            // Every other step is carried out without the network.
            _ => return,
        };
        self.next_flight += 1;
        let flight = Flight { number: self.next_flight, device: index, session: device.session, request };
        if let Some(talk) = &mut device.talk {
            talk.waits_for = Some(flight.number);
        }
        self.flights.push(flight);
    }

    /// For a while one tablet's network is better than in the storm: conversations come to their last part, the photos.
    pub(super) fn good_network(&mut self) {
        let index = self.photos.usize(..self.devices.len());
        self.say(|| format!("device {index} has a better network for a while"));
        let everything = self.photos.bool();
        self.devices[index].begin_talk(everything);
        for _ in 0..self.photos.u8(..40) {
            self.go_on_talking(index);
            let storm = self.photos.u8(..6) == 0;
            self.request_arrives(storm);
            self.answer_arrives();
        }
    }

    /// Any request that is on its way arrives, in any order; or doesn't.
    pub(super) fn request_arrives(&mut self, storm: bool) {
        if self.flights.is_empty() {
            return;
        }
        let place = self.rng.usize(..self.flights.len());
        let mut flight = self.flights[place].clone();
        let fate = if storm { self.rng.u32(..100) } else { 99 };
        if !(60..66).contains(&fate) {
            // Else it arrives once more, later.
            self.flights.remove(place);
        }
        if let Request::PutPhoto { bytes, .. } = &mut flight.request
            && storm
            && self.photos.u8(..16) == 0
        {
            // A proxy makes pictures smaller on their way.
            bytes.truncate(bytes.len() / 2);
        }
        let (user, now) = (flight.session, self.now);
        let answer = |world: &mut Self, crash| {
            let reply = world.server.answer(user, &flight.request, now, crash);
            if crash != Crash::None {
                world.server.start_again();
            }
            reply
        };
        let reply = match fate {
            0..8 => None,
            8..13 => answer(self, Crash::BeforeCommit),
            13..19 => answer(self, Crash::AfterCommit),
            19..25 => {
                // The answer is lost on its way.
                answer(self, Crash::None);
                None
            }
            25..30 => Some(Reply { status: 502, marked: false, body: b"<h1>Bad gateway</h1>".to_vec() }),
            30..35 => Some(Reply { status: 200, marked: false, body: b"<form>Wi-Fi</form>".to_vec() }),
            35..40 => answer(self, Crash::None).map(|reply| {
                let half = reply.body.len() / 2;
                Reply { body: reply.body[..half].to_vec(), ..reply }
            }),
            40..43 => Some(Reply { status: 503, marked: true, body: Vec::new() }),
            _ => answer(self, Crash::None),
        };
        self.say(|| {
            let status = reply.as_ref().map(|reply| (reply.status, reply.marked));
            format!(
                "request {} of device {} ({}): fate {fate}, {status:?}",
                flight.number,
                flight.device,
                kind_of(&flight.request)
            )
        });
        self.answers.push((flight.device, flight.number, reply));
    }

    pub(super) fn answer_arrives(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        let place = self.rng.usize(..self.answers.len());
        let (index, number, reply) = self.answers.swap_remove(place);
        let device = &mut self.devices[index];
        if device.talk.as_ref().is_some_and(|talk| talk.waits_for == Some(number)) {
            device.hear(Event::Reply(reply));
        }
    }

    /// Time is over; what was sent may still arrive.
    pub(super) fn give_up_waiting(&mut self, index: usize) {
        let device = &mut self.devices[index];
        if device.talk.as_ref().is_some_and(|talk| talk.waits_for.is_some()) {
            device.hear(Event::Reply(None));
        }
    }

    /// One conversation without trouble, to its end.
    pub(super) fn converse(&mut self, index: usize) -> Result<Link, Broken> {
        self.devices[index].begin_talk(true);
        for _ in 0..2_000 {
            self.go_on_talking(index);
            if self.devices[index].talk.is_none() {
                return Ok(self.devices[index].link.clone());
            }
            while !self.flights.is_empty() {
                self.request_arrives(false);
            }
            while !self.answers.is_empty() {
                self.answer_arrives();
            }
        }
        Err(Broken::new("I8", format!("device {index} talks for ever")))
    }
}

fn kind_of(request: &Request) -> String {
    match request {
        Request::Register(register) => format!("register {}", register.replica),
        Request::Push(push) => format!("push {} from {} ({})", push.ops.len(), push.first_seq, push.replica),
        Request::Pull(cursor) => format!("pull {cursor:?}"),
        Request::AskPhotos(ask) => format!("ask for {} photos", ask.photos.len()),
        Request::PutPhoto { sha256, .. } => format!("put photo {sha256}"),
        Request::OfTomorrow => "a request of tomorrow".to_owned(),
    }
}

fn name_of(step: &Step) -> String {
    let text = format!("{step:?}");
    text.chars().take(160).collect()
}
