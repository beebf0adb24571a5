"""Rounds: what a week holds, a round planned by its depot, and the driver's page on a phone."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.core.clock import Clock, local_day
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.network.service import Network
from lending.shipping.rounds.rules.states import LONGEST_NOTE, MOST_KG, MOST_PARCELS, WEEK, What, monday_of
from lending.shipping.rounds.schemas import ErrandChoice, NewRound, StopHours, StopOrder, StopScan, StopVisit
from lending.shipping.rounds.service import Rounds
from lending.web.forms import BadDay
from lending.web.forms import day as day_in
from lending.web.pages.form_values import LARGEST_COUNT, count_in, note_in, ticked, time_in
from lending.web.pages.rounds_offline import round_words
from lending.web.pages.shipment_forms import LONGEST_CODE
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
TOLD = (Conflict, Invalid, NotFound)
# What the fields hold before anybody changes them.
USUAL = {"departs_at": "08:30", "returns_by": "17:00", "most_parcels": "20", "most_kg": "400", "driver": ""}
LONGEST_DRIVER = 120
SAID = ("delivered", "collected", "again")
# Where a refusal of a stop's hours stands.
HOURS = {"opens_at": "opens_at", "closes_at": "closes_at", "returns_by": "closes_at"}


@get("/depots/{depot_id:int}/rounds", sync_to_thread=True)
def of_depot(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    network: NamedDependency[Network],
    clock: NamedDependency[Clock],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    week: FromQuery[str] = "",
) -> Response[str]:
    """A depot's rounds, and what a week holds for another one."""
    return _listed(request, rounds, network, clock, actor, depot_id, {"held_on": week})


@post("/depots/{depot_id:int}/rounds", sync_to_thread=True)
def plan(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    network: NamedDependency[Network],
    clock: NamedDependency[Clock],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Put what was ticked on stops and order them."""
    try:
        view = rounds.plan(actor, _new_round(depot_id, data))
    except TOLD as error:
        return _listed(request, rounds, network, clock, actor, depot_id, data, problem_of(error))
    return see(f"/rounds/{view.summary.id}")


@get("/rounds/{round_id:int}", sync_to_thread=True)
def one(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    actor: NamedDependency[Actor],
    round_id: RowId,
    said: FromQuery[str] = "",
    stop: FromQuery[str] = "",
) -> Response[str]:
    """A round: its plan at the depot, its stops on the driver's phone. `stop` is where the van is, or the next one."""
    at = int(stop[:10]) if stop.isascii() and stop.isdecimal() else None
    return _shown(request, rounds, actor, round_id, at_stop=at, said=said)


@get("/rounds/{round_id:int}/sheet.pdf", sync_to_thread=True)
def sheet(rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> Response[bytes]:
    """The round sheet."""
    return pdf(rounds.sheet(actor, round_id), f"round-{round_id}")


@post("/rounds/{round_id:int}/steps", sync_to_thread=True)
def step(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    actor: NamedDependency[Actor],
    round_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Order anew, leave, come back, or do not leave at all."""

    def act() -> str:
        match data.get("do"):
            case "order":
                rounds.order_again(actor, round_id, count_in(data, "version", 1, LARGEST_COUNT))
            case "start":
                rounds.start(actor, round_id)
            case "close":
                rounds.close(actor, round_id)
            case "cancel":
                rounds.cancel(actor, round_id)
            case _:
                raise NotFound
        return ""

    return _done(request, rounds, actor, round_id, data, act)


@post("/rounds/{round_id:int}/stops/{stop_id:int}/place", sync_to_thread=True)
def move(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    actor: NamedDependency[Actor],
    round_id: RowId,
    stop_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A stop goes one place up or down, to the end, or off the round."""

    def act() -> str:
        if data.get("do") == "remove":
            rounds.remove_stop(actor, round_id, stop_id)
            return ""
        version = count_in(data, "version", 1, LARGEST_COUNT)
        order = [stop.id for stop in rounds.round(actor, round_id).stops]
        rounds.arrange(actor, round_id, StopOrder(stop_ids=moved(order, stop_id, data.get("do", "")), version=version))
        return ""

    return _done(request, rounds, actor, round_id, data, act)


@post("/rounds/{round_id:int}/stops/{stop_id:int}/hours", sync_to_thread=True)
def set_hours(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    actor: NamedDependency[Actor],
    round_id: RowId,
    stop_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """When somebody is at a stop; empty fields for the usual hours."""

    def act() -> str:
        told = any(data.get(name, "").strip() for name in ("opens_at", "closes_at"))
        hours = StopHours(
            version=count_in(data, "version", 1, LARGEST_COUNT),
            opens_at=time_in(data, "opens_at") if told else None,
            closes_at=time_in(data, "closes_at") if told else None,
        )
        rounds.set_hours(actor, round_id, stop_id, hours)
        return ""

    return _done(request, rounds, actor, round_id, data, act, stop_id)


@post("/rounds/{round_id:int}/stops/{stop_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    actor: NamedDependency[Actor],
    round_id: RowId,
    stop_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Something changes hands at a stop."""

    def act() -> str:
        code = data.get("code", "").strip()[:LONGEST_CODE]
        said = f"said={rounds.scan(actor, round_id, stop_id, StopScan(code=code)).what}&" if code else ""
        return f"?{said}stop={stop_id}#stop-{stop_id}"

    return _done(request, rounds, actor, round_id, data, act, stop_id)


@post("/rounds/{round_id:int}/stops/{stop_id:int}/visit", sync_to_thread=True)
def visit(
    request: AnyRequest,
    rounds: NamedDependency[Rounds],
    actor: NamedDependency[Actor],
    round_id: RowId,
    stop_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The van leaves a stop."""

    def act() -> str:
        rounds.visit(actor, round_id, stop_id, StopVisit(note=note_in(data, "note", LONGEST_NOTE)))
        return ""

    return _done(request, rounds, actor, round_id, data, act, stop_id)


def moved(order: list[int], stop_id: int, where: str) -> list[int]:
    """The order with a stop one place earlier or later; one that was outside goes to the end."""
    if stop_id not in order:
        return [*order, stop_id]
    at = order.index(stop_id)
    to = min(max(at + (1 if where == "down" else -1), 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return order


def _new_round(depot_id: int, data: Form) -> NewRound:
    errands = [
        ErrandChoice(what=what, **{f"{thing}_id": row_id})
        for what in What
        for thing in ("booking", "shipment")
        for row_id in ticked(data, f"{what}-{thing}")
    ]
    return NewRound(
        depot_id=depot_id,
        held_on=day_in(data, "held_on"),
        departs_at=time_in(data, "departs_at"),
        returns_by=time_in(data, "returns_by"),
        most_parcels=count_in(data, "most_parcels", 1, MOST_PARCELS),
        most_kg=count_in(data, "most_kg", 1, MOST_KG),
        driver=note_in(data, "driver", LONGEST_DRIVER),
        errands=errands,
    )


def _done(
    request: AnyRequest,
    rounds: Rounds,
    actor: Actor,
    round_id: int,
    data: Form,
    act: Callable[[], str],
    stop_id: int | None = None,
) -> Response[str] | Redirect:
    try:
        query = act()
    except TOLD as error:
        return _shown(request, rounds, actor, round_id, _beside(problem_of(error), stop_id), data, stop_id)
    return see(f"/rounds/{round_id}{query}")


def _beside(problem: Problem, stop_id: int | None) -> Problem:
    """The hours of each stop have fields of their own."""
    if stop_id is not None and problem.field in HOURS:
        problem.field = f"{HOURS[problem.field]}-{stop_id}"
    return problem


def _shown(
    request: AnyRequest,
    rounds: Rounds,
    actor: Actor,
    round_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
    at_stop: int | None = None,
    said: str = "",
) -> Response[str]:
    view = rounds.round(actor, round_id)
    ahead = [stop.id for stop in view.stops if stop.visited_at is None and view.summary.state == "under_way"]
    facts: dict[str, Any] = {
        "view": view,
        "may_act": rounds.may_act(actor, view),
        "present": at_stop if at_stop in ahead else next(iter(ahead), None),
        "sent": sent or {},
        "words": round_words(),
        "said": said if said in SAID else "",
    }
    return page(request, "rounds/round.html", problem=problem, **facts)


def _listed(
    request: AnyRequest,
    rounds: Rounds,
    network: Network,
    clock: Clock,
    actor: Actor,
    depot_id: int,
    sent: Form,
    problem: Problem | None = None,
) -> Response[str]:
    found = rounds.at_depot(actor, depot_id)
    depot = network.depot(depot_id)
    today = local_day(clock.now(), depot.time_zone)
    # What was ticked stands in this week's list, even where the day that was typed is over.
    day = max(_day(sent, today), today) if problem else _day(sent, today)
    facts: dict[str, Any] = {
        "depot": depot,
        "ahead": [one for one in found if one.state in ("planned", "under_way")],
        "over": [one for one in found if one.state in ("done", "cancelled")],
        "day": day,
        "monday": monday_of(day),
        "before": monday_of(day) - WEEK,
        "after": monday_of(day) + WEEK,
        "today": today,
        "carried": rounds.carried_in_week(actor, depot_id, day),
        "sent": USUAL | {name: text for name, text in sent.items() if name != "held_on" or text},
        "is_sent": problem is not None,
    }
    return page(request, "rounds/list.html", problem=problem, **facts)


def _day(sent: Form, today: dt.date) -> dt.date:
    """The day of the form or the address; tomorrow where it holds none."""
    try:
        return max(day_in(sent, "held_on"), dt.date(2000, 1, 10))
    except BadDay:
        return today + dt.timedelta(days=1)


HANDLERS: list[Any] = [of_depot, plan, one, sheet, step, move, set_hours, scan, visit]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
