//! What comes from the far side, on its way to the caller.

use super::Channel;
use super::options::LONGEST_HANDSHAKE;
use crate::event::{End, Event};
use crate::failure::Failure;
use crate::foreign::Foreign;
use crate::handshake::{Effect, Handshake};
use crate::inbox::{Arrived, Taker};
use crate::message::ChannelClosed;
use crate::payload::{Flag, PayloadType, exit_code_from_payload};
use crate::session::{PortMode, Session, SessionKind};
use crate::streams::{Habits, Mux, Side, Streams};
use crate::version::{NO_KEEP_ALIVE, is_newer};

impl Channel {
    pub(super) fn taker(&self) -> Taker {
        match &self.streams {
            _ if !self.handshake.is_over() => Taker::Ready,
            _ if !self.deliveries.has_room() => Taker::Full,
            Some(streams) => streams.taker(),
            None => Taker::Ready,
        }
    }

    pub(super) fn catch_up(&mut self) {
        while !self.is_over && self.taker() == Taker::Ready {
            let Some(arrived) = self.exchange.next() else { return };
            self.deliver(arrived);
        }
    }

    pub(super) fn deliver(&mut self, arrived: Arrived) {
        if !self.handshake.is_over() {
            let handshake = std::mem::replace(&mut self.handshake, Handshake::Over);
            let was_waiting = handshake.is_waiting();
            let cipher = self.exchange.cipher();
            let (handshake, effects) = handshake.handle_message(arrived.payload_type, &arrived.payload, cipher, &self.terms);
            self.handshake = handshake;
            if was_waiting && !self.handshake.is_waiting() {
                self.deadline = Some(self.now + LONGEST_HANDSHAKE);
            }
            self.perform(effects);
            let begins_with_data = was_waiting && self.session.is_some();
            if !begins_with_data {
                return;
            }
        }
        self.deliver_data(arrived);
    }

    pub(super) fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(payload_type, payload) => self.words.push_whole(payload_type, payload),
                Effect::AskKey(request) => self.deliveries.push(Event::KeyWanted(request)),
                Effect::Begin(session) => self.begin(session),
                Effect::Fail(failure) => self.fail(failure),
            }
        }
    }

    fn begin(&mut self, session: Session) {
        self.deadline = None;
        self.streams = match session.kind {
            SessionKind::Port(PortMode::OneByOne) => Some(Streams::One(Box::default())),
            SessionKind::Port(PortMode::Multiplexed) => {
                let version = session.agent_version.as_ref().map_or("", Foreign::as_str);
                let habits = Habits {
                    side: Side::Opening,
                    keeps_alive: !is_newer(version, NO_KEEP_ALIVE),
                    stalled_after: self.stalled_after,
                };
                Some(Streams::Many(Box::new(Mux::new(habits, self.now))))
            }
            _ => None,
        };
        self.deliveries.push(Event::Ready(session.clone()));
        self.session = Some(session);
    }

    fn deliver_data(&mut self, arrived: Arrived) {
        if arrived.payload_type.is_sealed() && !arrived.was_sealed && self.exchange.cipher().is_some() {
            self.fail(Failure::ClearText);
            return;
        }
        match (arrived.payload_type, &mut self.streams) {
            (PayloadType::Output, Some(streams)) => {
                if let Err(broken) = streams.receive(&arrived.payload, self.now) {
                    self.fail(Failure::Multiplexing(broken));
                }
            }
            (PayloadType::Output, None) => self.deliveries.push(Event::Output(arrived.payload)),
            (PayloadType::StdErr | PayloadType::Error, _) => self.deliveries.push(Event::ErrorOutput(arrived.payload)),
            (PayloadType::ExitCode, _) => {
                self.deliveries.push(Event::ExitCode(exit_code_from_payload(&arrived.payload)));
            }
            (PayloadType::Flag, streams) => match (Flag::from_payload(&arrived.payload), streams) {
                (Some(Flag::ConnectToPortError), Some(Streams::Many(mux))) => mux.refused(),
                (Some(Flag::ConnectToPortError), _) => self.deliveries.push(Event::ConnectRefused),
                _ => self.exchange.ignore(),
            },
            _ => self.exchange.ignore(),
        }
    }

    /// Everything that came before is delivered first, however busy the caller is.
    pub(super) fn closed(&mut self, closed: ChannelClosed) {
        while !self.is_over {
            let Some(arrived) = self.exchange.next() else { break };
            self.deliver(arrived);
        }
        let is_complete = !self.exchange.inbox().has_gap();
        self.end(End::Closed { output: Foreign::new(closed.output), is_complete });
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        self.end(End::Failed(failure));
    }

    pub(super) fn end(&mut self, end: End) {
        if self.is_over {
            return;
        }
        self.is_over = true;
        self.handshake = Handshake::Over;
        self.deadline = None;
        if let Some(streams) = &mut self.streams {
            streams.remote_gone();
        }
        self.ended = Some(end);
    }
}
