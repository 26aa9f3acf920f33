## The serial console and the desktop as ways in

way-serial-ready = a session on the serial console; it needs neither the network nor sshd
way-rdp-ready = a Windows desktop through a tunnel
unchecked-desktop = whether Remote Desktop is on

reason-serial-no-host = where the serial consoles of { $region } are served is not known
reason-serial-no-host-short = where the region's consoles are served is not known
reason-serial-not-running = the serial console opens once the instance runs
reason-serial-off = serial console access is off in { $region }
fix-serial-off = aws ec2 enable-serial-console-access { $place }
fix-serial-off-note = That turns it on for the whole account in this region.
reason-serial-off-by-policy = serial console access is off in { $region }, by a policy of the organization
reason-serial-off-by-policy-short = serial console access is off, by a policy
reason-serial-password = for a login there an OS user with a password is needed; keys do not count
reason-serial-password-short = a login there needs an OS user with a password
reason-serial-type = { $type } has no serial console
reason-serial-type-unseen = whether this type has a serial console is not known
reason-serial-unasked = whether the account lets it be used is asked when it is opened
reason-serial-unasked-short = looked at when it is opened
reason-serial-unseen = { $why ->
    [access_denied] { $action } is denied, so it is not known whether there is a serial console
   *[other] { $action } failed, so it is not known whether there is a serial console
  }
reason-serial-unseen-short = not known whether there is one
reason-serial-zone = there is no serial console in { $zone }
reason-rdp-not-windows = it does not run Windows

serial-opens = opening the serial console; Enter is pressed for you there, and ~. at the start of a line leaves it
plan-serial = ec2-instance-connect:SendSerialConsoleSSHPublicKey { $id }, then { $host }

session-serial-taken = somebody has the one session that a serial console has, or the last one is still closing
session-serial-taken-next = Try again in 30 seconds: that is how long a closed one takes to go.
session-serial-unavailable = the console is not ready: the instance may be starting
session-serial-unavailable-next = Try again in a minute.
session-serial-unsupported = what the instance runs on is too old for it
session-serial-unsupported-next = Reboot it once: ec2dash reboot { $id }{ AGAIN() }
session-serial-no-type = { $type } has no serial console
session-serial-no-type-next = Take another way in: ec2dash doctor { $id }{ AGAIN() }
session-serial-state = the instance does not run, or has only just started
session-serial-state-next = Look at it, and try again in a minute: ec2dash doctor { $id }{ AGAIN() }

ended-serial-host-key = { $host } did not show the key of the serial consoles; nothing was sent to it
ended-serial-host-key-why-1 = shown: { $now }
ended-serial-host-key-why-2 = expected, as AWS publishes it or the settings say: { $told }
ended-serial-host-key-next-1 = somebody may be in between; try from another network, and compare with the EC2 User Guide

config-not-a-host = { $value } is neither the name of a host nor an address
config-not-a-fingerprint = { $value } is not a fingerprint such as SHA256:… (43 characters)
config-serial-incomplete = the serial consoles of { $name } need host = "NAME" and fingerprint = "SHA256:…"
