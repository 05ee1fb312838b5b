/*
 * message.c - lines to messages, and messages to say.
 *
 * A line goes through two gates. Parsing, here, asks: is this JSON-RPC? It
 * knows no method and serves both ends. Accepting (accept.c) is the server's.
 * What fails at a gate comes back as the whole reply to send, with the id of
 * the request when it could be read.
 */
#include <errno.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>
#include "check.h"
#include "fault.h"
#include "member.h"
#include "message.h"
#include "read.h"

int
refuse(struct json_object *id, struct json_object *error,
    struct json_object **ret_reply)
{
	struct json_object *reply = evtask_ctl_error_reply(id, error);

	if (reply == NULL)
		return -ENOMEM;
	*ret_reply = reply;
	return -EBADMSG;
}

static int
refuse_text(const struct read_fault *fault, struct json_object **ret_reply)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_int(&members, "offset", (int64_t)fault->offset);
	evtask_ctl_put_text(&members, "expected", fault->expected);
	evtask_ctl_put_text(&members, "got", fault->got);
	return refuse(NULL, error_of("ParseError", members), ret_reply);
}

/* A member of the envelope is not what it must be. */
static int
refuse_member(struct json_object *id, const char *name, const char *expected,
    struct json_object *root, struct json_object **ret_reply)
{
	bool params = strcmp(name, "params") == 0;
	struct json_object *value;
	struct fault fault = {0};

	fault_enter_member(&fault, name);
	text_add_string(&fault.expected, expected);
	if (member_find(root, name, &value))
		fault_value(&fault, value);
	else
		fault_got(&fault, "", "left out");
	return refuse(id, fault_take_error(&fault,
	    params ? "InvalidParams" : "InvalidRequest", "",
	    params ? evtask_ctl_get_text(root, "method", "") : NULL),
	    ret_reply);
}

/* JSON, but no object: a batch, or a misunderstanding. */
static int
refuse_value(struct json_object *value, struct json_object **ret_reply)
{
	struct fault fault = {0};

	if (json_object_is_type(value, json_type_array))
		return refuse(NULL,
		    evtask_ctl_error_new("BatchUnsupported", NULL), ret_reply);
	text_add_string(&fault.expected, "an object");
	fault_value(&fault, value);
	return refuse(NULL, fault_take_error(&fault, "InvalidRequest",
	    "the message", NULL), ret_reply);
}

static bool
is_plain_text(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) &&
	    strlen(json_object_get_string(value)) ==
	    (size_t)json_object_get_string_len(value);
}

/* A request, or a notification. */
static int
read_call(struct json_object *root, struct evtask_ctl_message *m,
    struct json_object **ret_reply)
{
	struct json_object *method = evtask_ctl_get(root, "method"), *params;

	if (!is_plain_text(method))
		return refuse_member(m->id, "method", "a method's name", root,
		    ret_reply);
	if (member_find(root, "params", &params) &&
	    !json_object_is_type(params, json_type_object))
		return refuse_member(m->id, "params", "an object", root,
		    ret_reply);
	m->kind = m->id != NULL ? EVTASK_CTL_REQUEST : EVTASK_CTL_NOTIFICATION;
	m->method = json_object_get_string(method);
	m->params = evtask_ctl_get(root, "params");
	return 0;
}

static int
read_reply(struct json_object *root, struct evtask_ctl_message *m,
    struct json_object **ret_reply)
{
	bool has_result = member_find(root, "result", NULL);
	bool has_error = member_find(root, "error", NULL);
	const char *only = has_result ? "result" : "error";

	if (!has_result && !has_error)
		return refuse_member(m->id, "method", "a method's name", root,
		    ret_reply);
	if (has_result && has_error)
		return refuse_member(m->id, "error",
		    "left out beside a result", root, ret_reply);
	if (!json_object_is_type(evtask_ctl_get(root, only), json_type_object))
		return refuse_member(m->id, only, "an object", root,
		    ret_reply);
	m->kind = EVTASK_CTL_REPLY;
	m->result = evtask_ctl_get(root, "result");
	m->error = evtask_ctl_get(root, "error");
	return 0;
}

/* root is an object. The id first, so that all else can be answered with it. */
static int
read_message(struct json_object *root, struct evtask_ctl_message *m,
    struct json_object **ret_reply)
{
	bool is_call = member_find(root, "method", NULL);
	struct json_object *version = evtask_ctl_get(root, "jsonrpc");
	struct json_object *id;

	if (member_find(root, "id", &id) && !is_id(id) &&
	    (id != NULL || is_call))
		return refuse_member(NULL, "id",
		    "text of at most 128 bytes, or an integer below 2^53",
		    root, ret_reply);
	m->id = evtask_ctl_get(root, "id");
	if (!is_plain_text(version) ||
	    strcmp(json_object_get_string(version), "2.0") != 0)
		return refuse_member(m->id, "jsonrpc", "\"2.0\"", root,
		    ret_reply);
	return is_call ? read_call(root, m, ret_reply)
	    : read_reply(root, m, ret_reply);
}

#define SLOT(word) .name = (word), .name_size = sizeof(word) - 1

/*
 * A request as nearly all are: right, and with nothing unusual in it. Its
 * members are read where they belong, without a root to hold them. 0, and
 * nothing is read, of any other message: the long way knows what to say of it;
 * else as read_slots().
 */
static int
read_plain(const char *line, size_t size, size_t budget,
    struct evtask_ctl_message *ret, struct read_fault *ret_fault)
{
	struct evtask_ctl_message m = { .kind = EVTASK_CTL_REQUEST };
	struct read_text version = {0}, method = {0};
	const struct read_slot slots[] = {
		{ SLOT("jsonrpc"), .text = &version },
		{ SLOT("id"), .value = &m.id },
		{ SLOT("method"), .text = &method },
		{ SLOT("params"), .value = &m.params },
		{ .name = NULL },
	};
	int r = read_slots(line, size, budget, slots, ret_fault);

	if (r <= 0)
		return r;
	m.row = method_find(method.bytes, method.size);
	if (version.size == 3 && memcmp(version.bytes, "2.0", 3) == 0 &&
	    m.row != NULL && m.id != NULL && is_id(m.id) &&
	    (m.params == NULL ||
	    json_object_is_type(m.params, json_type_object))) {
		m.method = m.row->name;
		*ret = m;
		return 1;
	}
	evtask_ctl_message_release(&m);
	return 0;
}

static int
read_any(struct json_object *root, struct evtask_ctl_message *ret,
    struct json_object **ret_reply)
{
	struct evtask_ctl_message m = {0};
	int r = json_object_is_type(root, json_type_object)
	    ? read_message(root, &m, ret_reply)
	    : refuse_value(root, ret_reply);

	if (r < 0) {
		json_object_put(root);
		return r;
	}
	m.root = root;
	*ret = m;
	return 0;
}

static int
parse(const char *line, size_t size, size_t budget,
    struct evtask_ctl_message *ret_message, struct json_object **ret_reply)
{
	struct json_object *root;
	struct read_fault fault;
	int r = read_plain(line, size, budget, ret_message, &fault);

	if (r > 0)
		return 0;
	if (r == 0)
		r = read_json(line, size, budget, &root, &fault);
	if (r == -EINVAL)
		return refuse_text(&fault, ret_reply);
	return r < 0 ? r : read_any(root, ret_message, ret_reply);
}

int
evtask_ctl_message_parse(const char *line, size_t size,
    struct evtask_ctl_message *ret_message, struct json_object **ret_reply)
{
	return parse(line, size, READ_ALL, ret_message, ret_reply);
}

int
evtask_ctl_request_parse(const char *line, size_t size,
    struct evtask_ctl_message *ret_message, struct json_object **ret_reply)
{
	return parse(line, size, EVTASK_CTL_VALUES_MAX, ret_message,
	    ret_reply);
}

void
evtask_ctl_message_release(struct evtask_ctl_message *message)
{
	if (message == NULL)
		return;
	if (message->root == NULL) {
		json_object_put(message->id);
		json_object_put(message->params);
	}
	json_object_put(message->root);
	*message = (struct evtask_ctl_message){0};
}

static struct json_object *
envelope_new(void)
{
	struct json_object *root = json_object_new_object();

	evtask_ctl_put_text(&root, "jsonrpc", "2.0");
	return root;
}

static void
put_id(struct json_object **root, struct json_object *id)
{
	if (id != NULL)
		evtask_ctl_put(root, "id", json_object_get(id));
	else
		evtask_ctl_put_null(root, "id");
}

struct json_object *
evtask_ctl_request_new(struct json_object *id, const char *method,
    struct json_object *params)
{
	struct json_object *root = envelope_new();

	put_id(&root, id);
	evtask_ctl_put_text(&root, "method", method);
	if (params != NULL)
		evtask_ctl_put(&root, "params", params);
	return root;
}

struct json_object *
evtask_ctl_notification_new(const char *method, struct json_object *params)
{
	struct json_object *root = envelope_new();

	evtask_ctl_put_text(&root, "method", method);
	if (params != NULL)
		evtask_ctl_put(&root, "params", params);
	return root;
}

struct json_object *
evtask_ctl_result_reply(struct json_object *id, struct json_object *result)
{
	struct json_object *root = envelope_new();

	put_id(&root, id);
	evtask_ctl_put(&root, "result", result);
	return root;
}

struct json_object *
evtask_ctl_error_reply(struct json_object *id, struct json_object *error)
{
	struct json_object *root = envelope_new();

	put_id(&root, id);
	evtask_ctl_put(&root, "error", error);
	return root;
}
