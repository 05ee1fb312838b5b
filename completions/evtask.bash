# bash completion of evtask: asks evtask itself how the line may go on.
_evtask()
{
	local line=${COMP_LINE:0:COMP_POINT}
	local word=${line##*[[:blank:]]}
	mapfile -t COMPREPLY < <(evtask complete --line \
	    "${line#*[[:blank:]]}" 2>/dev/null | cut -f1)
	[[ ${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace 2>/dev/null
	# bash completes only what follows the last = or :
	COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*[=:]}"}"}")
	((${#COMPREPLY[@]} == 1)) &&
		printf -v "COMPREPLY[0]" %q "${COMPREPLY[0]}"
}
complete -o default -F _evtask evtask
