/* Names to addresses. Nothing leaves this machine: numbers, and names that
 * /etc/hosts or the rules of the resolver answer. */
#include "tests/core.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const struct addrinfo stream_hints = { .ai_socktype = SOCK_STREAM };

static in_port_t
port_of(const struct addrinfo *a)
{
	return ntohs(a->ai_family == AF_INET ?
	    ((struct sockaddr_in *)(void *)a->ai_addr)->sin_port :
	    ((struct sockaddr_in6 *)(void *)a->ai_addr)->sin6_port);
}

START_TASK_TEST(numbers_are_answered_without_waiting)
{
	static const struct {
		const char *host;
		int family;
	} cases[] = {
		{ "127.0.0.1", AF_INET }, { "::1", AF_INET6 },
	};
	struct addrinfo *found;
	uint64_t turn = turns();

	for (size_t i = 0; i < COUNT(cases); i++) {
		ck_assert_int_eq(evtask_getaddrinfo(cases[i].host, "8080",
		    &stream_hints, &found), 0);
		ck_assert_int_eq(found->ai_family, cases[i].family);
		ck_assert_uint_eq(port_of(found), 8080);
		ck_assert_ptr_null(found->ai_next);
		freeaddrinfo(found);
	}
	ck_assert_uint_eq(turns(), turn);
	return 0;
}

START_TASK_TEST(names_are_looked_up_while_the_loop_turns)
{
	struct addrinfo *found;
	uint64_t turn = turns();

	ck_assert_int_eq(evtask_getaddrinfo("localhost", "80", &stream_hints,
	    &found), 0);
	ck_assert_uint_eq(port_of(found), 80);
	ck_assert_uint_gt(turns(), turn);
	freeaddrinfo(found);
	return 0;
}

START_TASK_TEST(hints_are_kept_to)
{
	struct addrinfo hints = {
		.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM,
	}, *found;

	ck_assert_int_eq(evtask_getaddrinfo("localhost", NULL, &hints,
	    &found), 0);
	for (const struct addrinfo *a = found; a != NULL; a = a->ai_next) {
		ck_assert_int_eq(a->ai_family, AF_INET);
		ck_assert_int_eq(a->ai_socktype, SOCK_DGRAM);
	}
	freeaddrinfo(found);
	return 0;
}

START_TASK_TEST(what_is_wrong_with_a_name_is_said)
{
	struct addrinfo hints = { .ai_family = AF_INET6,
		.ai_flags = AI_NUMERICHOST }, *found = NULL;
	struct evtask_error *error;
	int r;

	/* A number of another family, looked at by the thread too. */
	r = evtask_getaddrinfo("127.0.0.1", "80", &hints, &found);
	ck_assert_int_eq(r, -ENOENT);
	error = evtask_catch(r);
	ck_assert_str_eq(evtask_error_message(error),
	    "cannot find the address of 127.0.0.1: no such host");
	evtask_error_unref(error);
	hints.ai_flags = -1;
	ck_assert_int_eq(evtask_getaddrinfo("localhost", NULL, &hints,
	    &found), -EINVAL);
	ck_assert_int_eq(evtask_getaddrinfo(NULL, NULL, NULL, &found),
	    -EINVAL);
	ck_assert_int_eq(evtask_getaddrinfo("localhost", NULL, NULL, NULL),
	    -EINVAL);
	ck_assert_ptr_null(found);
	return 0;
}

static int
look_up_localhost(void *arg)
{
	struct addrinfo *found;
	int r = evtask_getaddrinfo("localhost", arg, &stream_hints, &found);

	say("%d", r);
	if (r == 0)
		freeaddrinfo(found);
	return r;
}

/* It does not wait for the thread; nothing is left when that has answered. */
START_TEST(a_cancelled_look_up_is_left_at_once)
{
	struct evtask_wait_info wait;
	struct evtask *task = start(look_up_localhost, "80");

	run_turns(1);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "getaddrinfo");
	ck_assert_str_eq(wait.type, "name");
	ck_assert_str_eq(wait.name, "localhost");
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("-125");
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
	run_dry();
}
END_TEST

START_TEST(a_look_up_ends_with_its_loop)
{
	spawn(look_up_localhost, "80");
	run_turns(2);
	said[0] = '\0';
	replace_loop(NULL);
}
END_TEST

START_TEST(outside_a_task_nothing_is_looked_up)
{
	struct addrinfo *found;

	ck_assert_int_eq(evtask_getaddrinfo("127.0.0.1", NULL, NULL, &found),
	    -EINVAL);
}
END_TEST

CORE_SUITE("resolve",
    numbers_are_answered_without_waiting,
    names_are_looked_up_while_the_loop_turns,
    hints_are_kept_to,
    what_is_wrong_with_a_name_is_said,
    a_cancelled_look_up_is_left_at_once,
    a_look_up_ends_with_its_loop,
    outside_a_task_nothing_is_looked_up)
