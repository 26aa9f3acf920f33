## own: commands of the user's own

own-key-unknown = Your command "{ $name }" has no key: there is none called { $key }.
own-key-taken = Your command "{ $name }" has no key: { $key } runs { $by }.
own-missing = { $name } was not run: no { $value } of { $instance } is known.
own-like-an-option = { $name } was not run: the { $value } of { $instance } begins with "-" and would be an option.
own-hidden = { $name } was not run: the { $value } of { $instance } holds characters that nobody sees.
own-too-many = { $name } was not run: it runs on at most { $most } instances at a time.
own-ended = { $name } on { $instance } ended.
own-ended-saying = { $name } on { $instance } ended: { $line }
own-failed = { $name } on { $instance } ended with exit code { $code }: { $line }
own-not-run = { $name } on { $instance } did not run: { $why }
help-own = Your commands
palette-own = a command of your own
