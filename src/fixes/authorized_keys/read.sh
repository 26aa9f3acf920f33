echo ec2dash begun
umask 077; LC_ALL=C; export LC_ALL
file=.ssh/authorized_keys
say() { printf "ec2dash %s\n" "$*"; exit 0; }
refuse() { printf "ec2dash %s\n" "$*"; exit 3; }
cd "$EC2DASH_HOME" 2>/dev/null || refuse no-home "$EC2DASH_HOME"
count=0 at=0 own=0 edited= first= blank=$(printf " \t")
if [ -e $file ]; then
  if ! [ -f $file ] || ! [ -r $file ]; then refuse unreadable "$PWD/$file"; fi
  while IFS= read -r text || [ -n "$text" ]; do
    count=$((count + 1))
    case $text in
    "$key $mark") own=$((own + 1)); at=$count ;;
    *" $mark" | *" $mark "*) edited=$text ;;
    *) case ${text#"${text%%[!$blank]*}"} in
      "$key" | "$key "*) first=${first:-plain} ;;
      "#"*) ;;
      *" $key" | *" $key "*) first=${first:-limited} ;;
      esac ;;
    esac
  done <$file
fi
