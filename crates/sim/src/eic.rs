//! The EC2 Instance Connect API: taking public keys for instances.

use serde_json::json;
use ssh_key::PublicKey;

use super::asking::Asking;
use super::fleet::{Instance, State, is_nitro};
use super::json::Arguments;
use super::refusal::Refusal;
use super::serial;
use super::service::Service;

/// The JSON that answers the call.
pub(super) fn answer(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "SendSSHPublicKey" => send_ssh_public_key(asking, arguments),
        "SendSerialConsoleSSHPublicKey" => send_serial_console_ssh_public_key(asking, arguments),
        other => Err(Refusal::unknown_action(Service::InstanceConnect, other)),
    }
}

/// What a call is about, for the text of a denial.
pub(super) fn resource(account: &str, region: &str, arguments: &Arguments) -> String {
    let id = arguments.text("InstanceId").unwrap_or("*");
    format!("arn:aws:ec2:{region}:{account}:instance/{id}")
}

fn send_ssh_public_key(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let id = required(arguments, "InstanceId")?;
    let user = required(arguments, "InstanceOSUser")?;
    let key = required(arguments, "SSHPublicKey")?;
    if !is_instance_id(id) {
        return Err(invalid("Instance ID is invalid."));
    }
    if !is_user(user) {
        return Err(invalid("Instance OS user is invalid."));
    }
    let zone = arguments.text("AvailabilityZone");
    if zone.is_some_and(|zone| !(6..=32).contains(&zone.len())) {
        return Err(invalid("Availability zone is invalid."));
    }
    check_key(key)?;

    let instance = asking.instances().find(|instance| instance.id == *id);
    let instance = instance
        .filter(|instance| zone.is_none_or(|zone| zone == instance.zone))
        .ok_or_else(|| Refusal::new(400, "EC2InstanceNotFoundException", format!("Instance {id} could not be found.")))?;
    check_state(instance)?;
    // AWS takes the key in any case; an instance that cannot ask for it just never offers it.
    if asking.fleet.serves_pushed_keys(instance) {
        asking.world.keys.push(id, user, key.trim());
    }
    Ok(json!({ "RequestId": asking.request_id, "Success": true }).to_string().into_bytes())
}

fn send_serial_console_ssh_public_key(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let id = required(arguments, "InstanceId")?;
    let key = required(arguments, "SSHPublicKey")?;
    if !is_instance_id(id) {
        return Err(invalid("Instance ID is invalid."));
    }
    check_key(key)?;
    if !asking.account.serial_console {
        let message = "Serial console access is disabled for your account.";
        return Err(Refusal::new(400, "SerialConsoleAccessDisabledException", message));
    }
    let instance = asking.instances().find(|instance| instance.id == *id);
    let instance = instance
        .ok_or_else(|| Refusal::new(400, "EC2InstanceNotFoundException", format!("Instance {id} could not be found.")))?;
    if !is_nitro(&instance.instance_type) {
        let message = format!("Instance type {} does not support the serial console.", instance.instance_type);
        return Err(Refusal::new(400, "EC2InstanceTypeInvalidException", message));
    }
    check_state(instance)?;
    if asking.world.serial.is_taken(id) {
        let message = format!("Instance {id} has an active serial console session.");
        return Err(Refusal::new(400, "SerialConsoleSessionLimitExceededException", message));
    }
    asking.world.keys.push(id, &serial::user(id), key.trim());
    Ok(json!({ "RequestId": asking.request_id, "Success": true }).to_string().into_bytes())
}

fn check_state(instance: &Instance) -> Result<(), Refusal> {
    match instance.state {
        State::Running => Ok(()),
        State::Pending => Err(Refusal::new(
            400,
            "EC2InstanceUnavailableException",
            format!("Instance {} is not available. Please try again in a few minutes.", instance.id),
        )),
        state => Err(Refusal::new(
            400,
            "EC2InstanceStateInvalidException",
            format!("Instance {} is {}, not running.", instance.id, state.code().1),
        )),
    }
}

fn required<'a>(arguments: &'a Arguments, name: &str) -> Result<&'a str, Refusal> {
    arguments.text(name).ok_or_else(|| invalid(&format!("{name} is missing.")))
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(400, "InvalidArgsException", problem)
}

fn is_instance_id(id: &str) -> bool {
    let hex = id.strip_prefix("i-");
    (10..=32).contains(&id.len()) && hex.is_some_and(|hex| hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// The two forms of the API's pattern (docs/access-rules.md 4.4): a letter or `_` first, or digits and then something that
/// is none. A `$` may only be last.
fn is_user(user: &str) -> bool {
    let name = user.strip_suffix('$').unwrap_or(user);
    let is_mark = |byte: u8| matches!(byte, b'@' | b'.' | b'_' | b'-');
    let after_digits = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let starts_well = match (name.bytes().next(), after_digits.bytes().next()) {
        (Some(first), _) if first.is_ascii_alphabetic() || first == b'_' => true,
        (Some(first), Some(mark)) => first.is_ascii_digit() && (mark.is_ascii_alphabetic() || is_mark(mark)),
        _ => false,
    };
    starts_well && user.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

/// RSA of 2048 or 4096 bits, or ed25519, on one line.
fn check_key(key: &str) -> Result<(), Refusal> {
    if !(80..=4096).contains(&key.len()) || key.trim_end().contains(['\n', '\r', '\0']) {
        return Err(invalid("SSH public key is invalid."));
    }
    let unsupported = || invalid("SSH public key type is not supported.");
    if !key.starts_with("ssh-") {
        return Err(unsupported());
    }
    let key = PublicKey::from_openssh(key.trim()).map_err(|_| invalid("SSH public key is invalid."))?;
    match key.key_data() {
        ssh_key::public::KeyData::Ed25519(_) => Ok(()),
        ssh_key::public::KeyData::Rsa(rsa) => {
            let bits = rsa.n.as_positive_bytes().map_or(0, |modulus| modulus.len() * 8);
            if matches!(bits, 2048 | 4096) { Ok(()) } else { Err(unsupported()) }
        }
        _ => Err(unsupported()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_one_of_the_two_forms_of_the_reference() {
        for good in ["ec2-user", "_x", "a", "svc$", "jane.doe@corp", "1a", "12ab", "1.x", "9-z$"] {
            assert!(is_user(good), "{good}");
        }
        let long = "x".repeat(33);
        for bad in ["", "$", "-x", "a b", "root;id", "12345", "12$", "$a", "a$b", "1", "결제", long.as_str()] {
            assert!(!is_user(bad), "{bad}");
        }
    }

    #[test]
    fn only_keys_that_eic_takes_pass() {
        let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6MgkyCkqy3MRYxwLq8Bz8QlBHcAXYqXC0k0yEG6Pq3";
        let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHwf2HMM5TRXvo2SQJjsNkiDD5KqiiNjrGVv3UUh+mMT5RHxiRtOnlqvjhQtBq0VpmpCV/PwUdhOig4vkbqAcEc=";

        assert_eq!(check_key(ed25519), Ok(()));
        assert_eq!(check_key(ecdsa).unwrap_err().message, "SSH public key type is not supported.");
        assert!(check_key("ssh-ed25519 AAAA").is_err());
        assert!(check_key(&format!("{ed25519}\n{ed25519}")).is_err());
    }
}
