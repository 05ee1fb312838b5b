# lib/evtask
