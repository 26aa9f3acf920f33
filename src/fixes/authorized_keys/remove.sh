if [ $own = 0 ] && [ -z "$edited" ]; then say removed; fi
if [ $own != 1 ] || [ -n "$edited" ]; then refuse edited "$PWD/$file"; fi
real=$file
if [ -L $file ]; then real=$(readlink -f $file); fi
new=$real.ec2dash
size=$(wc -c <"$real")
undo() { rm -f "$new"; refuse "$1" "$PWD/$file"; }
cp -p "$real" "$new" || undo unwritable
sed ${at}d "$real" >"$new" || undo unwritable
left=$(wc -c <"$new") whole=$((${#key} + ${#mark} + 2))
case $((size - left)) in $whole | $((whole - 1))) ;; *) undo unwritable ;; esac
if [ $made = newline ] && [ $at = $count ] && [ $left -gt 0 ]; then
  left=$((left - 1))
  head -c $left "$real" >"$new" || undo unwritable
  [ $(wc -c <"$new") -eq $left ] || undo unwritable
fi
[ $(wc -c <"$real") -eq $size ] || undo edited
mv -f "$new" "$real" || undo unwritable
case $made in file | folder) if [ $left -eq 0 ] && ! [ -L $file ]; then rm -f $file; fi ;; esac
[ $made != folder ] || rmdir .ssh 2>/dev/null || :
say removed
