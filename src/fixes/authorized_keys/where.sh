files=$(sshd -T -C user=$user,host=localhost,addr=127.0.0.1 2>/dev/null | sed -n "s/^authorizedkeysfile //p")
case " ${files:-.ssh/authorized_keys} " in
*" .ssh/authorized_keys "* | *" %h/.ssh/authorized_keys "*) ;;
*) echo "ec2dash elsewhere $files"; exit 3 ;;
esac
