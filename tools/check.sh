# Every check, the quick ones first. Ends at the first that fails.
set -eu
check() { printf '\n== %s\n' "$1"; shift; "$@"; }
bin=.venv/bin
check "Format" $bin/ruff format --check .
check "Lint" $bin/ruff check .
check "Types" $bin/mypy
check "Layers" $bin/lint-imports
check "Tests: SQLite, PostgreSQL, browser, documentation" \
  $bin/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered
