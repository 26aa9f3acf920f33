//! The session documents that every account has.

/// The JSON of one of AWS's own documents.
pub(super) fn content(name: &str) -> Option<&'static str> {
    Some(match name {
        "AWS-StartSSHSession" => include_str!("../../../../../assets/documents/AWS-StartSSHSession.json"),
        "AWS-StartPortForwardingSession" => include_str!("../../../../../assets/documents/AWS-StartPortForwardingSession.json"),
        "AWS-StartPortForwardingSessionToRemoteHost" => {
            include_str!("../../../../../assets/documents/AWS-StartPortForwardingSessionToRemoteHost.json")
        }
        "AWS-StartInteractiveCommand" => include_str!("../../../../../assets/documents/AWS-StartInteractiveCommand.json"),
        "AWS-StartNonInteractiveCommand" => include_str!("../../../../../assets/documents/AWS-StartNonInteractiveCommand.json"),
        _ => return None,
    })
}
