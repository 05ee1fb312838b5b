/*
 * fuzz.h - a fuzz target is one function over bytes; linked with replay.c it
 * is a test over its corpus, and with libFuzzer it looks for more:
 *
 *	scripts/fuzz		(see tests/fuzz.mk)
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
