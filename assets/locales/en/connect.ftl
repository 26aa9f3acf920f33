## connect: what connecting will do, why it is not done, and what ssh's errors mean

# A plan as --dry-run prints it. The heads stand in nine columns.
plan-head-target = target
plan-head-method = method
plan-head-login = login
plan-account = account { $account }
plan-best-of = best of { $methods }
plan-as-asked = as asked
plan-login = { $user } ({ $source }) at { $address } port { $port } ({ $kind })
plan-push-key = ec2-instance-connect:SendSSHPublicKey for { $user }: a new ed25519 key, valid for 60 s

# Why no connection is made
refused = cannot connect to { $target }
refused-by = cannot connect to { $target } by { $method }
refused-not-in-this-version = { $feature }: not in this version
refused-instead = ec2dash connect { $id } --method { $method }   (ready)
refused-show = ec2dash show { $id }   (every way in, with its reasons)

# What ssh's last words mean (ended-<code>), why (-why-N, the likeliest first) and what to do (-next-N)
ended-host-key-changed = the host key of { $id } is not the one seen before; not connected
ended-host-key-changed-why-1 = seen before: { $before }
ended-host-key-changed-why-2 = seen now: { $now }
ended-host-key-changed-why-3 = a rebuilt instance or a replaced root volume has new keys; so has somebody in between
ended-host-key-changed-next-1 = if it was rebuilt: ec2dash known-hosts forget { $id }
ended-host-key-unknown = the host key of { $id } is not known, and host_keys = "strict" takes only known ones
ended-host-key-unknown-next-1 = connect once with host_keys = "accept-new" in [connect] of config.toml
ended-host-key-refused = the host key of { $id } was not accepted
ended-host-key-refused-why-1 = a host on the way, such as your ProxyJump, may be the one whose key is not known
ended-host-key-refused-next-1 = log in to that host once with ssh, and compare its key
ended-ssh-config-broken = ssh does not accept your ssh_config
ended-ssh-config-broken-next-1 = mend the file and line that ssh names above, or set use_ssh_config = false in [connect] of config.toml
ended-no-common-algorithm = ssh here and sshd on { $id } have no algorithm in common
ended-no-common-algorithm-why-1 = the far side is very old, or yours allows few algorithms
ended-no-common-algorithm-next-1 = update the instance, or allow its algorithm once: ec2dash ssh { $id } -- -o HostKeyAlgorithms=+ssh-rsa
ended-jump-failed = the connection through your jump host failed
ended-jump-failed-why-1 = the ProxyJump or ProxyCommand of your ssh_config ended; its own error stands above
ended-jump-failed-next-1 = log in to the jump host alone, then try again
ended-other-user = { $id } wants another user than { $user }
ended-other-user-next-1 = ec2dash connect { $id } --method { $method } --user { $other }
ended-key-too-open = ssh refuses the key file because others may read it
ended-key-too-open-next-1 = chmod 400 the file that ssh names above
ended-key-passphrase = the passphrase of the key file was wrong
ended-key-passphrase-next-1 = try again, or load the key with ssh-add
ended-key-unreadable = OpenSSH cannot read the key file
ended-key-unreadable-why-1 = it is a PuTTY key, cut off, or a public key
ended-key-unreadable-next-1 = a PuTTY key becomes an OpenSSH key with: puttygen FILE -O private-openssh -o FILE.pem
ended-key-missing = the key file is not there
ended-key-missing-next-1 = ec2dash connect { $id } --identity FILE
ended-too-many-failures = { $id } refused after too many keys
ended-too-many-failures-why-1 = your ssh_config names further keys for this host
ended-too-many-failures-next-1 = ec2dash ssh { $id } --method { $method } --ssh-config off
ended-no-common-signature = ssh here and sshd on { $id } have no signature algorithm in common
ended-no-common-signature-why-1 = an RSA key between an old server and a new client, or the other way round
ended-no-common-signature-next-1 = use an ed25519 key, or as a last resort: ec2dash ssh { $id } -- -o PubkeyAcceptedAlgorithms=+ssh-rsa
ended-key-refused = { $id } refused the key for { $user }
ended-key-refused-why-1 = the image may log in another user: { $others }
ended-key-refused-why-2 = the key may be another one than the instance was launched with
ended-key-refused-why-3 = authorized_keys or the rights of the home directory may have changed on the instance
ended-key-refused-next-1 = ec2dash connect { $id } --method ssh --user NAME --identity FILE
ended-key-refused-next-2 = ec2dash connect { $id } --method eic
ended-eic-key-refused = { $id } refused the one-time key for { $user }
ended-eic-key-refused-why-1 = the package ec2-instance-connect may be missing, or sshd has another AuthorizedKeysCommand
ended-eic-key-refused-why-2 = the image may log in another user: { $others }
ended-eic-key-refused-why-3 = instance metadata may be off, or the instance's clock wrong; hosts in FIPS mode may refuse ed25519
ended-eic-key-refused-next-1 = ec2dash connect { $id } --method eic --user NAME
ended-eic-key-refused-next-2 = ec2dash connect { $id } --method ssh
ended-timed-out = no answer from { $address } port { $port }
ended-timed-out-why-1 = a security group does not let you in on port { $port }
ended-timed-out-why-2 = a network ACL or a missing route is in the way; a private address needs a VPN
ended-timed-out-why-3 = the instance has moved to another address, or hangs
ended-timed-out-next-1 = aws ec2 describe-security-groups --group-ids { $groups }
ended-timed-out-next-2 = ec2dash show { $id }   (every way in, with its reasons)
ended-refused = { $address } has nothing that listens on port { $port }
ended-refused-why-1 = sshd is not up yet (it takes a minute or two after a start), or listens on another port
ended-refused-why-2 = the address belongs to another machine now
ended-refused-next-1 = wait a minute and try again, or name the port: ec2dash connect { $id } --port PORT
ended-no-route = there is no route to { $address }
ended-no-route-why-1 = the VPN is down, or a firewall on the way refuses
ended-no-route-next-1 = connect the VPN, or take another address with --address
ended-network-unreachable = this computer cannot reach { $address }
ended-network-unreachable-why-1 = an IPv6 address needs IPv6 on this computer
ended-network-unreachable-next-1 = ec2dash connect { $id } --address private, or --address public
ended-not-resolved = a host name was not found
ended-not-resolved-why-1 = your ssh_config gives this address a HostName or ProxyJump that does not resolve here
ended-not-resolved-next-1 = mend the name in your ssh_config, or connect the VPN that knows it
ended-closed-at-once = { $address } closed the connection before the login
ended-closed-at-once-why-1 = sshd has too many logins at once, or blocks your address (fail2ban)
ended-closed-at-once-why-2 = port { $port } is not sshd's
ended-closed-at-once-next-1 = wait a minute and try again
ended-forwarding-failed = a forwarded port could not be opened
ended-forwarding-failed-next-1 = choose a port that is free
ended-session-lost = the connection to { $id } was lost
ended-session-lost-why-1 = the network changed, or a NAT or firewall forgot the idle connection
ended-session-lost-next-1 = connect again; with keepalive = 15 in [connect] of config.toml idle connections stay
ended-session-closed = { $id } closed the session
ended-session-closed-why-1 = it was stopped or rebooted, or somebody ended the session there
ended-session-closed-next-1 = connect again when it is running
ended-account-off = the account { $user } may not log in on { $id }
ended-account-off-next-1 = ec2dash connect { $id } --method { $method } --user NAME
ended-no-terminal = { $id } gave no terminal
ended-no-terminal-why-1 = it has no free pseudo-terminal, or sshd forbids one
ended-no-terminal-next-1 = ec2dash ssh { $id } -- -T

# A command on many instances
fleet-waiting = waiting
fleet-sent = sent
fleet-running = running
fleet-success = done
fleet-failed = failed
fleet-timed-out = timed out
fleet-not-delivered = not delivered
fleet-undeliverable = undeliverable
fleet-cancelled = cancelled
fleet-terminated = not begun
fleet-not-sent = not sent
fleet-unknown = not known
fleet-why-timed-out = It ran longer than it may.
fleet-why-not-delivered = Its agent did not take the command in time.
fleet-why-undeliverable = AWS could not deliver the command.
fleet-why-terminated = It failed on another instance first.
fleet-why-not-running = The instance is { $state }.
fleet-why-not-registered = Its agent is not registered with Systems Manager.
fleet-why-agent-silent = Its agent is silent.
fleet-why-windows = It runs Windows, which has no /bin/sh.
fleet-why-stopped = Stopped before its turn.
fleet-why-fail-fast = It failed on another instance first.
fleet-why-unknown = It may have run; AWS does not tell: { $what }
