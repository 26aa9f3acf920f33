## config

config-located = line { $line }, column { $column }: { $text }

# What is wrong with a line. `noun`, `key` and the words are those of the file and are not translated.
config-unknown-key = unknown key { $key }
config-unknown-key-near = unknown key { $key }. Did you mean "{ $nearest }"?
config-wrong-word = unknown { $noun } { $value }. Valid: { $valid }
config-wrong-word-near = unknown { $noun } { $value }. Did you mean "{ $nearest }"?
config-wrong-type = { $key } must be { $wanted ->
    [text] a text in quotes
    [number] a whole number
    [boolean] true or false
    [list] a list of texts
    [tables] a list of tables
   *[table] a table
  }, not { $found ->
    [string] a text
    [integer] a whole number
    [float] a number with a point
    [boolean] true or false
    [datetime] a date
    [array] a list
   *[table] a table
  }
config-out-of-range = { $key } must be a whole number from { $least } to { $most }
config-syntax = { $message }
config-not-a-region = { $value } is not a region's name
config-not-a-login = { $value } is not a login name
config-not-a-page = { $value } is no address of a page, such as https://checkip.amazonaws.com
config-not-an-account = { $value } is not an account id of 12 digits
config-not-an-instance = { $value } is not an instance id
config-not-a-span = { $value } is no span of time: a number with s, m or h, at most 24h, such as "10m"
config-not-a-shell = { $value } is no shell: "auto", or one line such as "bash -l"
config-not-a-tunnel-limit = { $value } is no life of a tunnel: a number with s, m or h, from 1s to 1h, such as "10m"
config-not-a-path = { $value } is not a path: it begins with / or ~/ and holds no control character
config-no-home = { $value }: this user has no home directory, so ~ means nothing
config-empty-list = { $key } is empty: name at least one, or leave the line out
config-not-a-filter-name = { $value } cannot be a filter's name: letters, digits, "-", "_" and "." can
config-not-a-tag = { $value } is not Key=Value
config-not-a-socket-address = { $value } is not an IP address and a port, such as 127.0.0.1:2222
config-not-an-ip = { $value } is not an IP address
config-not-a-target = { $value } is no instance: an id, a name, ip:ADDRESS or tag:KEY=VALUE
config-not-a-forward = { $value } is not [LOCAL:]PORT, [LOCAL:]HOST:PORT or [LOCAL:]/SOCKET, such as "15432:5432", "5432:db.internal:5432" or "2375:/var/run/docker.sock"
config-not-a-place-name = { $value } is no name for places: letters, digits, - _ and . only, at most 40
config-places-empty = the places { $name } need profiles = ["NAME"], regions = ["REGION"], or both
config-not-a-profile = { $value } is not a profile's name
no-places = there are no places called { $value } in the configuration file. There are: { $known }
no-places-near = there are no places called { $value } in the configuration file. Did you mean "{ $nearest }"?
no-places-at-all = there are no places called { $value }: the configuration file has no [places.NAME]
config-not-a-tunnel-name = { $value } is no name for a tunnel: letters, digits, - _ and . only, at most 40
config-tunnel-without-target = the tunnel { $name } needs a target
config-tunnel-without-forward = the tunnel { $name } needs forward = "[LOCAL:][HOST:]PORT", or socks = PORT
config-tunnel-both = the tunnel { $name } is either a forward or socks
config-tunnel-socket = a socket is for forward, and takes the place of bind
config-rule-user-auto = a rule names a user; without one the image's own is taken

# What is wrong with the file as a whole.
config-not-found = the file is not there
config-unreadable = the file cannot be read: { $cause }
config-not-a-file = this is not a file
config-too-large = the file is larger than 1 MiB
config-not-utf8 = line { $line } is not UTF-8
config-foreign-owner = the file belongs to another user, who could change what runs here. To take it over: sudo chown { $user } { $path }
config-writable = others may write this file, and it decides what runs here. To mend it: chmod go-w { $path }

# The state file.
state-corrupt = what was remembered could not be read and starts anew; the old file is kept as { $path }
state-put-aside = what was remembered cannot be read ({ $cause }) and starts anew; the old file is kept as { $path }
state-unreadable = what was remembered cannot be read: { $path } ({ $cause })
state-unwritable = nothing is remembered: { $path } cannot be written ({ $cause })
state-no-home = nothing is remembered: there is no home directory

# Variables of the environment.
variable-half-a-key = AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not: set both, or neither
variable-not-a-region = { $name }: "{ $value }" is not a region's name

# [[command]]
config-command-lacks = a [[command]] needs { $key }
config-command-name = { $name } is no name for a command: at most 40 characters that are seen
config-command-twice = another command is called { $name }
config-command-program = { $value } is no program: it is named here, and never by a value
config-command-braces = { $value } has a brace alone: a value is {"{"}id{"}"}, a brace is {"{{"} or {"}}"}
