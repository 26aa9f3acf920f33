//! What EC2 is to us: instances, the places they are listed from, and what is known of them.

mod access_reason;
mod answer;
mod at_aws;
mod command_text;
mod console_keys;
mod desktop_certificate;
mod endpoint;
mod fact;
mod fact_kind;
mod filter;
mod forward;
mod glob;
mod group_rules;
mod host_alias;
mod host_key;
#[cfg(test)]
mod hostile;
mod id;
mod instance;
mod inventory;
mod key_pair;
mod mfa_code;
mod near;
mod network;
mod partition;
mod place;
mod power;
mod program;
mod remote_socket;
mod running;
mod serial;
mod session_place;
mod sso_account;
mod tags;
mod target;
mod untrusted;

pub use access_reason::{AccessReason, InvalidReason};
pub use answer::{Answer, Oddity};
pub use command_text::CommandText;
pub use console_keys::{ConsoleKeys, ToldFingerprint};
pub use desktop_certificate::Thumbprint;
#[cfg(test)]
pub(crate) use endpoint::tests::endpoint;
pub use endpoint::{AddressType, Endpoint, EndpointState};
pub use fact::{Denial, Fact, Refusal, Why};
pub use fact_kind::{FactKind, FactKinds};
#[cfg(test)]
pub(crate) use filter::WAYS;
#[cfg(test)]
pub(crate) use filter::tests::row;
pub use filter::{FIELDS, Filter, Haystack, Haystacks, InvalidFilter, OTHER_NAMES, SavedFilters};
pub use forward::{Destination, Forward, Host, InvalidForward, InvalidHost};
pub(crate) use glob::{glob_fits, host_glob_fits};
pub use group_rules::{GroupRule, GroupRules, Passage, Peer, TcpPorts, passage};
pub use host_alias::{AliasPrefix, HostAlias};
pub use host_key::{Fingerprint, HostKey, HostKeyOrigin, KeyKind};
pub use id::{AccountId, EndpointId, InstanceId, InvalidId, Region};
pub use instance::{Grant, Iam, Image, Instance, InstanceState, Os, ProfileRole, SecurityGroup, Ssm, SsmStatus, WhenStopped};
pub use inventory::{Changes, Generation, Inventory, Lacking, Listing};
pub use key_pair::KeyPair;
pub use mfa_code::{DIGITS as MFA_DIGITS, InvalidCode, MfaCode, MfaDevice};
pub use near::{Near, near};
pub use network::Network;
pub use partition::Partition;
pub use place::{Identity, Place, ProfileName};
pub use power::{Power, Standing};
pub use program::{AllowedPrograms, CredentialProgram};
pub use remote_socket::{InvalidSocket, RemoteSocket};
pub use running::{Running, RunningKind};
pub use serial::{Serial, SerialSwitch, has_serial_console};
pub use session_place::{NoSessionPlace, SessionPlace};
pub use sso_account::SsoAccount;
pub use tags::Tags;
pub use target::{InvalidTarget, LookUp, Target, nearest};
pub use untrusted::{Untrusted, display_width, is_hidden};
