# Gives what a path names as a tar stream, with its hash behind it.
path
n=$p
z=0
e=
if [ -d "$p" ]; then k=d; z=$(du -sk "$p" 2>/dev/null | cut -f1); z=$((${z:-0} * 1024)); n=$(cd "$p" 2>/dev/null && pwd -P)
elif [ -f "$p" ]; then k=f; z=$(wc -c <"$p" 2>/dev/null) || z=0
elif [ -e "$p" ]; then k=o
else e=$(ls -d "$p" 2>&1 >/dev/null); failed "${e:-No such file or directory}"
fi
[ -r "$p" ] || failed 'Permission denied'
say found $k $z "$(printf %s "$n" | word)"
read -r l
[ "$l" = go ] || exit 0
case $k in d) b=. o=-cf;; *) b=./${p##*/} o=-chf; p=${p%/*}/;; esac
cd "$p" || failed 'Permission denied'
mkfifo "$t/f"
sha256sum <"$t/f" >"$t/h" &
h=$!
{ tar $o - "$b" 2>"$t/e"; echo $? >"$t/s"; } | tee "$t/f" | base64
wait $h
e="$(cat "$t/s") $(cut -c1-64 "$t/h") $(head -c 20000 "$t/e" | word)"
finish
say given "$e"
