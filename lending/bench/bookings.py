"""What lending is measured by: how much it accepts, how it stands a storm, how fast it answers in a full country."""

from collections.abc import Callable

import click

from lending.bench.accepting import accept_rates
from lending.bench.country import Country
from lending.bench.desks import DESK_BOOKINGS, desks
from lending.bench.empty import empty_database
from lending.bench.figures import Figure, Part, print_parts
from lending.bench.questions import Asked, ask_country
from lending.bench.storm import SlowToRefuse, Tally, storm
from lending.core.clock import SystemClock
from lending.loans.service import Loans

SLOWEST_MILLISECONDS = 10


def bench_bookings(server: str | None, size: int, clients: int, requests: int) -> None:
    """Measure on SQLite and, where an address is given, on a PostgreSQL server: in databases of its own."""
    kinds = ["sqlite", *(["postgresql"] if server else [])]
    click.echo("Accepting…", err=True)
    parts = [accept_rates()]
    click.echo("A storm on one title…", err=True)
    parts.append(_storms(kinds, server, clients, requests))
    click.echo("A country…", err=True)
    parts.append(_country(kinds, server, Country(size, SystemClock().now())))
    click.echo("Desks…", err=True)
    parts.append(desks(kinds, server, DESK_BOOKINGS, clients))
    print_parts(parts)


def _storms(kinds: list[str], server: str | None, clients: int, requests: int) -> Part:
    tallies = {kind: _storm(kind, server, Loans, clients, requests) for kind in kinds}
    before = {kind: _storm(kind, server, SlowToRefuse, clients, requests) for kind in kinds}
    part = Part(f"{clients} clients on one title, {requests} requests each", kinds)

    def add(name: str, unit: str, of: Callable[[str], float], goal: float | None = None) -> None:
        values = {kind: round(of(kind), 2) for kind in kinds}
        part.figures.append(Figure(name, unit, values, None if goal is None else ("exactly", goal)))

    add("copies promised twice", "", lambda kind: tallies[kind].doubles, 0)
    add("failed for no reason of ours", "", lambda kind: tallies[kind].failed, 0)
    add("accepted", "", lambda kind: tallies[kind].accepted)
    add("refused", "", lambda kind: tallies[kind].refused)
    add("answers", "per s", lambda kind: tallies[kind].per_second)
    add("reservations", "per s", lambda kind: tallies[kind].accepted / tallies[kind].seconds)
    add("p95", "ms", lambda kind: tallies[kind].p95)
    add("answers, alternatives sought inside the lock", "per s", lambda kind: before[kind].per_second)
    add("gain", "times", lambda kind: tallies[kind].per_second / before[kind].per_second)
    return part


def _storm(kind: str, server: str | None, service: type[Loans], clients: int, requests: int) -> Tally:
    with empty_database(kind, server) as database:
        return storm(database, service, clients, requests)


def _country(kinds: list[str], server: str | None, country: Country) -> Part:
    asked: dict[str, Asked] = {}
    for kind in kinds:
        with empty_database(kind, server) as database:
            asked[kind] = ask_country(database, country)
    part = Part(f"{country.copies:,} copies, {country.bookings:,} bookings, p95", kinds)
    part.figures.append(Figure("filling", "s", {kind: round(asked[kind].fill_seconds, 1) for kind in kinds}))
    for question in asked[kinds[0]].milliseconds:
        values = {kind: round(asked[kind].p95(question), 1) for kind in kinds}
        own = {kind: round(asked[kind].own_p95(question), 1) for kind in kinds}
        part.figures.append(Figure(question, "ms", values, ("at most", SLOWEST_MILLISECONDS)))
        part.figures.append(Figure("  of it the processor's time in our own process", "ms", own))
    return part
