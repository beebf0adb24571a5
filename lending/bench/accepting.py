"""How many requests find a place, against who knows all requests beforehand.

Requests come one by one and are answered at once, so that some of the best answers are out of reach. The optimum
knows them all: the most requests that so many copies can serve. It is counted without pins even where a fifth of
what was accepted is pinned, which is a bound above the true optimum then.
"""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from lending.bench.figures import Figure, Goal, Part
from lending.loans.rules.packing import place
from lending.loans.rules.periods import Period
from lending.loans.rules.repack import Job

STREAMS = 15
YEAR_DAYS = 365
LOAD = 0.9
SHORTEST_DAYS, LONGEST_DAYS = 12, 33
PINNED_SHARE = 0.2
FIRST_DAY = dt.date(2027, 1, 1)
COPIES = (10, 20)
Planner = Callable[[Sequence[Period], int, random.Random], int]


def accept_rates() -> Part:
    """The rates for each number of copies."""
    part = Part(
        f"Accepted of what the optimum accepts, {STREAMS} streams, load {LOAD:g}", [f"{n} copies" for n in COPIES]
    )
    plans: list[tuple[str, Planner, Goal | None]] = [
        ("plans move for who comes", _planned, ("at least", 97)),
        (f"the same, {PINNED_SHARE:.0%} of what was accepted is pinned", _planned_with_pins, ("at least", 94)),
        ("first copy that is free, nothing moves (to compare)", _first_fit, None),
    ]
    for name, planner, goal in plans:
        rates = {f"{copies} copies": round(_rate(planner, copies), 1) for copies in COPIES}
        part.figures.append(Figure(name, "%", rates, goal))
    return part


def stream(seed: int, copies: int) -> list[Period]:
    """A year of requests in the order in which they come; with them all, copies would be busy for `LOAD`."""
    chance = random.Random(seed)  # noqa: S311 - a stream to repeat, no secret
    count = round(LOAD * copies * YEAR_DAYS / ((SHORTEST_DAYS + LONGEST_DAYS) / 2))
    return [_request(chance) for _ in range(count)]


def optimum(requests: Sequence[Period], copies: int) -> int:
    """The most requests that can be served: from left to right, the one that ends last gives way. Exact."""
    running: list[Period] = []
    accepted = 0
    for request in sorted(requests):
        running = [one for one in running if one.ends_on > request.starts_on]
        running.append(request)
        accepted += 1
        if len(running) > copies:
            running.remove(max(running, key=lambda one: one.ends_on))
            accepted -= 1
    return accepted


def _request(chance: random.Random) -> Period:
    length = chance.randint(SHORTEST_DAYS, LONGEST_DAYS)
    starts_on = FIRST_DAY + dt.timedelta(days=chance.randint(0, YEAR_DAYS - length))
    return Period(starts_on, starts_on + dt.timedelta(days=length))


def _rate(planner: Planner, copies: int) -> float:
    served = best = 0
    for seed in range(STREAMS):
        requests = stream(seed, copies)
        served += planner(requests, copies, random.Random(seed))  # noqa: S311 - which ones are pinned, to repeat
        best += optimum(requests, copies)
    return 100 * served / best


def _planned(requests: Sequence[Period], copies: int, chance: random.Random, pinned_share: float = 0) -> int:
    numbers = list(range(1, copies + 1))
    standing: dict[int, Job] = {}
    for number, period in enumerate(requests, start=1):
        plan = place(Job(number, period), list(standing.values()), numbers)
        if plan is not None:
            standing[number] = Job(number, period)
            standing |= {id_: replace(standing[id_], copy=copy) for id_, copy in plan.items()}
            standing[number] = replace(standing[number], is_fixed=chance.random() < pinned_share)
    return len(standing)


def _planned_with_pins(requests: Sequence[Period], copies: int, chance: random.Random) -> int:
    return _planned(requests, copies, chance, PINNED_SHARE)


def _first_fit(requests: Sequence[Period], copies: int, _chance: random.Random) -> int:
    taken: list[list[Period]] = [[] for _ in range(copies)]
    for request in requests:
        free = next((one for one in taken if not any(period.overlaps(request) for period in one)), None)
        if free is not None:
            free.append(request)
    return sum(len(one) for one in taken)
