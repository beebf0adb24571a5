"""The product's own processes for tests: started on loopback, waited for, ended by their id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 90
ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, database_url: str, port: int, **more: str) -> dict[str, str]:
    """Settings for a process whose files all lie in `folder`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LENDING_")}
    return own | {
        "LENDING_DATABASE_URL": database_url,
        "LENDING_SEARCH_URL": f"file:{folder / 'search'}",
        "LENDING_MEDIA_DIR": str(folder / "media"),
        "LENDING_MAIL_URL": f"file:{folder / 'mails'}",
        "LENDING_PORT": str(port),
        "LENDING_BASE_URL": f"http://127.0.0.1:{port}",
        **more,
    }


def command(settings: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run `lending WORDS` to its end."""
    line = [sys.executable, "-m", "lending", *words]
    return subprocess.run(line, check=False, capture_output=True, text=True, env=dict(settings), cwd=ROOT, timeout=110)


@contextmanager
def process(settings: Mapping[str, str], log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the product for the length of the block."""
    with log.open("ab") as output:
        line = [sys.executable, "-m", "lending", *words]
        running = subprocess.Popen(line, stdout=output, stderr=output, env=dict(settings), cwd=ROOT)
        try:
            yield running
        finally:
            stop(running)


@contextmanager
def server(settings: Mapping[str, str], log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A serving process (`lending serve` unless told otherwise) that answers before the block begins."""
    with process(settings, log, *(words or ("serve",))) as running:
        wait_until_healthy(settings, running, log)
        yield running


def wait_until_healthy(settings: Mapping[str, str], running: subprocess.Popen[bytes], log: Path) -> None:
    """Raise with the process's log unless it answers in time."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings['LENDING_PORT']}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-4000:])


def stop(running: subprocess.Popen[bytes]) -> None:
    """End a process gently, then not."""
    if running.poll() is None:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(5)
