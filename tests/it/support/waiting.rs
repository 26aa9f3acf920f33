//! Waiting for what happens by itself.

use std::time::{Duration, Instant};

/// A program may find its peace so late.
const PEACE: Duration = Duration::from_secs(60);
/// So long nothing happens when there is peace, and so little of the processors is used meanwhile.
const WATCHED: Duration = Duration::from_millis(500);
const LITTLE: Duration = Duration::from_millis(100);

/// Wait until it is so.
#[track_caller]
pub fn wait_for(is_so: impl Fn() -> bool) -> impl Future<Output = ()> {
    let at = std::panic::Location::caller();
    async move {
        for _ in 0..1_000 {
            if is_so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it did not happen: {at}");
    }
}

/// Wait until there is one.
#[track_caller]
pub fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> impl Future<Output = T> {
    let at = std::panic::Location::caller();
    async move {
        for _ in 0..1_000 {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it did not happen: {at}");
    }
}

/// Wait until a process uses next to nothing of the processors: whatever it waits for, it waits without work.
#[track_caller]
pub fn wait_until_idle(process_id: u32) {
    let deadline = Instant::now() + PEACE;
    loop {
        let before = processor_time(process_id);
        std::thread::sleep(WATCHED);
        let used = processor_time(process_id) - before;
        if used <= LITTLE {
            return;
        }
        assert!(Instant::now() < deadline, "it finds no peace: {used:?} of the processors' time in {WATCHED:?}");
    }
}

/// What a process has used of the processors.
fn processor_time(process_id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process_id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}
