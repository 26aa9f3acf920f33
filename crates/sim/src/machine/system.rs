//! The few programs of an instance that would tell of this computer instead of the instance: who its users are, and becoming one.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;

use super::home::{Homes, plain};

/// Where the users of the instance stand, as in `/etc/passwd`.
pub(crate) const USERS: &str = "EC2DASH_SIM_USERS";
const PROGRAMS: [(&str, &str); 3] = [
    ("getent", include_str!("system/getent.sh")),
    ("runuser", include_str!("system/runuser.sh")),
    ("sshd", "#!/bin/sh\necho authorizedkeysfile .ssh/authorized_keys\n"),
];

/// The variables with which a script that root runs on an instance finds them.
pub(crate) fn variables(homes: &Homes, instance: &str, users: &[String], path: &str) -> io::Result<[(String, String); 2]> {
    let folder = homes.of(instance, "system")?;
    let mut lines = String::new();
    for (number, user) in (1000..).zip(users) {
        let home = homes.of(instance, user)?;
        lines += &format!("{}:x:{number}:{number}::{}:/bin/sh\n", plain(user), home.display());
    }
    let list = folder.join("passwd");
    put(&list, &lines, 0o600)?;
    for (name, text) in PROGRAMS {
        put(&folder.join(name), text, 0o700)?;
    }
    Ok([("PATH".to_owned(), format!("{}:{path}", folder.display())), (USERS.to_owned(), list.display().to_string())])
}

/// Whole at every moment: another command of the instance may be reading it.
fn put(path: &std::path::Path, text: &str, mode: u32) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|own| own == text) {
        return Ok(());
    }
    let new = path.with_extension(uuid::Uuid::new_v4().to_string());
    fs::write(&new, text)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(mode))?;
    fs::rename(&new, path)
}
