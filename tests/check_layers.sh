#!/bin/sh
# The rules of the house, as tests: who may include whom, what is exported,
# what is never written. Each rule prints what breaks it.
cd "$top_srcdir" || exit 99
build=$top_builddir
. tests/tap.sh

sources() {
	find "$@" -name '*.[chS]' | sort
}

# Floors. A folder, and the folders whose headers it may include: its own
# floor and those below, of which lib/thread is under all. "public X" are the installed headers of folder X.
floors='
lib/thread	thread
lib/coro	coro
lib/core	coro core public:core
lib/wait	coro core wait sync io public:core public:wait
lib/sync	coro core wait sync io public:core public:wait public:sync
lib/io		thread coro core wait sync io public:core public:wait public:io
lib/inspect	thread coro core wait sync io inspect public:core public:wait
lib/ctl		ctl public:ctl
lib/console	thread console ctl public:ctl public:core public:wait public:sync public:io public:console
daemon		thread daemon coroutines public:ctl public:core public:wait public:sync public:io public:console public:all
cli		cli outside public:ctl public:core public:wait public:sync public:io public:all
'
# Which folder an installed header speaks for. inspect.h is among the core's:
# the loop keeps the numbers that it describes.
owner() {
	case $1 in
	base|context|debug|error|factory|future|handle|inspect|inspect_*|loop|overflow|remote|task|timer|value) echo core ;;
	as_completed|gather|group|shield|sleep|timeout|wait) echo wait ;;
	barrier|condition|event|lock|queue|semaphore) echo sync ;;
	io|process|resolve|runner|server|signal|stream|thread) echo io ;;
	ctl|ctl_*) echo ctl ;;
	console|console_module|job|module) echo console ;;
	evtask) echo all ;;
	*) echo "nobody:$1" ;;
	esac
}

# breaches_of_floor FOLDER ALLOWED...
breaches_of_floor() {
	folder=$1
	shift
	allowed=" $* "
	sources "$folder" | while read -r file; do
		sed -n 's/^#[ 	]*include[ 	]*\([<"][^>"]*\)[>"].*/\1/p' \
		    "$file" | while read -r header; do
			case $header in
			\<evtask/*)
				header=${header#<evtask/}
				what=public:$(owner "${header%.h}") ;;
			\<*) continue ;;
			\"evtask/*|\"lib/*)
				what="$header in quotes" ;;
			\"config.h|\"completions.h)
				continue ;;	# made by the build
			\"*/*)
				what=${header#\"}
				what=${what%%/*} ;;
			*)
				# Without a folder: its own, and only that.
				[ -f "$(dirname "$file")/${header#\"}" ] &&
					continue
				what=$header ;;
			esac
			case $allowed in
			*" $what "*) ;;
			*) echo "$file includes $header ($what)" ;;
			esac
		done
	done
}

while read -r folder allowed; do
	[ -n "$folder" ] || continue
	breaches "$folder includes only from its floor and below" \
	    "$(breaches_of_floor $folder $allowed)"
done <<END
$floors
END

breaches "every folder has its floor" "$(
	for folder in lib/*/ daemon/ cli/; do
		folder=${folder%/}
		[ "$folder" = lib/evtask ] && continue
		[ -n "$(find $folder -name '*.[chS]' | head -1)" ] || continue
		case $floors in
		*"
$folder	"*) ;;
		*) echo "$folder is not in the table of floors" ;;
		esac
	done)"

breaches "every installed header has its owner" "$(
	for header in lib/evtask/*.h; do
		owner "$(basename "$header" .h)" | grep nobody
	done)"

breaches "libevent is spoken to by core/system.c, io and console only" "$(
	grep -l '^#[ 	]*include[ 	]*<event2\?[/.]' $(sources lib daemon cli) |
	    grep -v -e '^lib/core/system\.c$' -e '^lib/io/' -e '^lib/console/')"

breaches "json-c is spoken to by ctl, and those above it" "$(
	grep -l '^#[ 	]*include[ 	]*<json' $(sources lib daemon cli) |
	    grep -v -e '^lib/ctl/' -e '^lib/evtask/ctl' -e '^lib/console/' \
	    -e '^daemon/' -e '^cli/')"

breaches "stacks are switched by core/step.c only" "$(
	grep -nE '\b(coro_(switch|leave|adopt|init|begin)|switch_(stack|prepare)) ?\(' \
	    $(sources lib daemon cli) | grep -v '^lib/coro/' |
	    grep -v '^lib/core/step\.[ch]:')"

# The loop makes the context of its own thread known; nobody else does.
breaches "a thread's own context is the loop's" "$(
	grep -ln 'coro_init_thread *(' $(sources lib daemon cli) |
	    grep -v -e '^lib/coro/' -e '^lib/core/loop\.c$')"

breaches "installed headers have no more than 200 lines" "$(
	wc -l lib/evtask/*.h | awk '$2 != "total" && $1 > 200')"

breaches "what is installed is what stands in lib/evtask" "$(
	for header in lib/evtask/*.h; do
		grep -q "^	$header" lib/evtask/local.mk ||
			echo "$header is not in lib/evtask/local.mk"
	done)"

breaches "evtask.h includes every header of libevtask" "$(
	for header in lib/evtask/*.h; do
		name=$(basename "$header" .h)
		case $(owner "$name") in
		core|wait|sync|io)
			grep -q "<evtask/$name.h>" lib/evtask/evtask.h ||
				[ "${name#inspect}" != "$name" ] ||
				echo "evtask.h lacks $name.h" ;;
		esac
	done)"

# Alone, as the languages of our users.
compiles_alone() {
	for header in lib/evtask/*.h; do
		echo "#include <evtask/$(basename "$header")>" |
		    "$@" -Ilib $json_cflags -Wall -Wextra -Werror \
		    -fsyntax-only - 2>&1
	done
}
json_cflags=$(${PKG_CONFIG:-pkg-config} --cflags json-c 2>/dev/null)
breaches "every installed header compiles alone as C99" \
    "$(compiles_alone ${CC:-cc} -x c -std=c99 -pedantic)"
cxx=${CXX:-c++}
if command -v "$cxx" >/dev/null; then
	breaches "every installed header compiles alone as C++11" \
	    "$(compiles_alone "$cxx" -x c++ -std=c++11)"
else
	skip "every installed header compiles alone as C++11" "no $cxx"
fi

breaches "no file is called util, misc, common or helpers" "$(
	find lib daemon cli tests | grep -E '/(util|misc|common|helper)s?\.')"

breaches "every source file begins with what it is" "$(
	for file in $(find lib daemon cli -name '*.[cS]'); do
		case $(head -1 "$file") in
		'/*'*) ;;
		*) echo "$file" ;;
		esac
	done)"

breaches "the library does not print, log or exit" "$(
	grep -nE '(^|[^a-z_>.])(printf|fprintf|puts|perror|exit|_exit|syslog|openlog) ?\(' \
	    $(find lib -name '*.c'))"

breaches "the library installs no signal handler but where it is asked to" "$(
	grep -nE '(^|[^a-z_>.])(signal|sigaction) ?\(' $(find lib -name '*.c') |
	    grep -v -e '^lib/core/overflow\.c:' -e '^lib/inspect/capture\.c:')"

# What has been built. libtool keeps it in .libs.
library() {
	find "$build/.libs" "$build/lib/.libs" -maxdepth 1 -name "$1.so" \
	    2>/dev/null | head -1
}

for name in libevtask libevtask-ctl libevtask-console; do
	so=$(library $name)
	if [ -z "$so" ]; then
		skip "$name exports evtask_ names only" "not built"
		continue
	fi
	prefix=$(echo $name | sed 's/^lib//; s/-/_/; s/_console/_(console|job)/')
	breaches "$name exports evtask_ names only" "$(
		nm -D --defined-only "$so" | awk '{ print $3 }' |
		    grep -vE "^(${prefix}_|EVTASK_)")"
done

# Every function and object the headers promise is in one of the libraries.
promised() {
	cat lib/evtask/*.h | tr '\n\t' '  ' | sed 's/EVTASK_API/\n&/g' |
	    sed -n 's/^EVTASK_API[^(;]*[ *]\(evtask_[a-z0-9_]*\) *[(;].*/\1/p' |
	    sort -u
}
sos=$(library libevtask; library libevtask-ctl; library libevtask-console)
if [ "$(echo "$sos" | wc -l)" -eq 3 ]; then
	exported=$(nm -D --defined-only $sos | awk 'NF == 3 { print $3 }' |
	    sed 's/@.*//' | sort -u)
	breaches "the headers are read as they should be" "$(
		[ "$(promised | wc -l)" -gt 150 ] || promised)"
	breaches "everything the headers promise is exported" "$(
		{ echo "$exported"; echo "$exported"; promised; } | sort |
		    uniq -u)"
	breaches "everything that is exported is promised" "$(
		{ promised; promised; echo "$exported" | grep -v '^EVTASK'; } |
		    sort | uniq -u)"
else
	skip "everything the headers promise is exported" "not built"
fi

# Reading `current` costs one load; the general model would call a function.
so=$(library libevtask)
if [ -n "$so" ]; then
	breaches "libevtask reaches its thread's state by an offset" "$(
		readelf -rW "$so" | grep -E 'DTPMOD|TLSDESC|TLS_DTP')"
else
	skip "libevtask reaches its thread's state by an offset" "not built"
fi

# The counters of tasks are the process's, and the errors of bare codes have
# counts that never move.
if [ -n "$so" ] && ! nm -D "$so" | grep -q -e __asan_ -e __tsan_; then
	breaches "libevtask has no globals" "$(
		objdump -tw "$so" | awk '$3 == "O" && $4 ~ /^\.(data|bss)$/ {
			print $NF }' |
		    grep -vxE '(loops|loops_mutex|ids|internal_ids|bare|completed\.0|__dso_handle|__TMC_END__)')"
else
	skip "libevtask has no globals" "a build for a sanitizer has some"
fi

plan
