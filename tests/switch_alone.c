/*
 * The switch of a machine that is not at hand: this program and the assembly,
 * and nothing else, so that a cross-compiler and an emulator are enough.
 * tests/check_switch_aarch64.sh builds and runs it.
 */
#include "tests/switch_registers.h"

int
main(void)
{
	const char *wrong = switch_registers_survive();

	printf("%sok 1 - every register the ABI protects survives%s%s\n",
	    *wrong ? "not " : "", *wrong ? " # lost: " : "", wrong);
	return *wrong != '\0';
}
