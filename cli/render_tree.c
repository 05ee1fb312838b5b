/*
 * render_tree.c - the graph of tasks as a forest: below a task stand those it
 * awaits, or those it has made.
 *
 * The graph is no tree: a task may be awaited by many, and circles are what one
 * looks for here. So a task is unfolded where it is met first, and named where
 * it is met again; one that is met below itself closes a circle. What nobody
 * awaits is a root, and so is, after these, whatever is left.
 *
 * Chains may be as long as there are tasks: nothing recurses.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "render.h"
#include "text.h"

#define DEPTH_MAX 50 /* of the drawing; below that, lines are numbered */

struct node {
	int64_t id;
	struct json_object *task;
	size_t *children;     /* places of nodes */
	size_t n_children;
	bool has_parent;
	bool shown;
	bool open;            /* what is being printed is below it */
};

struct forest {
	struct node *nodes;   /* by id */
	size_t n;
	size_t *path;         /* from a root to what is being printed */
	size_t *next;         /* of each on the path: the child that is next */
	size_t depth;
};

static int
by_id(const void *key, const void *item)
{
	int64_t id = *(const int64_t *)key;
	const struct node *node = item;

	return (id > node->id) - (id < node->id);
}

static struct node *
find(const struct forest *forest, int64_t id)
{
	return forest->n == 0 ? NULL : bsearch(&id, forest->nodes, forest->n,
	    sizeof(forest->nodes[0]), by_id);
}

static int
link_child(struct forest *forest, struct node *parent, struct node *child)
{
	size_t *children = reallocarray(parent->children,
	    parent->n_children + 1, sizeof(children[0]));

	if (children == NULL)
		return -ENOMEM;
	children[parent->n_children++] = (size_t)(child - forest->nodes);
	parent->children = children;
	child->has_parent = true;
	return 0;
}

static int
link_awaited(struct forest *forest, struct node *node)
{
	struct json_object *ids = evtask_ctl_get(node->task, "awaits");
	struct node *child;
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_object_array_length(ids); i++) {
		child = find(forest, json_object_get_int64(
		    json_object_array_get_idx(ids, i)));
		if (child != NULL)
			r = link_child(forest, node, child);
	}
	return r;
}

static int
link_created(struct forest *forest, struct node *node)
{
	struct node *parent = find(forest,
	    evtask_ctl_get_int(node->task, "parent", -1));

	return parent != NULL ? link_child(forest, parent, node) : 0;
}

static int
forest_init(struct forest *forest, struct json_object *tasks, bool created)
{
	int r = 0;

	forest->n = json_object_array_length(tasks);
	forest->nodes = calloc(forest->n + 1, sizeof(forest->nodes[0]));
	forest->path = calloc(forest->n + 1, sizeof(size_t));
	forest->next = calloc(forest->n + 1, sizeof(size_t));
	if (forest->nodes == NULL || forest->path == NULL ||
	    forest->next == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < forest->n; i++) {
		forest->nodes[i].task = json_object_array_get_idx(tasks, i);
		forest->nodes[i].id = evtask_ctl_get_int(
		    forest->nodes[i].task, "id", 0);
	}
	for (size_t i = 0; r == 0 && i < forest->n; i++)
		r = created ? link_created(forest, &forest->nodes[i]) :
		    link_awaited(forest, &forest->nodes[i]);
	return r;
}

static void
forest_release(struct forest *forest)
{
	for (size_t i = 0; forest->nodes != NULL && i < forest->n; i++)
		free(forest->nodes[i].children);
	free(forest->nodes);
	free(forest->path);
	free(forest->next);
}

/* The lines that lead down to this one. */
static void
print_branches(struct out *out, const struct forest *forest)
{
	bool wide = MB_CUR_MAX > 1;
	const struct node *above;
	bool last;

	if (forest->depth > DEPTH_MAX) {
		out_printf(out, "[%zu] ", forest->depth);
		return;
	}
	for (size_t i = 0; i < forest->depth; i++) {
		above = &forest->nodes[forest->path[i]];
		last = forest->next[i] == above->n_children;
		if (i + 1 < forest->depth)
			out_printf(out, "%s", last ? "   " :
			    wide ? "\u2502  " : "|  ");
		else if (last)
			out_printf(out, "%s", wide ? "\u2514\u2500 " : "`- ");
		else
			out_printf(out, "%s", wide ? "\u251c\u2500 " : "|- ");
	}
}

static void
print_node(struct out *out, const struct forest *forest,
    const struct node *node, int64_t now_us)
{
	struct json_object *wait = evtask_ctl_get(node->task, "wait");
	const char *state = evtask_ctl_get_text(node->task, "state", "?");
	char *text;

	print_branches(out, forest);
	out_printf(out, "%s", out_paint(out, PAINT_BOLD));
	text_print(out->data, evtask_ctl_get_text(node->task, "name", "?"),
	    false);
	out_printf(out, "%s(%lld)", out_plain(out), (long long)node->id);
	if (node->shown) {
		out_printf(out, "  %s%s%s\n", out_paint(out, node->open ?
		    PAINT_RED : PAINT_DIM), node->open ? "closes a circle" :
		    "see above", out_plain(out));
		return;
	}
	text = wait != NULL ? render_wait_text(wait, now_us) : NULL;
	out_printf(out, "  %s", out_paint(out, render_paint(state, NULL)));
	text_print(out->data, text != NULL ? text : state, false);
	out_printf(out, "%s\n", out_plain(out));
	free(text);
}

/* One tree, from its root. */
static void
print_tree(struct out *out, struct forest *forest, struct node *root,
    int64_t now_us)
{
	struct node *node = root;
	size_t at;

	forest->depth = 0;
	for (;;) {
		print_node(out, forest, node, now_us);
		if (!node->shown) {
			node->shown = node->open = true;
			forest->path[forest->depth] =
			    (size_t)(node - forest->nodes);
			forest->next[forest->depth++] = 0;
		}
		/* Up, past those that have no more below them. */
		for (;;) {
			if (forest->depth == 0)
				return;
			at = forest->depth - 1;
			node = &forest->nodes[forest->path[at]];
			if (forest->next[at] < node->n_children)
				break;
			node->open = false;
			forest->depth--;
		}
		node = &forest->nodes[node->children[forest->next[at]++]];
	}
}

int
render_tree(struct out *out, struct json_object *nodes, int64_t root,
    bool created, int64_t now_us)
{
	struct forest forest = {0};
	struct node *node;
	int r = forest_init(&forest, nodes, created);

	if (r == 0 && root >= 0) {
		node = find(&forest, root);
		if (node != NULL)
			print_tree(out, &forest, node, now_us);
	}
	for (int pass = 0; r == 0 && root < 0 && pass < 2; pass++)
		for (size_t i = 0; i < forest.n; i++) {
			node = &forest.nodes[i];
			if (!node->shown && (pass == 1 || !node->has_parent))
				print_tree(out, &forest, node, now_us);
		}
	forest_release(&forest);
	return r;
}
