# lib/ctl
