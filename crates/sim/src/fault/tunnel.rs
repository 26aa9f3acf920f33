//! What goes wrong in a tunnel that an endpoint has opened.

use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// `tunnel:silent` and so on, of `ec2-instance-connect:OpenTunnel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum TunnelFault {
    /// It opens, and nothing ever comes.
    Silent,
    /// Nobody can be connected to behind it.
    NoTarget,
    /// After some bytes it is reset.
    Reset,
    /// After some bytes nothing comes and nothing is taken.
    Vanish,
    /// After some bytes it ends in the middle of a frame.
    HalfFrame,
    /// After some bytes comes a text frame.
    TextFrame,
    /// After some bytes comes the head of a frame of a terabyte.
    HugeFrame,
    /// After some bytes it is closed with 1011 and a hostile reason.
    Close,
    /// Its time is over after two seconds.
    Short,
    /// What comes is cut into frames that continue each other.
    Fragments,
}

impl TunnelFault {
    /// Each of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    fn name(self) -> &'static str {
        self.into()
    }

    pub(super) fn read(word: &str) -> Result<Self, String> {
        word.parse().map_err(|_| {
            let names = Self::ALL.iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ");
            format!("`{word}` is nothing that happens in a tunnel; it is one of {names}")
        })
    }
}

impl fmt::Display for TunnelFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
