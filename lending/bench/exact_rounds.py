"""The proven shortest order of stops with windows, to hold the solver against. Only where windows are few or narrow."""

from collections.abc import Sequence

from lending.shipping.rounds.rules.places import Ways
from lending.shipping.rounds.rules.timetable import Call, Load, Van

# Which stops are behind, which one is the last, and of these ways the ones that nothing beats in time and in metres.
Labels = dict[tuple[int, int], list[tuple[int, int]]]


def shortest(calls: Sequence[Call], van: Van, ways: Ways) -> int | None:
    """Metres of the shortest round that makes every stop; None when there is none.

    Every order is followed stop by stop. One is given up when it is late somewhere, overloads the van, can no longer
    reach a stop that is ahead, or when another one over the same stops is both earlier and shorter.
    """
    everything = (1 << len(calls)) - 1
    labels: Labels = {(0, -1): [(van.departs, 0)]}
    for _ in calls:
        labels = _one_further(calls, van, ways, labels)
    ends = [
        metres + int(ways.metres[calls[last].place, 0])
        for (behind, last), found in labels.items()
        for clock, metres in found
        if behind == everything and clock + int(ways.seconds[calls[last].place, 0]) <= van.returns_by
    ]
    return min(ends, default=None)


def _one_further(calls: Sequence[Call], van: Van, ways: Ways, labels: Labels) -> Labels:
    following: Labels = {}
    for (behind, last), found in labels.items():
        place = calls[last].place if last >= 0 else 0
        ahead = [number for number in range(len(calls)) if not behind >> number & 1]
        for clock, metres in found:
            if all(_beginning(calls[one], clock, ways, place) is not None for one in ahead):
                _extend(calls, van, ways, (behind, place, clock, metres), ahead, following)
    return following


def _extend(
    calls: Sequence[Call],
    van: Van,
    ways: Ways,
    label: tuple[int, int, int, int],
    ahead: Sequence[int],
    following: Labels,
) -> None:
    behind, place, clock, metres = label
    for number in ahead:
        call, after = calls[number], behind | 1 << number
        begins = _beginning(call, clock, ways, place)
        if begins is not None and _load(calls, after).fits(van.most):
            new = (begins + call.stay, metres + int(ways.metres[place, call.place]))
            _keep(following.setdefault((after, number), []), new)


def _keep(found: list[tuple[int, int]], new: tuple[int, int]) -> None:
    if any(clock <= new[0] and metres <= new[1] for clock, metres in found):
        return
    found[:] = [one for one in found if one[0] < new[0] or one[1] < new[1]]
    found.append(new)


def _beginning(call: Call, clock: int, ways: Ways, place: int) -> int | None:
    arrives = clock + int(ways.seconds[place, call.place])
    return next((max(arrives, one.opens) for one in call.windows if arrives <= one.closes), None)


def _load(calls: Sequence[Call], behind: int) -> Load:
    """What is in the van once these stops are behind: their parcels collected, those of the others still there."""
    return sum((one.collected if behind >> number & 1 else one.brought for number, one in enumerate(calls)), Load())
