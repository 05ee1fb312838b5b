# lib/sync
