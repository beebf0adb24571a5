"""What arrived against what had to arrive."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lending.simulating.expecting import Told
from lending.simulating.mailbox import Letter

REMINDERS = frozenset({"due-soon", "due-tomorrow", "overdue", "overdue-copy"})
DIGEST = "digest"


@dataclass(frozen=True)
class Verdict:
    """What is wrong with the reminders that arrived.

    One that came on another day than it had to is missing on the one and extra on the other. Two digests for one reader
    on one day are doubled too: the later one tells all that the earlier one did.
    """

    expected: int
    missing: Sequence[Told]
    extra: Sequence[Told]
    doubled: Sequence[Told]

    @property
    def is_clean(self) -> bool:
        """Whether exactly the right reminders arrived, each once, on the right days."""
        return not (self.missing or self.extra or self.doubled)


def compare(expected: Iterable[Told], letters: Iterable[Letter], zones: Mapping[str, str]) -> Verdict:
    """Hold the mailbox against what had to be told; `zones` are the readers' time zones by address."""
    wanted, told = Counter(expected), [_told(one, zones) for one in letters]
    came = [one for one in told if kind_of(one.key) in REMINDERS]
    digests = [one for one in told if kind_of(one.key) == DIGEST]
    times = Counter((one.key, one.to) for one in came)
    piled = Counter((one.day, one.to) for one in digests)
    return Verdict(
        expected=wanted.total(),
        missing=_sorted(set(wanted) - set(came)),
        extra=_sorted(set(came) - set(wanted)),
        doubled=_sorted(
            [
                *{one for one in came if times[one.key, one.to] > 1},
                *{one for one in digests if piled[one.day, one.to] > 1},
            ]
        ),
    )


def kind_of(key: str) -> str:
    """What a letter tells: the part of its key before the first colon."""
    return key.partition(":")[0]


def _told(letter: Letter, zones: Mapping[str, str]) -> Told:
    """The letter on the day on which its reader got it."""
    return Told(letter.arrived_at.astimezone(ZoneInfo(zones[letter.to])).date(), letter.key, letter.to)


def _sorted(found: Iterable[Told]) -> list[Told]:
    return sorted(found, key=lambda one: (one.day, one.key, one.to))
