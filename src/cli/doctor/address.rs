//! The addresses of this computer as AWS sees them: told, set, or found after a yes.

use std::net::IpAddr;

use crate::access::Ways;
use crate::aws::Cloud;
use crate::cli::args::Doctor;
use crate::cli::invocation::Invocation;
use crate::config::AddressSource;

/// Those that the flags or the settings tell; the flags win.
pub(super) fn told(invocation: &Invocation, asked: &Doctor) -> Vec<IpAddr> {
    match invocation.loaded.settings.doctor.source {
        AddressSource::At(address) if asked.from.is_empty() => vec![address],
        _ => asked.from.clone(),
    }
}

/// The address that a page tells, where it would decide something and somebody at the terminal says yes to asking it.
pub(super) async fn found(invocation: &Invocation, ways: &Ways, cloud: &Cloud) -> Option<IpAddr> {
    let settings = &invocation.loaded.settings.doctor;
    if settings.source != AddressSource::Ask || !invocation.terminal.may_ask || !ways.wants_source() {
        return None;
    }
    let values = [("service", settings.address_service.to_string().into())];
    let answer = invocation.terminal.ask(&invocation.text.say_with("ask-address", &values)).unwrap_or_default();
    if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return None;
    }
    match cloud.own_address(&settings.address_service).await {
        Ok(address) => {
            invocation.note(&invocation.text.say_with("address-found", &[("address", address.to_string().into())]));
            Some(address)
        }
        Err(error) => {
            invocation.note(&error.what(&invocation.text));
            None
        }
    }
}
