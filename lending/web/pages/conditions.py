"""The buttons that settle a booking before it leaves: approval, agreement, deposit."""

from typing import Annotated

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import NotFound
from lending.loans.service.conditions import DEPOSIT_WORDS, Conditions
from lending.web.pages.form_values import note_in
from lending.web.rendering import see

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
LONGEST_REASON = 500


@post("/reservations/{booking_id:int}/approval", sync_to_thread=True)
def decide(
    conditions: NamedDependency[Conditions],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """Agree to a request, or refuse it with a reason."""
    if data.get("answer") == "yes":
        conditions.approve(actor, booking_id)
    else:
        conditions.refuse(actor, booking_id, note_in(data, "reason", LONGEST_REASON))
    return see(f"/reservations/{booking_id}?done=saved")


@post("/reservations/{booking_id:int}/signature", sync_to_thread=True)
def sign(
    conditions: NamedDependency[Conditions],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """The agreement came back signed."""
    conditions.sign(actor, booking_id, for_the_year=data.get("for_the_year") == "yes")
    return see(f"/reservations/{booking_id}?done=saved")


@post("/reservations/{booking_id:int}/deposit", sync_to_thread=True)
def move_deposit(
    conditions: NamedDependency[Conditions],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """The deposit was received, given back or cashed."""
    step = next((one for one in DEPOSIT_WORDS if one == data.get("step")), None)
    if step is None:
        raise NotFound
    conditions.move_deposit(actor, booking_id, step)
    return see(f"/reservations/{booking_id}?done=saved")


ROUTES = [Router("/", route_handlers=[decide, sign, move_deposit], include_in_schema=False)]
