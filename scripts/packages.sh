# packages.sh - what the scripts need installed, by Debian package name.
# Sourced, not run. The README says why each is there.

PACKAGES_BUILD="gcc make autoconf automake libtool pkg-config libc6-dev
	libevent-dev libreadline-dev libjson-c-dev"
PACKAGES_TEST="check jq netcat-openbsd procps tmux"
PACKAGES_CI="valgrind libasan8 libubsan1 libtsan2 clang mandoc man-db python3
	openssh-server"
# Of the race only, which takes place without those that are missing.
PACKAGES_BENCH="g++ libboost-context-dev libboost-fiber-dev golang-go rustc
	cargo librust-tokio-dev libuv1-dev python3-uvloop
	redis-server gearman-tools gearman-job-server task-spooler parallel"

# Installs those of the named packages that are missing; says what it does, and
# asks for root only when there is something to do.
install_packages() {
	missing=
	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
		    grep -q 'install ok installed' ||
		    missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "$0: not a Debian or Ubuntu machine: please install what" \
		    "answers to these packages, and run it again:$missing" >&2
		return 1
	fi
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
		if ! command -v sudo >/dev/null 2>&1; then
			echo "$0: run this once as root, then again:" \
			    "apt-get install$missing" >&2
			return 1
		fi
	fi
	echo "installing:$missing"
	$as_root apt-get update -qq || true
	# shellcheck disable=SC2086 # a list of words
	$as_root env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# build_in DIR CONFIGURE-OPTION...: configures and builds out of tree.
# What it prints is short; on failure it shows the end of the log.
build_in() {
	dir=$1
	shift
	mkdir -p "$dir"
	log=$(cd "$dir" && pwd)/build.log
	echo "building in $dir: a minute or two; what it says is in $log"
	if ! (
		set -e
		if ! [ "$top/configure" -nt "$top/configure.ac" ]; then
			(cd "$top" && autoreconf -i)
		fi
		cd "$dir"
		[ -f config.status ] || "$top/configure" "$@"
		make -j"$(nproc)"
	) >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		echo "$0: the build failed; all of it is in $log" >&2
		return 1
	fi
}

# count_results DIR: "N passed, N failed" over all that make check left there.
count_results() {
	find "$1" -name '*.trs' -exec cat {} + | awk '
		/^:test-result: (PASS|XFAIL)/ { passed++ }
		/^:test-result: (FAIL|XPASS|ERROR)/ { failed++ }
		/^:test-result: SKIP/ { skipped++ }
		END {
			printf "%d passed, %d failed", passed, failed
			if (skipped) printf ", %d skipped", skipped
			print ""
		}'
}
