"""From a situation to a problem, and from its plan to moves of single copies with their reasons."""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.queries.facts import PlaceRow
from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.costs import Prices, between_regions, direct, euros_in_cents, road_km
from lending.shipping.rebalancing.rules.demand import at_least_known
from lending.shipping.rebalancing.rules.leaving import Stocked, Words, may_leave
from lending.shipping.rebalancing.rules.problem import (
    Plan,
    Problem,
    Routes,
    Trips,
    after,
    total_gain,
)
from lending.shipping.rebalancing.rules.serving import gains_of_periods
from lending.shipping.rebalancing.schemas import MoveFacts, PlanView
from lending.shipping.rebalancing.service.situation import Situation
from lending.shipping.rebalancing.solving.fairness import fairer

MOST_MORE = 4
# A depot without coordinates lies this far from every other one.
UNKNOWN_KM = 150.0
ARCS_BETWEEN = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A problem with what is needed to say in words what its plan means."""

    situation: Situation
    problem: Problem
    requests: Floats
    loans: Floats
    leaving: dict[tuple[int, int], list[Stocked]]
    km: Floats

    @property
    def served_now(self) -> float:
        """Requests that the present copies serve."""
        return float(total_gain(self.loans, self.problem.held).sum())

    def served_with(self, plan: Plan) -> float:
        """Requests that are served once the plan is carried out."""
        return float(total_gain(self.loans, after(self.problem, plan)).sum())


@dataclass(frozen=True, slots=True)
class Proposed:
    """One copy's move."""

    copy_id: int
    from_depot_id: int
    to_depot_id: int
    gain_loans: float
    cost_cents: int
    facts: MoveFacts


def question(situation: Situation, plan: PlanView, words: dict[int, Words]) -> Question:
    """The problem of a plan."""
    chosen = slice(plan.first_period - 1, plan.last_period)
    requests = at_least_known(situation.demand.of_periods(), situation.known)[:, :, chosen]
    steps = int(situation.held.max(initial=0)) + MOST_MORE
    loans = gains_of_periods(requests, situation.days[:, chosen], situation.loan_days, steps)
    leaving_copies = {key: may_leave(some, words, plan.most_moves) for key, some in situation.copies.items()}
    km = kilometres(situation.places)
    routes, trips = _ways(situation.places, km, plan)
    problem = Problem(
        gains=loans * (plan.loan_cents / 100),
        held=situation.held,
        movable=_movable(situation, leaving_copies),
        room=np.full_like(situation.held, MOST_MORE),
        routes=routes,
        trips=trips,
        budget_euros=None if plan.budget_cents is None else plan.budget_cents / 100,
    )
    asked = requests.sum(axis=2)
    fair = fairer(problem, loans, asked, plan.fairness_percent, most_per_title(plan))
    return Question(situation, fair, asked, loans, leaving_copies, km)


def most_per_title(plan: PlanView) -> int | None:
    """How many ways of each title are looked at: between regions only the best."""
    return ARCS_BETWEEN if plan.reach == "between" else None


def kilometres(places: list[PlaceRow]) -> Floats:
    """Between all places by road."""
    latitude = np.array([np.nan if one.latitude is None else one.latitude for one in places], dtype=np.float64)
    longitude = np.array([np.nan if one.longitude is None else one.longitude for one in places], dtype=np.float64)
    return np.asarray(np.nan_to_num(road_km(latitude, longitude), nan=UNKNOWN_KM))


def proposals(question: Question, plan: Plan, copy_cents: int) -> list[Proposed]:
    """The plan's moves copy by copy; those that rested longest go first, and a trip's cost is shared by all on it."""
    found: list[Proposed] = []
    routes, situation = question.problem.routes, question.situation
    out, into = np.zeros_like(situation.held), np.zeros_like(situation.held)
    share = _share_of_trip(question.problem, plan)
    load = np.bincount(routes.trip[plan.route], plan.count, len(plan.trips))
    for title, route, count in zip(plan.title.tolist(), plan.route.tolist(), plan.count.tolist(), strict=True):
        here, there = int(routes.from_place[route]), int(routes.to_place[route])
        key = (situation.titles[title].id, situation.places[here].association_id)
        for _ in range(count):
            copy = question.leaving[key][out[title, here]]
            gain = float(question.loans[title, there, situation.held[title, there] + into[title, there]])
            loss = float(question.loans[title, here, situation.held[title, here] - 1 - out[title, here]])
            out[title, here] += 1
            into[title, there] += 1
            trip = int(routes.trip[route])
            move_facts = _facts(question, (title, here, there), copy, (gain, loss), int(load[trip]))
            found.append(
                Proposed(
                    copy.copy_id,
                    situation.depots[copy.copy_id],
                    situation.places[there].depot_id,
                    gain - loss,
                    copy_cents + euros_in_cents(float(share[trip])),
                    move_facts,
                )
            )
    return found


def _facts(
    question: Question, where: tuple[int, int, int], copy: Stocked, change: tuple[float, float], on_trip: int
) -> MoveFacts:
    title, here, there = where
    counts, situation = question.situation.counts, question.situation
    return MoveFacts(
        loans_there=int(counts.loans[title, there].sum()),
        waiting_there=int(counts.waiting[title, there].sum()),
        refused_there=round(float(counts.refused[title, there].sum())),
        searched_there=round(float(counts.searched[title, there].sum()), 1),
        requests_there=round(float(question.requests[title, there]), 2),
        copies_there=int(situation.held[title, there]),
        loans_here=int(counts.loans[title, here].sum()),
        requests_here=round(float(question.requests[title, here]), 2),
        copies_here=int(situation.held[title, here]),
        idle_weeks=copy.idle_weeks,
        gain_there=round(change[0], 3),
        loss_here=round(change[1], 3),
        km=round(float(question.km[here, there]), 1),
        copies_on_trip=on_trip,
    )


def _share_of_trip(problem: Problem, plan: Plan) -> Floats:
    load = np.bincount(problem.routes.trip[plan.route], plan.count, len(plan.trips))
    return np.asarray(problem.trips.fixed_euros * plan.trips / np.maximum(load, 1))


def _ways(places: list[PlaceRow], km: Floats, plan: PlanView) -> tuple[Routes, Trips]:
    prices = Prices(plan.copy_cents / 100, plan.trip_cents / 100, plan.km_cents / 100, plan.capacity)
    region = np.unique(np.array([one.union_id for one in places], np.int64), return_inverse=True)[1]
    return between_regions(km, region, prices) if plan.reach == "between" else direct(km, prices, region)


def _movable(situation: Situation, leaving_copies: dict[tuple[int, int], list[Stocked]]) -> Ints:
    movable = np.zeros_like(situation.held)
    title = {one.id: number for number, one in enumerate(situation.titles)}
    place = {one.association_id: number for number, one in enumerate(situation.places)}
    for (title_id, association_id), some in leaving_copies.items():
        movable[title[title_id], place[association_id]] = len(some)
    return movable
