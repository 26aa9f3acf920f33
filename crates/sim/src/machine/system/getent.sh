#!/bin/sh
[ "$1" = passwd ] || exit 1
grep "^$2:" "$EC2DASH_SIM_USERS" || exit 2
