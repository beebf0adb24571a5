"""What this browser did last at the desk: the numbers of bookings in a cookie, read again each time."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from lending.core.actor import Actor
from lending.loans.schemas import Reservation
from lending.loans.schemas.desk import LastAct
from lending.loans.service.desk_acts import DeskActs

RECENT_COOKIE = "desk-recent"
HOW_MANY = 10
KEPT_SECONDS = 12 * 3600


def _numbers(text: str, depot_id: int) -> list[int]:
    depot, _, rest = text.partition("_")
    if depot != str(depot_id):
        return []
    return [int(one) for one in rest.split("-") if one.isdecimal() and len(one) < 10][:HOW_MANY]  # noqa: PLR2004 - fits a row's number


def with_recent(request: Request[Any, Any, Any], depot_id: int, booking_id: int) -> Cookie:
    """The cookie with one more booking in front."""
    before = _numbers(request.cookies.get(RECENT_COOKIE, ""), depot_id)
    numbers = [booking_id, *(one for one in before if one != booking_id)][:HOW_MANY]
    value = f"{depot_id}_{'-'.join(map(str, numbers))}"
    return Cookie(
        RECENT_COOKIE,
        value=value,
        path="/desk",
        httponly=True,
        samesite="lax",
        max_age=KEPT_SECONDS,
        secure=request.url.scheme == "https",
    )


def so_far(text: str, depot_id: int, acts: DeskActs, actor: Actor) -> tuple[LastAct | None, list[Reservation]]:
    """What can be taken back, and the bookings behind the cookie, the latest first; none that may not be seen."""
    return acts.so_far(actor, depot_id, _numbers(text, depot_id))
