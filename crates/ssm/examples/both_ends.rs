//! A channel and an agent, joined in memory: prints every message that would cross the network, and what each end makes of it.
//!
//! `cargo run -p ec2dash-ssm --example both_ends`

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::error::Error;
use std::time::{Duration, Instant, SystemTime};

use ec2dash_ssm::frame::Frame;
use ec2dash_ssm::message::{CLOSED, ChannelClosed, Message, unnumbered};
use ec2dash_ssm::{Agent, AgentEvent, AgentOptions, Channel, Clock, End, Entropy, Event, Expected, Options, Size};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Instant::now();
    let unix_millis = u64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis())?;
    let clock = Clock { instant: now, unix_millis };
    // A program that means it takes fresh random bytes from the system.
    let (ours, theirs) = (Entropy::new([1; 32]), Entropy::new([2; 32]));
    let mut options = Options::new("alice-0a1b", "i-0123456789abcdef0", Expected::Terminal);
    options.size = Some(Size { columns: 80, rows: 24 });
    let client = Channel::new(options, ours, clock);
    let agent = Agent::new(AgentOptions::new("alice-0a1b", "i-0123456789abcdef0", "Standard_Stream"), theirs, clock);
    Pair { client, agent, clock, now, has_ended: false, is_over: false }.run()
}

/// Two ends and the time, which goes on only when both wait for it.
struct Pair {
    client: Channel,
    agent: Agent,
    clock: Clock,
    now: Instant,
    /// The agent has nothing more to say.
    has_ended: bool,
    /// The client has heard that.
    is_over: bool,
}

impl Pair {
    fn run(mut self) -> Result<(), Box<dyn Error>> {
        // Both say how much they take: all of it, where nothing is on its way yet.
        assert_eq!(self.client.send(b"uptime\r", self.now), 7);
        loop {
            self.hear();
            if self.is_over {
                return Ok(());
            }
            if self.carry()? {
                continue;
            }
            if self.has_ended { self.close()? } else { self.wait()? }
        }
    }

    /// What each end tells its caller: here a shell that knows one command, and a terminal.
    fn hear(&mut self) {
        while let Some(event) = self.agent.poll_event() {
            match event {
                AgentEvent::Begun { .. } => {
                    self.agent.ready(self.now);
                    assert_eq!(self.agent.output(b"$ "), 2);
                }
                AgentEvent::Input(keys) => {
                    say("agent:  input ", &keys);
                    assert_eq!(self.agent.output(b"uptime\r\nup 7 days\r\n$ "), 21);
                    self.agent.finish("", self.now);
                }
                AgentEvent::Ended { .. } => self.has_ended = true,
                other => println!("agent:  {other:?}"),
            }
        }
        while let Some(event) = self.client.poll_event() {
            match event {
                Event::Output(bytes) => say("client: output ", &bytes),
                Event::Ended(End::Closed { is_complete, .. }) => {
                    println!("client: closed, {}", if is_complete { "and everything has come" } else { "with output missing" });
                    self.is_over = true;
                }
                other => println!("client: {other:?}"),
            }
        }
    }

    /// One message in each direction, in the place of a WebSocket; whether there was any.
    fn carry(&mut self) -> Result<bool, Box<dyn Error>> {
        let (up, down) = (self.client.poll_transmit(self.now), self.agent.poll_transmit(self.now));
        if let Some(bytes) = &up {
            show("->", bytes)?;
            self.agent.handle_frame(bytes, self.now)?;
        }
        if let Some(bytes) = &down {
            show("<-", bytes)?;
            self.client.handle_frame(bytes, self.now)?;
        }
        Ok(up.is_some() || down.is_some())
    }

    /// What the gateway between the two says last, behind everything that was on its way.
    fn close(&mut self) -> Result<(), Box<dyn Error>> {
        let bytes = unnumbered(CLOSED, Uuid::from_u128(1), self.clock.unix_millis, &ChannelClosed::default().to_payload());
        show("<-", &bytes)?;
        Ok(self.client.handle_frame(&bytes, self.now)?)
    }

    /// Nobody has anything to say before the next moment that one of them waits for.
    fn wait(&mut self) -> Result<(), Box<dyn Error>> {
        let next = [self.client.poll_timeout(), self.agent.poll_timeout()].into_iter().flatten().min();
        self.now = next.ok_or("both ends wait for ever")?.max(self.now + Duration::from_millis(1));
        self.client.handle_timeout(self.now);
        self.agent.handle_timeout(self.now);
        Ok(())
    }
}

/// A message: its kind, its place in the order, its payload, and how many bytes all of it is.
fn show(direction: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let frame = Frame::parse(bytes)?;
    let what = match Message::read(&frame)? {
        Message::Input(data) | Message::Output(data) => format!("{} {:?}", data.sequence, data.payload_type),
        Message::Acknowledge(_) | Message::Closed(_) => String::new(),
        other => format!("{other:?}"),
    };
    println!("{direction} {:>4} bytes  {} {what}", bytes.len(), frame.message_type);
    println!("   {}", frame.payload.escape_ascii());
    Ok(())
}

fn say(who: &str, bytes: &[u8]) {
    println!("{who}{}", bytes.escape_ascii());
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_session_comes_to_its_end() {
        super::main().unwrap();
    }
}
