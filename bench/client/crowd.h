/* crowd.h - the rows about a server that has many tasks. */
#ifndef BENCH_CLIENT_CROWD_H
#define BENCH_CLIENT_CROWD_H

/* n tasks listed page by page; meanwhile others ask. */
void row_list(long n);

/* The stacks of n tasks, folded; meanwhile others ask. */
void row_stacks(long n);

#endif
