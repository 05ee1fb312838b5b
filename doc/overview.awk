# overview.awk - evtask(3) from its template, the table of asyncio's names, and
# the list of pages that header.awk has left.
#
#	awk -f overview.awk -f mdoc.awk -v out=PAGE -v docdir=DIR \
#	    asyncio.table index evtask.3.in
#
# The line @asyncio@ of the template becomes the table, a list for each of its
# sections, "== Tasks"; and @pages@ the pages, "noun library title". @docdir@ in
# a line is where the tour is installed.

BEGIN {
	FS = "\t"
}

FNR == 1		{ files++ }
/^#/ && files == 1	{ next }
files == 1		{ row[++n_rows] = $0; next }
files == 2		{ page[++n_pages] = $0; next }
$0 == "@asyncio@"	{ write_table(); next }
$0 == "@pages@"		{ write_pages(); next }
{
	gsub(/@docdir@/, docdir)
	print >out
}

function write_table(    i, section) {
	for (i = 1; i <= n_rows; i++)
		if (row[i] ~ /^== /) {
			if (section++)
				put(".El")
			put(".Ss " substr(row[i], 4))
			put(".Bl -tag -width \"loop.run_until_complete\" -compact")
		} else
			write_row(row[i])
	put(".El")
}

# "names", "answers", "difference"
function write_row(text,    column, names) {
	split(text, column, "\t")
	names = column[1]
	gsub(/ /, ", ", names)
	put(".It " quoted(names))
	if (column[2] == "-")
		write_text(0, "*None.* " column[3])
	else
		write_text(0, answers(column[2]) \
		    (column[3] != "" ? ". " column[3] : ""))
}

# "evtask_a evtask_b" as "evtask_a(), evtask_b()"
function answers(names) {
	gsub(/evtask_[a-z_]*/, "&()", names)
	gsub(/ /, ", ", names)
	return names
}

function write_pages(    i, column, library) {
	for (i = 1; i <= n_pages; i++) {
		split(page[i], column, "\t")
		if (column[2] != library) {
			if (library != "")
				put(".El")
			library = column[2]
			put(".Ss Of " library)
			put(".Bl -tag -width \"evtask_as_completed(3)\" -compact")
		}
		put(".It Xr evtask_" column[1] " 3")
		write_text(0, column[3])
	}
	put(".El")
}
