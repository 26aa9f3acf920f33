//! SSH through an EC2 Instance Connect Endpoint: its word and its place among the others. This version has no rules for it.

use crate::access::entry::{Channel, Client, Entry, KeySource};

pub(super) static WAY: Entry = Entry {
    id: "eice",
    channel: Channel::Endpoint,
    client: Client::Ssh(KeySource::Pushed),
    carries: &[],
    can_be_opened: false,
    findings: None,
    codes: &[],
    unchecked: &["unchecked-network", "unchecked-permissions"],
};
