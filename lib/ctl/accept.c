/*
 * accept.c - the server's gate: may this caller say this, and is every member
 * right?
 *
 * The order is what a caller can use best: what the message is, which method
 * it means, whether the answer could reach anybody, who may call, and only
 * then the params. Whoever passes has the row of the method and params that
 * need no second look.
 */
#include <errno.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include "check.h"
#include "fault.h"
#include "message.h"

/* The members of a request's envelope, as a method's params are described. */
static const struct evtask_ctl_field envelope[] = {
	{ .name = "jsonrpc", .type = EVTASK_CTL_ANY },
	{ .name = "id", .type = EVTASK_CTL_ANY, .optional = true },
	{ .name = "method", .type = EVTASK_CTL_ANY },
	{ .name = "params", .type = EVTASK_CTL_ANY, .optional = true },
	{ .name = NULL },
};

/* A server is strict: "parms" would otherwise be a request without params. */
static int
check_envelope(const struct evtask_ctl_message *message,
    struct json_object **ret_reply)
{
	struct fault fault;

	if (message->root == NULL)
		return 0; /* it was read as what it should be */
	fault = (struct fault){0};
	if (check_fields(envelope, message->root, &fault))
		return 0;
	return refuse(message->id, fault_take_error(&fault, "InvalidRequest",
	    "", NULL), ret_reply);
}

static struct json_object *
method_not_found(const char *name)
{
	struct evtask_ctl_nearest nearest = { .word = name };
	struct json_object *members = json_object_new_object();
	const struct evtask_ctl_method *m;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		evtask_ctl_nearest_offer(&nearest, m->name);
	evtask_ctl_put_text(&members, "method", name);
	if (nearest.best != NULL)
		evtask_ctl_put_text(&members, "did_you_mean", nearest.best);
	return error_of("MethodNotFound", members);
}

static struct json_object *
id_required(const char *method)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "method", method);
	return error_of("IdRequired", members);
}

static struct json_object *
permission_denied(const struct evtask_ctl_method *method,
    enum evtask_ctl_role role)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "method", method->name);
	evtask_ctl_put_text(&members, "needs",
	    evtask_ctl_role_name(method->role));
	evtask_ctl_put_text(&members, "role", evtask_ctl_role_name(role));
	return error_of("PermissionDenied", members);
}

/* Params as the handler gets them: an object, with every default in it; of a
 * method that takes none they may be missing. */
static int
complete_params(struct evtask_ctl_message *message,
    const struct evtask_ctl_method *method)
{
	struct json_object *params;

	if (method->params->name == NULL)
		return 0;
	if (message->params == NULL) {
		params = json_object_new_object();
		if (params == NULL)
			return -ENOMEM;
		if (message->root != NULL && json_object_object_add(
		    message->root, "params", params) < 0) {
			json_object_put(params);
			return -ENOMEM;
		}
		message->params = params;
	}
	return evtask_ctl_fill_params(method, message->params);
}

int
evtask_ctl_message_accept(struct evtask_ctl_message *message,
    enum evtask_ctl_role role, const struct evtask_ctl_method **ret_method,
    struct json_object **ret_reply)
{
	const struct evtask_ctl_method *method;
	struct json_object *error;
	int r;

	/* A reply fails this too: it has a result or an error. */
	r = check_envelope(message, ret_reply);
	if (r < 0)
		return r;
	method = message->row != NULL ? message->row
	    : evtask_ctl_method_find(message->method);
	if (method == NULL)
		return refuse(message->id, method_not_found(message->method),
		    ret_reply);
	if (message->id == NULL && !method->notify)
		return refuse(NULL, id_required(method->name), ret_reply);
	if (role < method->role)
		return refuse(message->id, permission_denied(method, role),
		    ret_reply);
	r = evtask_ctl_check_params(method, message->params, &error);
	if (r == -EINVAL)
		return refuse(message->id, error, ret_reply);
	if (r == 0)
		r = complete_params(message, method);
	if (r == 0)
		*ret_method = method;
	return r;
}
