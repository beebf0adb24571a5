"""The basket: what is held, until when, and one confirmation for all of it."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import LendingError, Unauthenticated
from lending.core.http.problems import problem_of
from lending.loans.rules.basket import BasketRefused
from lending.loans.rules.errors import NoCopyFree
from lending.loans.schemas.basket import NewLine
from lending.loans.service.baskets import Baskets
from lending.web import forms
from lending.web.pages.form_values import count_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
MOST_COPIES = 10
Form = dict[str, str]


@get("/basket", sync_to_thread=True)
def show_basket(request: AnyRequest, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor]) -> Response[str]:
    """What is held, and until when."""
    return page(request, "basket.html", basket=baskets.show(actor), refused=(), confirmed=None, instead=None)


@post("/basket/lines", sync_to_thread=True)
def add(
    request: AnyRequest, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor], data: URLEncodedBody[Form]
) -> Response[str] | Redirect:
    """Hold a copy of a title."""
    try:
        baskets.add(
            actor,
            NewLine(
                title_id=forms.chosen_id(data, "title_id"),
                school_id=forms.chosen_id(data, "school_id"),
                depot_id=forms.optional_id(data, "depot_id"),
                starts_on=forms.day(data, "starts_on"),
                due_on=forms.day(data, "due_on"),
                quantity=count_in(data, "quantity", 1, MOST_COPIES) if data.get("quantity", "").strip() else 1,
            ),
        )
    except Unauthenticated:
        raise
    except LendingError as error:
        return shown_with(request, baskets, actor, error)
    return see("/basket")


@post("/basket/lines/{booking_id:int}/removal", sync_to_thread=True)
def remove(baskets: NamedDependency[Baskets], actor: NamedDependency[Actor], booking_id: FromPath[int]) -> Redirect:
    """Give a line back."""
    baskets.remove(actor, booking_id)
    return see("/basket")


@post("/basket/confirmation", sync_to_thread=True)
def confirm(
    request: AnyRequest, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor], data: URLEncodedBody[Form]
) -> Response[str] | Redirect:
    """Make reservations of the lines."""
    try:
        seen = [int(one) for one in data.get("line_ids", "").split(",") if one.isdecimal()]
        made = baskets.confirm(actor, wants_all=data.get("want") != "possible", seen=seen[:100])
    except Unauthenticated:
        raise
    except LendingError as error:
        return shown_with(request, baskets, actor, error)
    if made.refused:
        return page(
            request, "basket.html", basket=baskets.show(actor), refused=made.refused, confirmed=made, instead=None
        )
    return see(f"/orders/{made.order_reference}?done=ordered")


def shown_with(request: AnyRequest, baskets: Baskets, actor: Actor, error: LendingError) -> Response[str]:
    """The basket with what stood in the way; nothing in it is lost."""
    refused = error.refused if isinstance(error, BasketRefused) else ()
    facts: dict[str, Any] = {"basket": baskets.show(actor), "refused": refused, "confirmed": None}
    facts["instead"] = error if isinstance(error, NoCopyFree) else None
    return page(request, "basket.html", problem=problem_of(error), **facts)


ROUTES = [Router("/", route_handlers=[show_basket, add, remove, confirm], include_in_schema=False)]
