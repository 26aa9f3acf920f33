//! What is known of the serial console of an instance.

use super::Fact;

/// Whether there is one, and whether the account lets anybody use it. Each costs a call of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Serial {
    /// The account's switch in the region.
    pub switch: Fact<SerialSwitch>,
    /// Whether instances of this type have one; `None`: AWS does not tell.
    pub of_type: Fact<Option<bool>>,
}

/// The switch of an account for serial consoles, in one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SerialSwitch {
    /// Whoever is allowed to may use them.
    On,
    /// Nobody may; the account can turn it on.
    Off,
    /// Nobody may, by a policy of the organization.
    OffByPolicy,
}

/// Bare metal without a serial console (docs/access-rules.md SER-2).
const WITHOUT: [&str; 16] = [
    "a1.metal",
    "mac1.metal",
    "mac2.metal",
    "mac2-m1ultra.metal",
    "mac2-m2.metal",
    "mac2-m2pro.metal",
    "mac-m3ultra.metal",
    "mac-m4.metal",
    "mac-m4max.metal",
    "mac-m4pro.metal",
    "g5g.metal",
    "u-6tb1.metal",
    "u-9tb1.metal",
    "u-12tb1.metal",
    "u-18tb1.metal",
    "u-24tb1.metal",
];

/// Whether instances of the type `name` have a serial console: those on Nitro, and most of bare metal.
pub fn has_serial_console(name: &str, is_nitro: bool, is_bare_metal: bool) -> bool {
    (is_nitro || is_bare_metal) && !WITHOUT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nitro_and_most_of_bare_metal_have_a_serial_console() {
        for (name, is_nitro, is_metal, has) in [
            ("m6i.large", true, false, true),
            ("t2.micro", false, false, false),
            ("m5.metal", false, true, true),
            ("mac2.metal", false, true, false),
            ("g5g.metal", true, true, false),
        ] {
            assert_eq!(has_serial_console(name, is_nitro, is_metal), has, "{name}");
        }
    }
}
