## access: what is in the way of a way in (reason-…), in one line among others where that is too long (reason-…-short),
## and what to do about it (fix-…). No full stops: the sentence stands in lines of its own or in lists.

# Where a login name comes from: `ec2-user (from the image)`
user-asked = as asked
user-from-image = from the image
user-from-ssm = from Systems Manager
user-from-platform = from the platform
user-guessed = a guess

# Kinds of addresses: `3.36.112.8 port 22 (public)`
address-kind-public = public
address-kind-private = private
address-kind-ipv6 = IPv6
address-kind-fixed = as asked

# One line for a way in that nothing is in the way of
way-ssm-ready = the agent is online
way-ssm-ssh-ready = ssh through the agent, with a key made now or that of the key pair
way-eice-ready = through an endpoint, with a key made now or your own
way-eic-ready = a key is made now and works for 60 s
way-ssh-ready = with the private key of the key pair

# What is not checked, after `not checked: `
unchecked-source = whether the network lets your own address in
unchecked-permissions = your own permissions
unchecked-channel = the agent's session channel

# The instance
reason-instance-stopped = the instance is stopped
fix-instance-stopped = ec2dash connect { $id } --start { $place }
reason-instance-stopping = the instance is stopping
fix-instance-stopping-note = wait until it is stopped, then start it
reason-instance-gone = the instance is { $state } and does not come back
reason-instance-starting = the instance is starting
reason-instance-state-unknown = the state of the instance is one that this version does not know
reason-instance-state-unknown-short = the state of the instance is not known
reason-not-of-ec2 = a hybrid node: EC2 knows neither its address nor its keys
reason-not-of-ec2-short = not an EC2 instance
reason-managed-by-service = managed by { $principal }: a shell may be refused by design
reason-managed-by-service-short = managed by an AWS service: a shell may be refused

# Addresses
reason-no-address = the instance has no address
reason-no-public-address = no public address
reason-no-private-address = no private IPv4 address
reason-no-ipv6-address = no IPv6 address
reason-address-ipv6-only = only IPv6, and this computer has no IPv6 route
reason-address-ipv6-unseen = only IPv6 ({ $ip }), and it is not known whether this computer has IPv6
reason-address-ipv6-unseen-short = only IPv6; not known whether this computer has it
reason-address-private = private address { $ip }: needs a VPN, Direct Connect or peering
reason-address-private-short = private address { $ip }: needs a VPN or the like
fix-address-private = ec2dash connect { $id } --address private { $place }
fix-address-private-note = only if the address is reachable from here, by a VPN or the like; to keep it: address = "private" in a [[rule]] of config.toml

# Jump hosts
reason-jump-missing = there is no such jump host: { $chain }
reason-jump-missing-short = there is no such jump host
fix-jump-missing-note = correct jump in the [[rule]] of config.toml, or go without: --jump none
reason-jump-ambiguous = several instances are called like the jump host: { $chain }
reason-jump-ambiguous-short = several instances are called like the jump host
fix-jump-ambiguous-note = name it by its id in the [[rule]] of config.toml, or on the command line: --jump ID
reason-jump-loop = the jump hosts lead in a circle: { $chain }
reason-jump-loop-short = the jump hosts lead in a circle
fix-jump-loop-note = a rule with jump must not match its own jump host: put a [[rule]] with jump = "none" for that one before it, or go without: --jump none
reason-jump-too-long = more than 4 jump hosts one behind the other: { $chain }
reason-jump-too-long-short = more than 4 jump hosts one behind the other
fix-jump-too-long-note = shorten the chain in the [[rule]]s of config.toml, or go through another one: --jump TARGET
reason-jump-unread = through the jump host { $jump }, which was not looked at here
reason-jump-unread-short = through a jump host, which was not looked at here
reason-jump-unclear = it is not known whether the jump host { $jump } has a way in
reason-jump-unclear-short = not known whether its jump host has a way in
fix-jump-unclear = ec2dash doctor { $id }{ AGAIN() }
reason-jump-closed = the jump host { $jump } has no way in by ssh
reason-jump-closed-short = its jump host has no way in by ssh
fix-jump-closed = ec2dash doctor { $id }{ AGAIN() }
reason-jump-elsewhere = the jump host { $jump } is in another VPC: whether the two are joined is not known
reason-jump-elsewhere-short = its jump host is in another VPC
reason-jump-groups-pending = whether the security groups let the jump host { $jump } in was not asked
reason-jump-groups-pending-short = not known whether the groups let its jump host in
reason-jump-groups-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the groups let the jump host in is not known
   *[other] { $action } was not answered, so whether the groups let the jump host in is not known
}
reason-jump-groups-unseen-short = not known whether the groups let its jump host in
reason-jump-group-closed = { $groups } does not let { $jump-groups }, the group of the jump host { $jump }, in on port { $port }
reason-jump-group-closed-short = the instance's group does not let its jump host in
fix-jump-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port { $port } --source-group { $jump-group } { $place }
reason-jump-group-unclear = whether { $groups } lets the jump host { $jump } in on port { $port } depends on a prefix list or on a group that was not read
reason-jump-group-unclear-short = not clear whether the group lets its jump host in
reason-jump-outbound-closed = { $jump-groups }, the group of the jump host { $jump }, lets nothing out on port { $port } to the instance
reason-jump-outbound-closed-short = the group of its jump host lets nothing out to it
reason-jump-outbound-unclear = whether { $jump-groups }, the group of the jump host { $jump }, lets out on port { $port } is not known
reason-jump-outbound-unclear-short = not known whether the group of its jump host lets out

# This computer
reason-ssh-missing = there is no OpenSSH on this computer: the built-in SSH client is used
fix-ssh-missing-note = install OpenSSH: package openssh-client (Debian, Ubuntu), openssh-clients (Fedora, RHEL, Amazon Linux), openssh (Arch, Homebrew)
reason-ssh-missing-short = no OpenSSH here: the built-in SSH client is used
reason-ssh-too-old = ssh on this computer is OpenSSH { $version }; 8.4 or later is needed
reason-ssh-too-old-short = OpenSSH { $version } is too old; 8.4 or later is needed
fix-ssh-too-old-note = install a current OpenSSH client and put it first in PATH
reason-ssh-foreign = the ssh that comes first in PATH is not OpenSSH
fix-ssh-foreign-note = install OpenSSH (package openssh-client or openssh-clients) and put it first in PATH

# EC2 Instance Connect
reason-eic-not-for-windows = EC2 Instance Connect does not exist for Windows
reason-eic-metadata-off = instance metadata is disabled: the pushed key cannot be read
reason-eic-metadata-off-short = instance metadata is off: the key cannot be read
fix-eic-metadata-off = aws ec2 modify-instance-metadata-options --instance-id { $id } --http-endpoint enabled --http-tokens required { $place }
reason-eic-metadata-unseen = AWS did not say whether instance metadata is on
reason-eic-package-pending = still asking which image the instance was made from
reason-eic-image-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the image has ec2-instance-connect is not known
   *[other] { $action } was not answered, so whether the image has ec2-instance-connect is not known
}
reason-eic-image-unseen-short = not known whether the image has ec2-instance-connect
reason-eic-package-unseen = whether the ec2-instance-connect package is installed cannot be seen from outside
reason-eic-package-unseen-short = ec2-instance-connect package: not visible from outside
reason-eic-package-missing = the image { $image } comes without ec2-instance-connect; it may have been installed since
reason-eic-package-missing-short = the image comes without ec2-instance-connect
fix-eic-package-missing = aws ssm send-command --instance-ids { $id } --document-name AWS-RunShellScript --parameters 'commands=["(command -v yum >/dev/null && yum install -y ec2-instance-connect) || (apt-get update && apt-get install -y ec2-instance-connect)"]' { $place }
reason-eic-package-missing-unmanaged = the image { $image } comes without ec2-instance-connect; it may have been installed since
reason-eic-package-missing-unmanaged-short = the image comes without ec2-instance-connect
fix-eic-package-missing-unmanaged-note = install it by another way in: sudo yum install ec2-instance-connect, or sudo apt-get install ec2-instance-connect
reason-eic-package-unsupported = ec2-instance-connect is not made for Amazon Linux 1 ({ $image })
reason-eic-package-unsupported-short = ec2-instance-connect is not made for Amazon Linux 1
reason-eic-user-not-taken = EC2 Instance Connect does not take the user name { $user }
reason-eic-user-not-taken-short = this user name is not taken by EC2 Instance Connect

# SSH with a key pair
reason-ssh-windows = OpenSSH Server is not on by default on Windows
reason-ssh-no-key-pair = launched without a key pair
reason-ssh-key-not-set = no key pair was chosen at launch, and no key file is set
reason-ssh-key-not-set-short = launched without a key pair, and no key file is set
fix-ssh-key-not-set = ec2dash connect { $id }{ AGAIN() } --identity FILE
fix-ssh-key-not-set-note = FILE is the private key; to keep it: key = "FILE" in a [[rule]] of config.toml
reason-ssh-key-not-found = private key for { $key } not found on this computer
fix-ssh-key-not-found = ec2dash connect { $id }{ AGAIN() } --identity FILE
fix-ssh-key-not-found-note = FILE is the private key; to keep it: key = "FILE" in a [[rule]] of config.toml
reason-ssh-key-not-found-short = private key for { $key } not found
reason-ssh-key-untold = nothing tells that the instance takes { $key }
reason-ssh-key-untold-short = nothing tells that the instance takes the key
reason-ssh-key-other = { $key } is another key than the key pair { $pair }
reason-ssh-key-other-short = the key file is another key than the key pair
reason-ssh-key-missing = there is no key file { $key }
reason-ssh-key-missing-short = the key file that is set does not exist
reason-ssh-key-unreadable = the key file { $key } cannot be read
reason-ssh-key-unreadable-short = the key file cannot be read
reason-ssh-key-too-open = others may read { $key }, so ssh refuses it
reason-ssh-key-too-open-short = others may read the key file, so ssh refuses it
fix-ssh-key-too-open = chmod 400 { $word }
reason-ssh-key-putty = { $key } is a PuTTY key, which OpenSSH cannot read
reason-ssh-key-putty-short = the key file is a PuTTY key, unreadable for OpenSSH
fix-ssh-key-putty = puttygen { $word } -O private-openssh -o { $converted }
reason-ssh-key-line-ends = { $key } has Windows line ends or lacks its last line end, so OpenSSH cannot read it
reason-ssh-key-line-ends-short = the key file has line ends that OpenSSH cannot read
fix-ssh-key-line-ends = (umask 077; (tr -d '\r' < { $word }; echo) > { $word }.new && mv { $word }.new { $word })
reason-ssh-key-public = { $key } is a public key; ssh needs the private one
reason-ssh-key-public-short = the key file is a public key

# Session Manager
reason-ssm-pending = still asking Systems Manager
reason-ssm-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the agent is online is not known
   *[other] { $action } was not answered, so whether the agent is online is not known
}
reason-ssm-unseen-short = not known whether the agent is online
reason-ssm-kept = { $why ->
    [access_denied] the registration was read { $age } ago; since then { $action } is denied
    [throttled] the registration was read { $age } ago; since then { $action } is throttled
    [timeout] the registration was read { $age } ago; since then { $action } was not answered in time
   *[other] the registration was read { $age } ago; since then { $action } failed
}
reason-ssm-kept-short = the registration was read { $age } ago
reason-ssm-starting = started { $age } ago, the agent may not be up yet
reason-ssm-not-registered = not registered with Systems Manager
fix-ssm-not-registered = sudo systemctl status amazon-ssm-agent
fix-ssm-not-registered-note = on the instance; on Ubuntu: sudo snap services amazon-ssm-agent
reason-ssm-metadata-off = instance metadata is disabled: the agent has no credentials
reason-ssm-metadata-off-short = instance metadata is off: the agent has no credentials
fix-ssm-metadata-off = aws ec2 modify-instance-metadata-options --instance-id { $id } --http-endpoint enabled --http-tokens required { $place }
reason-ssm-no-profile = no instance profile is attached; only Default Host Management could stand in for it
reason-ssm-no-profile-short = no instance profile is attached
fix-ssm-no-profile = aws ec2 associate-iam-instance-profile --instance-id { $id } --iam-instance-profile Name=PROFILE { $place }
fix-ssm-no-profile-note = PROFILE is an instance profile whose role has AmazonSSMManagedInstanceCore
reason-ssm-profile-without-role = the instance profile { $profile } holds no role
reason-ssm-profile-without-role-short = the instance profile holds no role
fix-ssm-profile-without-role = aws iam add-role-to-instance-profile --instance-profile-name { $profile-word } --role-name ROLE
fix-ssm-profile-without-role-note = ROLE is one that has AmazonSSMManagedInstanceCore
reason-ssm-role-lacks = the role { $role } lacks { $actions }
reason-ssm-role-lacks-short = the role lacks permissions that the agent needs
fix-ssm-role-lacks = aws iam attach-role-policy --role-name { $role-word } --policy-arn arn:{ $partition }:iam::aws:policy/AmazonSSMManagedInstanceCore
reason-ssm-role-unseen = { $why ->
    [access_denied] { $action } is denied, so what { $role } grants is not known
    [undecided] what { $role } grants depends on conditions that are not evaluated here
   *[other] { $action } was not answered, so what { $role } grants is not known
}
reason-ssm-role-unseen-short = not known what the role grants
reason-ssm-agent-not-in-image = the image { $image } comes without the SSM Agent
reason-ssm-agent-not-in-image-short = the image comes without the SSM Agent
fix-ssm-agent-not-in-image-note = install it by another way in: https://docs.aws.amazon.com/systems-manager/latest/userguide/manually-install-ssm-agent-linux.html
reason-ssm-agent-silent = agent silent for { $age }
fix-ssm-agent-silent = sudo systemctl restart amazon-ssm-agent
fix-ssm-agent-silent-note = on the instance; on Ubuntu: sudo snap restart amazon-ssm-agent
reason-ssm-agent-lost = the agent is no longer heard
fix-ssm-agent-lost = sudo systemctl restart amazon-ssm-agent
fix-ssm-agent-lost-note = on the instance; on Ubuntu: sudo snap restart amazon-ssm-agent
reason-ssm-agent-unsaid = Systems Manager did not say whether the agent is heard
reason-ssm-previous-boot = the agent was heard before the last start, not since
reason-ssm-ping-old = the agent counts as online, and was last heard { $age } ago
reason-ssm-agent-too-old = SSM Agent { $version } is older than { $least }
reason-ssm-agent-version-unseen = the version of the agent is not reported
reason-ssm-ssh-agent-slow = SSM Agent { $version } is older than { $least }, and carries SSH slowly
reason-ssm-ssh-agent-too-old = SSM Agent { $version } is too old for SSH sessions, which need { $least }
reason-ssm-ssh-agent-slow-short = SSM Agent { $version } carries SSH slowly
reason-ssm-ssh-agent-too-old-short = SSM Agent { $version } is too old for SSH
reason-ssm-ssh-no-key = no known key for { $user }: the image may take no pushed key, and there is no key file
reason-ssm-ssh-no-key-short = no known key for { $user }
fix-ssm-ssh-no-key = ec2dash connect { $id }{ AGAIN() } --method ssm-ssh --identity FILE
fix-ssm-ssh-no-key-note = FILE is a private key; a shell needs none: --method ssm

# What all rules say of a way, in a word
verdict-works = works
verdict-likely = likely
verdict-unknown = not known
verdict-unknown-moot = not known, and does not matter: { $method } is open
verdict-unknown-decides = not known, and it matters: no other way is known to be open
verdict-blocked = blocked
verdict-not-applicable = does not apply
# A cause and the ways it closes: `ssm, ssm-ssh: the instance is stopped`
cause-of = { $methods }: { $cause }

# EC2 Instance Connect Endpoint
reason-eice-pending = still asking which endpoints the VPC has
reason-eice-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the VPC has an endpoint is not known
   *[other] { $action } was not answered, so whether the VPC has an endpoint is not known
}
reason-eice-unseen-short = not known whether the VPC has an endpoint
reason-eice-kept = { $why ->
    [access_denied] what the VPC has was read before; since then { $action } is denied
   *[other] what the VPC has was read before; since then { $action } was not answered
}
reason-eice-kept-short = what the VPC has was read before
reason-net-kept = { $why ->
    [access_denied] what the network lets through was read { $age } ago; since then { $action } is denied
    [throttled] what the network lets through was read { $age } ago; since then { $action } is throttled
    [timeout] what the network lets through was read { $age } ago; since then { $action } was not answered in time
   *[other] what the network lets through was read { $age } ago; since then { $action } failed
}
reason-net-kept-short = the network was read { $age } ago
reason-eice-no-endpoint = there is no EC2 Instance Connect Endpoint in { $vpc }
reason-eice-no-endpoint-short = no endpoint in the VPC
fix-eice-no-endpoint = aws ec2 create-instance-connect-endpoint --subnet-id { $subnet } { $place }
reason-eice-no-such-endpoint = there is no endpoint { $endpoint } here
reason-eice-unusable = no endpoint can be used: { $endpoints }
reason-eice-unusable-short = no endpoint of the VPC can be used
reason-eice-coming = the endpoint { $endpoint } is being made, which takes some minutes
reason-eice-coming-short = the endpoint is being made
reason-eice-state-unknown = the endpoint { $endpoint } is { $state }, which this version does not know
reason-eice-state-unknown-short = the state of the endpoint is not known
reason-eice-family = the endpoint { $endpoint } leads to { $type } addresses, and this one is { $address }
reason-eice-family-short = the endpoint does not lead to such addresses
reason-eice-not-yours = the endpoint { $endpoint } belongs to account { $owner }, and serves only that one
reason-eice-not-yours-short = the endpoint belongs to another account
reason-eice-port = endpoints lead to ports 22 and 3389, not to { $port }
reason-eice-windows = OpenSSH Server is not on by default on Windows
reason-eice-client-ip-limits = the endpoint { $endpoint } keeps the client's address, which does not work with this instance
reason-eice-client-ip-limits-short = the endpoint keeps the client's address
reason-eice-client-ip = the endpoint { $endpoint } keeps the client's address: { $groups } has to let yours, or { $endpoint-groups }, in on port { $port }
reason-eice-client-ip-short = the instance's group has to let your address in
reason-eice-groups-pending = still asking what the security groups let through
reason-eice-groups-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the groups let the endpoint in is not known
   *[other] { $action } was not answered, so whether the groups let the endpoint in is not known
}
reason-eice-groups-unseen-short = not known whether the groups let it in
reason-eice-outbound-closed = { $endpoint-groups }, the group of { $endpoint }, lets nothing out to { $address } on port { $port }
reason-eice-outbound-closed-short = the endpoint's group lets nothing out to it
fix-eice-outbound-closed = aws ec2 authorize-security-group-egress --group-id { $endpoint-group } --ip-permissions IpProtocol=tcp,FromPort={ $port },ToPort={ $port },UserIdGroupPairs=[{"{"}GroupId={ $group }{"}"}] { $place }
reason-eice-outbound-unclear = whether { $endpoint-groups } lets out to { $address } on port { $port } depends on a prefix list or on a group that was not read
reason-eice-outbound-unclear-short = not clear whether the endpoint's group lets it out
reason-eice-group-closed = { $groups } does not let { $endpoint-groups }, the group of { $endpoint }, in on port { $port }
reason-eice-group-closed-short = the instance's group does not let the endpoint in
fix-eice-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port { $port } --source-group { $endpoint-group } { $place }
reason-eice-group-unclear = whether { $groups } lets { $endpoint } in on port { $port } depends on its address in the subnet, or on a prefix list
reason-eice-group-unclear-short = not clear whether the instance's group lets it in

# The network: a packet from here, and its reply
reason-net-group-closed = { $groups } lets nothing in on port { $port } from { $ip }
reason-net-group-closed-short = the security group does not let your address in
fix-net-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --ip-permissions { $permission } { $place }
fix-net-group-closed-note = whatever else has the group is opened to you, too; to take it back: the same line with revoke in place of authorize
reason-net-group-shut = { $groups } lets nobody in on port { $port } from an address outside
reason-net-group-shut-short = the security group does not let port { $port } in
reason-net-group-unread = { $groups }: a group that was not told, so whether port { $port } is let in is not known
reason-net-group-unread-short = a security group was not told
reason-net-groups-pending = security groups were not asked for
reason-net-groups-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the security groups let you in is not known
   *[other] { $action } was not answered, so whether the security groups let you in is not known
}
reason-net-groups-unseen-short = not known whether the security groups let you in
reason-net-list-unread = whether { $groups } lets { $ip } in on port { $port } depends on a prefix list that was not read: { $lists }
reason-net-list-unread-short = depends on a prefix list that was not read
reason-net-source-unknown = { $groups } lets in on port { $port } from { $sources }; your address as AWS sees it is not known
reason-net-source-unknown-short = your address as AWS sees it is not known
fix-net-source-unknown-note = say which it is: ec2dash doctor { $id }{ AGAIN() } --from ADDRESS
reason-net-open-to-all = port { $port } is open to the whole internet in { $groups }
reason-net-open-to-all-short = port { $port } is open to the whole internet
reason-net-interface-unread = the network interface of { $address } was not told, so its groups, ACL and routes were not checked
reason-net-interface-unread-short = the network interface was not told
reason-net-acl-shut = network ACL { $acl } lets port { $port } in from no address at all
reason-net-acl-shut-short = the network ACL does not let port { $port } in
reason-net-acl-in = network ACL { $acl }, rule { $rule }, denies port { $port } from { $ip }
reason-net-acl-in-short = the network ACL does not let your address in
fix-net-acl-in = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --ingress --rule-number { $free } --protocol tcp --port-range From={ $port },To={ $port } { $block } --rule-action allow { $place }
fix-net-acl-in-note = it is of the whole subnet; to take it back: delete-network-acl-entry with the same number
reason-net-acl-out = network ACL { $acl }, rule { $rule }, denies the replies to { $ip } (ports 1024 to 65535)
reason-net-acl-out-short = the network ACL does not let replies out
fix-net-acl-out = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --egress --rule-number { $free } --protocol tcp --port-range From=1024,To=65535 { $block } --rule-action allow { $place }
fix-net-acl-out-note = it is of the whole subnet; to take it back: delete-network-acl-entry with the same number
reason-net-acl-out-partly = network ACL { $acl }, rule { $rule }, denies some of the replies to { $ip }, the first to port { $first }
reason-net-acl-out-partly-short = the network ACL does not let all replies out
fix-net-acl-out-partly = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --egress --rule-number { $free } --protocol tcp --port-range From=1024,To=65535 { $block } --rule-action allow { $place }
fix-net-acl-out-partly-note = it is of the whole subnet; to take it back: delete-network-acl-entry with the same number
reason-net-acls-pending = network ACLs were not asked for
reason-net-acls-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the network ACL lets you in is not known
   *[other] { $action } was not answered, so whether the network ACL lets you in is not known
}
reason-net-acls-unseen-short = not known whether the network ACL lets you in
reason-net-route-none = subnet { $subnet } is not public: its route table { $table } sends no reply through an internet gateway (target { $target })
reason-net-route-none-short = the subnet is not public
reason-net-route-elsewhere = replies to { $source } leave { $subnet } by { $target }: what lies behind it is not visible
reason-net-route-elsewhere-short = replies leave by { $target }: not visible what lies behind
reason-net-route-list-unread = the route of the replies depends on prefix list { $list }, which was not read
reason-net-route-list-unread-short = the route depends on a prefix list
reason-net-routes-pending = route tables were not asked for
reason-net-routes-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the subnet is public is not known
   *[other] { $action } was not answered, so whether the subnet is public is not known
}
reason-net-routes-unseen-short = not known whether the subnet is public
reason-net-gateway-detached = the internet gateway { $target } is not attached to the VPC
reason-net-gateway-detached-short = the internet gateway is not attached
reason-net-public-access = VPC Block Public Access ({ $mode }) keeps out what comes from the internet
reason-net-public-access-short = VPC Block Public Access keeps the internet out
fix-net-public-access-note = a decision of whoever looks after the account: an exclusion for the subnet lets it through; ssm and eice need none
reason-net-public-access-unknown = VPC Block Public Access is in a mode that this version does not know: { $mode }
reason-net-public-access-unknown-short = VPC Block Public Access: mode not known
reason-net-public-access-unseen = { $why ->
    [access_denied] { $action } is denied, so whether VPC Block Public Access keeps the internet out is not known
   *[other] { $action } was not answered, so whether VPC Block Public Access keeps the internet out is not known
}
reason-net-public-access-unseen-short = VPC Block Public Access: not known

# Rules that hold
pass-instance-running = the instance is running
pass-ssh-here = OpenSSH { $version } is here
pass-address-public = public address { $ip }
pass-address-ipv6 = IPv6 address { $ip }, and this computer has IPv6
pass-address-routed = a route of this computer leads to { $ip } ({ $route })
pass-eic-metadata-on = instance metadata is on: a pushed key can be read
pass-eic-package-in-image = this image comes with ec2-instance-connect
pass-eic-user-taken = EC2 Instance Connect takes the user { $user }
pass-ssh-key-found = private key { $key }
pass-ssh-key-in-agent = your agent holds the private key
pass-ssm-agent-online = the agent is online ({ $version })
pass-ssm-role-grants = { $role } grants what sessions need
pass-eice-ready = { $endpoint } is ready ({ $state })
pass-eice-outbound-open = { $endpoint-groups } lets out to { $address } on port { $port }
pass-eice-group-open = { $groups } lets { $endpoint-groups } in on port { $port }
pass-net-group-open = { $groups } lets you in on port { $port }
pass-net-group-open-to-some = { $groups } lets somebody in on port { $port }
pass-net-acl-open = network ACL { $acl } lets you in
pass-net-acl-replies = network ACL { $acl } lets replies out
pass-net-route-public = subnet { $subnet } is public ({ $target })
pass-net-public-access-off = VPC Block Public Access is off

# The session channel
reason-ssm-channel-closed = the agent is online, and its session channel is not connected
reason-ssm-channel-closed-short = the agent's session channel is not connected
fix-ssm-channel-closed-note = the role needs the ssmmessages actions, and the VPC a way to ssmmessages; then restart the agent or wait
reason-ssm-channel-starting = started { $age } ago, and the session channel of the agent is not connected yet
reason-ssm-channel-starting-short = the session channel is not connected yet
reason-ssm-channel-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the session channel is connected is not known
   *[other] { $action } was not answered, so whether the session channel is connected is not known
}
reason-ssm-channel-unseen-short = not known whether the session channel is connected
pass-ssm-channel-open = the session channel is connected

# ACLs between two subnets
reason-eice-acl = network ACL { $acl } keeps { $endpoint } from port { $port } of the instance
reason-eice-acl-short = a network ACL keeps the endpoint out
reason-eice-acl-replies = network ACL { $acl } keeps the replies to { $endpoint }
reason-eice-acl-replies-short = a network ACL keeps the replies
reason-jump-acl = network ACL { $acl } keeps the jump host { $jump } from port { $port } of the instance
reason-jump-acl-short = a network ACL keeps its jump host out
reason-jump-acl-replies = network ACL { $acl } keeps the replies to the jump host { $jump }
reason-jump-acl-replies-short = a network ACL keeps the replies to its jump host
reason-net-table-unread = the route table of { $subnet } was not told
reason-net-table-unread-short = the route table was not told

# The way of the agent to Systems Manager
reason-ssm-no-path = no path from { $subnet } to { $services }: { $why ->
    [blackhole] what the route table { $table } leads to ({ $target }) is gone
    [detached] the internet gateway { $target } is not attached
    [no-address] the route table { $table } leads to an internet gateway, and the instance has no public address
    [nat-state] the NAT gateway { $target } is { $state }
    [nat-subnet] the NAT gateway { $target } is in { $state }, which has no route to the internet
   *[other] the route table { $table } has no route to the internet
}, and the VPC has no endpoint for it
reason-ssm-no-path-short = no path to Systems Manager
fix-ssm-no-path = aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --private-dns-enabled --vpc-id { $vpc-word } --service-name com.amazonaws.{ $region }.{ $service } --subnet-ids { $subnet-word } --security-group-ids GROUP { $place }
fix-ssm-no-path-note = for each of { $services }; GROUP lets the VPC in on port 443. It is charged by the hour, and the whole VPC goes through it then. A NAT gateway does as well
reason-ssm-public-access = VPC Block Public Access ({ $state }) lets nothing of { $target } out to the internet, so that there is no path to { $services }
reason-ssm-public-access-short = VPC Block Public Access: no path to Systems Manager
fix-ssm-public-access-note = an exclusion for the subnet, or VPC endpoints for { $services }: ask whoever is in charge of the account
reason-ssm-path-elsewhere = packets to Systems Manager leave through { $target }: what lies behind it is not visible
reason-ssm-path-elsewhere-short = what lies behind { $target } is not visible
reason-ssm-path-unread = AWS did not tell of the instance's network interface or route table, so its path to Systems Manager is not known
reason-ssm-path-unread-short = not known by which path the agent goes out
reason-ssm-endpoints-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the VPC has endpoints for Systems Manager is not known
    [undecided] the VPC is another account's, which alone sees all of its endpoints
   *[other] { $action } was not answered, so whether the VPC has endpoints for Systems Manager is not known
}
reason-ssm-endpoints-unseen-short = not known whether the VPC has endpoints for the agent
reason-ssm-routes-unseen = { $why ->
    [access_denied] { $action } is denied, so by which path the agent goes out is not known
    [undecided] the VPC is another account's, which alone sees its route tables
   *[other] { $action } was not answered, so by which path the agent goes out is not known
}
reason-ssm-routes-unseen-short = not known by which path the agent goes out
reason-ssm-nat-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the NAT gateway works is not known
   *[other] { $action } was not answered, so whether the NAT gateway works is not known
}
reason-ssm-nat-unseen-short = not known whether the NAT gateway works
reason-ssm-endpoint-unavailable = the VPC endpoint { $endpoints } is { $state }
reason-ssm-endpoint-unavailable-short = a VPC endpoint is { $state }
reason-ssm-endpoint-acl = the network ACL { $acl } lets { $way ->
    [reply] no reply of { $endpoints } through
   *[packet] nothing through to { $endpoints }
}
reason-ssm-endpoint-acl-short = a network ACL is in the way of the VPC endpoint
reason-ssm-endpoint-closed = { $groups }, the group of the VPC endpoint { $endpoints }, does not let { $address } in on port 443
reason-ssm-endpoint-closed-short = the group of the VPC endpoint lets no agent in
fix-ssm-endpoint-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port 443 --source-group { $own-group } { $place }
reason-ssm-endpoint-unclear = whether { $groups }, the group of the VPC endpoint { $endpoints }, lets { $address } in on port 443 is not known
reason-ssm-endpoint-unclear-short = not known whether the VPC endpoint lets the agent in
reason-ssm-endpoint-no-name = the VPC endpoint { $endpoints } has no private DNS name, so that the agent does not come to it
reason-ssm-endpoint-no-name-short = a VPC endpoint has no private DNS name
fix-ssm-endpoint-no-name = aws ec2 modify-vpc-endpoint --vpc-endpoint-id { $endpoint-word } --private-dns-enabled { $place }
fix-ssm-endpoint-no-name-note = the whole VPC goes through it then; a private hosted zone may stand in for it, which is not visible here
reason-ssm-endpoint-policy = the VPC endpoint { $endpoints } has a policy of its own, which may keep the agent out
reason-ssm-endpoint-policy-short = a VPC endpoint has a policy of its own
reason-ssm-vpc-dns-off = { $attribute } is off in { $vpc }, so that the names of the VPC endpoint { $endpoints } lead nowhere
reason-ssm-vpc-dns-off-short = { $attribute } is off in the VPC
fix-ssm-vpc-dns-off = aws ec2 modify-vpc-attribute --vpc-id { $vpc-word } --enable-dns-{ $option } { $place }
reason-ssm-vpc-dns-unseen = { $why ->
    [access_denied] { $action } is denied, so whether names lead to the VPC endpoint { $endpoints } is not known
   *[other] { $action } was not answered, so whether names lead to the VPC endpoint { $endpoints } is not known
}
reason-ssm-vpc-dns-unseen-short = not known whether names lead to the VPC endpoint
reason-ssm-outbound-closed = { $groups } lets nothing out on port 443 to { $target ->
    [internet] the internet
   *[other] { $target }
}
reason-ssm-outbound-closed-short = the security group lets no HTTPS out
fix-ssm-outbound-closed = aws ec2 authorize-security-group-egress --group-id { $group } --protocol tcp --port 443 --cidr 0.0.0.0/0 { $place }
fix-ssm-outbound-closed-note = it counts for whatever else has that group, too; to take it back: the same with revoke in place of authorize
reason-ssm-outbound-unclear = whether { $groups } lets out on port 443 to { $target ->
    [internet] Systems Manager
   *[other] { $target }
} depends on addresses, on a prefix list or on a group that was not read
reason-ssm-outbound-unclear-short = not clear whether the security group lets HTTPS out
reason-ssm-outbound-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the security groups let the agent out is not known
   *[other] { $action } was not answered, so whether the security groups let the agent out is not known
}
reason-ssm-outbound-unseen-short = not known whether the groups let the agent out
reason-ssm-acl-out = the network ACL { $acl } lets no HTTPS out
reason-ssm-acl-out-short = the network ACL lets no HTTPS out
fix-ssm-acl-out = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --egress --rule-number 1 --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow { $place }
fix-ssm-acl-out-note = it counts for the whole subnet; another number where 1 is taken
reason-ssm-acl-replies = the network ACL { $acl } lets no replies in (ports 1024 to 65535)
reason-ssm-acl-replies-short = the network ACL lets no replies in
fix-ssm-acl-replies = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --ingress --rule-number 1 --protocol tcp --port-range From=1024,To=65535 --cidr-block 0.0.0.0/0 --rule-action allow { $place }
fix-ssm-acl-replies-note = it counts for the whole subnet; another number where 1 is taken
reason-ssm-acls-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the network ACL lets the agent out is not known
   *[other] { $action } was not answered, so whether the network ACL lets the agent out is not known
}
reason-ssm-acls-unseen-short = not known whether the network ACL lets the agent out
pass-ssm-path-out = { $target } seems to lead to { $services }
pass-ssm-endpoint-open = { $groups } lets { $address } in to { $endpoints }
pass-ssm-outbound-open = { $groups } lets HTTPS out to { $target ->
    [internet] the internet
   *[other] { $target }
}

# The caller, the region, the clock and the host
reason-caller-unseen = { $why ->
    [access_denied] { $action } is denied, so who asks is not known
   *[other] { $action } was not answered, so who asks is not known
}
reason-caller-unseen-short = not known who asks
reason-region-off = the account has not enabled the region { $region }
reason-region-off-short = the region is not enabled
fix-region-off = aws account enable-region --region-name { $region }
fix-region-off-note = it takes minutes to hours
reason-region-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the account has enabled { $region } is not known
    [undecided] AWS does not name the region { $region }
   *[other] { $action } was not answered, so whether the account has enabled { $region } is not known
}
reason-region-unseen-short = not known whether the region is enabled
reason-clock-off = the clock of this computer is { $age } { $way ->
    [ahead] ahead of AWS's
   *[behind] behind AWS's
}, and signatures are refused by their time
reason-clock-off-short = the clock of this computer is { $age } off
fix-clock-off-note = set the clock, best by NTP
reason-checks-impaired = a status check fails: system { $system }, instance { $instance }, volumes { $storage }
reason-checks-impaired-short = a status check of EC2 fails
fix-checks-impaired = aws ec2 reboot-instances --instance-ids { $id } { $place }
fix-checks-impaired-note = where the system is impaired a stop and a start moves it to another host: data on instance store volumes is lost then
reason-checks-initializing = the status checks of EC2 are still under way: it may still be booting
reason-checks-initializing-short = the status checks are still under way
reason-checks-undecided = EC2 has no result of its status checks: system { $system }, instance { $instance }
reason-checks-undecided-short = no result of the status checks
reason-checks-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the status checks pass is not known
   *[other] { $action } was not answered, so whether the status checks pass is not known
}
reason-checks-unseen-short = not known whether the status checks pass
reason-event-planned = AWS plans { $event } for { $time }
reason-event-planned-short = AWS plans { $event }
reason-spot = a Spot instance: it may go at two minutes' notice
pass-signed-in = signed in as { $caller }
pass-region-on = the account has the region { $region }
pass-clock-right = the clock of this computer is right
pass-checks-passed = the status checks of EC2 pass

# Default Host Management, and what the account wants of sessions
reason-ssm-no-profile-at-all = no instance profile is attached, and Default Host Management is off
reason-ssm-no-profile-at-all-short = no instance profile is attached
fix-ssm-no-profile-at-all = aws ec2 associate-iam-instance-profile --instance-id { $id } --iam-instance-profile Name=PROFILE { $place }
fix-ssm-no-profile-at-all-note = PROFILE is an instance profile whose role has AmazonSSMManagedInstanceCore; the agent may take up to 30 minutes to find it
reason-ssm-default-host-management-unseen = { $why ->
    [access_denied] no instance profile is attached, and { $action } is denied, so whether Default Host Management stands in for it is not known
   *[other] no instance profile is attached, and { $action } was not answered, so whether Default Host Management stands in for it is not known
}
reason-ssm-default-host-management-unseen-short = no instance profile is attached
reason-ssm-role-shadowed = the role { $role } lacks { $actions }: the agent has to take the role of Default Host Management
reason-ssm-role-shadowed-short = the agent has to go by Default Host Management
fix-ssm-role-shadowed = aws iam attach-role-policy --role-name { $role-word } --policy-arn arn:{ $partition }:iam::aws:policy/AmazonSSMManagedInstanceCore
reason-ssm-guest = what is in the way may be inside: a proxy that the agent does not know, TLS that is looked into, a full disk, a wrong clock
reason-ssm-guest-short = what is in the way may be inside the instance
fix-ssm-guest = sudo ssm-cli get-diagnostics --output table
fix-ssm-guest-note = on the instance, by another way in
reason-ssm-tier-standard = sessions on machines outside EC2 need the advanced-instances tier, and { $region } has the standard one
reason-ssm-tier-standard-short = the account does not pay for sessions on such nodes
fix-ssm-tier-standard = aws ssm update-service-setting --setting-id arn:{ $partition }:ssm:{ $region }:{ $account }:servicesetting/ssm/managed-instance/activation-tier --setting-value advanced { $place }
fix-ssm-tier-standard-note = each machine outside EC2 is charged by the hour then
reason-ssm-tier-unseen = { $why ->
    [access_denied] { $action } is denied, so whether sessions on machines outside EC2 are paid for is not known
   *[other] { $action } was not answered, so whether sessions on machines outside EC2 are paid for is not known
}
reason-ssm-tier-unseen-short = not known whether sessions on it are paid for
reason-ssm-preferences-unseen = { $why ->
    [access_denied] { $action } is denied, so what the account wants of sessions is not known
   *[other] { $action } was not answered, so what the account wants of sessions is not known
}
reason-ssm-preferences-unseen-short = not known what the account wants of sessions
reason-ssm-run-as = the shell runs as { $user }, who has to exist there, unless a tag SSMSessionRunAs of yours names somebody else
reason-ssm-run-as-short = the shell runs as { $user }
reason-ssm-run-as-unset = the shell runs as whomever a tag SSMSessionRunAs of yours names, and as nobody without one
reason-ssm-run-as-unset-short = the shell runs as whom a tag of yours names
fix-ssm-run-as-unset-note = tag your IAM user or role with SSMSessionRunAs, or name a user for all in the preferences of Session Manager
reason-ssm-key-state = the key that sessions are sealed with is { $state }: { $key }
reason-ssm-key-state-short = the key for sessions is { $state }
fix-ssm-key-state-note = enable the key, or name another one in the preferences of Session Manager
reason-ssm-key-unseen = { $why ->
    [access_denied] { $action } is denied, so whether the key { $key } for sessions can be used is not known
   *[other] { $action } was not answered, so whether the key { $key } for sessions can be used is not known
}
reason-ssm-key-unseen-short = not known whether the key for sessions can be used
reason-ssm-logged = what a session prints is kept in { $places }
reason-ssm-logged-short = what a session prints is kept
reason-ssm-idle = a session ends after { $minutes } minutes without input
pass-ssm-default-host-management = Default Host Management gives it the role { $role }
pass-ssm-tier-advanced = sessions on machines outside EC2 are paid for
pass-ssm-preferences-usual = the account wants nothing special of sessions
pass-ssm-key-enabled = the key { $key } for sessions is enabled
reason-ssm-run-as-nobody = the shell is to run as somebody else, and neither the account nor a tag SSMSessionRunAs of yours says as whom
reason-ssm-run-as-nobody-short = nobody says whom the shell runs as
fix-ssm-run-as-nobody-note = tag your IAM user or role with SSMSessionRunAs, or name a user for all in the preferences of Session Manager

# The caller's own permissions, as IAM simulates them
reason-permission-denied = your policies do not allow { $permission }: { $by ->
    [statement] a statement denies it
    [boundary] the permissions boundary does not allow it
    [organization] a policy of the organization denies it
   *[other] no statement allows it
}
reason-permission-denied-short = your policies do not allow it
fix-permission-denied-note = ask whoever looks after your permissions; ec2dash policy connect-ssm and ec2dash policy connect-eic write what is needed
reason-permission-limited = your policies do not allow { $permission }: { $by ->
    [statement] a statement denies it
    [boundary] the permissions boundary does not allow it
    [organization] a policy of the organization denies it
   *[other] no statement allows it
}
reason-permission-limited-short = your policies do not allow all of it
reason-permission-unclear = whether you may { $permission } depends on what only a real request tells ({ $keys })
reason-permission-unclear-short = not clear whether your policies allow it
reason-permission-unseen = { $why ->
    [access_denied] { $action } is denied, so whether your policies allow it is not known
    [undecided] nobody can simulate the policies of such a caller
   *[other] { $action } was not answered, so whether your policies allow it is not known
}
reason-permission-unseen-short = not known whether your policies allow it
pass-permission-given = your policies allow { $permission }, as far as IAM simulates them
pass-permission-given-unless = your policies seem to allow { $permission }; not simulated: { $keys }
pass-permission-of-root = the account itself may { $permission }, unless the organization denies it

# Smaller things
reason-eic-local-zone = AWS does not support EC2 Instance Connect in the Local Zone { $zone }
reason-eic-local-zone-short = EC2 Instance Connect is not supported in Local Zones
reason-ssh-key-pair-gone = EC2 has no key pair { $pair } any more; a private key that was kept still works
reason-ssh-key-pair-gone-short = EC2 has the key pair no more
reason-ssm-ssh-unrecorded = the account keeps what sessions print, and of ssh through a session there is nothing to keep
reason-ssm-ssh-unrecorded-short = what ssh carries is not kept

# Worth knowing of one instance
reason-address-temporary = the public address { $ip } goes with the next stop, and another one comes with the next start
reason-address-temporary-short = the public address is temporary
fix-address-temporary = aws ec2 allocate-address --domain vpc { $place }
fix-address-temporary-note = then associate it with the instance: the present address goes, and each public IPv4 address is charged for
pass-address-elastic = the Elastic IP { $ip } stays
reason-address-carrier = { $ip } is an address of a carrier's or a customer's own network: it leads there from that network only
reason-address-carrier-short = its address is one of a carrier's or a customer's network
reason-net-group-stale = rules of { $groups } name { $gone }, behind a peering that is not active: they let nobody in
reason-net-group-stale-short = rules name groups behind a peering that is gone
fix-net-group-stale = aws ec2 describe-stale-security-groups --vpc-id { $vpc } { $place }
fix-net-group-stale-note = it names the rules that can go
reason-ssm-no-agent-for-system = there is no SSM Agent for this system ({ $image })
reason-ssm-no-agent-for-system-short = there is no SSM Agent for this system
reason-ssm-role-retired = the role { $role } has AmazonEC2RoleforSSM, which AWS has retired: it grants far more than an agent needs
reason-ssm-role-retired-short = the role has a policy that AWS has retired
fix-ssm-role-retired = aws iam attach-role-policy --role-name { $role-word } --policy-arn arn:{ $partition }:iam::aws:policy/AmazonSSMManagedInstanceCore
fix-ssm-role-retired-note = then detach AmazonEC2RoleforSSM
reason-ssm-run-command-old = agent { $version } takes the commands of Run Command by ec2messages; sessions need none of that
reason-ssm-run-command-old-short = Run Command still goes by ec2messages
reason-ssm-run-command-cut-off = agent { $version } takes the commands of Run Command by ec2messages, and nothing leads there from its subnet; sessions need none of that
reason-ssm-run-command-cut-off-short = Run Command does not reach it: nothing leads to ec2messages
fix-ssm-run-command-cut-off-note = update the agent to 3.3.40.0 or newer, or make a VPC endpoint for ec2messages
reason-ssm-logging-cut-off = what sessions print is kept or sealed with { $services }, and nothing leads there from its subnet
reason-ssm-logging-cut-off-short = nothing leads to { $services }, which keeps its sessions
fix-ssm-logging-cut-off = aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --private-dns-enabled --vpc-id { $vpc-word } --service-name com.amazonaws.{ $region }.{ $service } --subnet-ids { $subnet-word } { $place }
fix-ssm-logging-cut-off-note = for s3 a gateway endpoint will do, which costs nothing
reason-just-in-time = the account may grant sessions for a while to whoever says why (just-in-time node access)
reason-just-in-time-short = sessions may be granted on request
fix-just-in-time = ec2dash connect { $id } --method ssm --reason TEXT { $place }
fix-just-in-time-note = TEXT says what it is for
reason-tunnel-too-long = your policies allow tunnels, but none that may last as long as this one
reason-tunnel-too-long-short = your policies allow shorter tunnels only
fix-tunnel-too-long-note = set tunnel_limit to what the condition ec2-instance-connect:maxTunnelDuration of your policies allows
reason-ssm-ssh-user = sshd has no keys for ssm-user, as whom shells of Session Manager run; the user of the image is { $user }
reason-ssm-ssh-user-short = sshd has no keys for ssm-user
reason-eic-own-command = not visible from here: whether sshd asks EC2 Instance Connect for keys
reason-eic-own-command-short = whether sshd asks for pushed keys is not visible
fix-eic-own-command-note = where a pushed key is refused, look at AuthorizedKeysCommand in sshd_config
reason-eic-package-old = the image is old ({ $image }), and its ec2-instance-connect may not take ed25519 keys
reason-eic-package-old-short = its ec2-instance-connect may not take ed25519 keys
fix-eic-package-old-note = where a pushed key is refused, update the package ec2-instance-connect
reason-eice-bulk = AWS slows down large copies through an endpoint: take S3 or Session Manager for those
reason-eice-bulk-short = large copies through an endpoint are slow
reason-jump-not-needed = { $method } gets in without the jump host
reason-login-guessed = nothing tells who logs in there: { $user } is tried
reason-proxy-on-the-way = goes through the proxy { $proxy } of this computer
reason-serial-boot-repair = { $system ->
    [windows] to repair one that does not start, SAC has to be set up beforehand
   *[other] to repair one that does not start, GRUB has to be set up beforehand
}
reason-serial-boot-repair-short = boot repair has to be set up beforehand
reason-serial-one-session = one session at a time, for an hour at most; after it ends the next one has to wait for 30 seconds
reason-serial-one-session-short = one session at a time, for an hour at most
reason-ssh-key-lost = where the key is lost, another one can be added by { $methods }
reason-ssh-key-lost-short = another key can be added by { $methods }
reason-ssm-domain-controller = on a domain controller the agent makes no ssm-user: make it yourself there
reason-ssm-domain-controller-short = on a domain controller ssm-user has to be made

# What a forwarding takes
reason-forward-agent-too-old = agent { $version } leads to no other host than its own: { $least } or newer does
reason-forward-agent-too-old-short = the agent is too old to lead to other hosts
fix-forward-agent-too-old = aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids { $id } { $place }
reason-forward-agent-old = agent { $version } may not lead to other hosts: AWS says so of { $least } and newer
reason-forward-agent-old-short = the agent may be too old to lead to other hosts
fix-forward-agent-old = aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids { $id } { $place }
reason-forward-forbidden = { $own ->
    [yes] agents do not lead to { $to }: it is an address of the instance itself
   *[no] agents do not lead to { $to }: metadata, link-local and other loopback addresses are closed to them
}
reason-forward-forbidden-short = agents do not lead to { $to }
fix-forward-forbidden-note = a port of the instance itself is { $port } without a host
reason-forward-group-closed = { $groups }, of { $target }, does not let it in on port { $port }
reason-forward-group-closed-short = the group of { $to } does not let it in
fix-forward-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port { $port } --source-group { $own-group } { $place }
reason-forward-group-unclear = whether { $groups }, of { $target }, lets it in on port { $port } depends on a prefix list or on a group that was not read
reason-forward-group-unclear-short = not clear whether the group of { $to } lets it in
reason-forward-port-taken = port { $port } of this computer is in use by another program
pass-forward-group-open = the groups of { $target } let it in

# From one VPC to another
reason-net-peerings-unseen = { $why ->
    [access_denied] { $action } is denied, so whether a peering leads from { $vpc } to { $other } is not known
   *[other] { $action } was not answered, so whether a peering leads from { $vpc } to { $other } is not known
}
reason-net-peerings-unseen-short = not known whether a peering leads there
reason-net-no-peering = { $why ->
    [state] the peering { $peering } of { $vpc } and { $other } is { $state }
    [route] no route of its subnet goes through the peering { $peering } of { $vpc } and { $other }
   *[none] no peering joins { $vpc } and { $other }, and no other route leads there
}
reason-net-no-peering-short = nothing leads from one VPC to the other
reason-net-beyond-gateway = what leads from { $vpc } to { $other } goes through { $target }: what lies behind that is not visible
reason-net-beyond-gateway-short = what lies behind { $target } is not visible
pass-net-peering = the peering { $peering } leads from { $vpc } to { $other }, as far as this side shows
reason-eice-of-another-vpc = { $endpoint } is an endpoint of another VPC: { $vpc }
reason-eice-of-another-vpc-short = the endpoint is one of another VPC

# The browser client of EC2 Instance Connect
reason-eic-console-alone = { $groups } lets the browser client of AWS's console in, which is nothing to your address
reason-eic-console-alone-short = the group lets the browser client in, and not you
reason-eic-console-kept-out = { $groups } does not let the browser client of AWS's console in
reason-eic-console-kept-out-short = the browser client of the console is kept out
fix-eic-console-kept-out = aws ec2 authorize-security-group-ingress --group-id { $group } --ip-permissions { $permission } { $place }
pass-eic-console-let-in = { $groups } lets the browser client of AWS's console in, too

# Windows desktops, and host keys
reason-rdp-fleet-manager = a browser shows it, too: { $link }
reason-rdp-fleet-manager-short = Fleet Manager shows it in a browser
reason-rdp-no-password = EC2 keeps no first password of it: made less than 15 minutes ago, or of an image that makes none
reason-rdp-no-password-short = EC2 keeps no first password of it
fix-rdp-no-password-note = wait for it, or log in with a password that somebody set
reason-rdp-password-unseen = { $why ->
    [access_denied] { $action } is denied, so whether EC2 keeps a first password of it is not known
   *[other] { $action } was not answered, so whether EC2 keeps a first password of it is not known
}
reason-rdp-password-unseen-short = not known whether there is a first password
reason-rdp-no-key = only the RSA key of { $pair } opens the first password, and it is not on this computer
reason-rdp-no-key-short = the key that opens its first password is not here
pass-rdp-key-here = the RSA key of { $pair }, which opens the first password, is here
reason-host-key-unknown = no host key of it is kept: at the first login it is compared with what its console printed
reason-host-key-unknown-short = no host key of it is kept yet
pass-host-key-kept = its host key is kept

# Tests of ways in, made on request: what each does, after `test: `, and what came of it
probe-permissions = ask IAM what your policies allow (iam:SimulatePrincipalPolicy); nothing of it is carried out
probe-banner = connect to { $address } port { $port } and read what sshd says first
probe-tunnel = open a tunnel by { $endpoint } to { $address } port { $port }, read what sshd says first, and close it
probe-session = begin a session on { $id } (ssm:StartSession) and end it
probe-refused = { $address } refuses connections to port { $port }: no sshd runs there, or a firewall of the instance refuses
probe-no-answer = { $address } does not answer on port { $port }: something on the way drops it, or the instance hangs
probe-unreachable = { $address } is not reached from here: { $cause }
probe-silent = port { $port } of { $address } took the connection and said nothing
probe-closed = port { $port } of { $address } took the connection and closed it
probe-tunnel-silent = the tunnel opened, and nothing answered at { $address } port { $port }
probe-session-silent = no session within { $seconds } s
reason-probe-banner-other = something else than sshd answers: { $banner }
reason-probe-banner-other-short = something else than sshd answers
reason-probe-banner-failed = tested: { $what }
reason-probe-banner-failed-short = the test found no sshd
reason-probe-tunnel-denied = tested: { $what }
reason-probe-tunnel-denied-short = the endpoint refused the test
reason-probe-tunnel-failed = tested: { $what }
reason-probe-tunnel-failed-short = the test found nothing through the endpoint
reason-probe-session-denied = tested: { $what }
reason-probe-session-denied-short = a session was denied in the test
reason-probe-session-not-connected = tested: { $what }
reason-probe-session-not-connected-short = no session began in the test
reason-probe-session-failed = tested: { $what }
reason-probe-session-failed-short = no session began in the test
pass-probe-banner = tested: sshd answers ({ $banner })
pass-probe-tunnel-open = tested: sshd answers through the endpoint
pass-probe-session-open = tested: a session began, and was ended
