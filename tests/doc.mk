# tests: doc: the manual is well-formed, says all there is, and is true.
DOC_CHECKS = tests/check_asyncio.sh tests/check_internals.sh \
	tests/check_manual.sh tests/check_session.sh tests/check_tour.sh
TESTS += $(DOC_CHECKS)
EXTRA_DIST += $(DOC_CHECKS)

# And the race is fit to be run.
TESTS += tests/check_bench.sh
EXTRA_DIST += tests/check_bench.sh
