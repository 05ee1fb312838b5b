# fish completion of evtask: asks evtask itself how the line may go on.
function __evtask_complete
	set -l words (commandline -opc) (commandline -ct)
	evtask complete -- $words[2..-1] 2>/dev/null
end
complete -c evtask -a '(__evtask_complete)'
