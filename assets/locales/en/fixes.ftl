## fixes

# What mends a finding of the doctor: shown before a yes, carried out, listed, taken back.
mend-title-fx-sg-myip = let { $peer } in on port { $port } of { $name }, by security group { $group }
mend-title-fx-start = start { $name }
mend-title-fx-sg-eice = let endpoints with { $peer } in on port { $port } of { $name }, by security group { $group }
mend-title-fx-eice-egress = let endpoints with { $group } out to { $peer } on port { $port }
mend-title-fx-sg-ref = let jump hosts with { $peer } in on port { $port } of { $name }, by security group { $group }
mend-title-forward = let { $peer } in on port { $port } by security group { $group }, for a tunnel through { $name }
mend-title-fx-nacl-in = let { $peer } in on port { $port }, by network ACL { $acl }
mend-title-fx-nacl-eph = let replies out to { $peer }, by network ACL { $acl }
mend-title-fx-role-attach = attach AmazonSSMManagedInstanceCore to role { $role }
mend-title-fx-ser-on = let serial consoles be used in { $region }
mend-title-fx-sg-myip6 = let { $peer } in on port { $port } of { $name }, by security group { $group }
mend-title-fx-profile = give { $name } an instance profile for Systems Manager
mend-title-fx-eice-create = make an EC2 Instance Connect Endpoint in { $vpc }, for { $name }
mend-title-fx-ssm-update = update the SSM Agent of { $name }
mend-title-fx-eip = give { $name } an Elastic IP address
mend-title-fx-route-igw = lead { $peer } through { $gateway }, by route table { $table }
mend-title-fx-vpce = make the endpoints of Systems Manager in { $vpc }, for { $name }
mend-title-fx-imds = turn the metadata service of { $name } on
mend-title-fx-sg-egress443 = let the agent of { $name } out to { $peer } on port { $port }, by security group { $group }
mend-title-fx-sg-vpce = let { $peer } in on port { $port } of Systems Manager's endpoint, by security group { $group }
mend-title-fx-nacl-egress = let agents out to Systems Manager, by network ACL { $acl }
mend-title-fx-key-add = let a key of yours in as { $user } on { $name }
mend-title-fx-vpce-dns = make the service's own name lead to endpoint { $endpoint }
mend-title-fx-vpc-dns = let the resolver of { $vpc } give names of endpoints
mend-key-of-agent = the key that your agent offers first
mend-no-way-back = Nothing takes it back.
mend-back = to take it back:
mend-may = AWS would do it (dry run); nothing was changed
mend-may-partly = AWS would do it as far as it can be tried (dry run), which is not all of it; nothing was changed
mend-untried = this call cannot be tried without doing it, so whether AWS would do it is not known; nothing was changed
mend-reading = reading what the fix needs to know …
mend-waiting = done; waiting until the check is green ({ $method }, { $rule })
mend-mended = The check is green now ({ $method }, { $rule }).
mend-not-yet = It is done, and the check is not green after { $seconds } s ({ $method }, { $rule }).
mend-undo-by = to take it back: ec2dash undo { $number }
mend-half-done = What was done until then can be taken back: ec2dash undo { $number }
mend-record-unreadable = record { $number } of the fixes cannot be read: { $cause }
mend-step-done = done: { $call }
mend-step-was-there = it was so before, and stays when the fix is taken back: { $call }
mend-step-taken-back = taken back: { $call }
mend-step-gone = it is not there any more: { $call }

mend-consequence-group-of-one = No other instance of the VPC has { $group }.
mend-consequence-group-shared = { $count ->
    [1] One other instance has { $group } and is opened, too: { $names }.
   *[other] { $count } other instances have { $group } and are opened, too: { $names }.
  }
mend-consequence-group-unread = Who else has { $group } is not known: whoever has it is opened, too.
mend-consequence-until-exit = It is taken back when ec2dash ends.
mend-consequence-until-undo = It stays until it is taken back.
mend-consequence-billed = The instance is paid for while it runs.
mend-consequence-whole-subnets = It holds for every instance in the subnets of { $group }.
mend-consequence-role-shared = { $count ->
    [0] It holds for every instance with role { $group }.
   *[other] It holds for every instance with role { $group }, in this VPC also: { $names }.
  }
mend-consequence-whole-vpc = { $count ->
    [0] It holds for everything in { $group }.
    [1] It holds for everything in { $group }, one known instance included.
   *[other] It holds for everything in { $group }, { $count } known instances included.
  }
mend-consequence-endpoint-made = The endpoint is made in { $group } and carries after some minutes. It is free of charge; what goes through it to another availability zone is not.
mend-consequence-ends-sessions = Sessions that are open on the instance end. An older agent is not put back.
mend-consequence-address-billed = A public address is paid for by the hour, also while the instance is stopped.
mend-consequence-address-goes = The address that it has now, { $group }, goes and does not come back.
mend-consequence-route-of = { $count ->
    [0] It holds for every subnet that goes by { $group }.
   *[other] It holds for every subnet that goes by { $group }: { $names }.
  }
mend-consequence-opens-subnets = Whatever has a public address there can then be reached, as far as groups and network ACLs let it.
mend-consequence-endpoints-billed = { $count ->
    [1] One endpoint is paid for by the hour, in one availability zone, and by what goes through it.
   *[other] { $count } endpoints are paid for by the hour, each in one availability zone, and by what goes through them.
  }
mend-consequence-profile-fits = { $group } is there already, and lets the agent do its work and nothing else.
mend-consequence-profile-made = No instance profile of the account is for the agent alone: { $group } is made, with a role.
mend-consequence-profiles-unread = Whether an instance profile for the agent is there may not be read: one is made.
mend-consequence-tokens-only = Programs of the instance need a token (IMDSv2) to read it.
mend-consequence-whole-region = It holds for the whole account in { $group }.
mend-consequence-key-opens = Whoever has the private half of { $key } gets in as { $user }, and stays able to until it is taken back. Only the public half is sent.
mend-consequence-runs-as-root = Run Command runs the script as root, who becomes the user first. Whoever may send this document may do anything on the instance.
mend-consequence-agent-later = The agent notices it within 30 minutes, or when it is restarted.

mend-offer = { $key } mends it: { $title }
mend-offer-here = { $key } mends it
mend-run = { $title }: { $said }
mend-at-work = under way …
mend-take-back = { $key } takes it back
mend-take-back-title = Take it back?
mend-stays = fix { $number } stays: { $why } Take it back by: ec2dash undo { $number }
mend-changed = Somebody else has changed it, so nothing was taken back:
mend-orphans = { $count ->
    [1] A fix of an earlier run was not taken back: ec2dash undo { $number }
   *[other] { $count } fixes of earlier runs were not taken back: ec2dash fixes
  }
mend-taking-back = taking back what fixes have changed …
mend-left = not everything is taken back; what is left: ec2dash fixes
hint-mend = carry out

ask-address = Which address AWS sees this computer under is not known here, and it would decide. Ask { $service } for it? y/N
address-found = AWS sees this computer as { $address }
address-asking = Asking { $service } for this computer's address …
address-title = Ask for this computer's address?
address-question = { $service } is asked once, and learns that this computer asks. Its answer is the address that AWS sees, if ssh leaves by the same way.
address-offer = { $key } asks { $service } which address AWS sees: it would decide whether groups and network ACLs let you in

ask-fix = Do it? y/N
ask-undo = Take it back? y/N
undo-what = { $fix } for { $instance }, made { $begun } by { $by }
undo-looked-up = whether it was made is not known: it is looked up first
undo-done = Fix { $number } is taken back.

error-fix-read-only = Fixes are switched off (read_only).
error-fix-read-only-next = See what would be changed: { $command } --dry-run
error-fix-no-yes = Nothing was asked of AWS: nobody can say yes here.
error-fix-no-yes-next = See what would be changed: { $command } --dry-run
    Do it without a question: --yes
error-fix-none = Nothing that the doctor found about { $name } is mended by { $fix }, nor by another fix of this version.
error-fix-none-next = Read what it found: ec2dash doctor TARGET
error-fix-not-offered = Nothing that the doctor found about { $name } is mended by { $fix }.
error-fix-not-offered-next = What it found is mended by: { $fixes }
error-fix-route-taken = The route table has a default route already, and no fix replaces what is there.
error-fix-route-taken-next = Read what it found: ec2dash doctor TARGET
error-fix-no-key = No private key of yours was found here that { $name } could be told to take.
error-fix-no-key-next = Make one: ssh-keygen -t ed25519
    Or name one: ec2dash doctor TARGET --identity FILE --fix FX-KEY-ADD
error-fix-key-no-user = The instance has no such user: { $about }
error-fix-key-no-user-next = Name the login user: --user NAME
error-fix-key-no-home = The user's home on the instance is not there, or closed: { $about }
error-fix-key-elsewhere = sshd on the instance reads the keys of users elsewhere: { $about }
error-fix-key-unreadable = The file on the instance is no file that its user can read: { $about }
error-fix-key-unwritable = The instance's user cannot write there: { $about }
error-fix-key-open = Others than the user may write to the home, .ssh or authorized_keys on the instance, so sshd would believe none of it: { $about }
error-fix-key-limited = The key is there already, with conditions before it, and sshd takes the first line of a key: { $about }
error-fix-key-failed = The script failed on the instance, and nothing was changed: { $about }
error-fix-address-unknown = Whom to let in is not known: your address as AWS sees it.
error-fix-address-unknown-next = Say which it is: --from ADDRESS
error-fix-not-confirmed = Nothing was changed: nobody said yes.
error-fix-journal = The records of the fixes cannot be used: { $cause }
error-fix-journal-why = Nothing is changed that is not written down first.
error-undo-read-only = Fixes and taking them back are switched off (read_only).
error-undo-no-yes = Nothing was asked of AWS: nobody can say yes here.
error-undo-no-yes-next = Do it without a question: ec2dash undo { $number } --yes
error-undo-missing = There is no fix { $number }.
error-undo-missing-next = See which there are: ec2dash fixes
error-undo-busy = Another ec2dash works on fix { $number }.
error-undo-busy-next = Wait until it has ended, or end it.
error-undo-nothing = Nothing of fix { $number } is left to take back.
error-undo-other-account = The fix was made in account { $account }; these credentials are of { $own }.
error-undo-other-account-next = Name the profile of that account: --profile
error-undo-not-confirmed = Nothing was taken back: nobody said yes.
error-undo-changed = Somebody else has changed what fix { $number } made. Nothing was taken back.
error-undo-changed-next = Look at it, and mend it by hand.
