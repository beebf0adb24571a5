"""Whether this process can serve: a few named checks, each of which says what is wrong or nothing."""

import logging
from collections.abc import Callable, Collection, Mapping

import msgspec

Check = Callable[[], str | None]
Facts = Callable[[], Mapping[str, int]]
log = logging.getLogger(__name__)


class Ready(msgspec.Struct, frozen=True):
    """The answer of `/ready`: what is wrong, by check, and figures of what keeps going on.

    What people can do without for a while is said, but does not make a process unfit to serve.
    """

    ready: bool
    checks: dict[str, str]
    figures: dict[str, dict[str, int]] = {}


class Readiness:
    """Runs the checks that wiring gave it."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        dispensable: Collection[str] = (),
        figures: Mapping[str, Facts] | None = None,
    ) -> None:
        """A check returns None when all is well, else a short reason without secrets."""
        self._checks = checks
        self._dispensable = frozenset(dispensable)
        self._figures = figures or {}

    def examine(self) -> Ready:
        """Run every check; one that raises is one that failed."""
        results = {name: self._outcome(name, check) for name, check in self._checks.items()}
        ready = all(result == "ok" for name, result in results.items() if name not in self._dispensable)
        return Ready(ready, results, {name: self._figures_of(name, count) for name, count in self._figures.items()})

    @staticmethod
    def _figures_of(name: str, count: Facts) -> dict[str, int]:
        try:
            return dict(count())
        except Exception:
            log.exception("figures of %s failed", name)
            return {}

    @staticmethod
    def _outcome(name: str, check: Check) -> str:
        try:
            return check() or "ok"
        except Exception:
            log.exception("readiness check %s failed", name)
            return "failed"
