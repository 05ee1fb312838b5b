/*
 * A line, whatever is in it, is a message or gets a reply; either goes through
 * the gate to the wire, and what comes out there is read again as the same.
 */
#include <assert.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "lib/ctl/read.h"
#include "tests/fuzz/fuzz.h"

static void
check_wire(struct json_object *value)
{
	struct json_object *again;
	struct read_fault fault;
	size_t size;
	char *line;
	int r;

	r = evtask_ctl_encode(value, &line, &size);
	assert(r == 0);
	assert(memchr(line, '\n', size) == line + size - 1);
	r = read_json(line, size, READ_ALL, &again, &fault);
	assert(r == 0);
	assert(json_object_equal(value, again));
	json_object_put(again);
	free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct evtask_ctl_method *method;
	struct evtask_ctl_message m;
	struct json_object *reply = NULL;
	int r;

	r = evtask_ctl_message_parse((const char *)data, size, &m, &reply);
	assert(r == 0 || r == -EBADMSG);
	if (r == 0) {
		if (m.root != NULL)
			check_wire(m.root);
		r = evtask_ctl_message_accept(&m, EVTASK_CTL_ADMIN, &method,
		    &reply);
		assert(r == 0 || r == -EBADMSG);
		evtask_ctl_message_release(&m);
	}
	if (r == -EBADMSG)
		check_wire(reply);
	json_object_put(reply);
	return 0;
}
