"""How people treat their loans: most are on time, some late, a few never bring a thing back."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

NEVER_COMES, CANCELS, RENEWS, CLAIMS, BREAKS = 0.03, 0.05, 0.12, 0.1, 0.04
# When things come back, in days after the last one, and how often; None is never.
RETURNS: tuple[tuple[float, tuple[int, int] | None], ...] = (
    (0.79, (-5, 0)),
    (0.15, (1, 20)),
    (0.05, (21, 75)),
    (0.01, None),
)
CLAIM_FROM = 6


@dataclass
class Habit:
    """What will be done about one booking. Days count from the first day, or from the last one; None is never."""

    collects_after: int | None
    cancels_before: int | None
    renews_before: int | None
    returns_after: int | None
    claims_after: int | None
    missing: int
    has_asked: bool = False


@dataclass
class Habits:
    """The habit of each booking, drawn when it is first asked for."""

    chance: random.Random
    known: dict[int, Habit] = field(default_factory=dict)

    def of(self, booking_id: int) -> Habit:
        """What will be done about it."""
        if booking_id not in self.known:
            self.known[booking_id] = _drawn(self.chance)
        return self.known[booking_id]


def _drawn(chance: random.Random) -> Habit:
    returns_after = _returns_after(chance)
    is_late = returns_after is not None and returns_after >= CLAIM_FROM
    return Habit(
        collects_after=None if chance.random() < NEVER_COMES else chance.choice((0, 0, 0, 1, 3)),
        cancels_before=_sometimes(chance, CANCELS, lambda: chance.randint(1, 10)),
        renews_before=_sometimes(chance, RENEWS, lambda: chance.randint(1, 4)),
        returns_after=returns_after,
        claims_after=_sometimes(chance, CLAIMS, lambda: chance.randint(2, CLAIM_FROM - 1)) if is_late else None,
        missing=_sometimes(chance, BREAKS, lambda: chance.randint(1, 3)) or 0,
    )


def _returns_after(chance: random.Random) -> int | None:
    days = chance.choices([days for _, days in RETURNS], [share for share, _ in RETURNS])[0]
    return None if days is None else chance.randint(*days)


def _sometimes(chance: random.Random, share: float, days: Callable[[], int]) -> int | None:
    return days() if chance.random() < share else None
