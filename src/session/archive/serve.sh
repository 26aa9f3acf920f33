# Answers questions about files, one after the other: nothing of what is asked for stands in a command line of ours, and all of it is bytes.
f='%f %s %Y %X'
un() { p=$(printf %s "${1#.}" | base64 -d; echo x); p=${p%x}; }
at() { un "$1"; case $p in /*) ;; *) p=./$p;; esac; }
no() { echo "$1" >&2; return 1; }
some() {
[ -f "$p" ] && return
if [ -e "$p" ]; then no 'Not a regular file'; else no 'No such file or directory'; fi
}
out() { h=$(sha256sum <"$t/d"); r="$r ${h%% *}"; base64 <"$t/d"; }
# No link and no file of somebody else's stands where this makes one.
make() {
[ -d "${1%/*}/" ] || { no 'No such file or directory'; return; }
if [ -e "$1" ] || [ -L "$1" ]; then no 'File exists'; return; fi
( umask 077; set -C; cat >"$1" )
}
place() {
if [ -L "$2" ]; then [ ! -d "$2" ] || rm -f "$2"
elif [ -d "$2" ]; then no 'Is a directory'; return; fi
mv -f "$1" "$2"
}
look() {
[ "$1" = - ] || dd if=/dev/null of="$4" bs=1 seek="$1" || return
[ "$2" = - ] || chmod "$2" "$4" || return
[ "$3" = - ] || touch -c -m -d "@$3" "$4"
}
names() { find "$p/." ! -name . -prune -exec stat -c "$f %n//" {} + >"$t/d"; }
# What is longer than it should be somebody else has written to.
grow() {
[ ! -L "$p" ] || { no 'Not a regular file'; return; }
z=$(stat -c %s "$p") || return
[ "$z" -le "$i" ] || { no 'other: hash'; return; }
[ "$z" = "$i" ] || look "$i" - - "$p" && cat "$t/d" >>"$p"
}
# Through no link: every folder is the one that its path says.
away='r=$1
shift
w=
for x do
case $x in d*) c=rmdir;; *) c="rm -f";; esac
x=${x#?}
case $x in */*) d=$r/${x%/*};; *) d=${r:-/};; esac
if [ "$w" != "$d" ]; then w=
cd "$d" 2>/dev/null && w=$(pwd -P; echo x) && w=${w%?x}
fi
if [ "$w" = "$d" ]; then e=$($c "./${x##*/}" 2>&1) && continue
else e="Not a directory"; w=; fi
printf "%s\0%s\0" "$x" "${e:-Failure}"
done'
act() {
case $o in
facts) r=$(stat -c "$f" "$p");;
follow) r=$(stat -L -c "$f" "$p");;
list) { names 2>/dev/null || names; } && out;;
mkdir) mkdir -m "$i" "$p";;
readlink) readlink "$p" >"$t/d" && out;;
real) readlink -f "$p" >"$t/d" && out;;
link) if [ -e "$p" ] || [ -L "$p" ]; then no 'File exists'; else ln -s -- "$q" "$p"; fi;;
set) look "$i" "$j" "$k" "$p";;
move) place "$p" "$q";;
rm) rm -f "$p";;
create) make "$p";;
write) some && grow;;
put) rm -f "$p"
make "$p" <"$t/d" && look - "$i" "$j" "$p" && place "$p" "$q" || { rm -f "$p"; return 1; };;
read) some && dd if="$p" bs=4096 skip="$i" count="$j" >"$t/d" && r=$(stat -L -c "$f" "$p") && out;;
hash) some && r=$(head -c "$i" "$p" | sha256sum) && r=${r%% *};;
remove) xargs -0 sh -c "$away" sh "$p" <"$t/d" >"$t/r" && mv "$t/r" "$t/d" && out;;
*) no 'Unknown';;
esac
}
while read -r o n h p q i j k; do
[ "$o" ] || continue
[ "$o" = bye ] && break
r=
true >"$t/d"
if [ "$n" != 0 ]; then
dd bs="$n" count=1 iflag=fullblock 2>/dev/null | base64 -d >"$t/d" 2>"$t/e"
g=$(sha256sum <"$t/d")
if [ "${g%% *}" != "$h" ]; then say no "$({ echo other: hash; cat "$t/e"; } | word)"; continue; fi
fi
u=$p
case $o$q in *-) ;; link*) un "$q"; q=$p;; *) at "$q"; q=$p;; esac
at "$u"
if act 2>"$t/e" </dev/null; then say ok $r; else say no "$(head -c 2000 "$t/e" | word)"; fi
done
