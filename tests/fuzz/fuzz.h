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

/* A target may bring these, to change an input in its own way: mutate.c. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
    unsigned int seed) __attribute__((weak));
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
    const uint8_t *data2, size_t size2, uint8_t *ret_data, size_t max_size,
    unsigned int seed) __attribute__((weak));
/* The fuzzer's own way. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* And this: a sum of all that was said to the last input, which must be the
 * same whenever it comes. */
uint64_t fuzz_said(void) __attribute__((weak));

#endif
