## tui

# Spans and ages
span-seconds = { $count } s
span-minutes = { $count } min
span-hours = { $count } h
span-day = { $count } day
span-days = { $count } days
span-ago = { $span } ago

# Title
demo-mark = DEMO – invented data, no AWS calls, nothing is sent
demo-word = DEMO
endpoint-mark = ! endpoint { $endpoint }
title-count = { $shown } of { $total }
title-count-short = { $shown }/{ $total }
title-updated = updated { $ago }
row-old = from { $time }, { $age } old
row-old-short = { $age } old
cache-damaged = The inventory kept of { $place } cannot be used: it is damaged. It is made anew.
cache-other-version = The inventory kept of { $place } is of another version of ec2dash. It is made anew.
cache-others-file = The inventory kept of { $place } is not used: others could have written it.
title-places = { $count } places
title-profiles = { $count } profiles
hint-mark = mark
hint-mark-twice = twice marks
title-regions = { $count } regions

# Bars
page-instances = Instances
page-tunnels = Sessions
page-problems = Problems
sorted-by = sort { $column } { $arrow }
sorted-by-fit = best first
bar-finding = looking for the places that { $pattern } fits
bar-opening = reading the AWS files
bar-loading-nothing-yet = loading { $region }
bar-loading = loading { $region }: { $instances } instances
bar-loading-ssm = SSM { $count } of { $total }
bar-loading-ssm-so-far = SSM { $count }
bar-throttled-first = ! AWS asks to slow down. Next try in { $next }.
bar-throttled = ! AWS asks to slow down. Data is { $age } old; next try in { $next }.
banner-old = Showing data from { $time } ({ $age } old).
banner-next = { $key } tries again.
slow = Still waiting for EC2 in { $region } ({ $waited }).
slow-keys = { $stop } stops, { $again } tries again.
too-small = Too small: { $size }. ec2dash needs { $least }.
interrupt-again = Ctrl-C again within 2 s quits.
stopped-asking = Stopped. What was read stays.
no-shell = There is no shell here that could wake ec2dash again.
no-row = No instance is chosen.
not-in-this-version = not in this version

# What AWS does not tell
gap-access-denied = { $action } is denied.
gap-throttled = { $action } is throttled.
gap-timeout = { $action } was not answered in time.
gap-failed = { $action } failed.
gap-unasked = { $action } was not waited for.
gap-undecided = { $action } was not asked.
gap-ssm = SSM shows ?.
gap-ssm-kept = SSM shows what was known { $age } ago.
gap-iam = IAM shows ?.
gap-iam-kept = IAM shows what was known { $age } ago.
gap-via = Some ways in are not known.
gap-via-kept = What VPCs have is what was known { $age } ago.
gap-paths = Some ways in are judged without it.
gap-paths-kept = Paths through VPCs are those known { $age } ago.
gap-image = Some login names are a guess.
gap-image-kept = Image names are those known { $age } ago.
gap-key-pair = Private keys are found by the names of their files.
gap-key-pair-kept = Key pairs are those known { $age } ago.
hidden-access-denied = { $action } is denied
hidden-throttled = { $action } is throttled
hidden-timeout = { $action } was not answered in time
hidden-failed = { $action } failed
hidden-unasked = { $action } was not waited for
hidden-undecided = the policies do not settle it ({ $action } would)

# Filter

# Hints: a key stands before each
hint-connect-menu = connect
hint-filter = filter
hint-details = details
hint-copy = copy
hint-profile = profile
hint-region = region
hint-sort = sort
hint-refresh = refresh
hint-help = help
hint-quit = quit
hint-keep = keep
hint-clear = clear
hint-cancel = cancel
hint-close = close
hint-group = group
hint-show = show
hint-earlier = left
hint-later = right
hint-reset = reset
hint-complete = complete
hint-palette = commands
hint-search = search
hint-next-hit = next
hint-previous-hit = previous
hint-choose = choose
hint-user = user
hint-use = use
hint-use-profile = use, signs in if needed
hint-copy-command = copy command
hint-json = JSON
hint-fields = fields
hint-yes = yes
hint-no = no
hint-always = always
hint-problems = for details

# Preview
preview-connect = Connect
preview-iam = IAM
preview-tags = Tags
preview-key = key { $key }
preview-groups = sg { $groups }
preview-up = up { $span }
preview-iam-none = no instance profile
preview-iam-set = instance profile { $name }; its role is not read yet
preview-iam-ok = { $name } grants what the SSM agent needs
preview-iam-no-ssm = { $name } has no SSM permissions. Attach AmazonSSMManagedInstanceCore.
preview-iam-no-role = instance profile { $name } holds no role
word-best = best
word-yes = yes
word-off = off

# Texts in place of rows
body-loading = Loading { $region }
body-stopped = Nothing was read.
body-stopped-next = { $key } asks AWS.
body-asking = Profile { $profile } runs a program, which was not allowed.
body-asking-next = { $key } chooses another profile.
body-empty = No instances in { $regions } for account { $account }.
body-empty-nowhere = No instances in { $regions }.
body-empty-next = { $key } chooses another region.
body-empty-elsewhere = { $key } chooses another region; this account has instances in: { $regions }.
body-nothing-matches = Nothing matches "{ $filter }". { $total } instances are hidden by the filter.
body-nothing-matches-next = { $key } clears it.
body-no-profile = There is no default profile, and none is chosen.
body-no-profile-next = { $key } chooses one.
body-no-region = No region is set for profile { $profile }.
body-no-region-nowhere = No region is set.
body-no-region-also = Profiles that have one: { $profiles }.
body-no-region-next = { $key } chooses one; the choice is kept for this profile.
body-other-profile = { $profile } chooses another profile. { $again } tries again.

# Connect picker
picker-title = Connect to { $instance }
picker-user = user { $user } ({ $source })
picker-user-value = { $user } ({ $source })
picker-jump = by the jump host { $jump }: { $why }
jump-for-group = its group is let in
jump-for-address = its address is let in
jump-for-no-exposure = no open port
jump-for-public = reachable by its address
jump-for-name = named as one
jump-for-zone = in the same zone
jump-against-open = its port 22 is open to all
jump-against-short-lived = may be gone soon
jump-against-production = serves production
picker-user-field = user
picker-port = port { $port }
picker-account = account { $account }
picker-profile = profile { $account }
picker-also = { $key } takes { $profile } instead, which lists it too.
picker-no-profile = the credentials without a profile
picker-endpoint = through { $endpoint } with a key made now or yours
picker-host-key-console = host key verified by console
picker-host-key-agent = host key verified by Session Manager
picker-host-key-first = host key of the first contact, never verified
picker-host-key-asked = first contact: AWS is asked for its host key
picker-host-key-none = first contact: its host key is taken
picker-unchecked = not checked: { $items }
user-typed = typed
not-a-login = not a login name
way-refused = { $method }: { $why }
way-fix = next: { $fix }
field-causes = in the way
instance-left = AWS no longer lists this instance.

# Questions
program-title = Credentials
program-runs = Profile { $profile } gets its credentials from the program { $program }.
program-runs-through = Profile { $profile } gets its credentials through profile { $of } from the program { $program }.
program-question = Run it?
confirm-title = Connect?
confirm-jump = through the jump host { $jump }:
confirm-account = account { $account }
confirm-login = { $method } as { $user } at { $address }
confirm-method = { $method }
confirm-question = Connect? y/N
anyway-title = Something is in the way
anyway-what = { $method } to { $name }:
anyway-question = Try anyway? y/N

# Sessions
session-exit = Session on { $name } ended: exit code { $code } after { $span }.
session-over-after = Session on { $name } ended after { $span }: { $what }.
session-failed-title = The session failed
refused-title = Not connected

# Copying
copy-title = Copy
copy-title-many = Copy of { $count }
copied = Sent to the terminal's clipboard: { $what } { $text }
copied-lines = Sent to the terminal's clipboard: { $what }, { $count } lines
copied-output = output
copied-outputs = all outputs
output-title = Write the results to a new file
output-written = Written: { $path }
output-unwritten = Not written: { $path }: { $why }
output-is-there = it is there already, choose another name
results-nothing = Nothing fits.
hint-write = write
hint-copy-all = copy all
copied-id = id
copied-name = name
copied-private-ip = private IP
copied-public-ip = public IP
copied-command = command
copied-json = JSON
copied-fix = what mends it
copied-arn = ARN
copied-console = console link
copied-address = address
nothing-to-copy = There is nothing to copy.

# Switcher
switcher-profile = Profile
switcher-region = Region
switcher-to-regions = type to search, { $key } to regions
switcher-to-profiles = type to search, { $key } to profiles
switcher-running = { $count } running
switcher-nothing = Nothing fits.
switcher-off = not enabled
switcher-opt-in = opt-in
switcher-all = all
switcher-all-why = every region that is enabled
kind-keys = access key
kind-sso = SSO { $session }
kind-sso-unnamed = SSO
kind-login = aws login
kind-role = role via { $source }
kind-process = runs a program: { $program }
kind-other = other credentials
standing-valid = ✓ signed in, { $left } left
standing-renews = ✓ signed in, renews itself
standing-ended = ✗ sign-in ended { $ago }
standing-none = ✗ not signed in
standing-problem = ✗ cannot be used
standing-program = ? runs only when chosen
standing-listed = listed { $ago }
standing-mfa = ? wants an MFA code

# Sort, problems, help, first run
sort-title = Sort by
problems-title = Problems
problems-none = Nothing went wrong.
help-title = Help: Instances
help-title-tunnels = Help: Tunnels
help-title-panes = Help: Files
help-title-picker = Help: Ways in
help-title-details = Help: Details
help-title-copy = Help: Copy
help-title-columns = Help: Columns
help-title-question = Help: Question
help-title-refused = Help: Host key
help-move = MOVE
help-look = LOOK
help-do = DO
help-digits = doctor: mend it
help-marks-states = Marks   ● running  ○ stopped  ◐ starting  ◑ stopping  × gone
help-marks-facts = { "        " }✓ works  ✗ fails  ! problem  ? not known  – none
help-via-works = works
help-via-problem = works, with a problem
help-via-unknown = not known
help-via-none = none
theme-title = Colours
theme-without-colour = Colours are off here: NO_COLOR, or --color
welcome-title = ec2dash
welcome-promise = ec2dash reads your account and changes nothing in it unless you ask and confirm.
welcome-any-key = any key goes on

# Fields of an instance
field-state = State
field-private-ip = Private IP
field-public-ip = Public IP
field-ipv6 = IPv6
field-type = Type
field-az = Zone
field-region = Region
field-account = Account
field-profile = Profile
field-platform = Platform
field-image = Image
field-user = Login
field-key = Key pair
field-vpc = VPC
field-subnet = Subnet
field-groups = Security groups
field-launched = Launched
field-iam = IAM
field-ssm = SSM
field-spot = Spot
field-managed-by = Managed by
field-metadata = Metadata
field-tags = Tags
details-iam-none = no instance profile
details-iam-set = instance profile { $profile }; its role is not read yet
details-iam-no-role = instance profile { $profile } holds no role
details-iam-ok = instance profile { $profile }, role { $role }: grants what the SSM agent needs
details-iam-no-ssm = instance profile { $profile }, role { $role }: has no SSM permissions
details-ssm-agent = agent { $version }
details-kept = told { $when }, since then { $why }
details-ssm-heard = last heard { $when }

# Keys of the settings
keys-unknown-command = [keys]: no command called { $command }
keys-unknown-command-near = [keys]: no command called { $command }. Did you mean { $nearest }?
keys-unknown-key = [keys]: { $command }: no key called { $key }
keys-taken = [keys]: { $command }: { $key } already asks for { $by }; both keep their default keys
keys-no-quit = [keys]: quit must keep a key; it keeps its default

# Starting and ending
start-no-terminal = No terminal here. Use `ec2dash ls`.
crashed = ec2dash crashed; your sessions were ended. Report: { $report } (no secrets). Please attach it to an issue.
crashed-without-report = ec2dash crashed; your sessions were ended. { $what }
denied-listing = You may not list instances: ec2:DescribeInstances is denied for { $who } in { $account }.
notice-repeated-page = { $action } repeated a page; the list may be incomplete.
notice-odd-id = { $action } named instances without a usable id; they are left out.
window-title = ec2dash: { $place }
no-credentials-yet = The credentials are not ready yet.
connecting = Connecting to { $name } by { $method }.
connecting-given-up = The connection to { $name } was given up.
session-moved = The address has changed from { $from } to { $to }.
session-not-described = The instance could not be described again: { $why } Its listed address is used.
session-no-known-hosts = New host keys cannot be kept: the file or the state directory cannot be written. Those already known are checked.
session-key-passphrase-wrong = The passphrase of { $path } was another one three times.
session-key-passphrase-unasked = The key { $path } asks for its passphrase, and nobody can be asked for it here.
session-key-damaged = The key { $path } is damaged.
session-key-unsupported = The key { $path } is of a kind that cannot be used here.
session-key-too-much-work = The key { $path } asks for too much memory or time before its passphrase can be tried.
session-key-unopened-next = Connect from a terminal, or write it in OpenSSH's format: puttygen { $word } -O private-openssh -o { $word }.openssh
session-key-unasked-next = Connect from a terminal, or hand the key to your ssh-agent beforehand: ssh-add { $word }
session-key-unasked-putty-next = Connect from a terminal, or hand the key to your ssh-agent beforehand: puttygen { $word } -O private-openssh -o { $word }.openssh && ssh-add { $word }.openssh
ask-passphrase = Passphrase of { $path }:
ask-passphrase-again = That is another passphrase. Passphrase of { $path }:
ask-key-mode = Others may read the key { $path }, so ssh refuses it. Make it yours alone (chmod 600)? [y/N]
plan-open-key = { $path }: read here, in memory, and served to ssh by an agent of its own
key-mode-title = Key file
key-mode-why = Others may read the key { $path }, so ssh refuses it.
key-mode-question = Make it yours alone (chmod 600)? y/N
session-host-keys-unreadable = The known host keys in { $path } cannot be read, so it cannot be told who answers: { $cause }
session-host-keys-unreadable-next = Let it be a file that you can read; moved away, every host is met for the first time.
session-host-key-unchecked = The host key of { $id } was not checked, the one it shows is taken: { $why }.
session-host-keys-twice = The console of { $id } tells other host keys from an earlier start, too; the last count.
session-host-key-untold-next = Let its console be read (ec2:GetConsoleOutput), or its agent be online; host_keys = "verify" in [connect] takes the key that is shown once.
untold-console-nothing = its console tells none
untold-console-cut = what its console tells is cut
untold-console-contradictory = what its console tells contradicts itself
untold-console-old-ssh = its console tells only fingerprints, which ssh can compare since OpenSSH 8.5
untold-console-late = its console was not told in time
untold-console-aws = its console cannot be read: { $why }
untold-agent-nothing = its agent found none in /etc/ssh
untold-agent-late = its agent did not tell it in time
untold-agent-aws = its agent cannot be asked: { $why }
untold-agent-session = its agent could not be asked ({ $code })
host-keys-kept = kept: { $fingerprints }
host-keys-told-console = told by its console now: { $fingerprints }
host-keys-told-agent = told by its agent now: { $fingerprints }
host-keys-told-twice = its console tells others from an earlier start, too; the last count
host-keys-told-by-fingerprint = only fingerprints are told: the next login is compared with them
host-keys-asked = Asking AWS for the host keys of { $name } …
host-keys-title = Host keys
host-keys-question = Keep what is told in place of what is kept? y/N
hint-replace-host-key = read its new key
note-host-keys-replaced = The host keys of { $id } are those that AWS tells now.
session-not-started = Not connected: { $what }
session-not-running = The instance is { $state } now.
session-address-gone = The instance has no such address any more.
session-local-failure = { $what } failed: { $why }

# Selected rows and commands on them
title-selected = { $count } selected
title-selected-short = { $count } sel
select-range = { $key } again selects from here to there.
hint-select = select
hint-exec = run
hint-run = run
hint-output = output
hint-cancel-command = cancel it
hint-close-goes-on = close (it goes on)
hint-last-results = last results
command-title = Run on { $count } instances
command-title-one = Run on { $instance }
command-how = ssm:SendCommand AWS-RunShellScript: /bin/sh as root on each, 10 at a time. Nothing is typed into it.
command-not-sent = not sent to { $name }: { $why }
command-not-sent-more = and not to { $count } more
command-head-name = NAME
command-head-status = STATUS
command-head-exit = EXIT
command-head-time = TIME
command-head-says = SAYS
command-title-some = Run on { $count } of { $total }
command-lines = { $count } lines
command-more-lines = { $count ->
    [1] … and 1 more line
   *[other] … and { $count } more lines
  }
command-nobody = None of these instances can get it: they say why.
command-others = Not sent to { $count }
hint-others = the others
command-succeeded = { $count } of { $total } done
command-failed = { $count } of { $total } failed
command-failing = { $count } failed
command-cancelled = cancelled on { $count }
command-unreached = not reached: { $count }
command-left-open = no answer from { $count }
command-unsent = { $count } not sent
command-cancelling = cancelling
command-not-cancelled = not cancelled: { $what }
command-untold = [the rest is not known: { $what }]
paste-cut = Not all of the paste is in: a field takes one line, without tabs.
command-dropped = Not all of what was pasted is in the line, so it is not run: it takes { $most } characters, and of control characters tabs and ends of lines. Clear it with Ctrl-U.
command-cut = [AWS keeps no more of this output]
command-says-nothing = Nothing was said.
command-ended = The command has ended: { $sums }.
command-confirm-title = Run it?
command-confirm = { $count ->
    [1] as root on 1 instance:
   *[other] as root on { $count } instances:
  }
command-confirm-question = Run it? y/N
command-quit-title = A command is running
command-quit = { $count ->
    [1] A command has not ended on 1 instance.
   *[other] A command has not ended on { $count } instances.
  } Without ec2dash it goes on in the account.
command-quit-question = Quit and leave it running? y/N

# Tunnels
hint-tunnel = tunnel
hint-tunnels = tunnels
hint-end = end
hint-copy-address = copy address
hint-back = back
hint-open = open
hint-next-field = next field
tunnel-title = Tunnel to { $instance }
tunnel-port = port
tunnel-host = host
tunnel-local = local port
tunnel-way = way
tunnel-way-empty = Session Manager; or ssm-ssh, eice, eic, ssh
tunnel-way-session = Session Manager
tunnel-way-ssh = the best way that runs ssh
tunnel-not-a-way = "{ $typed }" is none of the ways that lead there: { $ways }.
tunnel-port-empty = which port there, such as 5432; or a socket: /var/run/docker.sock
tunnel-host-empty = the instance itself; or a host behind it, such as db.internal
tunnel-local-empty = the same number
tunnel-local-any = any that is free
tunnel-how = Programs here that connect to the local port reach that port there, through Session Manager or the way you name.
tunnel-will-lead = { $local } will lead to { $to }, by { $way }.
tunnel-will-lead-any = A free port of 127.0.0.1 will lead to { $to }, by { $way }.
tunnel-leads = { $local } leads to { $to }.
tunnel-leads-to-port = port { $port } of { $name }
tunnel-leads-behind = { $to } behind { $name }
tunnel-leads-to-socket = { $socket } of { $name }
tunnel-leads-anywhere = anywhere from { $name } (SOCKS5)
tunnel-saved = Saved tunnels
tunnel-saved-line = { $local } to { $to }
tunnel-saved-any = any free port
tunnel-no-port = Which port of the instance? A number from 1 to 65535.
tunnel-not-a-port = "{ $typed }" is not a port: a number from 1 to 65535.
tunnel-not-a-local-port = "{ $typed }" is not a port: a number from 1 to 65535, or 0 for any that is free.
tunnel-not-a-host = "{ $typed }" is not a host: a name or an IP address.
tunnel-not-a-forward = "{ $typed }" is not [LOCAL:][HOST:]PORT or [LOCAL:]/SOCKET, such as 15432:5432, 5432:db.internal:5432 or 2375:/var/run/docker.sock.
tunnel-forbidden-host = Agents do not forward to { $typed }.
tunnel-port-taken = { $local } is in use already. Name another local port, or 0 for any that is free.
tunnel-port-of-root = { $local } is for root only. Name a local port from 1024 on, or 0 for any that is free.
tunnel-socket-taken = { $local } is there already, and stays as it is. Remove it if nothing uses it any more.
tunnel-no-listener = Cannot listen on { $local }: { $cause }
tunnel-target-missing = { $target } is not among the instances that are listed.
tunnel-target-ambiguous = Several of the instances that are listed are called { $target }.
tunnel-confirm-title = Open a tunnel?
tunnel-confirm-question = Open it? y/N
tunnel-not-opened-title = No tunnel
tunnel-not-opened-what = Cannot open a tunnel to { $target }.
tunnel-closed = { $local } is closed.
tunnel-ended = { $local } is closed: { $what }.
tunnel-is-over = This tunnel is over.
tunnel-end-title = End the tunnel?
tunnel-end-open = { $count ->
    [1] 1 connection is open through { $local }.
   *[other] { $count } connections are open through { $local }.
  }
tunnel-end-question = End it? y/N
tunnel-state-opening = opening
tunnel-state-up = up
tunnel-state-silent = silent { $span }
tunnel-state-lost = resuming { $span }
tunnel-state-refused = refused
tunnel-state-resting = opens when used
tunnel-state-ending = ending
tunnel-method = ssm (Session Manager)
tunnel-connections = { $open } open, { $connections } so far, { $refused } refused
tunnel-connections-line = connections: { $what }
tunnel-traffic = sent { $sent }, received { $received }
tunnel-field-state = State
tunnel-field-local = Listens on
tunnel-field-to = Leads to
tunnel-field-target = Instance
tunnel-field-place = Account
tunnel-field-method = Method
tunnel-field-since = Open since
tunnel-field-connections = Connections
tunnel-field-traffic = Traffic
tunnels-ending = Ending the tunnels. Ctrl-C lets go of them at once.
tunnels-count = { $count ->
    [1] 1 tunnel
   *[other] { $count } tunnels
  }
tunnels-head-kind = KIND
tunnels-head-target = TARGET
tunnels-head-method = METHOD
tunnels-head-from = FROM
tunnels-head-since = SINCE
tunnels-head-traffic = TRAFFIC
tunnels-head-state = STATE
tunnels-kind-forward = tunnel
tunnels-kind-socks = socks
tunnels-none = No session and no tunnel is open.
tunnels-none-how = { $instances } goes to the instances; { $tunnel } on one of them opens a tunnel through it.
tunnels-none-others = Tunnels of this dashboard are listed here, and sessions and tunnels of your other ec2dash programs.
tunnels-none-saved = { $count ->
    [1] The dialog offers the tunnel that your config file names.
   *[other] The dialog offers the { $count } tunnels that your config file names.
  }
quit-tunnels-title = Quit?
quit-tunnels = { $count ->
    [1] 1 tunnel is open.
   *[other] { $count } tunnels are open.
  }
quit-tunnels-too = { $count ->
    [1] 1 tunnel is open. Quitting ends it.
   *[other] { $count } tunnels are open. Quitting ends them.
  }
quit-tunnels-question = { $count ->
    [1] Quit and end it? y/N
   *[other] Quit and end them? y/N
  }
quit-question = Quit? y/N

# Plain mode
plain-begin = Plain mode (because { $reason } is set). Type ? for help.
plain-begin-without-term = Plain mode (because TERM is not set). Type ? for help.
plain-error = Error: { $what }
plain-still-loading = Still loading, { $seconds } s.
plain-rows = Instances { $first } to { $last } of { $total }.
plain-rows-of = Instances { $first } to { $last } of { $shown }; the filter hides { $hidden }.
plain-rows-grouped = Instances: { $shown }, in groups by { $group }. Lines { $first } to { $last } of { $lines }.
plain-group = Group { $group }, instances: { $count }.
plain-group-folded = Group { $group }, instances: { $count }, folded; open unfolds it.
plain-more = Type more for the next ones.
plain-private = private { $ip }
plain-public = public { $ip }
plain-ssm = SSM { $word }
plain-via = connect by { $method }
plain-via-problem = connect by { $method } with a problem
plain-via-unknown = whether { $method } works is not known
plain-no-way = no way in is known to work
plain-selected = selected
plain-chosen = { $what } (chosen)
plain-works = works
plain-fails = fails
plain-no-such-number = There is no number { $number }.
plain-held = The list is still loading; this is done as soon as it is there.
plain-not-understood = "{ $typed }" is not understood here. Type ? for help.
plain-help-number = A number chooses an instance of the list; a number and a command do it at once: 7 connect.
plain-help-filter = A word that is no command filters the list, / with words too; / alone shows all. An empty line lists again, more goes on.
plain-help-command = A command or key by its name does the same as in the dashboard: connect, details, copy, exec, tunnel, profile, region, Esc, quit.
plain-help-dialog = Where something is to be chosen, type its number; a number and a command do it at once there, too: 2 end-tunnel. Where text is to be typed, type it; an empty line is Enter, and Tab, Up, Down, Esc are typed as words.
plain-help-search = In a text such as details, / with words tells the lines that hold them; n and N tell the next and the previous one, Esc ends the search.
plain-help-end = quit or the end of the input (Ctrl-D) leaves.

## Favourites

favourite-added = { $name } is a favourite and comes first.
favourite-removed = { $name } is no favourite any more.
favourite-of-config = { $name } is a favourite of config.toml: take it out there.
only-favourites = ★ only favourites
body-no-favourites = None of your favourites is among the { $total } instances here.
body-no-favourites-next = { $key } shows all instances.
body-no-favourites-how = Then { $key } makes the one under the cursor a favourite.

## Looking for something in a text

search-nothing = not found
search-count = { $count ->
    [one] 1 line
   *[other] { $count } lines
}
search-at = { $at } of { $count }

## Esc while the first list is on its way

stop-loading-title = Stop loading?
stop-loading-what = Nothing has been listed yet.
stop-loading-question = Stop waiting for AWS?

## The commands by their names

palette-title = Commands
palette-nothing = Nothing is called so.
palette-sort = sort by { $column }
palette-theme = theme: { $theme }
palette-go-to = go to

## The page in AWS's console

link-title = AWS console
link-opening = Opening { $name } in the AWS console.
link-unknown = The host of the AWS console for { $region } is not known.
link-no-display = There is no display here for a browser. The link:
link-no-opener = { $opener } is not installed here. The link:
link-failed = { $opener } could not open the link:
link-copies = { $menu } { $item } copies it.

## The columns

columns-title = Columns
columns-none = At least one column is needed.

## The settings file was changed

settings-taken = config.toml has changed; it holds from now on.
settings-kept = config.toml { $what } Keeping the old settings.

## Groups

group-title = Group by
group-none = no groups
group-tag = tag { $tag }
group-without = (none)
group-count = { $count ->
    [one] 1 instance
   *[other] { $count } instances
}, { $shown } shown.
group-keys = { $fold } folds them away or back, { $select } selects them.
grouped-by = by { $column }

## The mouse

mouse-on = The mouse is on.
mouse-off = The mouse is off.
mouse-selects = Shift+drag selects text

## What other processes hold open

running-shell = shell
running-proxy = proxy
running-pid = pid { $process }
running-up = ● up
running-process = It is held by process { $process }.
running-dashboard = It belongs to the dashboard of process { $process }: end it there.
running-end-title = End it?
running-end-what = Process { $process } holds this { $kind } to { $target } open.
running-end-question = End it, and the process with it?

# Signing in
mfa-title = MFA code
mfa-how = six digits
mfa-offer = { $key } asks for the code.
sign-in-offer = { $key } signs in again (opens the browser; a code is shown to compare).
sign-in-offer-short = { $key } signs in again.
sign-in-not-needed = Nobody needs to sign in here.
sign-in-ends = ! Sign-in for SSO session "{ $session }" ends in { $left }.
sign-in-title = Sign in to SSO session "{ $session }"
sign-in-title-unknown = Sign in
sign-in-asking = Asking AWS where to sign in …
sign-in-open = Open { $page } and check that the code is { $code }.
sign-in-open-here = Go on in the browser of this computer, at { $page }
sign-in-waiting = Waiting, { $left } left.
sign-in-copies = { $key } copies the link.
sign-in-cancels = { $key } cancels.
sign-in-failed-title = Not signed in
copied-link = link

# A session that has to be asked for.
access-offer = { $key } asks whoever decides for access, with a reason.
access-offer-known = { $key } goes on with access request { $id }.
access-not-denied = No session was denied here that could be asked for.
access-title = Access to { $name }
access-why = AWS denies you the session. If this account grants sessions on request, whoever decides reads why you want it.
access-reason = Reason
access-asking = Asking AWS …
access-waiting = Request { $id } waits for a decision, { $waited } so far.
access-then = Once it is approved the session begins. Leaving ends the waiting, not the request.
access-ended-title = No session by request
hint-ask = ask
first-why = No AWS credentials found, and no profile: not in the environment, ~/.aws/config, ~/.aws/credentials, a container or instance metadata.
first-sign-in = sign in
first-sign-in-what = in the browser, by the SSO start URL of your company
first-profile = profile
first-profile-none = choose a profile; there is none in ~/.aws/config yet
first-profile-what = choose one of those that are there
first-demo = demo
first-demo-what = see it with invented data: no AWS calls, nothing is sent
start-url-title = Sign in to your company
start-url-label = Start URL
start-url-empty = such as https://corp.awsapps.com/start
start-url-region = Region
start-url-region-empty = of IAM Identity Center, such as eu-central-1
start-url-how = Whoever gave you access knows both; the start URL is the page where you choose an account. Nothing is written to ~/.aws/config.
start-url-not-one = { $typed } is no start URL: it begins with https:// and a host.
start-url-not-a-region = { $typed } is not the name of a region.
hint-sign-in = sign in
switcher-none = No profile yet, and no place of an SSO session.
no-credentials-next = { $sign-in } signs in with a browser, { $profile } chooses a profile.

## Sessions beside the dashboard

panes-off = Sessions beside the dashboard are switched off: use = "none" in [panes].
panes-nowhere = O needs tmux, zellij, kitty, WezTerm or iTerm2 around the dashboard.
panes-elsewhere = The dashboard does not run in { $wanted }, which [panes] names.
panes-kitty = kitty takes no orders: kitty.conf lacks allow_remote_control or listen_on.
panes-too-many = { $count } sessions are too many at once: { $most } at most.
panes-title = { $count } sessions in { $host }
panes-more = and { $count } more
panes-opening = { $count ->
    [one] A session opens in { $host }.
   *[other] { $count } sessions open in { $host }.
}
panes-not-opened = { $host } did not open it: { $why }
hint-together = typed into together

# The doctor
hint-doctor = why
hint-again = again
hint-copy-fix = copy fix
hint-test-ways = test
test-ways-title = Test the ways in?
doctor-page-best = Best way in: { $method }
doctor-page-best-as = Best way in: { $method } as { $login }
doctor-asking = asking …
doctor-checked = checked { $age }
doctor-tried = tried { $age }: { $what }
doctor-no-fix = Nothing here is mended by a command.
