"""A situation as people look at it: the balance of departments, the demand of titles."""

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Flags
from lending.shipping.rebalancing.rules.demand import SEARCH_COUNTS_AS
from lending.shipping.rebalancing.rules.problem import total_gain
from lending.shipping.rebalancing.rules.serving import gains_of_periods
from lending.shipping.rebalancing.schemas import PlaceBalance, TitleDemand
from lending.shipping.rebalancing.service.situation import Situation

MOST_TITLES_SHOWN = 30


def balance(found: Situation, theme: str) -> list[PlaceBalance]:
    """Copies, expected requests and what present copies serve of them, by association."""
    chosen = _chosen(found, theme)
    periods = found.demand.of_periods()
    served = total_gain(_gains(found), found.held)
    counts = found.counts
    unmet = counts.waiting + counts.refused + SEARCH_COUNTS_AS * counts.searched
    return [
        PlaceBalance(
            association_id=place.association_id,
            code=place.code,
            name=place.name,
            copies=int(found.held[chosen, number].sum()),
            requests=float(periods[chosen, number].sum()),
            served=float(served[chosen, number].sum()),
            unmet=float(unmet[chosen, number].sum()),
        )
        for number, place in enumerate(found.places)
    ]


def demand_of_titles(found: Situation, theme: str, title_id: int | None) -> list[TitleDemand]:
    """The titles whose demand is served worst, or one title in every place."""
    chosen = _chosen(found, theme)
    if title_id is not None:
        chosen &= np.array([one.id == title_id for one in found.titles], dtype=bool)
    served = total_gain(_gains(found), found.held)
    lacking = np.where(chosen[:, None], found.demand.yearly - served, -np.inf)
    order = np.argsort(-lacking, axis=None, kind="stable")[:MOST_TITLES_SHOWN]
    pairs = [divmod(int(one), max(len(found.places), 1)) for one in order if np.isfinite(lacking.flat[one])]
    return [_row(found, title, place, float(served[title, place])) for title, place in pairs]


def _row(found: Situation, title: int, place: int, served: float) -> TitleDemand:
    counts, demand = found.counts, found.demand
    return TitleDemand(
        title_id=found.titles[title].id,
        title_name=found.titles[title].name,
        association_id=found.places[place].association_id,
        association_code=found.places[place].code,
        association_name=found.places[place].name,
        copies=int(found.held[title, place]),
        loans=int(counts.loans[title, place].sum()),
        waiting=int(counts.waiting[title, place].sum()),
        refused=round(float(counts.refused[title, place].sum())),
        searched=round(float(counts.searched[title, place].sum()), 1),
        known_ahead=int(found.known[title, place].sum()),
        yearly=float(demand.yearly[title, place]),
        region_yearly=float(demand.yearly[title].sum()),
        strength=demand.strength,
        periods=[float(one) for one in demand.of_periods()[title, place]],
        served=served,
    )


def _gains(found: Situation) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    steps = max(int(found.held.max(initial=0)), 1)
    return gains_of_periods(found.demand.of_periods(), found.days, found.loan_days, steps)


def _chosen(found: Situation, theme: str) -> Flags:
    """The titles of a theme; all of them for no theme."""
    return np.array([not theme or theme in found.themes.get(one.id, []) for one in found.titles], dtype=bool)
