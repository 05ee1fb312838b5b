# mdoc.awk - a header that was read, as a page: header.awk calls write_page().

function write_page(    i) {
	if (noun == "evtask")
		return		# written by hand: evtask.3.in
	out = dir "/evtask_" noun ".3"
	for (i = 1; i <= n_names; i++)
		if (names[i] != "evtask_" noun)
			write_alias(names[i])
	put(".\\\" Written by doc/header.awk from " noun ".h.")
	put(".Dd " date)
	put(".Dt EVTASK_" toupper(noun) " 3")
	put(".Os")
	write_names()
	put(".Sh LIBRARY")
	write_library()
	write_synopsis()
	put(".Sh DESCRIPTION")
	write_text(1, toupper(substr(title(), 1, 1)) substr(title(), 2) ".")
	put(".Pp")
	if (n_comment[1] > title_lines())
		write_comment(1, title_lines() + 2)
	write_chunks()
	write_sites()
	write_see()
	close(out)
	print noun "\t" its_library() "\t" name_of_page() >(dir "/index")
}

# A line of the page. Space between paragraphs is put before what follows it,
# unless there is space there already.
function put(text) {
	if (text == ".Pp") {
		space = !headed
		return
	}
	begin_line(text)
	print text >out
	headed = text ~ /^\.Sh/
}

function begin_line(text) {
	if (space && text !~ /^\.(Bd|Sh)/)
		print ".Pp" >out
	space = headed = 0
}

function alias(name) {
	names[++n_names] = name
}

function write_alias(name,    path) {
	path = dir "/" name ".3"
	print ".so man3/evtask_" noun ".3" >path
	close(path)
}

function write_names(    i, text, row) {
	put(".Sh NAME")
	text = "evtask_" noun
	for (i = 1; i <= n_synopsis; i++)
		if (synopsis_name[i] != "evtask_" noun)
			text = text " " synopsis_name[i]
	n_row = split(text, row, " ")
	for (i = 1; i <= n_row; i++)
		put(".Nm " row[i] (i < n_row ? " ," : ""))
	put(".Nd " escaped(name_of_page()))
}

# "task.h - tasks: coroutines that run on their own." without the ends; it may
# take several lines.
function title(    i, text) {
	for (i = 1; i <= title_lines(); i++)
		text = text (i > 1 ? " " : "") comment[1, i]
	sub(/^[a-z_]*\.h - /, "", text)
	sub(/[.:]$/, "", text)
	return text
}

# The first sentence of it.
function name_of_page(    text) {
	text = title()
	sub(/[.] .*/, "", text)
	return text
}

function title_lines(    n) {
	while (comment[1, n + 1] != "")
		n++
	return n
}

function write_library() {
	put(its_library() ":")
	put(".Li $(pkg-config --cflags --libs " its_library() ")")
}

function its_library() {
	return noun in library ? library[noun] : "libevtask"
}

function write_synopsis(    i, n, j, list) {
	put(".Sh SYNOPSIS")
	put(".In evtask/" noun ".h")
	for (i = 1; i <= n_synopsis; i++) {
		put(".Ft " quoted(synopsis_type[i]))
		put(".Fo " synopsis_name[i])
		n = split(synopsis_params[i], list, /, */)
		for (j = 1; j <= n; j++)
			put(".Fa " quoted(list[j]))
		put(".Fc")
	}
}

# A list of what is declared, with what is said of it. A comment upon nothing,
# and an enum without a name, stand between two lists.
function write_chunks(    i, listed) {
	for (i = 2; i <= chunk; i++) {
		if (tags[i] == "") {
			if (listed)
				put(".El")
			if (n_comment[i] > 0)
				put(".Pp")
			write_comment(i, 1)
			if (n_types[i] > 0)
				write_types(i)
			listed = 0
			continue
		}
		put(".Pp")
		if (!listed)
			put(".Bl -tag -width Ds -compact")
		listed = 1
		put(substr(tags[i], 2, length(tags[i]) - 2))
		write_comment(i, 1)
		if (n_types[i] > 0)
			write_types(i)
		write_suspends(i)
	}
	if (listed)
		put(".El")
}

function write_suspends(c,    n, i, name) {
	n = split(suspends[c], name, " ")
	if (n == n_functions[c] && n > 0)
		put("May suspend.")
	for (i = 1; n < n_functions[c] && i <= n; i++)
		put(".Fn " name[i] (i < n ? " ," : ""))
	if (0 < n && n < n_functions[c])
		put("may suspend.")
}

function write_types(c) {
	put(".Bd -literal")
	write_code(types[c])
	put(".Ed")
}

function write_code(text,    n, i, row) {
	n = split(text, row, "\n")
	for (i = 1; i < n; i++)
		put(code(row[i]))
}

function write_sites(    i) {
	if (n_sited == 0)
		return
	put(".Sh SITES")
	put("Those of the above that note where they are called are macros.")
	put("The functions beneath take the place, for wrappers that pass on that")
	put("of their own caller; see")
	put(".Xr evtask_base 3 .")
	put(".Bd -literal")
	for (i = 1; i <= n_sited; i++)
		write_code(sited[i])
	put(".Ed")
}

function write_see(    i, text) {
	put(".Sh SEE ALSO")
	text = ".Xr evtask 3"
	for (i = 1; i <= n_see; i++)
		if (see[i] != "base" && see[i] != noun)
			text = text " ,\n.Xr evtask_" see[i] " 3"
	put(text)
}

# The comment of a chunk, from a line on: paragraphs, and what is shown as is.
function write_comment(c, from,    i, n, text, row, blank, shown) {
	n = n_comment[c]
	text = ""
	for (i = from; i <= n + 1; i++) {
		row = i > n ? "" : comment[c, i]
		if (row ~ /^(\t|  )/) {
			write_text(c, text)
			text = ""
			if (!shown)
				put(".Bd -literal -offset indent")
			else if (blank)
				put("")
			shown = 1
			sub(/^(\t|   ?)/, "", row)
			put(code(row))
			blank = 0
			continue
		}
		if (row == "") {
			blank = 1
			if (!shown) {
				write_text(c, text)
				text = ""
			}
			continue
		}
		if (shown)
			put(".Ed")
		if (blank || shown)
			put(".Pp")
		shown = blank = 0
		text = text (text == "" ? "" : " ") row
	}
	if (shown)
		put(".Ed")
}

# A paragraph: a line for each sentence, and for each thing that has a macro.
function write_text(c, text,    n, i, list) {
	column = 0
	n = split(joined(text), list, " ")
	for (i = 1; i <= n; i++)
		write_word(c, list[i], i < n ? list[i + 1] : "")
	break_line()
}

# Words that belong together, joined by \001.
function joined(text,    out_text, span) {
	out_text = ""
	while (match(text,
	    /`[^`]+`|(^|[ (])\*[^* ]([^*]*[^* ])?\*|(struct|union|enum) evtask[a-z_]*/)) {
		span = substr(text, RSTART, RLENGTH)
		out_text = out_text substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		if (span ~ /^ /) {
			out_text = out_text " "
			span = substr(span, 2)
		}
		gsub(/ /, "\001", span)
		out_text = out_text span
	}
	return out_text text
}

function write_word(c, word, next_word,    lead, core, trail, macro) {
	core = word
	lead = trail = ""
	if (match(core, /^[("]+/)) {
		lead = substr(core, 1, RLENGTH)
		core = substr(core, RLENGTH + 1)
	}
	if (match(core, /[.,;:!?"]+$|\)[.,;:!?")]*$/) && core !~ /^\.\.\.$/) {
		trail = substr(core, RSTART)
		core = substr(core, 1, RSTART - 1)
		if (core ~ /\($/) {		# name()
			core = core ")"
			trail = substr(trail, 2)
		} else if (core ~ /\([0-9a-z, ]+$/) {	# name(7), fn(arg)
			core = core ")"
			trail = substr(trail, 2)
		}
	}
	macro = macro_of(c, core)
	if (macro == "" || (lead trail) ~ /"/)
		write_plain(word)
	else {
		break_line()
		gsub(/\001/, " ", macro)
		if (lead != "")
			macro = "Pf " lead " " macro
		gsub(/./, " &", trail)
		put("." macro trail)
	}
	if (word ~ /[.!?][")]*$/ && next_word !~ /^[a-z]/)
		break_line()
}

function noun_of(path) {
	sub(/.*\//, "", path)
	sub(/\.h.*/, "", path)
	return path
}

# The macro, with its argument, for a word that is more than a word.
function macro_of(c, word) {
	if (word ~ /^[a-z][a-z0-9_]*\(\)$/)
		return "Fn " substr(word, 1, length(word) - 2)
	if (word ~ /^-E[A-Z0-9]+$/)
		return "Er \\" word
	if (word ~ /^EVTASK_[A-Z0-9_]+$/)
		return "Dv " word
	if (word ~ /^(struct|union|enum)\001/)
		return "Vt " quoted(word)
	if (word == noun ".h")
		return "Nm"
	if (word ~ /^[a-z_]+\.h$/)
		return "Xr evtask_" noun_of(word) " 3"
	if (word ~ /^[a-z_-]+\([1-8]\)$/)
		return "Xr " substr(word, 1, length(word) - 3) " " \
		    substr(word, length(word) - 1, 1)
	if (word ~ /^`.*`$/)
		return "Ql " quoted(substr(word, 2, length(word) - 2))
	if (word ~ /^\*.+\*$/)
		return "Em " quoted(substr(word, 2, length(word) - 2))
	if ((c, word) in takes && (word ~ /_/ || length(word) == 1 ||
	    word ~ /^(fn|fs|fd|arg|msg|buf|fmt|us|var|params)$/))
		return "Fa " word
	return ""
}

function write_plain(word) {
	gsub(/\001/, " ", word)
	if (column > 0 && column + 1 + length(word) > 72)
		break_line()
	if (column > 0)
		printf " " >out
	else
		begin_line("")
	printf "%s", (column == 0 && word ~ /^[.']/ ? "\\&" : "") \
	    escaped(word) >out
	column += 1 + length(word)
}

function break_line() {
	if (column > 0)
		printf "\n" >out
	column = 0
}

function escaped(text) {
	gsub(/\\/, "\\e", text)
	if (text == "-" || text == "--")
		return "\\(en"
	if (text ~ /^-|_|[0-9]/)
		gsub(/-/, "\\-", text)
	return text
}

# A line shown as it is.
function code(text) {
	text = expanded(text)
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	if (text ~ /^[.']/)
		text = "\\&" text
	return text
}

function expanded(text,    at) {
	while ((at = index(text, "\t")) > 0)
		text = substr(text, 1, at - 1) \
		    substr("        ", 1, 8 - (at - 1) % 8) \
		    substr(text, at + 1)
	return text
}

function quoted(text) {
	gsub(/"/, "\\(dq", text)
	return "\"" text "\""
}
