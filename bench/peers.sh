# peers.sh - who takes part. Sourced by run, not run.
#
# peer_ID says the peer's name and version, and makes $bin/ID, a program that
# runs its rows (measure.h tells how it is called). When it cannot, the peer is
# skipped, with the last that was said as the reason. What is built is kept.
#
# If you add a peer here: its package has a place in scripts/packages.sh.

PEERS="evtask evtask_bare boost_context boost_fiber boost_fiber_guarded
	ucontext tokio go epoll libevent bufferevent libuv asyncio uvloop
	evtaskd redis loop xargs gearman task_spooler parallel"

CC=${CC:-gcc}
CXX=${CXX:-g++}
CFLAGS=-O2

# The version of a package, by dpkg; of what is not packaged nothing is known.
package() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "version unknown"
}

# newer PROGRAM SOURCE...: it was built after them. An option is no source.
newer() {
	[ -x "$1" ] || return 1
	program=$1
	shift
	for older in "$@" "$top"/bench/*.h "$top"/bench/client/*.h; do
		case $older in -*) continue ;; esac
		[ "$program" -nt "$older" ] || return 1
	done
}

# in_c ID SOURCE [SOURCE-OR-OPTION...]; in_cxx is for C++.
in_c() {
	out=$bin/$1 source=$top/bench/$2
	shift 2
	newer "$out" "$source" "$@" || $CC $CFLAGS -std=gnu11 -D_GNU_SOURCE \
	    -I"$top" "$source" -o "$out" "$@"
}
in_cxx() {
	out=$bin/$1 source=$top/bench/$2
	shift 2
	newer "$out" "$source" || $CXX $CFLAGS -I"$top" "$source" -o "$out" "$@"
}

# wrap ID COMMAND...: a program that is a script of some interpreter.
wrap() {
	out=$bin/$1
	shift
	printf '#!/bin/sh\nexec %s "$@"\n' "$*" >"$out"
	chmod +x "$out"
}

# evtask as it is released, to be built in PREFIX/build: anew, when what is there
# was built for another place, from which it has been copied or moved.
# evtask_configured PREFIX [CONFIGURE-OPTION...]
evtask_configured() {
	grep -qsF -- "--prefix=$1'" "$1/build/config.status" || rm -rf "$1"
	[ "$top/configure" -nt "$top/configure.ac" ] ||
		(cd "$top" && autoreconf -i) || return 1
	mkdir -p "$1/build" && cd "$1/build" || return 1
	[ -f config.status ] || "$top/configure" -q --prefix="$@" \
	    CC="$CC" CFLAGS="$CFLAGS" || return 1
	cd "$top" || return 1
}

# libevtask as it is installed, at the speed at which it is released.
# evtask_installed ID PREFIX [CONFIGURE-OPTION...]
evtask_installed() {
	id=$1 prefix=$2
	shift 2
	switch="$top/lib/coro/switch.c $top/lib/coro/switch_$(uname -m).S"
	case $(uname -m) in
	x86_64) switch="-mno-red-zone $switch" ;;
	aarch64) ;;
	*) switch="-DSWITCH_UCONTEXT $top/lib/coro/switch_ucontext.c" ;;
	esac
	evtask_configured "$prefix" "$@" &&
	    make -s -C "$prefix/build" -j"$(nproc)" install-libLTLIBRARIES \
	    install-evtaskincludeHEADERS || return 1
	rm -f "$bin/$id"
	# shellcheck disable=SC2086 # a list of words
	in_c "$id" peer/evtask.c "$top/bench/peer/evtask_inspect.c" \
	    -I"$top/lib" -I"$prefix/include" $switch \
	    -L"$prefix/lib" -levtask -Wl,-rpath,"$prefix/lib"
}

# What is raced, by its commit. Results that an earlier run has written, and
# nobody has committed yet, are not part of it.
evtask_version() {
	commit=$(git -C "$top" describe --always) || return 1
	git -C "$top" diff --quiet HEAD -- . ':!bench/RESULTS.md' \
	    ':!bench/*.svg' || commit=$commit-dirty
	echo "$commit"
}

peer_evtask() {
	name=evtask version=$(evtask_version)
	evtask_installed evtask "$work/prefix"
}

# The same without inspection, for what inspection costs.
peer_evtask_bare() {
	name="evtask without inspection" version=$(evtask_version)
	"$top/configure" --help | grep -q -e --disable-inspection || {
		echo "configure has no --disable-inspection"
		return 1
	}
	evtask_installed evtask_bare "$work/prefix-bare" --disable-inspection
}

peer_boost_context() {
	name=Boost.Context version=$(package libboost-context-dev)
	in_cxx boost_context peer/boost_context.cpp -lboost_context
}

peer_boost_fiber() {
	name=Boost.Fiber version=$(package libboost-fiber-dev)
	in_cxx boost_fiber peer/boost_fiber.cpp -lboost_fiber -lboost_context
}

peer_boost_fiber_guarded() {
	name="Boost.Fiber, guarded" version=$(package libboost-fiber-dev)
	in_cxx boost_fiber_guarded peer/boost_fiber.cpp -DGUARDED \
	    -lboost_fiber -lboost_context
}

peer_ucontext() {
	name=ucontext version="libc $(package libc6)"
	in_c ucontext peer/ucontext.c
}

peer_epoll() {
	name="raw epoll" version="Linux $(uname -r)"
	in_c epoll peer/epoll.c
}

peer_libevent() {
	name=libevent version=$(package libevent-dev)
	in_c libevent peer/libevent.c -levent_core
}

peer_bufferevent() {
	name="libevent's bufferevent" version=$(package libevent-dev)
	in_c bufferevent peer/bufferevent.c -levent_core
}

peer_libuv() {
	name=libuv version=$(package libuv1-dev)
	in_c libuv peer/libuv.c -luv
}

# Debian's own tools, whatever else is first in the PATH.
peer_go() {
	name=Go version=$(PATH=/usr/bin:$PATH go version) || return 1
	version=${version#go version go}
	! newer "$bin/go" "$top/bench/peer/go/main.go" || return 0
	(cd "$top/bench/peer/go" && PATH=/usr/bin:$PATH GOCACHE=$work/go \
	    GOTOOLCHAIN=local GOFLAGS=-mod=mod go build -o "$bin/go" .)
}

# From the sources that Debian packages, without a network.
peer_tokio() {
	name=tokio version=$(package librust-tokio-dev)
	sources=/usr/share/cargo/registry
	! newer "$bin/tokio" "$top/bench/peer/tokio/src/main.rs" || return 0
	[ -d "$sources" ] || { echo "no $sources"; return 1; }
	mkdir -p "$work/tokio/.cargo"
	cp -R "$top/bench/peer/tokio/." "$work/tokio"
	cat >"$work/tokio/.cargo/config.toml" <<-END
		[source.crates-io]
		replace-with = "debian"
		[source.debian]
		directory = "$sources"
	END
	(cd "$work/tokio" && PATH=/usr/bin:$PATH CARGO_HOME=$work/tokio/home \
	    cargo build --offline --release) &&
	    cp "$work/tokio/target/release/race" "$bin/tokio"
}

peer_asyncio() {
	python=$(PATH=/usr/bin:$PATH command -v python3) ||
	    { name=asyncio; echo "no python3"; return 1; }
	name=asyncio version=$("$python" --version)
	wrap asyncio "$python" "$top/bench/peer/python.py" asyncio
}

peer_uvloop() {
	name=uvloop version=$(package python3-uvloop)
	python=$(PATH=/usr/bin:$PATH command -v python3) ||
	    { echo "no python3"; return 1; }
	"$python" -c 'import uvloop' || return 1
	wrap uvloop "$python" "$top/bench/peer/python.py" uvloop
}

# The clients. load is that of the echo rows; ask starts the daemon, and those
# beside it.
client_load() {
	in_c load load.c "$top/bench/client/server.c"
}
client_ask() {
	in_c ask ask.c "$top"/bench/client/*.c
}

# Installed: in the build tree evtaskd is a script that sets LD_LIBRARY_PATH, and
# every command would look for its libraries there first.
peer_evtaskd() {
	name=evtaskd version=$(evtask_version)
	# One after the other: the libraries are linked anew as they are
	# installed, and are not there meanwhile.
	client_ask && evtask_configured "$work/prefix" &&
	    make -s -C "$work/prefix/build" -j"$(nproc)" \
	    install-libLTLIBRARIES &&
	    make -s -C "$work/prefix/build" -j"$(nproc)" \
	    install-sbinPROGRAMS || return 1
	wrap evtaskd sh "$top/bench/peer/evtaskd.sh" "$bin" \
	    "$work/prefix/sbin/evtaskd"
}

peer_redis() {
	name=Redis version=$(package redis-server)
	command -v redis-server >/dev/null || { echo "no redis-server"; return 1; }
	client_ask && wrap redis sh "$top/bench/peer/redis.sh" "$bin"
}

peer_loop() {
	name="posix_spawn in a loop" version="libc $(package libc6)"
	in_c loop peer/loop.c
}

# runner ID COMMAND PACKAGE: one of the programs in commands.sh
runner() {
	version=$(package "$3")
	command -v "$2" >/dev/null || { echo "no $2"; return 1; }
	wrap "$1" sh "$top/bench/peer/commands.sh" "$2"
}
peer_xargs() {
	name=xargs
	runner xargs xargs findutils
}
peer_gearman() {
	name="gearman's worker"
	runner gearman gearman gearman-tools
}
peer_task_spooler() {
	name=task-spooler
	runner task_spooler tsp task-spooler
}
peer_parallel() {
	name="GNU parallel"
	runner parallel parallel parallel
}
