"""What many searches need and hardly ever changes: kept for some seconds, per language."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from lending.core.i18n import language

Value = TypeVar("Value")
KEPT_SECONDS = 5.0


class Remembered(Generic[Value]):
    """The answer of a read, asked again once it is some seconds old."""

    def __init__(
        self, read: Callable[[], Value], now: Callable[[], float] = time.monotonic, kept_seconds: float = KEPT_SECONDS
    ) -> None:
        """`now` counts seconds."""
        self._read = read
        self._now = now
        self._kept = kept_seconds
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Value]] = {}

    def value(self) -> Value:
        """What was read lately, in the language in force. Whoever finds it old asks again, alone; the others go on."""
        spoken = language.get()
        with self._lock:
            known = self._known.get(spoken)
            if known is not None and known[0] > self._now():
                return known[1]
            if known is not None:
                self._known[spoken] = (self._now() + self._kept, known[1])
        value = self._read()
        with self._lock:
            self._known[spoken] = (self._now() + self._kept, value)
        return value
