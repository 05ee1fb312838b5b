/*
 * ending.h - the exit code of a task, as its shell would have had it.
 */
#ifndef CLI_ENDING_H
#define CLI_ENDING_H

struct json_object;

/*
 * The code of a result of task.result: what a command exited with, or 128 and
 * its signal; EXIT_TIMEOUT, EXIT_NOT_FOUND, EXIT_NOT_EXECUTABLE for errors that
 * say so; EXIT_OK for whatever else returned; else raised.
 */
int ending_code(struct json_object *result, int raised);

#endif
