## connect: what connecting will do, why it is not done, and what ssh's errors mean

# A plan as --dry-run prints it. The heads stand in nine columns.
plan-head-target = target
plan-head-method = method
plan-head-login = login
plan-account = account { $account }
plan-best-of = best of { $methods }
plan-as-asked = as asked
plan-login = { $user } ({ $source }) at { $address } port { $port } ({ $kind })
plan-login-jump = { $user } ({ $source }) at { $address } port { $port } ({ $kind }), through the jump host { $jump }
plan-login-endpoint = { $user } ({ $source }) at { $address } port { $port }, through the endpoint { $endpoint }
plan-login-proxy = { $user } ({ $source }) at port { $port } through { $through }
through-session-manager = Session Manager
plan-host-key = ec2:GetConsoleOutput { $id }, else what Session Manager reads there: the host key is compared before the login; { $otherwise }
plan-host-key-node = ssm:StartSession { $id }: the host key is read there and compared before the login; { $otherwise }
plan-host-key-verify = where none is told, the one shown is taken
plan-host-key-strict = where none is told, none is taken
plan-jump = { $jump } by { $method }: a login of its own, with its own key and its own host key check; nothing runs there
plan-push-key = ec2-instance-connect:SendSSHPublicKey for { $user }: a new ed25519 key, valid for 60 s
plan-push-own-key = ec2-instance-connect:SendSSHPublicKey for { $user }: the public half of { $path }, valid for 60 s
plan-name-key = { $key }, which your agent holds

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
ended-host-key-changed-why-3 = its console tells now: { $console }
ended-host-key-changed-why-4 = its agent tells now: { $agent }
ended-host-key-changed-why-5 = so the key seen now is that of { $same }
ended-host-key-changed-why-6 = a rebuilt instance or a replaced root volume has new keys; so has somebody in between
ended-host-key-changed-next-1 = if it was rebuilt: ec2dash known-hosts replace { $id } (reads its new keys through AWS), or ec2dash known-hosts forget { $id }
ended-host-key-not-told = the host key that answers for { $id } is not the one that is told of it; not connected
ended-host-key-not-told-why-1 = told by its console: { $console }
ended-host-key-not-told-why-2 = told by its agent: { $agent }
ended-host-key-not-told-why-3 = shown: { $now }
ended-host-key-not-told-why-4 = somebody in between has another key; so has a host whose keys were made anew after it printed them
ended-host-key-not-told-next-1 = compare on the instance: ec2dash exec { $id } --method ssm -- ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
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
ended-jump-host-failed = the login to the jump host { $jump } failed
ended-jump-host-failed-why-1 = its own error stands above
ended-jump-host-failed-next-1 = log in to it alone, then try again: ec2dash ssh { $jump-id } -- true
ended-jump-not-led-on = the jump host { $jump } does not come to { $address } on port { $port }
ended-jump-not-led-on-why-1 = sshd there is not up, or a security group or network ACL lets the jump host not in
ended-jump-not-led-on-why-2 = the sshd of the jump host may forbid it (AllowTcpForwarding no)
ended-jump-not-led-on-next-1 = every way in, with its reasons: ec2dash show { $id }
ended-other-user = { $id } wants another user than { $user }
ended-other-user-next-1 = ec2dash connect { $id } --method { $method } --user { $other }
ended-key-too-open = ssh refuses the key file because others may read it
ended-key-too-open-next-1 = chmod 400 the file that ssh names above
ended-key-passphrase = the passphrase of the key file was wrong
ended-key-passphrase-next-1 = try again, or load the key with ssh-add
ended-key-unreadable = OpenSSH cannot read the key file
ended-key-unreadable-why-1 = it is a PuTTY key, cut off, a public key, or has Windows line ends
ended-key-unreadable-next-1 = a PuTTY key becomes an OpenSSH key with: puttygen FILE -O private-openssh -o FILE.pem
ended-key-unreadable-next-2 = Windows line ends go with: (umask 077; (tr -d '\r' < FILE; echo) > FILE.new && mv FILE.new FILE)
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
ended-key-refused-next-1 = ec2dash connect { $id } --method { $method } --user NAME --identity FILE
ended-key-refused-next-2 = ec2dash connect { $id } --method eic
ended-eic-key-refused = { $id } refused the one-time key for { $user }
ended-eic-key-refused-why-1 = the package ec2-instance-connect may be missing, or sshd has another AuthorizedKeysCommand
ended-eic-key-refused-why-2 = the image may log in another user: { $others }
ended-eic-key-refused-why-3 = instance metadata may be off, or the instance's clock wrong; hosts in FIPS mode may refuse ed25519
ended-eic-key-refused-next-1 = ec2dash connect { $id } --method { $method } --user NAME
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
ended-not-resolved-why-1 = your ssh_config gives this address a ProxyJump that does not resolve here
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
ended-desktop-failed = the desktop of { $id } did not open: { $said }
ended-desktop-failed-next-1 = ec2dash rdp { $id }
ended-no-sftp = { $id } serves no files
ended-no-sftp-why-1 = its sshd has no subsystem sftp, or may not start it
ended-no-sftp-next-1 = see that /etc/ssh/sshd_config there has a line "Subsystem sftp"

# In a session of Session Manager. The keys are not translated.
shell-lost = [ec2dash] connection lost, resuming ({ $seconds } s). Enter ~. ends
shell-resumed = [ec2dash] resumed
session-waits-sign-in = { $what } This waits until you sign in: { $command }
session-waits-code = { $what } This waits until the code is given: { $command }
session-sign-in-ends = The sign-in ends in { $left }; what is open waits then for another. Sign in before: { $command }
session-waits-credentials = { $what } This waits for new ones.
session-waits-certificate = { $what } This goes on trying.
shell-title-silent = { $name }: no answer for { $seconds } s
shell-title-sign-in-ends = { $name }: the sign-in ends soon
shell-title-lost = { $name }: connection lost, resuming ({ $seconds } s)
shell-no-job-control = [ec2dash] there is no shell to go back to
shell-help = [ec2dash] At the start of a line, for ec2dash itself and not for the remote:
shell-help-quit = ~.   end the session
shell-help-suspend = ~^Z  stop ec2dash and go back to your shell; fg comes back
shell-help-help = ~?   this
shell-help-tilde = ~~   one ~ for the remote
session-kept-in-both = your account keeps the output of this session in S3 and CloudWatch Logs
session-kept-in-s3 = your account keeps the output of this session in S3
session-kept-in-cloudwatch = your account keeps the output of this session in CloudWatch Logs
session-kept-unknown = whether your account keeps the output of this session is not known: { $why }
session-runs-as = the shell runs as the user that your account's preferences name
session-idle = it ends after { $minutes } min without input
session-longest = it ends after { $minutes } min
shell-greeted = the instance says: { $words }
shell-fell-back = { $from } did not work: { $why } Trying { $to }.
plan-session = ssm:StartSession { $id } ({ $document })
session-came-back = This computer slept, or ec2dash stood still, for { $span }, and the session ended meanwhile. A new one begins.
shell-denied = the shell of your settings is denied: { $action } on { $document } is needed. The account's own shell runs instead. AWS says: { $message }
plan-own-shell = the account's own shell
plan-otherwise = if that fails before it begins: ec2dash connect { $id } --method { $method }
refused-not-by-jump = only eic and ssh go through a jump host
refused-needs-openssh = { $what } needs OpenSSH, which is not on this computer; the built-in SSH client does not do it
ssh-gone = the ssh that was found is not there any more
ssh-built-in = There is no OpenSSH on this computer: the built-in SSH client is used, and your ssh_config is not read.
refused-needs-ssh = arguments for ssh and remote commands need ssh; a Session Manager shell has none

# How a session of Session Manager ended (over-<code>), why (-why) and what to do (-next)
session-over = the session on { $name } is over: { $what }
over-stream-unsafe = AWS named an address for the data channel that is not one of AWS's; nothing was sent there
over-stream-unsafe-next = with an own endpoint for ssmmessages, set AWS_ENDPOINT_URL_SSMMESSAGES to it
over-stream-unreachable = the data channel cannot be opened: { $host }: { $cause }
over-stream-unreachable-why = a firewall, a proxy or a missing VPC endpoint for ssmmessages may be in the way
over-stream-unreachable-next = let this computer reach { $host } on port 443
over-stream-proxy = the proxy { $host } does not let the data channel through: { $cause }
over-stream-proxy-next = check HTTPS_PROXY, or except the host with NO_PROXY=ssmmessages.REGION.amazonaws.com
over-stream-timeout = { $host } did not answer in time
over-stream-timeout-why = a proxy that does not pass WebSockets looks the same
over-stream-timeout-next = let this computer reach { $host } on port 443
over-stream-forbidden = { $host } refuses the data channel with HTTP { $status }: { $words }
over-stream-forbidden-why = your policy may lack ssmmessages:OpenDataChannel on your own sessions, or the policy of a VPC endpoint does
over-stream-forbidden-next = ask whoever gives you access to allow ssmmessages:OpenDataChannel
over-stream-refused = { $host } answers with HTTP { $status }: { $words }
over-stream-refused-why = something between here and AWS, such as a proxy or a portal, may be answering
over-stream-not-opened = AWS closed the data channel at once, twice
over-stream-not-opened-why = the start token was not accepted; a clock that is far off or a proxy in between may be the cause
over-stream-not-opened-next = try again in a minute
over-session-cut-short = the session ended, and some of its output is missing
over-session-closed = the session was closed
over-session-ended-by-service = ended by the service: { $words }
over-session-left = you left it
over-session-timed-out = ended by the service: idle time-out or terminated elsewhere
over-session-timed-out-next = connect again
over-session-terminated = ended by the service: it was terminated elsewhere
over-session-terminated-next = connect again
over-session-resume-denied = the connection was lost, and { $action } is denied, so the session cannot go on over another
over-session-resume-denied-why = policies after AWS's own samples allow it for sessions of IAM users by name (aws:username), which no assumed role has
over-session-resume-denied-next = ask whoever gives you access to allow ssm:ResumeSession and ssm:TerminateSession on { $resource }
over-session-resume-denied-next-all = or for everybody's own sessions on session/*, if ssm:resourceTag/aws:ssmmessages:session-id is like aws:userid
over-session-not-resumed = the connection was lost and did not come back within { $seconds } s
over-session-not-resumed-next = connect again when the network is back; reconnect in [connect] of config.toml says how long to try
over-idle = nothing was typed for { $minutes } min; without a setting of the account sessions end after { $limit } min
over-idle-set = nothing was typed for { $minutes } min; the account's preferences end sessions after { $limit } min
over-longest = the account's preferences end every session after { $minutes } min
over-ssm-no-answer = the instance has not answered: its agent is stopped or cut off
over-ssm-no-answer-why = the service took the session, and the agent did not come to it
over-ssm-no-answer-next = restart the agent: sudo systemctl restart amazon-ssm-agent
over-ssm-handshake-timed-out = the session did not begin: still waiting for { $step }
over-ssm-handshake-timed-out-next = try again; if it stays so, restart the agent on { $id }
over-ssm-handshake-unreadable = the session did not begin: the { $step } of the agent does not read
over-ssm-handshake-unreadable-next = update the agent on { $id }
over-ssm-handshake-out-of-step = the session did not begin: something else came where { $step } was due
over-ssm-handshake-out-of-step-next = update the agent on { $id }
over-ssm-unknown-session-type = the agent offers a session of a type that ec2dash does not know: { $type }
over-ssm-unexpected-session = the session document makes another kind of session than was asked for: { $type }
over-ssm-unsupported-action = the agent asks for something that ec2dash does not know: { $type }
over-ssm-key-refused = the session must be encrypted, and there is no key for it
over-ssm-key-refused-next = allow kms:GenerateDataKey on the key of the session preferences
over-ssm-wrong-key = the agent does not have the key of this session; nothing was sent
over-ssm-wrong-key-why = somebody in between, or a key policy that gives the instance another key
over-ssm-challenge-skipped = the agent skipped the proof that it has the key of this session; nothing was sent
over-ssm-clear-text = the agent sent clear text in an encrypted session; the session was ended
over-ssm-integrity = a message arrived damaged each time; the session was ended
over-ssm-integrity-why = something in between changes the data
over-ssm-message-too-large = message too large; the session was ended
over-ssm-message-too-large-why = AWS or something in between sent more than 1 MiB at once, which no data channel does
over-ssm-unanswered = the instance stopped answering; the session was terminated
over-ssm-unanswered-next = connect again when it answers
over-ssm-multiplexing = the agent broke the protocol of tunnels
over-ssm-multiplexing-next = update the agent on { $id }
over-words-logging = the account logs sessions to a place that is not encrypted as its preferences demand, or that the role may not look at
over-words-logging-next = mend the Session Manager preferences, or allow the role s3:GetEncryptionConfiguration and logs:DescribeLogGroups
over-words-key = the role of the instance may not use the key of the session preferences
over-words-key-next = allow kms:Decrypt on that key to the role of the instance
over-words-run-as = the preferences let sessions run as a user that is not set or not there
over-words-run-as-next = set the default user in the Session Manager preferences, or make that user on the instance
over-words-forbidden-address = the agent does not forward to addresses of the metadata service and its like
over-words-forbidden-address-next = forward to another address
over-words-channel = the agent could not open its side: a token that ended, its network, or a role without ssmmessages
over-words-channel-next = attach AmazonSSMManagedInstanceCore to the role, and let the instance reach ssmmessages
over-words-port = nothing on the instance takes connections on that port
over-words-port-next = start the service there, or name the right port
over-words-command = the command could not be started
over-words-command-next = name a program that is there, with its whole path

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

# Tunnels, after the local address
tunnel-refused = the instance could not connect to { $to }
tunnel-stalled = a connection to { $to } was closed: nothing here read it, and it held up the others
tunnel-waiting = the connection from { $from } to { $to } stalls: of 32 KB it sent, not all was taken there in 10 s
tunnel-waiting-one = a connection to { $to } stalls: of 32 KB it sent, not all was taken there in 10 s
tunnel-stands-still = the far side takes nothing more to { $to }, which holds up every connection of that session; new ones get another session
tunnel-goes-on = what is sent to { $to } is taken there again
tunnel-gave-up = a session to { $to } that took nothing more is over, and its connections with it
tunnel-no-session = no session to { $to }: { $why }
tunnel-session-ended = the session to { $to } is over: { $why } The next connection opens another.
tunnel-reopened = another session to { $to } is open
tunnel-one-at-a-time = the agent is too old for more than one connection at a time; further ones wait
tunnel-too-many-places = a connection was refused: sessions to { $most } places are open and in use, the most there can be
tunnel-no-socks = a connection did not speak SOCKS5 without a login
tunnel-forbidden = agents do not forward to { $to }
tunnel-not-accepted = connections cannot be accepted: { $cause }
tunnel-over = { $connections ->
    [1] 1 connection
   *[other] { $connections } connections
  }, sent { $sent }, received { $received }
tunnel-lost = the connection to AWS is lost, resuming
tunnel-silent = no answer
tunnel-up = connected again

# A tunnel through an EC2 Instance Connect Endpoint
endpoint-ending = The tunnel through { $endpoint } ends in { $seconds } seconds: endpoints keep one for { $limit } seconds and no longer. Connect again for another.
over-endpoint-unsafe = AWS named a host for the endpoint { $endpoint } that is not one of AWS's endpoints in this region; nothing was sent there
over-endpoint-no-fips = FIPS is asked for, and the endpoint { $endpoint } has no FIPS host name; its plain one is not used
over-endpoint-no-fips-next = make an endpoint in a region that has FIPS names, or switch off use_fips_endpoint (AWS_USE_FIPS_ENDPOINT)
over-endpoint-unreachable = the endpoint cannot be reached: { $host }: { $words }
over-endpoint-unreachable-why = a firewall or a proxy may be in the way; an endpoint that was deleted has no name any more
over-endpoint-unreachable-next = let this computer reach { $host } on port 443
over-endpoint-proxy = the proxy { $host } does not let the tunnel through: { $words }
over-endpoint-proxy-next = check HTTPS_PROXY, or except the host with NO_PROXY=.ec2-instance-connect-endpoint.REGION.amazonaws.com
over-endpoint-timeout = { $host } did not answer in time
over-endpoint-timeout-why = a proxy that does not pass WebSockets looks the same
over-endpoint-timeout-next = let this computer reach { $host } on port 443
over-endpoint-denied = AWS does not let you open a tunnel through { $endpoint } (HTTP { $status }): { $words }
over-endpoint-denied-why =
    your policy may lack ec2-instance-connect:OpenTunnel on the endpoint, or limit it to other ports or addresses
    a policy that caps ec2-instance-connect:maxTunnelDuration below the { $limit } seconds asked for refuses the tunnel, too
over-endpoint-denied-next =
    ask whoever gives you access to allow ec2-instance-connect:OpenTunnel
    with a cap on the duration: --tunnel-limit 10m, or tunnel_limit in config.toml
over-endpoint-expired = the credentials have ended (HTTP { $status }): { $words }
over-endpoint-expired-next = sign in again, then connect again
over-endpoint-signature = AWS does not take the signature (HTTP { $status }): { $words }
over-endpoint-signature-why = a clock that is off by more than a minute makes a signature worthless
over-endpoint-signature-next = set the clock of this computer, then connect again
over-endpoint-full = the endpoint { $endpoint } takes no further tunnel (HTTP { $status }): { $words }
over-endpoint-full-why = an endpoint carries at most 20 connections at a time, from everybody who uses it
over-endpoint-full-next = end tunnels that are not needed, or wait a moment and connect again
over-endpoint-gone = AWS knows no endpoint { $endpoint }: { $words }
over-endpoint-gone-next = list again: it was deleted a moment ago, or is of another region
over-endpoint-parameter = the endpoint { $endpoint } does not take the port or the address: { $words }
over-endpoint-parameter-why = endpoints lead to ports 22 and 3389 of private addresses that their VPC reaches
over-endpoint-refused = { $host } answers with HTTP { $status }: { $words }
over-endpoint-refused-why = something between here and AWS, such as a proxy or a portal, may be answering
over-endpoint-no-target = the endpoint { $endpoint } cannot connect to port { $port } of { $target }: { $words }
over-endpoint-no-target-why =
    a security group: that of the instance has to let the endpoint's group in, and that of the endpoint has to let it out
    sshd (or the desktop) does not run there, or not on port { $port }
    the instance is still starting
over-endpoint-no-target-next = check the security groups for port { $port }, then whether the service there is up
over-endpoint-ended = the endpoint { $endpoint } closed the tunnel ({ $number }): { $words }
over-endpoint-time-over = the tunnel's time was over: { $limit } seconds through { $endpoint }
over-endpoint-time-over-next = connect again; for longer sessions use Session Manager
over-endpoint-broken = the tunnel through { $endpoint } broke: { $words }
over-endpoint-broken-next = connect again
over-endpoint-protocol = what came through { $endpoint } is no tunnel: { $words }
over-endpoint-protocol-why = something between here and AWS, such as a proxy, may change what passes
over-endpoint-silent = { $target } said nothing on port { $port } for { $number } seconds: the tunnel is open, and leads nowhere
over-endpoint-silent-why =
    a security group or a network ACL drops what the endpoint { $endpoint } sends
    sshd does not answer there
over-endpoint-silent-next = check the security groups for port { $port }, then whether the service there is up
