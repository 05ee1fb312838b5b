/*
 * pair.h - key=value, typed by a JSON Schema.
 */
#ifndef CLI_PAIR_H
#define CLI_PAIR_H

struct json_object;

/*
 * Adds what a word says to the object args:
 *
 *	key=text      the text, as the type that schema gives key
 *	key:=JSON     the JSON value
 *	key=@file     what is in it; with := it is JSON; @@ begins with an @
 *	a.b=text      the member b of the object a
 *	key=x key=y   the items of a list, one by one
 *
 * schema is the JSON Schema of args; NULL knows nothing, and then numbers,
 * true, false and null are read as such. Returns 0; -EINVAL, and *ret_why is
 * a sentence to free; -ENOMEM.
 */
int pair_put(struct json_object *schema, struct json_object *args,
    const char *word, char **ret_why);

#endif
