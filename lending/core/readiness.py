"""Whether this process can serve: a few named checks, each of which says what is wrong or nothing."""

import logging
from collections.abc import Callable, Mapping

import msgspec

Check = Callable[[], str | None]
log = logging.getLogger(__name__)


class Ready(msgspec.Struct, frozen=True):
    """The answer of `/ready`: what is wrong, by check; nothing means ready."""

    ready: bool
    checks: dict[str, str]


class Readiness:
    """Runs the checks that wiring gave it."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """A check returns None when all is well, else a short reason without secrets."""
        self._checks = checks

    def examine(self) -> Ready:
        """Run every check; one that raises is one that failed."""
        results = {name: self._outcome(name, check) for name, check in self._checks.items()}
        return Ready(all(result == "ok" for result in results.values()), results)

    @staticmethod
    def _outcome(name: str, check: Check) -> str:
        try:
            return check() or "ok"
        except Exception:
            log.exception("readiness check %s failed", name)
            return "failed"
