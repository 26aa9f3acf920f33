[ -z "$edited" ] || say edited "$edited"
[ $own -le 1 ] || say edited "$own lines: $key $mark"
[ $own = 0 ] || say there
[ -z "$first" ] || say renamed
say absent
