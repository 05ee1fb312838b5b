#!/bin/sh
# Every scenario of the corpus prints the trace that asyncio gives.
dir=${top_srcdir:-.}/tests/scenario
exec "${top_builddir:-.}/tests/scenario/scenario" --tap \
    "$dir/generated.jsonl" "$dir"/cases/*.json
