//! What is ready for the caller and not taken yet.

use std::collections::VecDeque;

use super::event::Event;

/// A caller that has this much before it is not given more; the far side waits.
const MOST_BYTES: usize = 1024 * 1024;
const MOST_EVENTS: usize = 4_096;
/// Small pieces of output are joined up to this.
const JOIN_BELOW: usize = 16 * 1024;

/// What is ready for the caller and not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    events: VecDeque<Event>,
    bytes: usize,
}

impl Deliveries {
    /// Whether more data may be added. Turns of the session itself are added regardless.
    pub(crate) fn has_room(&self) -> bool {
        self.bytes < MOST_BYTES && self.events.len() < MOST_EVENTS
    }

    pub(crate) fn push(&mut self, event: Event) {
        self.bytes += length(&event);
        match (self.events.back_mut(), event) {
            (Some(Event::Output(last)), Event::Output(bytes)) if last.len() + bytes.len() <= JOIN_BELOW => {
                last.extend_from_slice(&bytes);
            }
            (_, event) => self.events.push_back(event),
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        self.bytes -= length(&event);
        Some(event)
    }
}

fn length(event: &Event) -> usize {
    match event {
        Event::Output(bytes) | Event::ErrorOutput(bytes) => bytes.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_room_for_more_than_a_mebibyte_until_it_is_taken() {
        let mut deliveries = Deliveries::default();
        deliveries.push(Event::Output(vec![7; MOST_BYTES]));
        assert!(!deliveries.has_room());

        deliveries.pop();

        assert!(deliveries.has_room());
    }

    #[test]
    fn many_small_events_are_bounded_too() {
        let mut deliveries = Deliveries::default();

        for _ in 0..MOST_EVENTS {
            deliveries.push(Event::ErrorOutput(vec![7]));
        }

        assert!(!deliveries.has_room());
    }

    #[test]
    fn small_pieces_of_output_come_joined_and_in_order() {
        let mut deliveries = Deliveries::default();
        for piece in [&b"one "[..], b"two"] {
            deliveries.push(Event::Output(piece.to_vec()));
        }
        deliveries.push(Event::ErrorOutput(b"oops".to_vec()));
        deliveries.push(Event::Output(b"three".to_vec()));

        assert_eq!(deliveries.pop(), Some(Event::Output(b"one two".to_vec())));
        assert_eq!(deliveries.pop(), Some(Event::ErrorOutput(b"oops".to_vec())));
        assert_eq!(deliveries.pop(), Some(Event::Output(b"three".to_vec())));
        assert_eq!(deliveries.bytes, 0);
    }
}
