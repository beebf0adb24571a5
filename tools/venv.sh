# Makes .venv with a recent Python and the installer in it, or says what is missing.
set -eu
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "Python 3.11 or newer is needed; '$python' is not. Name another one: make run PYTHON=python3.12" >&2
  exit 1
fi
if ! "$python" -m venv .venv; then
  echo "The module venv does not work. On Debian and Ubuntu: apt install python3-venv" >&2
  exit 1
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-boot.lock
touch .venv/bin/uv
