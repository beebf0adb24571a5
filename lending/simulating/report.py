"""What a simulated year came to: a table for people and, as its last line, one JSON object."""

from collections import Counter
from collections.abc import Mapping, Sequence

import click
import msgspec

from lending.simulating.checking import Verdict, compare, kind_of
from lending.simulating.expecting import Told, expected
from lending.simulating.world import Size, policies, readers
from lending.simulating.year import FIRST_DAY, Lived, live

GOAL_SECONDS = 120
SHOWN = 10


def simulate_year(seed: int, size: Size | None = None) -> bool:
    """Live through a year and print what came of it; whether no reminder was missing, extra or doubled."""
    lived = live(size or Size(), seed)
    verdict = check(lived)
    _print(lived, verdict)
    return verdict.is_clean and not lived.unsent and not lived.journal.failed_jobs


def check(lived: Lived) -> Verdict:
    """Hold what arrived against what had to arrive."""
    people = readers(lived.world, lived.wishes, FIRST_DAY.year)
    wanted = expected(lived.diary.turns, policies(lived.world), people)
    return compare(wanted, lived.letters, {one.email: one.time_zone for one in people.values()})


def utilisation(lived: Lived) -> float:
    """The share of all copies that is in somebody's hands on an average day of the year."""
    mornings = [len(turn.loans) for turn in lived.diary.turns if turn.is_first_of_day]
    return sum(mornings) / len(mornings) / lived.size.copies


def _print(lived: Lived, verdict: Verdict) -> None:
    size = lived.size
    sent = Counter(kind_of(one.key) for one in lived.letters)
    click.echo(f"{size.associations} associations, {size.schools} schools, {size.copies} copies, {size.days} days\n")
    _table("Letters sent", sent)
    _table("Bookings at the end, by state", lived.bookings)
    _table("What people did", lived.journal.done)
    _table("What was refused, and why", lived.journal.refused)
    for name, told in (("missing", verdict.missing), ("extra", verdict.extra), ("doubled", verdict.doubled)):
        _list(name, told)
    facts = _facts(lived, verdict, sent)
    _table("Figures", {name: value for name, value in facts.items() if isinstance(value, int | float)})
    click.echo(msgspec.json.encode(facts).decode())


def _facts(lived: Lived, verdict: Verdict, sent: Mapping[str, int]) -> dict[str, object]:
    return {
        "seconds": round(lived.seconds, 1),
        "goal_seconds": GOAL_SECONDS,
        "letters": len(lived.letters),
        "sent": dict(sorted(sent.items())),
        "loans": lived.journal.done["hand-over"],
        "returned": lived.returned,
        "late_share": round(lived.late / max(1, lived.returned), 3),
        "lost": lived.bookings.get("lost", 0),
        "utilisation": round(utilisation(lived), 3),
        "reminders_expected": verdict.expected,
        "missing": len(verdict.missing),
        "extra": len(verdict.extra),
        "doubled": len(verdict.doubled),
        "unsent": lived.unsent,
        "parked": lived.parked,
        "failed_jobs": lived.journal.failed_jobs,
    }


def _table(title: str, counts: Mapping[str, float]) -> None:
    click.echo(title)
    for name in sorted(counts):
        click.echo(f"  {name:<44}{counts[name]:>10,}")
    click.echo("")


def _list(name: str, told: Sequence[Told]) -> None:
    for one in told[:SHOWN]:
        click.echo(f"{name}: {one.day} {one.key} to {one.to}")
    if len(told) > SHOWN:
        click.echo(f"{name}: … and {len(told) - SHOWN} more")
