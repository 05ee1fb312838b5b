/*
 * Every allocation fails once, by turns: the library's and json-c's under it.
 * What is done then either succeeds all the same or says so, and no byte is
 * left behind.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/ctl/read.h"
#include "tests/json.h"
#include "tests/starve.h"
#include "tests/suite.h"

static int
encode(struct json_object *value)
{
	size_t size;
	char *line;
	int r;

	if (value == NULL)
		return -ENOMEM;
	r = evtask_ctl_encode(value, &line, &size);
	json_object_put(value);
	if (r == 0)
		free(line);
	return r;
}

/* A request, all the way in and its answer out. */
static int
serve(const char *line)
{
	const struct evtask_ctl_method *method;
	struct evtask_ctl_message m;
	struct json_object *reply;
	int r;

	r = evtask_ctl_message_parse(line, strlen(line), &m, &reply);
	if (r == 0) {
		r = evtask_ctl_message_accept(&m, EVTASK_CTL_ADMIN, &method,
		    &reply);
		if (r == 0)
			reply = evtask_ctl_result_reply(m.id,
			    json_object_get(m.params));
		evtask_ctl_message_release(&m);
	}
	return r == -ENOMEM ? r : encode(reply);
}

static int
serve_good(void)
{
	return serve(JSON({"jsonrpc": "2.0", "id": 7, "method": "task.wait",
	    "params": {"tasks": ["nap", 1, 2], "timeout_us": 3}}));
}

static int
serve_bad(void)
{
	return serve(JSON({"jsonrpc": "2.0", "id": 7, "method": "task.wait",
	    "params": {"tasks": ["nap", 1.5], "timeout": 3}}));
}

static int
serve_garbage(void)
{
	return serve("help me");
}

static int
discover(void)
{
	return encode(evtask_ctl_discover("evtaskd", "1"));
}

static int
check_args(void)
{
	static const char schema[] = JSON({"properties": {"delay":
	    {"anyOf": [{"type": "integer"}, {"enum": ["a", "b"]}]}}});
	static const char args[] = JSON({"delay": null});
	struct json_object *s = NULL, *a = NULL, *error;
	struct read_fault fault;
	int r;

	r = read_json(schema, sizeof(schema) - 1, READ_ALL, &s, &fault);
	if (r == 0)
		r = read_json(args, sizeof(args) - 1, READ_ALL, &a, &fault);
	if (r == 0)
		r = evtask_ctl_check_args(s, a, &error);
	if (r == -EINVAL)
		r = encode(error);
	json_object_put(s);
	json_object_put(a);
	return r;
}

static int
talk_on(struct evtask_ctl_client *client)
{
	static const char reply[] =
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n";
	int64_t id;
	int r;

	id = evtask_ctl_client_request(client, "rpc.ping",
	    json_object_new_object(), NULL, NULL);
	if (id < 0)
		return (int)id;
	r = evtask_ctl_client_cancel(client, id);
	if (r == 0)
		r = evtask_ctl_client_input(client, reply, 10);
	if (r == 0)
		r = evtask_ctl_client_input(client, reply + 10,
		    sizeof(reply) - 11);
	return r;
}

static int
talk(void)
{
	struct evtask_ctl_client *client = evtask_ctl_client_new(NULL, NULL);
	int r;

	if (client == NULL)
		return -ENOMEM;
	r = talk_on(client);
	evtask_ctl_client_lost(client, "gone");
	evtask_ctl_client_free(client);
	return r;
}

/*
 * lost: what json-c itself loses, the copy of a name when the table of an
 * object with more than ten members cannot grow.
 * step: the document of methods says the same of each, in thousands of
 * allocations; a prime of them meets each kind.
 */
static const struct {
	int (*run)(void);
	long lost, step;
} acts[] = {
	{ serve_good, 0, 1 }, { serve_bad, 0, 1 }, { serve_garbage, 0, 1 },
	{ discover, 1, 13 }, { check_args, 0, 1 }, { talk, 0, 1 },
};

START_TEST(every_allocation_may_fail)
{
	long n, before;
	bool failed = true;
	int r;

	acts[_i].run(); /* what json-c keeps for ever, it has now */
	for (n = 0; failed; n += acts[_i].step) {
		before = starve_live();
		starve_after(n);
		r = acts[_i].run();
		failed = starve_end();
		ck_assert_msg(r == 0 || r == -ENOMEM, "%ld: %d", n, r);
		ck_assert_msg(starve_live() - before <= acts[_i].lost,
		    "%ld: %ld left", n, starve_live() - before);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_int_gt(n, 5);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ctl_memory");
	TCase *tc = tcase_create("ctl_memory");

	if (!starve_is_possible())
		return EXIT_SUCCESS;
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_allocation_may_fail, 0,
	    sizeof(acts) / sizeof(acts[0]));
	suite_add_tcase(s, tc);
	return suite_main(s);
}
