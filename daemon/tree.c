/*
 * tree.c - a command and everything it has started.
 *
 * A process belongs to the tree when the chain of its parents leads to the
 * root. Chains break where a process outlives its parent; but evtaskd is a
 * *subreaper* (prctl(2)), so such an orphan becomes a child of evtaskd, and
 * not of init. Every chain from inside a tree therefore ends at its root or
 * at an adopted orphan, and an orphan says itself whose it is: by the session
 * it has not left, or by the marker in its environment, which children
 * inherit through setsid(2) and double forks alike.
 *
 *	evtaskd --- root --- sh --- make         by their parents
 *	    \
 *	     +----- (orphan) --- worker          by session, or by marker
 *
 * What escapes is a process that leaves the session, drops the environment
 * *and* has lost its parent before we look. It is still a child of evtaskd,
 * and ends with it: the tree of evtaskd itself takes in every orphan.
 *
 * A look at /proc is not a moment in time, so killing looks again until it
 * finds nothing.
 */
#include <config.h>

#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOOK_AGAIN_MS 100

enum membership {
	UNKNOWN,
	INSIDE,
	OUTSIDE,
};

struct seen {
	struct proc_stat stat;
	enum membership membership;
};

/* All processes at about one moment, by ascending pid. */
struct look {
	struct seen *seen;
	size_t n, size;
};

static int
compare_seen(const void *a, const void *b)
{
	pid_t x = ((const struct seen *)a)->stat.proc.pid;
	pid_t y = ((const struct seen *)b)->stat.proc.pid;

	return (x > y) - (x < y);
}

static struct seen *
find_seen(const struct look *look, pid_t pid)
{
	struct seen key = { .stat.proc.pid = pid };

	return bsearch(&key, look->seen, look->n, sizeof(key), compare_seen);
}

static int
add_seen(struct look *look, const struct proc_stat *stat)
{
	size_t size = look->size > 0 ? 2 * look->size : 256;
	struct seen *seen;

	if (look->n == look->size) {
		seen = realloc(look->seen, size * sizeof(*seen));
		if (seen == NULL)
			return -ENOMEM;
		look->seen = seen;
		look->size = size;
	}
	look->seen[look->n++] = (struct seen){ .stat = *stat };
	return 0;
}

static void
look_release(struct look *look)
{
	free(look->seen);
}

/* Processes that end meanwhile are left out. */
static int
look_round(struct look *look)
{
	DIR *dir = opendir("/proc");
	struct proc_stat stat;
	struct dirent *entry;
	int r = 0;

	*look = (struct look){0};
	if (dir == NULL)
		return -errno;
	while (r == 0 && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    proc_read(atoi(entry->d_name), &stat) == 0)
			r = add_seen(look, &stat);
	closedir(dir);
	if (r == 0)
		qsort(look->seen, look->n, sizeof(*look->seen), compare_seen);
	else
		look_release(look);
	return r;
}

/* The session's number is the root's pid, and nobody else's by now. */
static bool
has_kept_session(const struct look *look, const struct tree *tree,
    const struct proc_stat *stat)
{
	const struct seen *leader = find_seen(look, tree->root.pid);

	return stat->session == tree->root.pid &&
	    stat->proc.start_ticks >= tree->root.start_ticks &&
	    (leader == NULL || proc_same(&leader->stat.proc, &tree->root));
}

static enum membership
classify_orphan(const struct look *look, const struct tree *tree,
    const struct proc_stat *stat)
{
	if (has_kept_session(look, tree, stat))
		return INSIDE;
	return tree->marker != NULL && stat->proc.pid != getpid() &&
	    proc_has_variable(stat->proc.pid, tree->marker)
	    ? INSIDE : OUTSIDE;
}

/* What is known of a process without asking about its parent. */
static enum membership
classify_alone(const struct look *look, const struct tree *tree,
    const struct seen *seen)
{
	if (seen->membership != UNKNOWN)
		return seen->membership;
	if (proc_same(&seen->stat.proc, &tree->root))
		return INSIDE;
	if (seen->stat.parent == tree->root.pid)
		return UNKNOWN;
	if (seen->stat.parent == getpid())
		return classify_orphan(look, tree, &seen->stat);
	return seen->stat.parent == 0 ? OUTSIDE : UNKNOWN;
}

/* NULL when the parent has ended meanwhile, or its number is another's. */
static struct seen *
find_parent(const struct look *look, const struct seen *seen)
{
	struct seen *parent = find_seen(look, seen->stat.parent);

	return parent != NULL && parent->stat.proc.start_ticks <=
	    seen->stat.proc.start_ticks ? parent : NULL;
}

/* Walks up to where the answer is known, and leaves it on the way. */
static enum membership
classify(const struct look *look, const struct tree *tree, struct seen *seen)
{
	struct seen *at = seen, *above = seen;
	enum membership found = UNKNOWN;
	size_t steps;

	for (steps = 0; found == UNKNOWN && steps <= look->n; steps++) {
		at = above;
		found = classify_alone(look, tree, at);
		above = find_parent(look, at);
		if (found == UNKNOWN && above == NULL)
			found = classify_orphan(look, tree, &at->stat);
	}
	if (found == UNKNOWN)
		found = OUTSIDE; /* numbers reused as we looked: not ours */
	for (above = seen; above != NULL && above->membership == UNKNOWN;
	    above = above == at ? NULL : find_parent(look, above))
		above->membership = found;
	return found;
}

/* Whether this one is of the tree, alive, and to be signalled. */
static bool
is_target(const struct look *look, const struct tree *tree, struct seen *seen)
{
	return !proc_ended(&seen->stat) && seen->stat.proc.pid != getpid() &&
	    classify(look, tree, seen) == INSIDE;
}

/* What one look round came to. */
struct round {
	size_t found;
	size_t refused;		/* of them: we may not */
	struct proc last;	/* one of those that took the signal */
};

static int
signal_once(const struct tree *tree, int signo, struct round *round)
{
	struct look look;
	size_t i;
	int r = look_round(&look);

	*round = (struct round){ 0 };
	if (r < 0)
		return r;
	for (i = 0; i < look.n; i++) {
		if (!is_target(&look, tree, &look.seen[i]))
			continue;
		r = proc_signal(&look.seen[i].stat.proc, signo);
		if (r == 0)
			round->last = look.seen[i].stat.proc;
		round->refused += r == -EPERM;
		round->found += r != -ESRCH;
	}
	look_release(&look);
	return 0;
}

int
tree_signal(const struct tree *tree, int signo)
{
	struct round round;
	int r = signal_once(tree, signo, &round);

	return r < 0 ? r : (int)round.found;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int
tree_kill(const struct tree *tree, int timeout_ms, size_t *ret_left)
{
	int64_t deadline_ms = now_ms() + timeout_ms;
	struct round round;
	int r;

	for (;;) {
		r = signal_once(tree, SIGKILL, &round);
		if (r < 0)
			return r;
		if (ret_left != NULL)
			*ret_left = round.found;
		if (round.found == 0)
			return 0;
		if (round.found == round.refused)
			return -EPERM;
		if (now_ms() >= deadline_ms)
			return -ETIMEDOUT;
		proc_wait_ended(&round.last, LOOK_AGAIN_MS);
	}
}
