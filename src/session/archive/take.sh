# Takes a tar stream with its hash, and gives what is in it its name when all of it is there.
path
d=$p
if [ -d "$d" ]; then k=d; elif [ -f "$d" ]; then k=f; elif [ -e "$d" ]; then k=o; else k=n; fi
say found $k 0
path
q=$p
read -r x v || exit 1
case $k in d) ;; *) d=${q%/*}/;; esac
s=$d/.ec2dash-$1.ec2dash-part
e=$(umask 077; mkdir "$s" 2>&1) || { s=; failed "$e"; }
mkfifo "$t/f"
sha256sum <"$t/f" >"$t/h" &
h=$!
say go
sed -n '/^\./{s/^.//;w '"$t/w"'
q
};p' | base64 -d 2>/dev/null | tee "$t/f" 2>/dev/null | tar -x${x}f - -C "$s" 2>"$t/e"
r=$?
wait $h
[ "$r" = 0 ] && [ "$(cat "$t/w" 2>/dev/null)" != "$(cut -c1-64 "$t/h")" ] && r=hash
n=$s/n
T=$s/t
export T x
# All that is in folders that are there: files by a rename each; a link there is no folder.
merge() {
cd "$n" || return 1
find . -depth -type d -exec sh -c 'for d do mkdir -p "$T/$d"; chmod "$(stat -c %a "$d")" "$T/$d"; touch -r "$d" "$T/$d"; done' sh {} +
chmod -R u+rwX .
find . -type d -exec sh -c 'for d do [ -d "$d" ] || continue
if [ "$d" = . ] || { [ -d "$0/$d" ] && [ ! -L "$0/$d" ]; }; then continue; fi
if mkdir "$0/$d"; then chmod "$(stat -c %a "$T/$d")" "$0/$d"; chmod u+rwx "$0/$d"; else rm -rf "$d"; fi
done' "$q" {} +
find . ! -type d -exec sh -c 'for f do if [ -d "$0/$f" ] && [ ! -L "$0/$f" ]; then echo "$f: Is a directory"
elif [ -e "$0/$f" ] && [ ! -f "$0/$f" ] && [ ! -d "$0/$f" ]; then echo "$f: Not a regular file"
else [ -d "$0/$f" ] && rm -f "$0/$f"
[ "$x" = po ] || [ -L "$f" ] || [ ! -f "$0/$f" ] || chmod "$(stat -Lc %a "$0/$f")" "$f"
mv -f "$f" "$0/$f"; fi; done' "$q" {} +
[ "$x" = po ] || return
find . -depth -type d -exec sh -c 'for d do chmod "$(stat -c %a "$T/$d")" "$0/$d"; touch -r "$T/$d" "$0/$d"; done' "$q" {} +
}
place() {
if [ ! -d "$n" ]; then
if [ -d "$q" ]; then echo "$q: Is a directory"
elif [ -e "$q" ] && [ ! -f "$q" ]; then echo "$q: Not a regular file"
else [ "$x" = po ] || [ ! -f "$q" ] || chmod "$(stat -Lc %a "$q")" "$n"; mv -f "$n" "$q"
fi
elif [ ! -e "$q" ] && [ ! -L "$q" ]; then mv "$n" "$q"
elif [ -d "$q" ]; then ( merge )
else echo "$q: Not a directory"
fi
}
if [ "$r" = 0 ]; then
place >"$t/e" 2>&1
[ "$x" = po ] && [ -d "$q" ] && [ ! -s "$t/e" ] && [ "$v" ] && chmod "$v" "$q" >>"$t/e" 2>&1
fi
e=$(head -c 20000 "$t/e" | word)
finish
say taken $r "$e"
