# shellcheck shell=bash
# lib.sh: what the scripts share. Sourced by bash scripts, after `set -eu`.
#
# Names it sets: ROOT (source tree), DIR (the instance's data, BALCAO_DIR), V (build variant), BIN, SHARE,
# HTTP_PORT, HTTPS_PORT, STUB_PORT, SOCK (directory of the sockets), PROGRAMS (FastCGI programs of cgi/),
# RUN_AS (user of everything that runs), AS (the command prefix that makes us that user).
# shellcheck disable=SC2034  # the scripts that source this file use them

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DIR=${BALCAO_DIR:-$ROOT/build/run}
case $DIR in /*) ;; *) DIR=$PWD/$DIR ;; esac
V=${BALCAO_BUILD:-release}
BIN=$ROOT/build/$V/bin
SHARE=$ROOT
HTTP_PORT=${BALCAO_HTTP_PORT:-8080}
HTTPS_PORT=${BALCAO_HTTPS_PORT:-8443}
STUB_PORT=$((HTTP_PORT < 50000 ? HTTP_PORT + 10000 : HTTP_PORT - 10000))
BASE_URL=http://localhost:$HTTP_PORT
SETPRIV=$(command -v setpriv || true)
AS=()

say() { printf '%s\n' "$@"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# The FastCGI programs: every folder of cgi/ with a main.c but live, which speaks HTTP itself.
programs() {
	local d
	for d in "$ROOT"/cgi/*/main.c; do
		d=${d%/main.c}
		d=${d##*/}
		[ "$d" = '*' ] || [ "$d" = live ] || printf '%s\n' "$d"
	done
}

# processes NAME: how many processes a program gets (about two a core where the work is).
processes() {
	case $1 in
	inbox) echo 4 ;;
	*) echo 2 ;;
	esac
}

# Directory of the sockets: inside DIR, or below /tmp when that path is too long for a socket address (107 bytes).
socket_dir() {
	local id
	if [ "${#DIR}" -le 80 ]; then
		printf '%s\n' "$DIR/sock"
	else
		id=$(printf '%s' "$DIR" | sha256sum)
		printf '/tmp/balcao-%s-%.12s\n' "$(id -u "$RUN_AS")" "$id"
	fi
}

# Decides RUN_AS, AS and SOCK. Root never runs anything: it becomes the user "balcao", who is made when missing.
# A tree that this user may not enter (a clone below /root) is opened to it by one capability.
become_ready() {
	local caps
	if [ "$(id -u)" != 0 ]; then
		RUN_AS=$(id -un)
	else
		RUN_AS=balcao
		id -u balcao >/dev/null 2>&1 ||
			useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin balcao
		for caps in none dac_read_search dac_override refused; do
			case $caps in
			none) AS=("$SETPRIV" --reuid=balcao --regid=balcao --init-groups --inh-caps=-all) ;;
			refused) fail "the user balcao cannot read $ROOT: move the clone out of a private directory, or run as a user of your own" ;;
			*) AS=("$SETPRIV" --reuid=balcao --regid=balcao --init-groups "--inh-caps=-all,+$caps" "--ambient-caps=-all,+$caps") ;;
			esac
			AS+=(env "HOME=$DIR" "USER=balcao" "LOGNAME=balcao")
			# bash asks with the effective capabilities, test(1) would not.
			# shellcheck disable=SC2016
			if (cd / && "${AS[@]}" bash -c '[ -r "$0/lib.sh" ] && [ -x "$0/supervise" ]' "$ROOT/scripts") 2>/dev/null; then
				break
			fi
		done
	fi
	SOCK=$(socket_dir)
}

# Re-executes the calling script as the user of the instance when we are root.
drop_root() {
	become_ready
	if [ "$(id -u)" = 0 ]; then
		export BALCAO_DIR=$DIR
		cd /
		exec "${AS[@]}" "$ROOT/scripts/${0##*/}" "$@"
	fi
}

# Makes DIR, owned by the user of the instance. PostgreSQL wants nobody else in its directory.
make_dir() {
	if [ "$(id -u)" = 0 ]; then
		mkdir -p "$(dirname "$DIR")"
		install -d -m 0750 -o "$RUN_AS" -g "$RUN_AS" "$DIR"
	else
		mkdir -p "$DIR"
		[ -O "$DIR" ] || fail "$DIR belongs to $(stat -c %U "$DIR"): remove it or choose another BALCAO_DIR"
	fi
}

# True when a process holds the instance's lock.
is_running() {
	[ -e "$DIR/lock" ] && ! flock -n "$DIR/lock" true 2>/dev/null
}

# The supervisor's id; fails when the recorded process is not ours (the machine was restarted, the id used again).
supervisor_pid() {
	local pid
	pid=$(cat "$DIR/pid/supervise" 2>/dev/null) || return 1
	tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q 'scripts/supervise' || return 1
	printf '%s\n' "$pid"
}

# alive PID: it runs (a zombie does not).
alive() {
	local line
	line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	line=${line##*) }
	[ "${line%% *}" != Z ]
}

children() { cat "/proc/$1/task/$1/children" 2>/dev/null || true; }

# members PGID: the live processes of a process group, but not its leader.
members() {
	local f line pid
	for f in /proc/[0-9]*/stat; do
		line=$(cat "$f" 2>/dev/null) || continue
		pid=${line%% *}
		line=${line##*) }
		# shellcheck disable=SC2086  # state, parent, group
		set -- "$1" $line
		if [ "$4" = "$1" ] && [ "$pid" != "$1" ] && [ "$2" != Z ]; then printf '%s\n' "$pid"; fi
	done
}

# fill FILE: FILE with its @PLACEHOLDERS@ replaced, to stdout.
fill() {
	local text
	text=$(<"$1")
	text=${text//@SHARE@/"$SHARE"}
	text=${text//@OPENAPI@/"$OPENAPI"}
	text=${text//@API@/"${OPENAPI%/*}"}
	text=${text//@FILES@/"$FILES"}
	text=${text//@SOCK@/"$SOCK"}
	text=${text//@NGINX@/"$NGINX"}
	text=${text//@DIR@/"$DIR"}
	text=${text//@HTTP_PORT@/"$HTTP_PORT"}
	text=${text//@HTTPS_PORT@/"$HTTPS_PORT"}
	text=${text//@LISTEN6@/"${LISTEN6-#}"}
	printf '%s\n' "$text"
}

# nginx_files OUT: the pieces that balcao.conf and private.conf include: every nginx/*.conf filled, the upstreams of the
# programs, and the list of their includes. A program is in when it has a folder in cgi/ and a file in nginx/.
nginx_files() {
	local f p
	for f in "$ROOT"/nginx/*.conf; do fill "$f" >"$1/${f##*/}"; done
	for p in $(programs); do
		# The same socket three times: a request that a dying process dropped is tried again, but only where that is
		# harmless (common.conf chooses the plain one for everything that is not GET or HEAD).
		printf 'upstream balcao_%s {\n' "$p"
		printf '\tserver "unix:%s" max_fails=0;\n' "$SOCK/$p.sock" "$SOCK/$p.sock" "$SOCK/$p.sock"
		printf '}\nupstream balcao_%s_once {\n\tserver "unix:%s" max_fails=0;\n}\n' "$p" "$SOCK/$p.sock"
	done >"$1/upstreams.conf"
	for p in $(programs) live static; do
		if [ -e "$ROOT/nginx/$p.conf" ]; then printf 'include "%s/%s.conf";\n' "$NGINX" "$p"; fi
	done >"$1/programs.conf"
}

# ask PATH [curl options]: a GET of the instance, the body to stdout.
ask() {
	local path=$1
	shift
	curl -sS --noproxy '*' --max-time 10 "$@" "http://127.0.0.1:$HTTP_PORT$path"
}
healthy() { [ "$(ask /health -o /dev/null -w '%{http_code}' 2>/dev/null)" = 200 ]; }

# build [TARGET...]: make, one at a time in this tree.
build() {
	mkdir -p "$ROOT/build"
	(umask 022 && flock 8 && exec make -s -C "$ROOT" -j"$(nproc)" V="$V" "$@") 8>"$ROOT/build/.lock"
}

# ---- for tests/suites -----------------------------------------------------------------------------------------------

# free_port: a TCP port that nobody listens on, with the stub's port that belongs to it.
free_port() {
	local p
	while :; do
		p=$((RANDOM % 20000 + 20000))
		if ! port_taken "$p" && ! port_taken $((p + 10000)); then
			echo "$p"
			return
		fi
	done
}
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# world_up DIRNAME [options of scripts/run]: a private instance in a new directory; sets and exports its BALCAO_*.
# world_down stops and removes it. Call world_down from a trap.
world_up() {
	BALCAO_DIR=$(mktemp -d "/tmp/balcao-test.XXXXXX")
	BALCAO_HTTP_PORT=$(free_port)
	BALCAO_HTTPS_PORT=$(free_port)
	BALCAO_BUILD=$V
	export BALCAO_DIR BALCAO_HTTP_PORT BALCAO_HTTPS_PORT BALCAO_BUILD
	"$ROOT/scripts/run" --detach "$@" || return 1
	world_names
}

# world_names: the variables of the world named by the BALCAO_* environment, and BALCAO_CONF for the tools.
world_names() {
	DIR=$BALCAO_DIR
	HTTP_PORT=$BALCAO_HTTP_PORT
	HTTPS_PORT=$BALCAO_HTTPS_PORT
	STUB_PORT=$((HTTP_PORT < 50000 ? HTTP_PORT + 10000 : HTTP_PORT - 10000))
	BASE_URL=http://localhost:$HTTP_PORT
	become_ready
	export BALCAO_CONF=$DIR/balcao.conf PGHOST=$SOCK PGDATABASE=balcao
}

world_down() {
	[ -n "${BALCAO_DIR:-}" ] || return 0
	"$ROOT/scripts/stop" || true
	become_ready
	case $SOCK in /tmp/balcao-*) rm -rf "$SOCK" ;; esac
	case $BALCAO_DIR in /tmp/balcao-test.*) rm -rf "$BALCAO_DIR" ;; esac
}

# cunit COMMAND...: runs a CUnit program, shows its output, ends with "passed=N failed=N". A suite whose init failed,
# a program that died, and one that ran nothing all count as failed.
cunit() {
	local out rc=0
	out=$(mktemp)
	"$@" >"$out" 2>&1 || rc=$?
	cat "$out"
	awk -v rc="$rc" '
		$1 == "suites" { bad += $5 }
		$1 == "tests" { ran = $3; passed = $4; bad += $5 + $6 }
		END {
			if (!ran) { print "no test ran (exit " rc ")"; bad++ }
			else if (rc && !bad) { print "the program ended with " rc; bad++ }
			printf "passed=%d failed=%d\n", passed, bad
		}' "$out"
	rm -f "$out"
}

# check NAME COMMAND...: one named check of a shell suite; checks_done prints the closing line.
PASSED=0
FAILED=0
check() {
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then
		PASSED=$((PASSED + 1))
		say "ok     $name"
	else
		FAILED=$((FAILED + 1))
		say "FAILED $name"
		[ -z "$out" ] || printf '%s\n' "$out" | head -n 60 | sed 's/^/       /'
	fi
}
checks_done() { say "passed=$PASSED failed=$FAILED"; }

# npm_ready FOLDER: installs the packages of FOLDER/package-lock.json below build/, only when they changed;
# prints the directory that holds node_modules.
npm_ready() {
	local to
	to=$ROOT/build/npm/$(basename "$1")
	mkdir -p "$to"
	if ! cmp -s "$1/package-lock.json" "$to/done"; then
		cp "$1/package.json" "$1/package-lock.json" "$to/"
		(cd "$to" && npm ci --no-audit --no-fund --ignore-scripts >&2) || return 1
		cp "$1/package-lock.json" "$to/done"
	fi
	printf '%s\n' "$to"
}
