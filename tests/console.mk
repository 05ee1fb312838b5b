# tests: console
