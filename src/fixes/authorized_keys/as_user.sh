home=$(getent passwd $user 2>/dev/null | cut -d: -f6)
[ -n "$home" ] || home=~USER
case $home in /*) ;; *) echo ec2dash no-user $user; exit 3 ;; esac
EC2DASH_HOME=$home; export EC2DASH_HOME
become() { if command -v runuser >/dev/null 2>&1; then runuser -u $user -- /bin/sh -s; else su -s /bin/sh -c "/bin/sh -s" $user; fi; }
become <<'EC2DASH'
