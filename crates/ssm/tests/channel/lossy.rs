//! A stream is lossless or it fails loudly.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;

use super::link::{Direction, Faults, Link, Play, message_type};

const MINUTES: Duration = Duration::from_secs(600);

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_byte_arrives_once_and_in_order_over_a_lossy_link(
        seed in any::<u64>(),
        play in prop::sample::select(vec![Play::Shell, Play::EncryptedShell, Play::Ssh]),
        faults in faults(),
        (up, down) in (0_usize..200_000, 1_usize..200_000),
    ) {
        let mut link = Link::new(play).seeded(seed).faulty(faults);
        let (typed, printed) = (link.noise(up), link.noise(down));
        link.type_in(&typed);
        link.print(&printed);

        link.run_until_equal(MINUTES);

        prop_assert!(link.longest_stall <= Duration::from_secs(5), "stalled for {:?}", link.longest_stall);
    }
}

#[test]
fn each_fault_alone_is_repaired() {
    let table = [
        ("F1 and F2, data dropped", Faults { drop_data: 50, ..Faults::default() }),
        ("F3, acknowledgements dropped", Faults { drop_acknowledgements: 50, ..Faults::default() }),
        ("F4, messages repeated", Faults { duplicate: 100, ..Faults::default() }),
        ("F5, messages reordered", Faults { reorder: 64, ..Faults::default() }),
        ("F7, bytes flipped", Faults { flip: 10, ..Faults::default() }),
    ];
    for (name, faults) in table {
        let mut link = Link::new(Play::Ssh).seeded(7).faulty(faults);
        let (typed, printed) = (link.noise(1 << 20), link.noise(1 << 20));
        link.type_in(&typed);
        link.print(&printed);

        link.run_until_equal(MINUTES);
        link.run_for(Duration::from_secs(60));

        let counters = link.client.counters();
        assert_eq!((counters.in_flight, link.agent.counters().in_flight), (0, 0), "{name}: everything is acknowledged");
        assert!(link.longest_stall <= Duration::from_secs(5), "{name}: stalled for {:?}", link.longest_stall);
        // Acknowledgements of ours are among the dropped ones; they cost the far side its repairs, not ours.
        let lost = link.up.dropped + link.down.dropped;
        assert!(counters.resent <= 3 * lost, "{name}: {} resends for {lost} losses", counters.resent);
        if faults.flip > 0 {
            assert!(counters.damaged > 0, "{name}: damage is counted");
        }
        println!("{name}: {:?}, {counters:?}", link.now - link.start);
    }
}

/// `EC2DASH_SOAK=10` runs ten seeds of 64 MiB each way instead of one of 8 MiB.
#[test]
fn all_faults_together_leave_the_bytes_equal() {
    let soak: Option<u64> = std::env::var("EC2DASH_SOAK").ok().map(|seeds| seeds.parse().unwrap());
    let (seeds, length) = soak.map_or((1, 8 << 20), |seeds| (seeds, 64 << 20));
    for seed in 1..=seeds {
        let faults = Faults { drop_data: 50, drop_acknowledgements: 50, duplicate: 100, reorder: 64, flip: 10 };
        let mut link = Link::new(Play::Ssh).seeded(seed).faulty(faults);
        let (typed, printed) = (link.noise(length), link.noise(length));
        link.type_in(&typed);
        link.print(&printed);

        link.run_until_equal(MINUTES * 10);

        let time = link.now - link.start;
        assert!(link.longest_stall <= Duration::from_secs(5), "seed {seed}: stalled for {:?}", link.longest_stall);
        println!("seed {seed}: {time:?}, {:?}, {:?}", link.client.counters(), link.agent.counters());
    }
}

#[test]
fn acknowledgements_lost_in_a_heap_are_said_again_together() {
    // An agent that waits for what it misses before it goes on.
    let mut link = Link::with(Play::Ssh, |_, agent| agent.window.messages = 100).seeded(5);
    link.up.faults.drop_acknowledgements = 50;
    link.print_noise(16 << 20);

    link.run_until_equal(MINUTES);

    // The far side repairs ten messages a second, and some eight hundred acknowledgements are lost: one by one, 80 s.
    let time = link.now - link.start;
    assert!(time < Duration::from_secs(40), "took {time:?}");
    assert!(link.longest_stall <= Duration::from_secs(5), "stalled for {:?}", link.longest_stall);
}

#[test]
fn nothing_is_acknowledged_twice_for_being_late() {
    for (millis, lost) in [(1, 0), (40, 0), (400, 0), (1, 10), (40, 10), (200, 10)] {
        let mut link = Link::new(Play::Ssh).seeded(9).latency(Duration::from_millis(millis) / 2);
        // Acknowledgements wait behind what else goes up.
        link.up.bytes_per_second = Some(2_000_000);
        link.ready();
        link.down.faults.drop_data = lost;
        let (typed, printed) = (link.noise(2 << 20), link.noise(4 << 20));
        link.type_in(&typed);
        link.print(&printed);
        let said = Rc::new(Cell::new(0));
        let counted = Rc::clone(&said);
        link.tamper = Box::new(move |direction, frame| {
            let is_one = direction == Direction::Up && message_type(frame) == "acknowledge";
            counted.set(counted.get() + u64::from(is_one));
            true
        });

        let before = link.client.counters();
        link.run_until_equal(MINUTES);

        let after = link.client.counters();
        // One for each that came, those that came twice included.
        let owed = after.received + after.duplicates - before.received - before.duplicates;
        assert_eq!((said.get(), after.repeated), (owed, 0), "{millis} ms, {lost} in a thousand lost: {after:?}");
    }
}

#[test]
fn acknowledgements_that_were_lost_with_a_connection_are_said_again_together() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    link.tamper = Box::new(|direction, _| direction == Direction::Down);
    let printed = link.noise(400 * 1_024);
    link.print(&printed);
    link.run_for(Duration::from_millis(50));
    assert_eq!(link.got_down.len(), printed.len());
    link.cut();
    link.tamper = Box::new(|_, _| true);
    link.resume();
    let resumed = link.now;

    link.run_until(MINUTES, |link| link.agent.counters().in_flight == 0);

    // The far side repairs ten messages a second, and four hundred acknowledgements were lost.
    assert!(link.now - resumed <= Duration::from_secs(2), "{:?}", link.now - resumed);
    assert!(link.client.counters().repeated >= 350, "{:?}", link.client.counters());
}

#[test]
fn a_healthy_link_sees_no_resend_however_slow_it_is() {
    let links = [(1, None), (40, None), (250, None), (900, None), (20, Some(100_000)), (100, Some(1_000_000))];
    for (millis, rate) in links {
        let mut link = Link::new(Play::Ssh).latency(Duration::from_millis(millis) / 2);
        link.up.bytes_per_second = rate;
        link.type_noise(2 << 20);

        link.run_until_equal(MINUTES);

        let counters = link.client.counters();
        assert_eq!(counters.resent, 0, "{millis} ms, {rate:?} bytes a second");
        assert_eq!(link.agent.counters().duplicates, 0);
    }
}

#[test]
fn a_lost_connection_loses_nothing_else() {
    for play in [Play::Shell, Play::EncryptedShell, Play::Ssh] {
        let mut link = Link::new(play).seeded(3);
        link.up.bytes_per_second = Some(2_000_000);
        link.down.bytes_per_second = Some(2_000_000);
        let (typed, printed) = (link.noise(4 << 20), link.noise(4 << 20));
        link.type_in(&typed);
        link.print(&printed);

        for _ in 0..20 {
            let pause = Duration::from_millis(50 + link.noise(1)[0] as u64);
            link.run_for(pause);
            link.cut();
            link.run_for(pause * 3);
            link.resume();
        }
        link.run_until_equal(MINUTES);
    }
}

#[test]
fn another_connection_gets_what_was_lost_in_order_and_without_waiting_for_a_time_out() {
    // What fits into the first burst takes one trip of 5 ms; each pair of trips after it brings three times as much.
    for (bytes, trips) in [(30_000, 1), (100_000, 5)] {
        let mut link = Link::new(Play::Ssh);
        link.ready();
        link.run_for(Duration::from_secs(1));
        link.type_noise(bytes);
        link.run_for(Duration::ZERO);
        link.cut();
        link.run_for(Duration::from_secs(1));
        let resumed = link.now;

        link.resume();
        link.run_until_equal(Duration::from_secs(1));

        assert!(link.now - resumed <= Duration::from_millis(5) * trips, "{bytes} bytes took {:?}", link.now - resumed);
        assert_eq!(link.agent.counters().early, 0);
    }
}

#[test]
fn each_byte_value_alone_arrives_as_it_is() {
    for play in [Play::Shell, Play::EncryptedShell, Play::Ssh] {
        let mut link = Link::new(play);
        link.print(b"$ ");
        link.ready();
        for _ in 0..100 {
            for byte in 0..=u8::MAX {
                link.type_in(&[byte]);
                link.print(&[byte]);
                link.run_for(Duration::ZERO);
            }
        }

        link.run_until_equal(MINUTES);
    }
}

fn faults() -> impl Strategy<Value = Faults> {
    (0_u32..80, 0_u32..80, 0_u32..150, 0_usize..64, 0_u32..15).prop_map(
        |(drop_data, drop_acknowledgements, duplicate, reorder, flip)| Faults {
            drop_data,
            drop_acknowledgements,
            duplicate,
            reorder,
            flip,
        },
    )
}
