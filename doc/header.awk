# header.awk - writes section 3 of the manual from the public headers: a page
# for each of them, and for each name in it a page that leads there.
#
#	awk -f header.awk -f mdoc.awk -v dir=OUT -v date=DATE lib/evtask/*.h
#
# The header is the page: what a comment says there is said here, word for
# word. A header is read as
#
#	the first comment	"noun.h - what it is.", and how it is used
#	a chunk			a comment, and the declarations up to a blank
#				line or the next comment
#
# and in a comment these mean something:
#
#	an indented line	code, or a drawing: shown as it is
#	name()			a function
#	-ENAME EVTASK_NAME	an error, a constant
#	*words* `words`		emphasis, code
#	noun.h name(7)		another page
#	struct evtask_x		a type; and a parameter is one
#
# A function of which no comment says a word is an "undocumented NAME" on the
# standard output, for the test that wants none.

BEGIN {
	includes("evtask", "libevtask")
	includes("ctl", "libevtask-ctl")
	includes("console", "libevtask-console")
}

# Which library a header belongs to: the one whose main header includes it; of
# the first of them, if none does.
function includes(main, name,    path, line, i) {
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] ~ ("/" main "[.]h$"))
			path = ARGV[i]
	library[main] = name
	while ((getline line <path) > 0)
		if (line ~ /^#include <evtask\// &&
		    !(noun_of(line) in library))
			library[noun_of(line)] = name
	close(path)
}

FNR == 1 {
	if (noun != "")
		write_page()
	begin_page(noun_of(FILENAME))
}

# Preprocessor: of what C++ sees differently, only C's side is read.
/^#ifdef __cplusplus/	{ cplusplus = 1; next }
/^#else/		{ cplusplus = 0; next }
/^#endif/		{ cplusplus = 0; next }
cplusplus		{ next }
/^#ifndef|^#define EVTASK_[A-Z_]*_H$/ { next }
/^#include <evtask\//	{ see[++n_see] = noun_of($0); next }
/^#include/		{ next }
/^struct [a-z_]*;$/	{	# declared, and no more: a comment upon it goes on
	opaque = n_comment[chunk] > 0 && !ended
	next
}

# Comments.
!in_decl && /^\/\*/ {
	in_comment = 1
	begin_chunk()
	sub(/^\/\* ?/, "")
	if ($0 == "")
		next
}
in_comment {
	last = sub(/ ?\*\/$/, "")
	sub(/^ \* ?/, "")
	if (!last || $0 != "")
		comment[chunk, ++n_comment[chunk]] = $0
	if (last)
		in_comment = 0
	next
}

# Declarations.
!in_decl && /^$/ {
	if (!opaque)
		ended = 1
	opaque = 0
	next
}
{
	if (!in_decl && (ended || chunk == 1))
		begin_chunk()
	if (!in_decl)
		decl = raw = ""
	raw = raw $0 "\n"
	sub(/[ \t]*\/\*.*\*\//, "")
	sub(/[ \t]*\\$/, " \\")
	decl = decl (decl == "" ? "" : " ") $0
	in_decl = !complete($0)
	if (!in_decl)
		declare()
}

END {
	write_page()
}

# Whether this line ends the declaration that it belongs to.
function complete(line) {
	if (decl ~ /^#define/)
		return line !~ /\\$/
	if (decl ~ /^static inline|^(struct|union|enum)[a-z_ ]*\{/)
		return line ~ /^}/
	return line ~ /;$/
}

function begin_page(name) {
	noun = name
	chunk = n_names = n_see = n_sited = n_synopsis = 0
	split("", n_comment); split("", comment)
	split("", n_functions); split("", n_types); split("", tags)
	split("", types); split("", suspends); split("", takes)
	split("", function_type); split("", function_params)
	split("", beneath); split("", macro_over)
	in_comment = in_decl = cplusplus = ended = opaque = 0
	out = pending = ""
}

function begin_chunk() {
	chunk++
	ended = 0
}

# One declaration, in decl on one line and in raw as it stands.
function declare(    name) {
	gsub(/[ \t]+/, " ", decl)
	if (decl ~ /^#define evtask_/)
		declare_macro()
	else if (decl ~ /^(EVTASK_API|static inline)/)
		declare_function()
	else
		declare_type()
}

function declare_type(    name, kind) {
	name = decl
	kind = "Vt"
	if (sub(/^#define /, "", name)) {
		sub(/[ (].*/, "", name)
		kind = "Dv"
	} else if (name ~ /^extern/) {
		sub(/;.*/, "", name)
		sub(/.* /, "", name)
		alias(name)
		kind = "Va"
	} else if (sub(/^typedef [^(]*\(\*/, "", name)) {
		sub(/\).*/, "", name)
		alias(name)
	} else {
		sub(/ ?\{.*/, "", name)
		if (name ~ / /)
			alias(substr(name, index(name, " ") + 1))
		else
			name = ""	# an enum of constants
	}
	if (name != "")
		tag(kind, name)
	types[chunk] = types[chunk] (raw ~ /^#/ ? raw : plain(raw))
	n_types[chunk]++
}

function declare_function(    text, name, type, params, may_suspend) {
	text = decl
	may_suspend = text ~ /EVTASK_SUSPENDS/
	sub(/^static inline /, "", text)
	gsub(/EVTASK_(API|SUSPENDS|CHECKED) /, "", text)
	sub(/ EVTASK_PRINTF\(.*\)/, "", text)
	match(text, /evtask_[a-z0-9_]*\(/)
	name = substr(text, RSTART, RLENGTH - 1)
	type = substr(text, 1, RSTART - 1)
	params = substr(text, RSTART + RLENGTH)
	sub(/ $/, "", type)
	sub(/\)( \{.*|;)$/, "", params)
	function_type[name] = type
	function_params[name] = params
	beneath[name] = plain(raw)
	suspending[name] = may_suspend
	if (name in macro_over) {	# the macro stands before it
		sited[++n_sited] = beneath[name]
		complete_macro(macro_over[name], name)
		alias(name)
	} else {
		pending = name
		add_function(name, type, params)
		if (may_suspend)
			suspends[chunk] = suspends[chunk] " " name
	}
}

# A macro that gives a function the site of its caller: it is what is called,
# and its parameters have the types they have in the function.
function declare_macro(    text, name, under, params) {
	text = decl
	sub(/^#define /, "", text)
	match(text, /\([^)]*\)/)
	name = substr(text, 1, RSTART - 1)
	params = substr(text, RSTART + 1, RLENGTH - 2)
	text = substr(text, RSTART + RLENGTH)
	match(text, /evtask_[a-z0-9_]*\(/)
	under = substr(text, RSTART, RLENGTH - 1)
	if (under == pending) {
		remove_function(under)
		sited[++n_sited] = beneath[under]
	}
	pending = ""
	if (under in beneath)
		params = typed_params(params, under)
	add_function(name, function_type[under], params)
	if (suspending[under])
		suspends[chunk] = suspends[chunk] " " name
	if (!(under in beneath))
		macro_over[under] = n_synopsis
}

# A macro that stands before the function beneath it.
function complete_macro(i, under) {
	synopsis_type[i] = function_type[under]
	synopsis_params[i] = typed_params(synopsis_params[i], under)
	if (suspending[under])
		suspends[chunk] = suspends[chunk] " " synopsis_name[i]
}

# The parameters of a macro, as they are declared in the function beneath. "..."
# alone are all of them but the site.
function typed_params(params, under,    n, i, list, typed) {
	if (params == "...") {
		typed = function_params[under]
		sub(/, const struct evtask_site \*site$/, "", typed)
		return typed
	}
	n = split(params, list, /, */)
	for (i = 1; i <= n; i++)
		typed = typed (i > 1 ? ", " : "") \
		    typed_param(list[i], function_params[under])
	return typed
}

function typed_param(name, params,    n, i, list, variadic) {
	n = split(params, list, /, */)
	for (i = 1; i <= n; i++) {
		if (param_name(list[i]) == name && name != "...")
			return list[i]
		if (param_name(list[i]) == "fmt")
			variadic = list[i] ", "
	}
	return name == "..." ? variadic name : name
}

function param_name(param) {
	sub(/\[.*/, "", param)
	sub(/.*[ *]/, "", param)
	return param
}

function add_function(name, type, params,    n, i, list, line) {
	synopsis_name[++n_synopsis] = name
	synopsis_type[n_synopsis] = type
	synopsis_params[n_synopsis] = params
	if (params == "void")
		params = ""
	n = split(params, list, /, */)
	line = name
	for (i = 1; i <= n; i++) {
		takes[chunk, param_name(list[i])] = 1
		line = line " " quoted(param_name(list[i]))
	}
	tag("Fn", line)
	n_functions[chunk]++
	alias(name)
	if (n_comment[chunk] == 0)
		print "undocumented " name
}

function remove_function(name) {
	n_synopsis--
	n_functions[chunk]--
	sub(" " name "$", "", suspends[chunk])
	sub(/\n[^\n]*\n$/, "\n", tags[chunk])
}

function tag(kind, text) {
	if (tags[chunk] == "")
		tags[chunk] = "\n"
	tags[chunk] = tags[chunk] ".It " kind " " \
	    (kind == "Fn" ? text : quoted(text)) "\n"
}

# A declaration without the attributes.
function plain(text) {
	gsub(/EVTASK_(API|SUSPENDS|CHECKED)[ \n]/, "", text)
	sub(/^extern /, "", text)
	gsub(/\nextern /, "\n", text)
	sub(/[ \n]*EVTASK_PRINTF\([^)]*\)/, "", text)
	return text
}
