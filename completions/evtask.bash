# bash completion of evtask: asks evtask itself how the line may go on.
_evtask()
{
	local line IFS=$'\n' cur=${COMP_LINE:0:COMP_POINT}
	local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")
	cur=${words[-1]}
	compopt +o nospace 2>/dev/null
	COMPREPLY=($(evtask complete -- "${words[@]}" 2>/dev/null | cut -f1))
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=.] ]] &&
		compopt -o nospace
	__ltrim_colon_completions "$cur" 2>/dev/null
}
complete -o default -F _evtask evtask
