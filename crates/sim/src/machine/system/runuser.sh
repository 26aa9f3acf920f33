#!/bin/sh
# runuser -u USER -- PROGRAM ARGUMENTS: every user of a simulated instance is the one that runs the simulation.
[ "$1" = -u ] && [ "$3" = -- ] || exit 1
home=$(getent passwd "$2" | cut -d: -f6)
[ -n "$home" ] || { echo "runuser: user $2 does not exist" >&2; exit 1; }
USER=$2 LOGNAME=$2 HOME=$home
export USER LOGNAME HOME
shift 3
exec "$@"
