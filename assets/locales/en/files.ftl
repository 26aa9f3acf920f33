# Why a file was not copied; the system's own words stay as they are
files-lost = the connection is lost
files-not-sftp = what answers does not speak SFTP
files-unsupported = the server cannot do this
files-changed = it changed while it was read; nothing was replaced
files-rival = another copy of it to the same place is under way; this one replaced nothing
files-is-folder = it is a folder
files-not-recursive = it is a folder (-r copies folders)
files-folder-in-place = a folder is in its place, which stays (--delete removes it)
files-file-in-place = what is in its place is no folder, and stays (--delete removes it)
files-not-folder = not a directory
files-not-regular = not a regular file
files-bad-name = it tells a name that no file may have; it was left out
files-not-on-windows = Windows has no such file name
files-same-name = another file in that folder has this name in other letters, and Windows does not tell them apart
files-too-deep = too many folders in folders
files-into-itself = a folder cannot be copied into itself
files-garbled = what arrived is not what was sent; nothing was replaced

# cp
copy-special = { $path }: not a regular file, left out
copy-sparse = { $path }: it has holes, { $taken } of { $size } are written down; the copy has them where it can
copy-leads-out = { $path }: a link that leads out of what is copied, to { $to }; it stays a link, and was not followed
copy-resumed = { $path }: goes on at { $size }
copy-endpoint-slow = EC2 Instance Connect Endpoints slow large transfers down; another way is faster, if there is one
copy-progress = { $percent } % · { $done } of { $all } · { $rate }/s · { $files } of { $of } files
copy-left = { $time } left
copy-kept = what there is stays in { $part }; the same command with --resume goes on there
copy-not-whole = { $folder } is not whole yet; the same command with --resume goes on in it
copy-windows-modes = Windows has no modes: times are kept, and modes are not.
copy-kept-by-sync = what there is stays in { $part }; the same command goes on there
error-copy-nowhere = Neither side names an instance.
error-copy-nowhere-next = Name one as TARGET:PATH: ec2dash cp app.tar web-1:/tmp/
error-copy-read-only = Copying to instances is switched off (read_only).
error-copy-read-only-next = From an instance to this computer it is not.
error-copy-lost = The connection was lost before all was copied.
error-copy-lost-next = Go on with the same command and --resume.
error-copy-no-sftp = { $target } lets us in, and serves no files.
error-copy-no-sftp-next = See that its sshd_config has a line "Subsystem sftp", and that no start-up file of the shell prints anything.
error-copy-no-connection = There is no connection to { $target }.
copy-by-session = files go by a command session of Session Manager, as its user: a tar stream for each source
copy-by-script = files go by a command session of Session Manager, as its user
error-copy-session-windows = { $target } runs Windows, where no tar stream is understood.
error-copy-session-windows-next = Name a way that runs ssh, if OpenSSH is installed there: --method ssm-ssh
error-copy-session-tools = { $target } lacks what a copy by a command session needs: { $missing }
error-copy-session-tools-next = Install it there, or name a way that runs ssh: --method ssm-ssh
error-copy-session-lost = The session ended before all was copied; nothing was replaced.
error-copy-session-lost-next = Try the same command again.
error-copy-session-garbled = What came from { $target } is not what was asked for; nothing was replaced.
error-copy-session-garbled-next = See what its shells print when they start, and what its tar and base64 are.

# sync
sync-removes = { $count ->
    [one] { $path }: 1 thing that the source lacks is removed
   *[other] { $path }: { $count } things that the source lacks are removed
}
sync-not-removed = { $count ->
    [one] { $path }: 1 thing that the source seems to lack stays, for not all of the source could be read
   *[other] { $path }: { $count } things that the source seems to lack stay, for not all of the source could be read
}

# files: the two panes
files-name = files
files-connecting = connecting to { $target } for its files
error-files-no-terminal = The two panes need a terminal.
error-files-no-terminal-next = Without one: ec2dash cp -r TARGET:PATH DIRECTORY
error-files-by-session = Only a command session surely gets into { $target }, and the two panes need a way that runs ssh.
error-files-by-session-next = Copy with ec2dash cp, or name a way that runs ssh: --method ssm-ssh
panes-here = this computer
panes-loading = reading
panes-empty = empty
panes-marked = { $count } marked
panes-hint-other = other
panes-hint-open = open
panes-hint-up = up
panes-hint-mark = mark
panes-hint-copy = copy
panes-hint-stop = stop
panes-hint-leave = leave
panes-key-other = go to the other pane
panes-key-move = move the cursor
panes-key-page = move it by ten rows
panes-key-ends = move it to the first or last row
panes-key-open = open the folder
panes-key-up = go to the folder above
panes-key-mark = mark the row
panes-key-mark-all = mark all rows
panes-key-copy = copy what is marked, or the row, to the other pane
panes-key-again = read the folder again
panes-key-stop = stop the copy; without one: mark nothing
panes-key-help = these keys
panes-key-leave = leave
panes-copied = { $files ->
    [one] 1 file copied, { $size }
   *[other] { $files } files copied, { $size }
}
panes-ask-replace = { $replaced } of { $count } are there already: replace what is in the way? y/N
panes-ask-quit = Files are being copied. Stop and leave? y/N
panes-busy = one copy at a time; Esc stops this one
panes-stopped = stopped; what was whole is there
panes-stopped-kept = stopped; a part stays: { $part }
