"""The shortest order of stops that keeps windows, capacity and the hour of return; what does not fit is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyvrp import Client, Location, Model, Solution
from pyvrp.stop import MaxRuntime, MultipleCriteria, NoImprovement

from lending.shipping.rounds.rules.places import Ways
from lending.shipping.rounds.rules.timetable import Call, Van, timetable

# Searching stops after so many steps without a better order; a round of ten stops then takes less than a second.
PATIENCE = 1500
MOST_SECONDS = 4.0
SEED = 20_260_901


@dataclass(frozen=True, slots=True)
class Order:
    """Numbers of the calls: `inside` in the order of the visits, `outside` those that do not fit."""

    inside: tuple[int, ...]
    outside: tuple[int, ...]


def order(calls: Sequence[Call], van: Van, ways: Ways, most_seconds: float = MOST_SECONDS) -> Order:
    """As many stops as fit, in the fewest metres. The same for the same facts, unless the time runs out."""
    possible = [number for number, call in enumerate(calls) if call.windows and van.departs <= van.returns_by]
    if not possible:
        return Order((), tuple(range(len(calls))))
    model, owners = _model(calls, possible, van, ways)
    stop = MultipleCriteria([NoImprovement(PATIENCE), MaxRuntime(most_seconds)])
    result = model.solve(stop, seed=SEED, display=False, collect_stats=False)
    inside = _kept(calls, _visited(result.best, owners) if result.is_feasible() else [], van, ways)
    return Order(tuple(inside), tuple(number for number in range(len(calls)) if number not in inside))


def _model(calls: Sequence[Call], possible: Sequence[int], van: Van, ways: Ways) -> tuple[Model, list[int]]:
    """The model, and for each of its clients the call that it stands for: one per window, of which one is visited."""
    model = Model()
    places = sorted({0} | {calls[number].place for number in possible})
    at = {place: model.add_location(x=0, y=0) for place in places}
    model.add_depot(at[0], tw_early=van.departs, tw_late=van.returns_by)
    model.add_vehicle_type(
        capacity=[van.most.parcels, van.most.grams], tw_early=van.departs, tw_late=van.returns_by, unit_distance_cost=1
    )
    for one in places:
        for other in places:
            if one != other:
                metres, seconds = int(ways.metres[one, other]), int(ways.seconds[one, other])
                model.add_edge(at[one], at[other], distance=metres, duration=seconds)
    # Leaving out one stop costs more than the longest way around all others.
    prize = 1 + 2 * sum(int(ways.metres[place].max()) for place in places)
    owners = [number for number in possible for _ in _add(model, calls[number], at, prize)]
    return model, owners


def _add(model: Model, call: Call, at: Mapping[int, Location], prize: int) -> list[Client]:
    group = model.add_client_group(required=False) if len(call.windows) > 1 else None
    return [
        model.add_client(
            at[call.place],
            delivery=[call.brought.parcels, call.brought.grams],
            pickup=[call.collected.parcels, call.collected.grams],
            service_duration=call.stay,
            tw_early=window.opens,
            tw_late=window.closes,
            prize=prize,
            required=False,
            group=group,
        )
        for window in call.windows
    ]


def _visited(best: Solution, owners: Sequence[int]) -> list[int]:
    return [owners[one.idx] for route in best.routes() for one in route.schedule() if one.is_client()]


def _kept(calls: Sequence[Call], inside: list[int], van: Van, ways: Ways) -> list[int]:
    """The order, without its last stops should our own reckoning find that they do not fit."""
    while inside and not timetable([calls[number] for number in inside], van, ways).is_kept(van):
        inside = inside[:-1]
    return inside
