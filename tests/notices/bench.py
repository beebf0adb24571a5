"""What messages are measured by: `python -m tests.notices.bench [POSTGRESQL]`; see `make bench-notices`."""

import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from lending.bench.empty import empty_database
from lending.bench.figures import Figure, Goal, Part, print_parts
from lending.bench.night import Night, a_night
from lending.core.database import Database
from tests.notices.killing import SENDERS, Outcome, Plan, kill_senders

LONGEST_SECONDS = 10
LONG = Plan(letters=250, most_kills=1000, pause=(0.03, 0.15), longest_seconds=400)
NONE: Goal = ("exactly", 0)
T = TypeVar("T")


def main(loans: int, server: str | None) -> None:
    """Measure on SQLite and, where an address is given, on a PostgreSQL server: in databases of its own."""
    click.echo("A night of reminders…", err=True)
    nights = _each(server, lambda database: a_night(database, loans))
    click.echo("Senders that are killed…", err=True)
    storms = _each(server, lambda database: kill_senders(database, LONG))
    print_parts([_of_nights(nights, loans), _of_storms(storms)])


def _each(server: str | None, measure: Callable[[Database], T]) -> dict[str, T]:
    found = {}
    for kind in ("sqlite", *(["postgresql"] if server else [])):
        with empty_database(kind, server) as database:
            found[kind] = measure(database)
    return found


def _of_nights(nights: Mapping[str, Night], loans: int) -> Part:
    part = Part(f"a night with {loans:,} loans that are due or late", list(nights))
    _add(part, nights, "decided and written down", "s", lambda one: one.seconds, ("at most", LONGEST_SECONDS))
    _add(part, nights, "messages", "", lambda one: one.announced, ("exactly", loans))
    _add(part, nights, "waiting in the outbox", "", lambda one: one.waiting, ("exactly", loans))
    _add(part, nights, "missing, loans looked at one by one", "", lambda one: one.missing, NONE)
    _add(part, nights, "needless, loans looked at one by one", "", lambda one: one.needless, NONE)
    _add(part, nights, "messages of a second run", "", lambda one: one.again, NONE)
    _add(part, nights, "the second run", "s", lambda one: one.again_seconds)
    return part


def _of_storms(storms: Mapping[str, Outcome]) -> Part:
    part = Part(f"{LONG.letters} letters, {SENDERS} senders, killed all the time", list(storms))
    _add(part, storms, "lost", "", lambda one: one.lost, NONE)
    _add(part, storms, "not marked as sent", "", lambda one: one.unsent, NONE)
    _add(part, storms, "doubled, and no kill explains it", "", lambda one: len(one.unexplained), NONE)
    _add(part, storms, "doubled", "", lambda one: one.doubled)
    _add(part, storms, "kills", "", lambda one: one.kills)
    _add(part, storms, "put off by the mail server", "", lambda one: one.put_off)
    _add(part, storms, "all together", "s", lambda one: one.seconds)
    return part


def _add(
    part: Part, found: Mapping[str, T], name: str, unit: str, of: Callable[[T], float], goal: Goal | None = None
) -> None:
    part.figures.append(Figure(name, unit, {kind: round(of(one), 2) for kind, one in found.items()}, goal))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
