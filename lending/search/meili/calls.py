"""Asking a server that may be busy, slow or away: a few tries, and a breaker so that nobody waits for the dead."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from httpx2 import HTTPError
from meilisearch_python_sdk import Client
from meilisearch_python_sdk.errors import MeilisearchApiError, MeilisearchError
from meilisearch_python_sdk.models.task import TaskInfo

from lending.search.port import IndexDown, IndexRefused

Answer = TypeVar("Answer")
FAILURES_UNTIL_OPEN = 5
OPEN_SECONDS = 10.0
PAUSES_SECONDS = (0.1, 0.4)
FIRST_LOOK_SECONDS = 0.01
LONGEST_LOOK_SECONDS = 0.5
# The server lives but has too much to do: 408, 429 and 5xx of its own or of what stands before it.
BUSY = {408, 429, 500, 502, 503, 504}


class Breaker:
    """After some failures in a row nothing is asked for a while; then one call may try."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` counts seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_from = 0.0

    def check(self) -> None:
        """Raise IndexDown while the breaker is open; the first call after that tries for all."""
        with self._lock:
            if self._failures < FAILURES_UNTIL_OPEN:
                return
            if self._now() < self._closed_from:
                raise IndexDown
            self._closed_from = self._now() + OPEN_SECONDS

    def succeeded(self) -> None:
        """The server answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The server did not answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_UNTIL_OPEN:
                self._closed_from = self._now() + OPEN_SECONDS


class Caller:
    """Calls a server, again where that can help."""

    def __init__(self, breaker: Breaker, pauses_seconds: tuple[float, ...] = PAUSES_SECONDS) -> None:
        """One more try than there are pauses."""
        self._breaker = breaker
        self._pauses = pauses_seconds

    def call(self, ask: Callable[[], Answer]) -> Answer:
        """What the server answers. Raises IndexDown, or IndexRefused when it understood and said no."""
        for pause in (*self._pauses, None):
            self._breaker.check()
            try:
                answer = ask()
            except (MeilisearchError, HTTPError, OSError) as error:
                self._note(error)
                if pause is None:
                    raise IndexDown from error
                time.sleep(pause)
            else:
                self._breaker.succeeded()
                return answer
        raise IndexDown

    def _note(self, error: Exception) -> None:
        if isinstance(error, MeilisearchApiError) and error.status_code not in BUSY:
            self._breaker.succeeded()
            raise IndexRefused(code=error.code, reason=error.message.removeprefix("Error message: ")) from error
        self._breaker.failed()


def wait_for(client: Client, caller: Caller, task: TaskInfo, longest_seconds: float) -> None:
    """Look after a task until it is done. Raises IndexRefused with its reason, and IndexDown after too long."""
    until, pause = time.monotonic() + longest_seconds, FIRST_LOOK_SECONDS
    while time.monotonic() < until:
        state = caller.call(lambda: client.get_task(task.task_uid))
        if state.status == "succeeded":
            return
        if state.status in ("failed", "canceled"):
            error = state.error or {}
            raise IndexRefused(code=str(error.get("code", state.status)), reason=str(error.get("message", "")))
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_LOOK_SECONDS)
    raise IndexDown
