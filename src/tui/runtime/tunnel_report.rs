//! Where the task of a tunnel says what happens to it.

use tokio::sync::mpsc;

use super::report::Report;
use crate::tui::message::Message;
use crate::tui::tunnels::TunnelUpdate;

/// Of one tunnel.
pub(super) struct Say {
    pub(super) number: u64,
    pub(super) out: mpsc::Sender<Report>,
}

impl Say {
    pub(super) async fn tell(&self, update: TunnelUpdate) {
        // Nobody listens any more: we are leaving.
        let _ = self.out.send(Report::Message(Message::Tunnel { number: self.number, update })).await;
    }
}
