# lib/wait
