"""The appointment of a return, on the page of its loan: one form."""

from typing import Annotated, Any

from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.loans.schemas.appointments import NewAppointment
from lending.loans.service.appointments import Appointments
from lending.web.forms import day
from lending.web.pages.form_values import count_in
from lending.web.pages.reservation_page import PAGES, TEMPLATE, ReservationPages
from lending.web.rendering import refused, see

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
LAST_HOUR = 23


@post("/reservations/{booking_id:int}/appointment", sync_to_thread=True)
def agree(
    request: Request[Any, Any, Any],
    appointments: NamedDependency[Appointments],
    pages: NamedDependency[ReservationPages],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[dict[str, str]],
) -> Response[str] | Redirect:
    """Agree on a day and an hour, or give the appointment up; a refusal says what is free and loses nothing."""
    try:
        version = count_in(data, "appointment_version", 0, 2**31 - 1)
        if data.get("do") == "cancel":
            appointments.cancel(actor, booking_id, version)
            return see(f"/reservations/{booking_id}?done=appointment-cancelled#appointment")
        appointments.move(actor, booking_id, _wanted(data, version))
    except (Conflict, Invalid, PreconditionFailed) as error:
        return refused(request, TEMPLATE, error, **pages.facts(booking_id, error, data), is_new=False)
    return see(f"/reservations/{booking_id}?done=appointed#appointment")


def _wanted(data: dict[str, str], version: int) -> NewAppointment:
    hour = count_in(data, "hour", 0, LAST_HOUR)
    return NewAppointment(
        comes_on=day(data, "comes_on"), hour=hour, brought_by=data.get("brought_by", ""), version=version
    )


ROUTES = [Router("/", route_handlers=[agree], dependencies=PAGES, include_in_schema=False)]
