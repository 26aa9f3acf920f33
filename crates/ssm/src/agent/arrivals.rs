//! What comes from the client, on its way to the program.

use super::event::AgentEvent;
use super::greeting::{Effect, Greeting};
use super::{Agent, MOST_EVENTS, MOST_INPUT, MOST_INPUT_IN_TURN};
use crate::inbox::{Arrived, Taker};
use crate::payload::{Flag, PayloadType, Size};
use crate::session::PortMode;
use crate::streams::{Habits, Mux, Side};

impl Agent {
    pub(super) fn taker(&self) -> Taker {
        match &self.streams {
            _ if !self.greeting.is_over() => Taker::Ready,
            _ if !self.is_ready => Taker::Absent,
            _ if self.input >= self.most_input() || self.events.len() >= MOST_EVENTS => Taker::Full,
            Some(streams) if !streams.wants_input() => Taker::Full,
            _ => Taker::Ready,
        }
    }

    fn most_input(&self) -> usize {
        if self.options.reads_ahead { MOST_INPUT } else { MOST_INPUT_IN_TURN }
    }

    pub(super) fn catch_up(&mut self) {
        while !self.is_over && self.taker() == Taker::Ready {
            let Some(arrived) = self.exchange.next() else { return };
            self.deliver(arrived);
        }
    }

    pub(super) fn deliver(&mut self, arrived: Arrived) {
        if !self.greeting.is_over() {
            let greeting = std::mem::replace(&mut self.greeting, Greeting::Over);
            let cipher = self.exchange.cipher().map(|cipher| &*cipher);
            let (greeting, effects) = greeting.handle_message(arrived.payload_type, &arrived.payload, cipher, &self.options);
            self.greeting = greeting;
            self.perform(effects);
            return;
        }
        match (arrived.payload_type, &mut self.streams) {
            (PayloadType::Output, Some(streams)) => {
                if let Err(broken) = streams.receive(&arrived.payload, self.now) {
                    self.finish(&broken.to_string(), self.now);
                }
            }
            (PayloadType::Output, None) if !arrived.payload.is_empty() => {
                self.input += arrived.payload.len();
                self.events.push_back(AgentEvent::Input(arrived.payload));
            }
            (PayloadType::Size, _) => match Size::from_payload(&arrived.payload) {
                Some(size) => self.events.push_back(AgentEvent::Resized(size)),
                None => self.exchange.ignore(),
            },
            (PayloadType::Flag, _) => match Flag::from_payload(&arrived.payload) {
                Some(Flag::DisconnectToPort) => self.events.push_back(AgentEvent::Disconnect),
                Some(Flag::TerminateSession) if self.options.understands_terminate() => {
                    self.events.push_back(AgentEvent::Terminate);
                }
                _ => self.exchange.ignore(),
            },
            _ => self.exchange.ignore(),
        }
    }

    pub(super) fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(payload_type, payload) => self.words.push_whole(payload_type, payload),
                Effect::OpenKey(key) => self.events.push_back(AgentEvent::KeyToOpen(key)),
                Effect::Encrypt(cipher) => self.exchange.encrypt(cipher),
                Effect::Begin { client_version } => self.begin(client_version),
                Effect::Fail(reason) => self.finish(&reason, self.now),
            }
        }
    }

    fn begin(&mut self, client_version: Option<String>) {
        let version = client_version.as_deref().unwrap_or_default();
        let mode = self.options.port_mode(version);
        if mode == Some(PortMode::Multiplexed) {
            let habits = Habits {
                side: Side::Accepting,
                keeps_alive: self.options.keeps_alive(version),
                stalled_after: self.options.stalled_after,
            };
            self.streams = Some(Box::new(Mux::new(habits, self.now)));
        }
        self.events.push_back(AgentEvent::Begun { client_version, mode });
    }

    pub(super) fn end(&mut self, output: String) {
        if self.is_over {
            return;
        }
        self.is_over = true;
        if let Some(streams) = &mut self.streams {
            streams.remote_gone();
        }
        self.ended = Some(output);
    }
}
