"""Waiting for titles: join from a title's page, answer offers, and for staff the queues."""

from itertools import groupby
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, LendingError, Unauthenticated
from lending.core.http.problems import problem_of
from lending.loans.rules.waiting import CopyIsFree
from lending.loans.schemas.waiting import NewWish, WishView
from lending.loans.service.wishes import Wishes
from lending.network.service import Network
from lending.web import forms
from lending.web.pages.form_values import count_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
LONGEST_WAIT_DAYS = 400


class Queue(msgspec.Struct, frozen=True):
    """Who waits for one title, in order."""

    title_id: int
    title_name: str
    wishes: list[WishView]


@get("/waiting", sync_to_thread=True)
def mine(request: AnyRequest, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor]) -> Response[str]:
    """What my schools wait for, and what is offered."""
    return page(request, "waiting.html", wishes=wishes.mine(actor), free=(), sent={})


@post("/titles/{title_id:int}/wishes", sync_to_thread=True)
def join(
    request: AnyRequest,
    wishes: NamedDependency[Wishes],
    actor: NamedDependency[Actor],
    title_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Wait for a title."""
    try:
        wishes.join(
            actor,
            NewWish(
                title_id=title_id,
                school_id=forms.chosen_id(data, "school_id"),
                depot_id=forms.optional_id(data, "depot_id"),
                starts_on=forms.day(data, "starts_on"),
                until_on=forms.day(data, "until_on"),
                length_days=count_in(data, "length_days", 1, LONGEST_WAIT_DAYS),
            ),
        )
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        free = error.free if isinstance(error, CopyIsFree) else ()
        facts: dict[str, Any] = {"free": free, "sent": data | {"title_id": str(title_id)}}
        return page(request, "waiting.html", problem=problem_of(error), wishes=wishes.mine(actor), **facts)
    return see("/waiting?done=waiting")


@post("/waiting/{wish_id:int}/acceptance", sync_to_thread=True)
def accept(
    request: AnyRequest, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId
) -> Response[str] | Redirect:
    """Take what is offered."""
    try:
        taken = wishes.accept(actor, wish_id)
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        return page(request, "waiting.html", problem=problem_of(error), wishes=wishes.mine(actor), free=(), sent={})
    return see(f"/reservations/{taken.id}?new=yes")


@post("/waiting/{wish_id:int}/refusal", sync_to_thread=True)
def decline(wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId) -> Redirect:
    """Do not take it; the next is offered it."""
    wishes.decline(actor, wish_id)
    return see("/waiting?done=saved")


@post("/waiting/{wish_id:int}/end", sync_to_thread=True)
def leave(wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId) -> Redirect:
    """Wait no longer."""
    wishes.cancel(actor, wish_id)
    return see("/waiting?done=saved")


@post("/waiting/{wish_id:int}/suspension", sync_to_thread=True)
def suspend(
    wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId, data: URLEncodedBody[Form]
) -> Redirect:
    """Be passed over for a while, or go on waiting."""
    wishes.suspend(actor, wish_id, forms.day(data, "until_on") if data.get("until_on") else None)
    return see("/waiting?done=saved")


@get("/staff/waiting", sync_to_thread=True)
def queues(
    request: AnyRequest,
    wishes: NamedDependency[Wishes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association: FromQuery[int | None] = None,
) -> Response[str]:
    """Who waits for what an association lends."""
    own = sorted({one.association_id for one in network.desks(actor)})
    if association is None and not own:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    association_id = association or own[0]
    found = wishes.of_association(actor, association_id)
    lender = network.association(association_id)
    can_edit = actor.covers(lender.path, Role.STAFF)
    return page(request, "staff/waiting.html", queues=queues_of(found), association=lender, can_edit=can_edit)


@post("/staff/waiting/{title_id:int}/{association_id:int}", sync_to_thread=True)
def reorder(
    wishes: NamedDependency[Wishes],
    actor: NamedDependency[Actor],
    title_id: RowId,
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """Move one entry a place up."""
    order = [int(one) for one in data.get("order", "").split(",") if one.isdecimal()]
    moved = forms.chosen_id(data, "wish_id")
    place = order.index(moved) if moved in order else 0
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
    wishes.reorder(actor, title_id, association_id, order)
    return see(f"/staff/waiting?association={association_id}&done=saved")


def queues_of(found: list[WishView]) -> list[Queue]:
    """The wishes of each title in the order in which they are served."""
    groups = [list(group) for _, group in groupby(found, key=lambda one: one.title_id)]
    return [
        Queue(group[0].title_id, group[0].title_name, sorted(group, key=lambda one: one.position or 0))
        for group in groups
    ]


ROUTES = [
    Router(
        "/",
        route_handlers=[mine, join, accept, decline, leave, suspend, queues, reorder],
        include_in_schema=False,
    )
]
