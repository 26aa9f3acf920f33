# doctor --all

report-title = Ways into { $count ->
    [one] 1 instance
   *[other] { $count } instances
}
report-from = seen from { $address }
report-name = Name
report-id = Id
report-place = Place
report-state = State
report-instances = { $count ->
    [one] 1 instance
   *[other] { $count } instances
}
report-who = Which
report-more = and { $count } more (all of them: -o md, html or json)
report-no-instance = No instance was found.
report-gaps = What could not be read
report-example = for example { $cause }

report-tally-best = best by { $method }
report-tally-last-resort = by serial console or desktop only
report-tally-unreachable = nobody can get in
report-tally-unknown = not known
report-tally-down = not running

report-unreachable = Nobody can get in
report-unreachable-about = They run, and every way in is blocked but for a serial console, which this does not look at. Whatever mends one of the causes opens a way.
report-last-resort = Only by serial console or desktop
report-last-resort-about = They run, and no shell is known to open. What mends one of the causes opens one.
report-unreachable-none = Every instance that runs has a way in, or may have one.
report-unknown = Not known
report-unknown-about = Of no way it is known that it leads in, and of at least one not that it is blocked.
report-unknown-none = Of every instance that runs it is known whether a way leads in.
report-down = Not running
report-down-about = No way leads in before they run.
report-down-none = Every instance runs.
report-exposed = Open to the whole internet
report-exposed-about = Anybody may try the login. Session Manager and endpoints need no such rule.
report-exposed-none = No login that was looked at is open to the whole internet.
report-keys = Key pairs that many share
report-keys-about = Whoever has such a key has all of these. Session Manager and keys for one time need none.
report-keys-none = No key pair is shared by { $least } instances or more.
report-key = { $key } · { $place }
report-agents = Agents that are too old
report-agents-about = What an update of the SSM Agent brings back.
report-agents-none = No SSM Agent that is heard is too old.
report-agent-sessions = SSM Agent { $version } opens no session
report-agent-commands = SSM Agent { $version } runs no command in a session: no files without ssh, no shell of your choice
report-logging = Logs of sessions
report-logging-about = Whether what is typed and shown in Session Manager shells is kept.
report-logging-none = No instance, no sessions.
report-logged-both = kept in S3 and in CloudWatch Logs
report-logged-s3 = kept in S3
report-logged-cloudwatch = kept in CloudWatch Logs
report-logged-nowhere = not kept
report-logged-unknown = not known: { $why }

error-report-form = A report is for people, Markdown, one HTML file or JSON.
error-report-form-next = ec2dash doctor --all -o html > report.html
error-form-of-report = md and html are forms of doctor --all.
error-form-of-report-next = ec2dash doctor --all -o html > report.html
error-doctor-one-target = doctor looks at one instance, or with --all at all that a filter leaves.
error-doctor-one-target-next = ec2dash doctor --all [FILTER]
