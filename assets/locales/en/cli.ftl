## cli

message-error = error
message-warning = warning
message-why = why
message-next = next

# Failures of the command line: `error-<code>` says what happened, `-why` why, `-next` what to do.
# Commands, flags, keys and file names are not translated.
error-usage = wrong use
# After a value that cannot be understood and that nobody typed.
usage-variable = The value is that of the variable { $variable }.
error-output = the output cannot be written
error-config = { $path } cannot be used
error-config-next = Mend this, or name another file with --config. "ec2dash config check" reads it again.
error-config-exists = { $path } is there already, and stays as it is.
error-config-exists-next = Move it away to get a new one.
error-config-unwritable = { $path } cannot be written: { $cause }
error-no-home = This user has no home directory, so there is no place for this.
error-no-home-next = Set HOME, or name a file with --config.
error-log-file = The log file { $path } cannot be written: { $cause }
error-not-in-this-version = { $what }: not in this version
error-not-in-this-version-next = See what there is: ec2dash --help
error-no-terminal = No terminal here. Use `ec2dash ls`.
error-runtime = The program cannot start: { $cause }
error-no-demo = This build has no demo: it was made without the simulated cloud.
error-no-demo-next = Take a build with it: cargo install --locked --path . (without --no-default-features)
error-sim = The simulated cloud cannot start: { $cause }
error-known-hosts = The host keys cannot be read: { $cause }
error-known-hosts-unwritten = { $path } cannot be rewritten: { $cause }
error-known-hosts-unwritten-next = A link is not followed for writing: take the line out of the file that it leads to.
error-host-key-unknown = No host key of { $target } is known.
error-host-key-unknown-next = See which are: ec2dash known-hosts list
error-host-keys-untold = Nothing is told of the host keys of { $target }: what is kept stays.
error-host-keys-untold-next = If it was rebuilt: ec2dash known-hosts forget { $id }
error-host-keys-same = What AWS tells of the host keys of { $target } is what is kept.
error-host-keys-same-next = Another key is not the instance's, unless its keys were made anew after it printed them; then: ec2dash known-hosts forget { $id }, and one login with host_keys = "accept-new"
error-host-keys-not-replaced = The host keys of { $target } stay as they are: nobody said yes.
error-host-keys-not-replaced-next = From a script: --yes

error-filter-field = The filter has no field called { $field }.
error-filter-field-next = Fields: name id state ssm iam via ip type az region account vpc subnet sg key image platform tag. A tag is Key=Value.
error-filter-field-near = The filter has no field called { $field }. Did you mean { $nearest }?
error-filter-field-near-next = Fields: name id state ssm iam via ip type az region account vpc subnet sg key image platform tag. A tag is Key=Value.
error-filter-value = { $field } is never "{ $value }".
error-filter-value-next = It is one of: { $known }. The start of a word is enough.
error-filter-value-near = { $field } is never "{ $value }". Did you mean { $nearest }?
error-filter-value-near-next = It is one of: { $known }. The start of a word is enough.
error-filter-saved = There is no saved filter { $name }. There are: { $known }
error-filter-saved-next = Saved filters stand in the config file under [filters]. A text that begins with @ goes into quotes: "@text".
error-filter-saved-near = There is no saved filter { $name }. Did you mean { $nearest }?
error-filter-saved-near-next = There are: { $known }. They stand in the config file under [filters].
error-filter-saved-none = There is no saved filter { $name }: the config file has no [filters].
error-filter-saved-none-next = Write one there, such as prod-web = "env=prod Role=web". A text that begins with @ goes into quotes: "@text".
error-filter-circle = The saved filter { $name } uses itself.
error-filter-circle-next = Take one of the names out of [filters] in the config file.
error-filter-bar = "|" joins words without blanks: web|db
error-filter-bar-next = A "|" of its own goes into quotes.
error-filter-long = The filter has more than a thousand words.
error-filter-long-next = Say less, also in the saved filters that it uses.
error-filter-block = { $field } is not an address block such as 10.0.0.0/16.
error-column = There is no column called { $name }.
error-column-next = Columns: { $all }, tag:KEY
error-column-near = There is no column called { $name }. Did you mean { $nearest }?
error-column-near-next = Columns: { $all }, tag:KEY

error-no-profile-fits = No profile fits { $pattern }.
error-no-profile-fits-next = See the profiles there are: ec2dash profiles
error-one-profile = This command is about one profile, and { $count } are asked for.
error-one-profile-next = Name one of them: --profile NAME

error-target-empty = No instance is named.
error-target-option = There is no instance called "{ $target }": a target does not begin with "-".
error-target-ip = "{ $target }" is not an IP address.
error-target-tag = "{ $target }" is not Key=Value.
error-target-missing = There is no instance called "{ $target }" in { $regions }.
error-target-missing-next = See what is there: ec2dash ls
    Look everywhere: --region all
target-nodes-unread = It may be a hybrid node: those could not be read.
target-near-part = A target is a whole name, or the start of an id. This is a part of:
target-near-part-next = Name one of them whole, or see all: ec2dash ls { $filter }
target-near-alike = The nearest there are:
target-near-alike-next = See what is there: ec2dash ls
target-near-start = The start of an id has 6 digits or more behind "i-". This would do:
target-near-start-next = Type as much as stands there, or see all: ec2dash ls { $filter }
target-near-address = A target is a whole address. An address of these begins so:
target-near-address-next = Name one of them, or see all: ec2dash ls { $filter }
target-near-value = No instance has this tag with this value. There are:
target-near-value-next = See all that have the tag: ec2dash ls { $filter }
target-near-more = … and { $count } more
error-target-ambiguous = { $count } instances are called "{ $target }".
error-target-ambiguous-next = Name one by its id.
error-nothing-chosen = Nothing was chosen.
error-no-last-target = There is no last instance yet.
error-no-last-target-next = Name one: ec2dash connect TARGET
error-favourite-none = There is no favourite yet.
error-favourite-none-next = Mark an instance with f in the dashboard, or name it in the config file: favourites = ["bastion"]
error-favourite-missing = No favourite is called "{ $name }".
error-favourite-missing-next = There are: { $favourites }
error-favourite-ambiguous = Several favourites are called "{ $name }".
error-favourite-ambiguous-next = Say which: { $favourites }

error-list-denied = You may not list instances: { $action } is denied for { $principal } in { $account }.
error-not-confirmed = Not connected to { $instance }: account { $account } is marked "confirm", and nobody said yes.
error-not-confirmed-next = Say --yes, or answer the question on a terminal.
error-ssh-option = ssh has no option { $option }.
error-ssh-option-next = What stands behind "--" is for ssh: its options, then the remote command.
error-mssh-no-target = { $program } needs a target: an instance's id, name, DNS name or address.
error-mssh-no-target-next = ec2dash { $program } --help
error-mssh-flag = Neither { $program } nor the program behind it has a flag { $flag }.
error-mssh-no-value = { $flag } of { $program } needs a value.
error-mssh-value = { $program }: { $value } cannot be the value of { $flag }.
error-mssh-too-much = { $program } takes nothing behind its target, and there is { $word }.
error-mssh-host = { $host } cannot be looked up here: { $cause }
mssh-no-address = it has no address
error-reason-of-ssh = Access by request is for Session Manager shells, not for ssh.
error-reason-of-ssh-next = Ask for one: ec2dash connect { $target }{ AGAIN() } --method ssm --reason TEXT
error-record-method = A session by { $method } cannot be recorded: its terminal belongs to OpenSSH.
error-record-method-next = Record a Session Manager shell: ec2dash connect { $id }{ AGAIN() } --method ssm --record FILE
error-record-exists = Not connected: { $path } is there already, and a recording replaces nothing.
error-record-exists-next = Name a file that is not there yet.
error-record-not-made = Not connected: the recording { $path } cannot be made: { $cause }
error-record-not-made-next = Name a file in a directory that you can write.
error-session-not-shown = Some of the session's output could not be shown: it could not be written, or nobody took it for 2 seconds.
error-session-not-shown-next = What is missing is on the instance only.
error-recording-incomplete = The recording stops before the end of the session: { $cause }
error-recording-incomplete-next = Make room on the disk, or record elsewhere. What the file holds can be played.
push-failed = The one-time key for { $id } was not pushed again while ssh was logging in.

# Beside the data, on stderr.
note-endpoint = custom endpoint { $endpoint }
note-no-instances = no instances there; another region: --region R, or --region all
note-nothing-matches = nothing matches the filter
note-no-favourites = None of your favourites is here.
note-nothing-matches-word = nothing matches the filter. { $word } is one word of it; several are several arguments, or one line: --filter { $word }
note-forgotten = { $count ->
    [1] forgot the host key of { $id }; the next connection is checked like a first one
   *[other] forgot { $count } host keys of { $id }; the next connection is checked like a first one
  }
note-config-written = wrote { $path }
warning-region = { $region } is missing: { $what }
warning-at = { $place }: { $what }
warning-access-denied = { $action } is denied. { $column } shows ?.
warning-access-denied-asked = { $action } is denied. { $column } shows ?, and as the filter asks about it, rows may be missing.
warning-throttled-asked = { $action } was called too often. { $column } shows ?, and as the filter asks about it, rows may be missing.
warning-timeout-asked = { $action } was not answered in time. { $column } shows ?, and as the filter asks about it, rows may be missing.
warning-aws-error-asked = { $action } failed{ $message ->
    [none] .
   *[other] {": "}{ $message }.
  } { $column } shows ?, and as the filter asks about it, rows may be missing.
warning-throttled = { $action } was called too often. { $column } shows ?.
warning-timeout = { $action } was not answered in time. { $column } shows ?.
warning-aws-error = { $action } failed{ $message ->
    [none] .
   *[other] {": "}{ $message }.
  } { $column } shows ?.
warning-rest-complete = The rest is complete.
warning-repeated-page = { $action } repeated a page in { $region }; the list may not be complete.
warning-without-nodes = Hybrid nodes (mi-…) in { $region } are not listed: { $action } { $why ->
    [access_denied] is denied
    [throttled] was called too often
    [timeout] was not answered in time
   *[other] failed
}. The setting "hybrid" of the config file can leave them out.
warning-odd-id = { $action } told of instances in { $region } without a usable id; they are left out.
ls-no-place = None of the places could be listed, { $place } among them.
ls-place-missing = { $count ->
    [1] { $place } could not be listed; the other places are.
   *[other] { $count } places could not be listed, the first of them { $place }; the others are listed.
  }
places-count = { $count } places
ls-no-region = None of the { $count } regions could be listed, { $region } among them.
ls-region-missing = { $count ->
    [1] { $region } could not be listed; the other regions are.
   *[other] { $count } regions could not be listed, the first of them { $region }; the others are listed.
  }

# Questions.
ask-program = Run it? y/N, a for always:
ask-mfa-code = MFA code of { $device }:
ask-mfa-code-digits = A code has six digits.
ask-which = Which one? Number, or Enter for none:
ask-confirm = Connect to { $instance } in account { $account }, { $region }? y/N

whoami-account = account
whoami-arn = arn
whoami-user_id = user id
whoami-profile = profile
whoami-region = region
whoami-expires = expires
whoami-sign-in = sign-in
whoami-left = { $time } ({ $left } left)
whoami-renews = renews itself

config-checked = { $count ->
    [0] { $path }: nothing wrong
    [1] { $path }: usable, 1 remark
   *[other] { $path }: usable, { $count } remarks
  }
config-absent = { $path } is not there: all settings are the defaults. "ec2dash config init" writes an example.
config-jump-route = { $instance }: through { $hosts }
config-rule-applies = { $instance }: { $setting } = { $value } (rule of line { $line })
config-key = { $text }
config-no-rule = { $instance }: no rule applies

show-methods = WAYS IN
show-tags = TAGS
show-jump = JUMP
show-login = LOGIN
show-key = KEY FILE
show-key-public-key = by its public half
show-key-fingerprint = by its fingerprint
show-key-agent = in the agent
show-key-name = by its file name alone
show-key-needs-passphrase = needs its passphrase
show-key-needs-mode = others may read it
show-key-needs-conversion = read here, in memory
show-unchecked = not checked: { $what }
show-later = not in this version
show-best = best

# Proxy and tunnels. What stands before the sentences on stderr is the local address.
error-proxy-silent = The port said nothing for { $seconds } seconds after the end of the input, and it has not closed: more may have been to come.
error-proxy-silent-next = Keep stdin open until the answer is whole.
error-proxy-undelivered = { $bytes } bytes did not arrive before the session ended.
error-proxy-undelivered-next = Try again; if it stays so, the agent on the instance may be overloaded.
error-proxy-other-session = { $target } offers another kind of session than AWS-StartSSHSession makes.
error-proxy-other-session-next = Update the agent on the instance.
error-proxy-no-jump = { $target } has no jump host, and an sshd at an address needs no proxy.
error-proxy-no-jump-next = Name one: --jump TARGET; or ask for ssm-ssh or eice.
error-proxy-no-address = { $target } has no such address.
error-proxy-no-address-next = Name another one: --address ADDRESS
error-port-not-accepted = port { $port } on { $target } did not accept the connection
error-port-not-accepted-next = Is the service there running, and listening on localhost? For sshd: systemctl status ssh
error-proxy-not-dialled = { $target } takes no connection at { $address }: { $cause }
error-proxy-not-dialled-next = See what is in the way: ec2dash doctor { $id }{ AGAIN() }
error-proxy-cut = The connection to { $target } was cut: { $cause }
error-proxy-cut-next = Try again; if it stays so, look at sshd there and at what lies between: ec2dash connect TARGET --method ssm
error-agent-socket = { $path } is not the socket of this instance's key.
error-agent-socket-next = Let ssh-config write the block anew: ec2dash ssh-config --write FILE
error-agent-silent = The agent that holds the one-time key of { $target } cannot be used: { $cause }
error-agent-silent-next = See whether it runs: ec2dash agent --status
error-host-keys-not-laid = What is told of the host keys of { $target } cannot be written down: { $cause }
error-host-keys-not-laid-next = Make room in the state directory, and let it be yours alone.
error-tunnel-nothing = A tunnel needs a PORT, or --socks PORT.
error-tunnel-nothing-next = For example: ec2dash tunnel web-1 8080:80
  A tunnel of the config file: ec2dash tunnel @NAME
error-tunnel-not-saved = The config file has no tunnel called { $name }.
error-tunnel-not-saved-next = There are: { $names }
error-tunnel-none-saved = The config file has no tunnel called { $name }, and no other.
error-tunnel-none-saved-next = Save one there: [tunnels.{ $name }] with target = "…" and forward = "[LOCAL:][HOST:]PORT"
error-tunnel-saved-and-more = { $name } says itself what it carries; a PORT or --socks beside it is too much.
error-tunnel-saved-and-more-next = Open the other one with a second ec2dash tunnel.
error-tunnel-saved-socket = { $name } listens on a socket, so --bind says nothing about it.
error-tunnel-one-socket = --socket is for one PORT.
error-tunnel-one-socket-next = Open the others with a second ec2dash tunnel.
error-tunnel-socket-by-ssh = { $method } leads to ports alone; to a socket there ({ $socket }) only ssh does.
error-tunnel-socket-by-ssh-next = Name a way that runs ssh, such as --method ssm-ssh, or none.
error-method-no-tunnel = { $method } carries no connections of other programs.
error-method-no-tunnel-next = ec2dash connect TARGET --method { $method } opens it; ssm, ssm-ssh, eice, eic and ssh carry them.
error-tunnel-cannot-lead = The tunnel would not lead there: { $reason }.
error-tunnel-forbidden = Agents do not forward to { $to }: metadata, link-local and other loopback addresses are closed to them.
error-tunnel-forbidden-next = A port of the instance itself is a PORT without a host, or with localhost, 127.0.0.1 or [::1].
error-tunnel-port-taken = { $local } is in use by another program.
error-tunnel-port-taken-next = Name another port, or 0 for any that is free: ec2dash tunnel TARGET 0:PORT
error-tunnel-socket-taken = { $local } is there already, and stays as it is.
error-tunnel-socket-taken-next = Remove it if nothing uses it any more.
error-tunnel-no-listener = Cannot listen on { $local }: { $cause }
error-tunnel-no-listener-next = Name another port or address; ports below 1024 are root's.
tunnel-not-opened = cannot open a tunnel to { $target }
tunnel-shared-port = another program has port { $port } of [::1]: connect to 127.0.0.1, for localhost may lead there
tunnel-open-to-others = { $local } takes connections from other computers, too

# ssh-config, agent
error-ssh-config-not-ours = { $path } was not written by ec2dash ssh-config, and stays as it is.
error-ssh-config-not-ours-next = Name a new file, and include it: ec2dash ssh-config --write FILE --include
error-ssh-config-not-written = { $path } cannot be written: { $cause }
error-ssh-config-not-written-next = Name a file in a folder that you can write to.
error-ssh-config-differs = { $path } is not what would be written now.
error-ssh-config-differs-next = Write it anew: the same command without --check
error-ssh-config-path = A path or a profile has a line break in its name, which no line of ssh_config can hold.
error-ssh-config-path-next = Give it another name, or choose other profiles with --profile.
error-ssh-config-not-included = ssh would not read { $path } as the name of one file.
error-ssh-config-not-included-next = Write to a path of letters, digits, spaces, /, -, _ and dots.
error-ssh-config-no-yes = Nobody can be asked whether the line may be added.
error-ssh-config-no-yes-next = Say yes beforehand: --include --yes
error-ssh-config-not-confirmed = { $config } stays as it is.
error-ssh-config-not-confirmed-next = A program can be told of the file, too: ssh -F FILE
ask-replace-host-keys = Keep what is told in place of what is kept of { $target }? [y/N]
ask-ssh-config-overwrite = { $path } was not written by ec2dash ssh-config. Write over it? [y/N]
ask-ssh-config-include = Begin { $config } with: { $line } (a copy of the file stays beside it) [y/N]
ssh-config-written = { $path }: { $count ->
    [one] one block is written
   *[other] { $count } blocks are written
  }
ssh-config-same = { $path }: { $count ->
    [one] one block, nothing has changed
   *[other] { $count } blocks, nothing has changed
  }
ssh-config-stopped = { $count ->
    [one] One instance is not running and has no block.
   *[other] { $count } instances are not running and have no block.
  }
ssh-config-nameless = { $count ->
    [one] One instance is found by its id alone: its name is another's, too, or no name for a host.
   *[other] { $count } instances are found by their ids alone: their names are others', too, or no names for a host.
  }
ssh-config-included = { $config } begins with: { $line }
ssh-config-included-already = { $config } includes the file already.
ssh-config-backup = What was there before is in { $path }.
error-form-of-ls = Only ls gives an inventory of Ansible.
error-form-of-ls-next = ec2dash ls -o ansible
error-list-of-ansible = --list and --host are what Ansible asks an inventory script for.
error-list-of-ansible-next = ec2dash ls -o ansible --list
error-agent = The agent cannot be used: { $cause }
error-agent-next = See whether it runs: ec2dash agent --status
agent-none = No agent runs.
agent-stopped = The agent has ended.
agent-there = An agent runs already.
agent-serves = The agent serves; it ends by itself, or with Ctrl-C.
agent-runs = The agent runs (process { $process }) and holds { $count ->
    [one] one key
   *[other] { $count } keys
  }.

# exec
error-exec-many-by-ssh = Several instances run a command through SSM Run Command, so there is no login to choose.
error-exec-many-by-ssh-next = Name one instance, or leave out --method, --user, --identity, --port, --address and --ssh-config.
error-exec-no-stdin = Without ssh there is no stdin: a command session has none.
error-exec-no-stdin-next = Leave it out with < /dev/null, or give ssh a key: ec2dash exec --identity FILE
error-exec-timed-out = The command did not end within { $seconds } s.
error-exec-timed-out-next = It was cut off here; whether it goes on there is not known. Wait longer: --timeout
error-exec-one-is-raw = On one instance the command's own output passes through as it is, so there is nothing for { $flag } to do.
error-exec-one-is-raw-next = Leave it out, or run it through SSM Run Command as root: ec2dash exec --filter id:i-… -o json -- CMD
error-exec-batch-file = { $program } is a batch file: cmd reads its arguments once more, and in its own way.
error-exec-batch-file-next = Give it in one word, as a command line of the shell there: ec2dash exec TARGET -- '{ $program } …'
error-exec-windows-too-long = The words are too long: a command line of Windows has at most 8,191 characters, and they take nearly three times their length.
error-exec-windows-too-long-next = Copy a script there and run that: ec2dash cp
error-exec-windows = { $id } runs Windows, which has no /bin/sh for a command session.
error-exec-windows-next = Open a shell there: ec2dash connect { $id }{ AGAIN() }
error-exec-agent-too-old = The SSM agent of { $id } is { $version }; command sessions need { $least }.
error-exec-agent-too-old-next = Update the agent, give ssh a key (ec2dash exec --identity FILE), or run it through Run Command as root: ec2dash exec --filter id:{ $id } -- CMD
exec-by-session = no ssh with a known key, so this is a command session: without stdin, stdout and stderr in one, and shown when it has ended
exec-code-unknown = The exit code of the command is not known.
exec-interrupted = interrupted there; what it said comes with its end. Ctrl-C once more leaves without waiting
exec-may-go-on = Whether the command goes on there is not known.
exec-plan-session = ssm:StartSession { $id } ({ $document }): sh -c { $script }
error-connect-no-terminal = connect opens a shell, and there is no terminal to type in.
error-connect-no-terminal-next = For one command without a terminal: ec2dash exec { $target }{ AGAIN() } -- CMD
exec-by-run-command = { $count ->
    [1] One instance, by SSM Run Command: as root, without a login.
   *[other] { $count } instances, by SSM Run Command: as root, without a login.
  }
error-exec-nowhere = No instance is named.
error-exec-nowhere-next = Name them, or choose them: ec2dash exec --filter 'env=prod' -- CMD
error-exec-nothing-matches = No instance matches.
error-exec-nothing-matches-next = See what is there: ec2dash ls
error-exec-list-incomplete = { $action } did not tell all instances of { $region }.
error-exec-list-incomplete-why = Without the whole list it is not known where the command would run; nothing was sent.
error-exec-list-incomplete-next = Try again, or name the instances.
error-exec-fact-unknown = The filter asks about { $field }, and { $action } did not tell.
error-exec-fact-unknown-why = Without it it is not known where the command would run; nothing was sent.
error-exec-fact-unknown-next = Leave { $field } (and via, which hangs on it) out of the filter, or ask for { $action }.
error-exec-last = "-" does not go with other targets.
error-exec-last-next = Name it by its id or its name.
error-exec-read-only = Running commands is switched off (read_only).
error-exec-read-only-next = See what would be done: --dry-run
error-exec-not-confirmed = Not run: { $count } instances are in account { $account }, which is marked "confirm", and nobody said yes.
error-exec-not-confirmed-next = Say --yes, or answer the question on a terminal.
ask-exec = Run it as root on { $count } instances in account { $account } ({ $names })? y/N
exec-region-missing = Without { $region } it is not known where the command would run; nothing was sent.
exec-progress = { $ended } of { $total } ended, { $running } running, { $failed } failed
exec-cut = [AWS keeps no more of this output]
exec-cancelling = cancelling in the account: { $commands }. Once more leaves at once.
exec-cancelled = { $count ->
    [1] cancelled on 1 instance
   *[other] cancelled on { $count } instances
  }
exec-left = left without waiting; these commands go on in the account until AWS has ended them: { $commands }
exec-left-nothing = left without waiting
exec-left-sending = one more was just being sent to { $region } and may run there; look for its comment: aws ssm list-commands --region { $region } --query "Commands[?Comment=='{ $comment }'].[CommandId,Status]"
exec-not-cancelled = { $command } is not cancelled and goes on: { $what } It is tried again as long as it runs.
exec-untold = AWS did not tell all output of every instance; what follows is as far as its list tells, 2,500 characters. { $what }
exec-trouble = waiting for AWS: { $what }
exec-plan = ssm:SendCommand AWS-RunShellScript, as root on { $count } instances in { $calls } calls, { $parallel } at a time:
    { $script }
exec-title-name = NAME
exec-title-id = ID
exec-title-status = STATUS
exec-title-exit = EXIT
exec-title-time = TIME
exec-title-says = SAYS

login-open = Open this link at { $host } to sign in to SSO session "{ $session }":
login-compare = The page must show this code:
login-done = Signed in to SSO session "{ $session }".
login-leads = { $from } leads to { $to }.
login-fell-back = The browser cannot come back to this computer; compare a code instead.
login-lingering = Still waiting. If the page says "invalid grant", sso_region = { $region } may be wrong.
login-page-title = Signed in
login-page-body = ec2dash goes on by itself. You can close this page.
logout-done = Signed out of { $session }.
logout-not-told = The sign-in of { $session } is removed from this computer, but AWS could not be told; a copy of it could still be used.
logout-nobody = Nobody was signed in.
logout-stays = Sessions that are open, and credentials that were given out, hold until their own end.
ask-start-url = Start URL, such as https://corp.awsapps.com/start:
ask-sso-region = Region of IAM Identity Center for { $url }:
sso-asking = Asking SSO session "{ $session }" for the roles of { $count } accounts; at ten a second that takes { $seconds } s.
profiles-would-write = This is to be appended to { $path }:
profiles-written = { $count } profiles are appended to { $path }.
profiles-nothing-new = Nothing to append: { $path } has a profile for every role.
profiles-left-out = { $count ->
    [one] { $name } is left out: not every AWS tool would read its name in a file.
   *[other] { $count } places such as { $name } are left out: not every AWS tool would read their names in a file.
  }
ask-profiles-write = { $count ->
    [one] Append one profile to { $path }? y/N
   *[other] Append { $count } profiles to { $path }? y/N
  }

error-profiles-no-yes = Nobody can be asked here, so no profile is written.
error-profiles-no-yes-next = Look at them first (ec2dash profiles --sso), then: --write --yes
error-profiles-not-confirmed = { $path } stays as it is.
error-profiles-not-written = { $path } cannot be changed: { $cause }
error-profiles-not-written-next = Mend that, then try again; what stood in the file is still there.

error-no-such-sso-session = There is no SSO session called "{ $session }".
error-no-such-sso-session-why = Neither ~/.aws/config has it, nor was it signed in to from here by its start URL.
error-no-such-sso-session-next = Sign in by the start URL: ec2dash login --start-url URL --sso-region REGION

error-which-sso-session = There are several SSO sessions, and no profile was named.
error-which-sso-session-why = They are: { $sessions }
error-which-sso-session-next = Name one: ec2dash login --session NAME, or --profile P

error-no-start-url = There is no SSO session to sign in to.
error-no-start-url-next = Name where your company signs in: ec2dash login --start-url URL --sso-region REGION

error-no-sso-region = The region of IAM Identity Center is missing, or it is none.
error-no-sso-region-next = Ask who gave you the start URL, then: --sso-region REGION

# Just-in-time node access
ask-access-reason = Where this account grants sessions on request, one can be asked for. Reason (Enter: do not ask):
ask-access-reason-length = A reason has 1 to 256 characters.
access-request-waits = Access request { $id } is made; waiting until it is decided. Ctrl-C stops waiting.
access-request-found = Access request { $id } was made before; waiting until it is decided. Ctrl-C stops waiting.
access-request-over = It is of no use any more.
access-request-approved = Access request { $id } is approved.
access-request-left = The access request stays as it is; only the waiting ended.
error-access-request-impossible = no access to { $target } can be asked for
error-access-request-impossible-why = This account does not use just-in-time node access, or no policy of it covers this instance.
error-access-request-impossible-next = Ask an administrator for ssm:StartSession on it, or for a policy that covers it.
error-access-request-rejected = access request { $id } was rejected
error-access-request-rejected-next = Ask whoever decides, or ask again with another reason: --reason TEXT
error-access-request-revoked = access request { $id } was approved and then revoked
error-access-request-revoked-next = Ask again: --reason TEXT
error-access-request-expired = access request { $id } has expired
error-access-request-expired-next = Ask again: --reason TEXT
error-access-request-pending = nobody has decided about access request { $id } in 30 minutes
error-access-request-pending-next = Remind whoever decides, and ask again: --reason TEXT

# Endpoints
error-endpoint-port = Endpoints lead to ports 22 and 3389, not to { $port }.
error-endpoint-port-next = Other ports: ec2dash tunnel, by Session Manager
error-endpoint-not-up = { $target } is { $state }.
error-endpoint-none-such = There is no endpoint { $endpoint } in this region.
error-endpoint-none-such-next = List them: aws ec2 describe-instance-connect-endpoints
error-endpoint-none = There is no EC2 Instance Connect Endpoint in { $vpc }, the VPC of { $target }.
error-endpoint-none-next = Make one: aws ec2 create-instance-connect-endpoint --subnet-id SUBNET
  One of another VPC, from which the instance can be reached: --endpoint ID
error-endpoint-unusable = No endpoint leads to { $target }: { $endpoints }
error-endpoint-unusable-next = Wait until one is made, or make another one
error-endpoint-family = The endpoint { $endpoint } leads to { $type } addresses, and { $address } is none.
error-endpoint-no-address = { $target } has no private { $wanted } address.
endpoint-request = the request's id at AWS: { $id }

pane-lost = The dashboard that opened this pane has nothing for it any more: { $why }
hold = Press Enter to close.

# doctor
doctor-best = Best way in: { $method }. ec2dash connect { $id }
doctor-best-as = Best way in: { $method } as { $login }. ec2dash connect { $id }
doctor-no-best = No way in is known to work.
doctor-last-resorts = No shell is known to work. By name: { $methods }
doctor-fix = fix
computer-lists = { $action } is answered in { $region }
computer-keys = { $files ->
    [one] one private key file
   *[other] { $files } private key files
}, { $agent ->
    [one] one key in the agent
   *[other] { $agent } keys in the agent
}
computer-key-open = others may read it, so that ssh refuses it: chmod 600 { $word }
computer-no-proxy = no proxy is set
computer-proxy = AWS is called through { $proxy }
doctor-tests = test: { $what }
error-doctor-from-twice = --from names two addresses of one family, the second is { $address }.
error-doctor-from-twice-next = at most one IPv4 and one IPv6 address
error-doctor-from-nobody = No packet comes to an instance from { $address }.
error-doctor-from-nobody-next = Say the address that AWS sees you from: --from 203.0.113.9
error-doctor-form = doctor is for people, or -o json.
error-doctor-form-next = ec2dash doctor TARGET -o json

# policy
error-form-of-policy = Only policy writes a line of the AWS CLI, or Terraform.
error-form-of-policy-next = ec2dash policy connect-eic -o cli
error-policy-user = --user is of what pushes keys: connect-eic, connect-eice and connect-ssm-ssh.
error-policy-user-next = ec2dash policy connect-eic --user ec2-user
error-policy-tag = --tag is of what connects to instances.
error-policy-tag-next = ec2dash policy connect-ssm --tag team=payments
error-policy-regions = A policy is for one region, or for all.
error-policy-regions-next = ec2dash policy connect-ssm --region eu-west-1
error-policy-too-long = The policy is longer than the 6,144 characters that IAM takes.
error-policy-too-long-next = name fewer users, or write several policies
error-policy-form = A policy is written as JSON, as a line for the AWS CLI, or for Terraform.
error-policy-form-next = ec2dash policy read -o terraform
error-policy-account = deny-ssh-over-ssm and agent hold in whatever account they are attached: --account is for the others.
error-policy-account-next = ec2dash policy deny-ssh-over-ssm
