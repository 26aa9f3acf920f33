## columns: heads, words in cells, ages

# Ages
age-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
age-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
age-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
age-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

# Heads
column-name = NAME
column-id = ID
column-state = STATE
column-private_ip = PRIVATE IP
column-public_ip = PUBLIC IP
column-ipv6 = IPV6
column-profile = PROFILE
column-account = ACCOUNT
column-region = REGION
column-az = AZ
column-instance_type = TYPE
column-platform = PLATFORM
column-image = AMI
column-key_name = KEY
column-vpc = VPC
column-subnet = SUBNET
column-security_groups = GROUPS
column-launched = LAUNCHED
column-up = UP
column-tags = TAGS
column-iam = IAM
column-ssm = SSM
column-via = VIA
column-methods = METHODS

# States, and their short forms
state-pending = pending
state-pending-short = start
state-running = running
state-running-short = run
state-stopping = stopping
state-stopping-short = halt
state-stopped = stopped
state-stopped-short = stop
state-shutting-down = shutting-down
state-shutting-down-short = shut
state-terminated = gone
state-terminated-short = gone
state-hybrid = hybrid
state-hybrid-short = hyb
state-unknown = unknown
state-unknown-short = ?

# Cells
ssm-online = online
ssm-lost = lost
ssm-none = none
ssm-unsaid = unsaid
iam-no-ssm = no SSM
iam-no-role = no role
iam-set = set
iam-none = none

# Why something is not known, in one word
denial-access_denied = denied
denial-throttled = busy
denial-timeout = late
denial-failed = failed
denial-undecided = unsure
denial-unasked = unasked
