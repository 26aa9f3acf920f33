# What both scripts begin with. $1 and $2: the halves of the mark that stands before what we say.
LC_ALL=C
export LC_ALL
a=$1$2
t=
s=
say() { printf '%s:%s\n' "$a" "$*"; }
word() { base64 | tr -d '\n'; }
# A terminal that closes hangs up more than once: what takes away is not to be ended by that.
gone() { trap '' HUP INT QUIT TERM; cd /; [ "$s" ] && chmod -R u+rwX "$s" 2>/dev/null; rm -rf ${t:+"$t"} ${s:+"$s"}; }
# Before the last word: whoever hears it may end the session at once.
finish() { gone; s=; t=; }
trap gone EXIT
trap 'exit 1' HUP INT QUIT TERM
m=
# Its stat and its base64 are others.
[ "$(uname 2>/dev/null)" = Darwin ] && m=" GNU-tools"
for c in stty base64 sha256sum mktemp $w; do command -v $c >/dev/null 2>&1 || m="$m $c"; done
# What old ones cannot do.
case $m$w in dd*)
dd iflag=fullblock count=0 </dev/null >/dev/null 2>&1 || m="$m dd(iflag=fullblock)"
touch -c -m -d @0 "/$1" >/dev/null 2>&1 || m="$m touch(-m,-d@0)"
esac
# From here on the terminal changes no byte, and repeats none.
stty raw -echo 2>/dev/null
cd "$HOME" 2>/dev/null || cd /
# A path, which no command line holds: names are bytes, and end in any of them.
path() {
read -r l || exit 1
p=$(printf %s "$l" | base64 -d 2>/dev/null; echo x)
p=${p%x}
case $p in '~') p=$HOME;; '~/'*) p=$HOME/${p#'~/'};; '') p=.;; esac
case $p in /*) ;; *) p=${PWD%/}/$p;; esac
}
failed() { say failed "$(printf %s "$1" | word)"; exit 0; }
say ready "$(umask)" $m
[ "$m" ] && exit 0
t=$(umask 077; mktemp -d 2>&1) || { e=$t; t=; failed "$e"; }
