"""Plans of moves for coordinators: ask, compare, edit, accept, and see what came of them."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_, format_day, gettext
from lending.network.rules import school_year_of
from lending.network.service import Network
from lending.shipping.rebalancing.rules.periods import number_of
from lending.shipping.rebalancing.schemas import Accepted, MoveChoice, NewPlan
from lending.shipping.rebalancing.service import Rebalancing
from lending.web import forms
from lending.web.pages.balance import Place, coordinated, place_of
from lending.web.pages.form_values import count_in, text_in, ticked
from lending.web.rendering import page, refused, see, word
from lending.web.words import WORDS

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
MOVES_PER_PAGE = 50
MOST_EUROS = 100_000
CENTS = 100
FORTNIGHT = dt.timedelta(days=14)
USUAL_BUDGET_CENTS = 20_000
# What the fields hold before anybody changes them.
USUAL = {
    "last_period": "5",
    "fairness_percent": "0",
    "reach": "inside",
    "loan_euros": "15",
    "copy_euros": "2",
    "trip_euros": "10",
    "km_cents": "35",
    "capacity": "60",
    "most_moves": "1",
}


@get("/plans", sync_to_thread=True)
def plans_page(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation: FromQuery[int | None] = None,
) -> Response[str]:
    """The plans of a union side by side, and the form for another one."""
    places = coordinated(network, actor)
    place = place_of(places, organisation)
    return page(request, "plans/list.html", **_facts(rebalancing, actor, places, place))


@post("/plans", sync_to_thread=True)
def ask(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Ask for a plan, or for variants of it."""
    places = coordinated(network, actor)
    place = place_of(places, forms.chosen_id(data, "organisation_id"))
    try:
        asked = [rebalancing.ask(actor, one) for one in _wanted(data, place)]
    except (Invalid, Conflict) as error:
        return refused(request, "plans/list.html", error, **_facts(rebalancing, actor, places, place, data))
    if len(asked) == 1:
        return see(f"/plans/{asked[0].id}?done=plan-asked")
    return see(f"/plans?organisation={place.id}&done=plan-asked")


@get("/plans/{plan_id:int}", sync_to_thread=True)
def plan_page(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    actor: NamedDependency[Actor],
    plan_id: RowId,
    first: FromQuery[int] = 0,
) -> Response[str]:
    """A plan with its moves and why each."""
    return page(request, "plans/plan.html", decided=_decided(request), **_plan(rebalancing, actor, plan_id, first))


@post("/plans/{plan_id:int}", sync_to_thread=True)
def decide(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    actor: NamedDependency[Actor],
    plan_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Accept moves, leave some out, take some in again."""
    act = data.get("act", "")
    choice = MoveChoice(move_ids=ticked(data, "move"), is_all=act == "accept-all")
    try:
        if not choice.is_all and not choice.move_ids:
            raise forms.BadChoice(name="moves")
        if act in ("accept", "accept-all"):
            done = rebalancing.accept(actor, plan_id, choice)
            return see(f"/plans/{plan_id}?accepted={done.accepted}&refused={done.refused}")
        (rebalancing.restore if act == "restore" else rebalancing.drop)(actor, plan_id, choice)
    except (Invalid, Conflict) as error:
        facts = _plan(rebalancing, actor, plan_id, 0)
        return refused(request, "plans/plan.html", error, decided=None, **facts)
    return see(f"/plans/{plan_id}?done=moves-changed")


def _monday(day: dt.date) -> dt.date:
    """That day, or the Monday after it: trips between depots are not made at weekends."""
    return day + dt.timedelta(days=-day.weekday() % 7)


def _facts(
    rebalancing: Rebalancing, actor: Actor, places: list[Place], place: Place, sent: Form | None = None
) -> dict[str, Any]:
    today = rebalancing.today()
    leaves_on = _monday(today + FORTNIGHT)
    usual = USUAL | {
        "first_period": str(number_of(leaves_on, [])),
        "leaves_on": leaves_on.isoformat(),
        "name": gettext("Plan du {day}").format(day=format_day(today)),
    }
    return {
        "places": places,
        "place": place,
        "plans": rebalancing.plans(actor, place.id),
        "sent": usual | {"budget_euros": "", "returns_on": ""} | (sent or {}),
        "school_year": school_year_of(today),
        "is_federation": place.path.count("/") == 2,  # noqa: PLR2004 - the root's path has two of them
    }


def _plan(rebalancing: Rebalancing, actor: Actor, plan_id: int, first: int) -> dict[str, Any]:
    found = rebalancing.plan(actor, plan_id)
    first = max(first, 0)
    return {
        "plan": found.plan,
        "moves": found.moves[first : first + MOVES_PER_PAGE],
        "first": first,
        "following": first + MOVES_PER_PAGE if first + MOVES_PER_PAGE < len(found.moves) else None,
        "before": first - MOVES_PER_PAGE if first else None,
        "counts": {
            state: sum(one.state == state for one in found.moves)
            for state in ("proposed", "dropped", "accepted", "refused")
        },
        "refusal": refusal,
        "arrived": [one for one in found.moves if one.loans_since is not None],
        "counted_until_on": found.counted_until_on,
        "is_over": rebalancing.today() >= found.counted_until_on,
    }


def _decided(request: AnyRequest) -> Accepted | None:
    """What became of the moves that were just accepted, as the address says."""
    said = [request.query_params.get(name, "")[:5] for name in ("accepted", "refused")]
    if not all(one.isascii() and one.isdecimal() for one in said):
        return None
    return Accepted(accepted=int(said[0]), refused=int(said[1]))


def refusal(slug: str) -> str:
    """Why a move is not possible any more, in words."""
    return word(slug, "move_refusal") if slug in WORDS["move_refusal"] else ""


def _wanted(data: Form, place: Place) -> list[NewPlan]:
    """The plan that the form describes; with « comparer » also a fair one, a cheap one, one without far trips."""
    plan = _plan_in(data, place)
    if data.get("act") != "compare":
        return [plan]
    budget = plan.budget_cents // 2 if plan.budget_cents else USUAL_BUDGET_CENTS
    variants = [
        plan,
        msgspec.structs.replace(plan, name=_named(plan, N_("équitable")), fairness_percent=100),
        msgspec.structs.replace(plan, name=_named(plan, N_("petit budget")), budget_cents=budget),
    ]
    if plan.reach == "between":
        variants.append(msgspec.structs.replace(plan, name=_named(plan, N_("dans chaque région")), reach="inside"))
    return variants


def _named(plan: NewPlan, what: str) -> str:
    return f"{plan.name[:60]} ({gettext(what)})"


def _plan_in(data: Form, place: Place) -> NewPlan:
    """Raises BadDay, BadCount, EmptyField beside their fields."""
    return NewPlan(
        organisation_id=place.id,
        name=text_in(data, "name", 80),
        school_year=count_in(data, "school_year", 2000, 2200),
        first_period=count_in(data, "first_period", 1, 5),
        last_period=count_in(data, "last_period", 1, 5),
        leaves_on=forms.day(data, "leaves_on"),
        returns_on=forms.day(data, "returns_on") if data.get("returns_on", "").strip() else None,
        reach="between" if data.get("reach") == "between" else "inside",
        budget_cents=_euros(data, "budget_euros", 0) if data.get("budget_euros", "").strip() else None,
        fairness_percent=count_in(data, "fairness_percent", 0, 100),
        loan_cents=_euros(data, "loan_euros", 1, 1000),
        copy_cents=_euros(data, "copy_euros", 0, 1000),
        trip_cents=_euros(data, "trip_euros", 0, 10_000),
        km_cents=count_in(data, "km_cents", 0, 1000),
        capacity=count_in(data, "capacity", 1, 9999),
        most_moves=count_in(data, "most_moves", 1, 20),
    )


def _euros(data: Form, name: str, smallest: int, largest: int = MOST_EUROS) -> int:
    return CENTS * count_in(data, name, smallest, largest)


ROUTES = [Router("/", route_handlers=[plans_page, ask, plan_page, decide], include_in_schema=False)]
