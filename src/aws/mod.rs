//! Real calls, translated at the door.

mod access_request;
pub mod backoff;
mod base_provider;
mod call;
mod calls;
mod certificate;
mod changes;
mod client_config;
mod clock;
mod cloud;
mod clouds;
mod contents;
mod credential_process;
mod described;
pub mod documents;
mod enabled_region;
mod endpoints;
mod environment;
mod error;
mod everything;
mod examination;
mod facts;
mod failure;
mod files;
mod flaw;
#[cfg(test)]
mod hostile;
mod http;
mod image_memory;
mod key_pair_memory;
mod keyring;
mod lent;
mod locked;
mod neighbours;
mod network_memory;
mod networks;
mod new_profiles;
mod nodes;
mod options;
#[cfg(test)]
mod oracle;
mod own_address;
mod page;
mod pages;
mod password;
mod permissions;
mod policy;
mod power;
mod prefix_list_memory;
mod principal;
mod profile_kind;
mod profiles;
mod programs;
mod proxied;
mod proxies;
mod reading;
mod regions;
mod role;
mod role_cache;
mod role_chain;
mod role_memory;
mod roles;
mod run_command;
mod sdk_files;
mod serial;
mod service_codes;
mod service_settings;
mod session;
mod sessions;
mod sign_in;
mod simulation;
mod size;
mod standing;
mod statement;
mod status_checks;
mod stream;
mod survey;
mod texts;
mod translate;
mod tunnel;
mod turns;
mod user_session;
mod wholeness;
mod wishes;
mod words;

pub use access_request::{AccessRequest, AccessStanding, GrantedAccess};
pub use backoff::Backoff;
pub use call::{CALLS, Call, fills};
pub use calls::Found;
pub use certificate::{CertificateFlaw, Moments};
pub use changes::Opened;
pub use cloud::Cloud;
pub use clouds::Clouds;
pub use enabled_region::EnabledRegion;
pub use endpoints::own_sessions;
pub use environment::Environment;
pub use error::{Error, SignInEnd, Unlogged};
pub use everything::Everything;
pub use facts::{
    ask_for_all_facts, ask_for_endpoint, ask_for_everything, ask_for_facts, ask_for_permissions, ask_for_serial_console,
};
pub use files::{NamedSessions, profile_names, regular_text};
pub use flaw::{Fault, Flaw};
pub use lent::LentCredentials;
pub use neighbours::Neighbours;
pub use new_profiles::{NewProfile, NewSections};
pub use options::Options;
pub use permissions::{Policy, policy};
pub use profile_kind::ProfileKind;
pub use profiles::{Profile, Profiles, profiles, profiles_in};
pub use regions::{is_opt_in, known_regions};
pub use role_cache::RoleCache;
pub use run_command::{
    CommandId, CommandOutput, CommandStatus, Errand, Invocation, MOST_INSTANCES, NoCommandId, USUAL_LIMIT, delivery,
};
pub use sessions::{Resumed, SessionRequest, Ticket};
pub use sign_in::{
    Flow, FlowWishes, IdentityCenter, Progress, SignIn, SignInFile, SignInLink, SignInPage, SignInStamp, SignedOut, SsoSession,
    Told, region_in_start_url, settled as sign_ins_settled, unkept,
};
pub use standing::Standing;
pub use statement::Statement;
pub use stream::{StreamAccess, StreamUrl, UnsafeStream};
pub use tunnel::{EndpointHost, SignedTunnel, TunnelAccess, TunnelRequest, UnsafeEndpoint};
