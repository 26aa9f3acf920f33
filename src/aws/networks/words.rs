//! Address blocks and ports in AWS's words.

use ipnet::IpNet;

use crate::model::TcpPorts;

/// A block, cut to what it stands for.
pub(super) fn block(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().map(|block| block.trunc())
}

/// TCP ports by their limits: AWS writes -1, or nothing, for all of them.
pub(super) fn ports(from: Option<i32>, to: Option<i32>) -> TcpPorts {
    let (Some(from @ 0..), Some(to @ 0..)) = (from, to) else { return TcpPorts::All };
    let last = to.min(u16::MAX.into());
    match (u16::try_from(from), u16::try_from(last)) {
        (Ok(first), Ok(last)) if first <= last => TcpPorts::Range(first, last),
        _ => TcpPorts::None,
    }
}
