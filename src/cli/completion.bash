_@name@_complete() {
    # bash splits words at = : @ too; the program is asked about whole ones, up to the cursor.
    local line=${COMP_LINE:0:COMP_POINT} piece i
    local -a words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((i > 0)) && [[ -n $line && $line != [[:space:]]* ]]; then
            piece=${words[${#words[@]} - 1]}
            unset "words[${#words[@]} - 1]"
        else
            piece=
            line=${line#"${line%%[![:space:]]*}"}
        fi
        if ((i == COMP_CWORD)); then
            words+=("$piece$line")
        else
            words+=("$piece${COMP_WORDS[i]}")
            line=${line#"${COMP_WORDS[i]}"}
        fi
    done
    local index=$((${#words[@]} - 1)) IFS=$'\013'
    local whole=${words[index]}
    # $2 is what an offer takes the place of: often only the last piece.
    local before=${whole%"$2"}
    COMPREPLY=($(_CLAP_IFS=$IFS _CLAP_COMPLETE_INDEX=$index @variable@=bash "@completer@" -- "${words[@]}"))
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
    if [[ ${COMPREPLY-} != *[=/:] ]]; then
        compopt +o nospace 2>/dev/null
    fi
}
complete -o nospace -o bashdefault -o nosort -F _@name@_complete @program@ 2>/dev/null ||
    complete -o nospace -o bashdefault -F _@name@_complete @program@
