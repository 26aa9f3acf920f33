[ $own = 0 ] || say added line
[ "$first" != limited ] || refuse limited "$PWD/$file"
[ -z "$first" ] || say was-there
if [ -L $file ] && ! [ -e $file ]; then refuse unreadable "$PWD/$file"; fi
own_group=
if [ -e /etc/debian_version ]; then own_group="! -group $(id -g)"; fi
[ -z "$(find -L . .ssh $file -prune \( -perm -002 -o -perm -020 $own_group \) -print 2>/dev/null)" ] || refuse open "$PWD"
made=line
if ! [ -d .ssh ]; then mkdir .ssh || refuse unwritable "$PWD"; made=folder
elif ! [ -e $file ]; then made=file; fi
start=
if [ -s $file ] && [ -n "$(tail -c 1 $file)" ]; then made=newline; start="\n"; fi
printf "$start%s\n" "$key $mark" >>$file || refuse unwritable "$PWD/$file"
case $made in file | folder) ! command -v restorecon >/dev/null 2>&1 || restorecon -F .ssh $file >/dev/null 2>&1 ;; esac
say added $made
