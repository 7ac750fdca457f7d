#!/usr/bin/env bash
# Builds everything and runs all tests, on SQLite and on a PostgreSQL of its own that is gone afterwards.
# With --promises: the tests of docs/promises.md alone, each page in all six languages, and that table with a result each.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

find_initdb() { ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1 || true; }
find_chromium() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
can_install() { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; }
install() { apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" >/dev/null; }

# The browser's shell draws no window that nobody sees, which is half of its work; where it cannot be had, the whole browser does.
if ! command -v chromium-headless-shell >/dev/null && can_install; then
  install chromium-headless-shell || true
fi
missing=()
[ -n "$(find_chromium)" ] || missing+=(chromium)
[ -n "$(find_initdb)" ] || missing+=(postgresql)
command -v strace >/dev/null || missing+=(strace)
# Sets the clock of one program.
compgen -G '/usr/lib/*/faketime/libfaketime.so.1' >/dev/null || missing+=(libfaketime)
# What draws the pages of PDFs.
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
# A translation machine that runs on this machine, with the parts that its pair of languages calls.
[ -x /usr/bin/apertium-apy ] || missing+=(apertium-apy)
[ -e /usr/share/apertium/modes/spa-cat.mode ] || missing+=(apertium-spa-cat)
command -v cg-proc >/dev/null || missing+=(cg3)
command -v lrx-proc >/dev/null || missing+=(apertium-lex-tools)
# Where Node came by other means it brought npm along, and Debian's npm would not go beside it.
command -v node >/dev/null || missing+=(nodejs npm)
command -v java >/dev/null || missing+=(default-jre-headless)
if [ ${#missing[@]} -gt 0 ]; then
  if can_install; then
    # No cluster is wanted besides the one below.
    mkdir -p /etc/postgresql-common && [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    install "${missing[@]}"
  else
    echo "Please install: ${missing[*]}. Without them their tests are skipped." >&2
    [ "${CI:-}" != true ] || exit 1
  fi
fi
chromium=$(find_chromium)
[ -z "$chromium" ] || export VET_CHROMIUM="$chromium"

folder=$(mktemp -d)
postgres_bin=""
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}
finish() {
  [ -z "$postgres_bin" ] || as_postgres "$postgres_bin/pg_ctl" -D "$folder/postgres" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT

initdb=$(find_initdb)
if [ -z "${VET_POSTGRES:-}" ] && [ -n "$initdb" ]; then
  chmod 755 "$folder"
  mkdir "$folder/postgres"
  [ "$(id -u)" != 0 ] || chown postgres "$folder/postgres"
  cd "$folder/postgres" # a folder that the user postgres may enter
  as_postgres "$initdb" -D "$folder/postgres" -U vet -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  postgres_bin=$(dirname "$initdb")
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    if as_postgres "$postgres_bin/pg_ctl" -D "$folder/postgres" -w -l "$folder/postgres/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder/postgres -c fsync=off -c max_connections=200" start >/dev/null; then
      break
    fi
    [ "$attempt" != 5 ] || { cat "$folder/postgres/log" >&2; exit 1; }
  done
  cd - >/dev/null
  export VET_POSTGRES="Host=127.0.0.1;Port=$port;Username=vet;Database=postgres"
fi

dotnet restore VetCommunity.sln -p:Configuration=Release # with the compiler that Release builds take
dotnet build VetCommunity.sln -c Release --no-restore

promises=""
if [ "${1:-}" = --promises ]; then
  shift
  promises="$folder/promises.xml"
  export VET_EVERY_LANGUAGE=1
  set -- --filter-trait 'Promise=*' --results-directory "$folder" --report-xunit-xml --report-xunit-xml-filename promises.xml "$@"
fi

# Each row of the table with what became of its tests.
print_promises() {
  awk -F ' *[|] *' '
    FNR == NR {
      result = $0; if (!sub(/.* result="/, "", result)) next; sub(/".*/, "", result)
      rest = $0
      while (match(rest, /name="Promise" value="[^"]*"/)) {
        id = substr(rest, RSTART + 22, RLENGTH - 23); rest = substr(rest, RSTART + RLENGTH)
        tests[id]++; if (result == "Fail") failed[id]++; if (result == "Skip") skipped[id]++
      }
      next
    }
    $2 ~ /^[A-Z][A-Z][0-9]+$/ {
      verdict = failed[$2] ? "BROKEN" : !tests[$2] ? "not shown" : skipped[$2] == tests[$2] ? "skipped" : "kept"
      printf "%-5s %-9s %3d tests  %s\n", $2, verdict, tests[$2], $3
    }' <(sed 's/<test /\n<test /g' "$promises" | awk '/^<test /{if (line) print line; line = ""} {line = line $0} END {print line}') docs/promises.md
}

skips=()
[ "${CI:-}" != true ] || skips=(--fail-skips on)
status=0
dotnet test --solution VetCommunity.sln -c Release --no-build --no-progress "${skips[@]}" "$@" 2>&1 | tee "$folder/output" || status=$?

count() { sed 's/\x1b\[[0-9;]*m//g' "$folder/output" | sed -n "s/^ *$1: *\([0-9][0-9]*\) *$/\1/p" | tail -1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
echo
[ -z "$promises" ] || [ ! -s "$promises" ] || print_promises
echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
[ "${passed:-0}" != 0 ] || status=1
exit "$status"
