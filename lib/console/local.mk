# lib/console
