# Writes the lock files anew: hashes, for every system, without download addresses.
set -eu
compile() { .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$@"; }
compile pyproject.toml --group build -o requirements.lock
compile pyproject.toml --group build --group dev -o requirements-dev.lock
compile tools/requirements-boot.in -o requirements-boot.lock
