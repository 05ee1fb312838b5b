#!/bin/sh
# check_asyncio.sh - doc/asyncio.table, from which evtask(3) has its table, is
# true: what it names here has a page, and it names all that asyncio has. What
# asyncio has is asked of each Python that is installed.

top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
table=$top_srcdir/doc/asyncio.table
. "$top_srcdir/tests/tap.sh"

# A row: names, answers, difference. What has no answer has a reason.
wrong=$(grep -v '^#' "$table" | grep -v '^== ' |
    awk -F'\t' 'NF < 2 || NF > 3 || $2 == "-" && $3 == ""')
breaches "every name has an answer, or a reason why there is none" "$wrong"

missing=
names=$(grep -v '^#' "$table" | awk -F'\t' '{ print $2 "\n" $3 }' |
    grep -Eo 'evtask_[a-z_]+' | sort -u)
for name in $names; do
	[ -s "$top_builddir/doc/man3/$name.3" ] || missing="$missing $name"
done
[ -n "$names" ] && [ -z "$missing" ]
report $? "every name given as an answer has a page"
[ -z "$missing" ] || echo "# missing:$missing"

missing=
for name in $(awk -F'\t' '{ print $2 }' "$table" | grep -Eo 'EVTASK_[A-Z_]+'); do
	grep -qw "$name" "$top_srcdir"/lib/evtask/*.h || missing="$missing $name"
done
breaches "every constant given as an answer is in a header" "$missing"

# Those of asyncio: the module's names, and the methods of those classes of
# which the table has any. A class of which it has none stands for all of it.
cat >asyncio_names.$$ <<'END'
import asyncio, sys
names = {"Process": asyncio.subprocess.Process}
names.update((n, getattr(asyncio, n)) for n in asyncio.__all__ if n[0] != "_")
answered = set()
for row in open(sys.argv[1]):
    if row[0] not in "#=":
        answered.update(row.split("\t")[0].split())
alias = {"Task": "Future", "TimerHandle": "Handle", "AbstractEventLoop": "loop"}
opened = {n.split(".")[0] for n in answered if "." in n}
for name, what in sorted(names.items()):
    if name not in answered and name != "Process":
        print(name)
    prefix = alias.get(name, name)
    if not isinstance(what, type) or prefix not in opened:
        continue
    for method in dir(what):
        if method[0] != "_" and not {prefix + "." + method,
                                     name + "." + method} & answered:
            print(name + "." + method)
END
found=
for python in python3 python3.11 python3.12 python3.13 python3.14 python3.15; do
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    2>/dev/null || continue
	version=$("$python" --version)
	case $found in *"$version"*) continue ;; esac
	found="$found $version"
	missing=$("$python" -W ignore asyncio_names.$$ "$table")
	status=$?
	[ "$status" -eq 0 ] && [ -z "$missing" ]
	report $? "every name of asyncio is there, says $version"
	[ -z "$missing" ] || echo "$missing" | sed 's/^/# /'
done
rm -f asyncio_names.$$
if [ -z "$found" ]; then
	skip "every name of asyncio is there" "there is no Python from 3.11 on"
fi

plan
