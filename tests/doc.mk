# tests: doc: the manual is well-formed and says all there is.
TESTS += tests/check_manual.sh
EXTRA_DIST += tests/check_manual.sh
