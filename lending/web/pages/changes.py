"""Changing a reservation: extend it, give it other days or another copy, call it back."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.core.http.problems import problem_of
from lending.loans.rules.changes import RenewalRefused
from lending.loans.rules.errors import NoCopyFree
from lending.loans.schemas.changes import NewDates, RenewalWish
from lending.loans.service import Loans
from lending.loans.service.changes import Changes
from lending.network.service import Network
from lending.web.forms import day
from lending.web.pages.form_values import count_in, note_in, row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
LONGEST_REASON = 500
LONGEST_KEY = 100
TEMPLATE = "reservation_change.html"


@get("/reservations/{booking_id:int}/change", sync_to_thread=True)
def show_change(
    request: AnyRequest,
    loans: NamedDependency[Loans],
    changes: NamedDependency[Changes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    booking_id: RowId,
) -> Response[str]:
    """Everything that can be changed now."""
    return shown(request, loans, changes, network, actor, booking_id)


@post("/reservations/{booking_id:int}/renewal", sync_to_thread=True)
def renew(
    request: AnyRequest,
    loans: NamedDependency[Loans],
    changes: NamedDependency[Changes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Keep it longer; a refusal says every reason and how long it could be."""
    try:
        over_holidays = data.get("over_holidays") == "yes"
        due_on = day(data, "due_on") if data.get("due_on") and not over_holidays else None
        reason = note_in(data, "reason", LONGEST_REASON)
        changes.renew(actor, booking_id, RenewalWish(due_on=due_on, over_holidays=over_holidays, reason=reason))
    except (Invalid, Conflict) as error:
        return shown(request, loans, changes, network, actor, booking_id, error, data)
    return see(f"/reservations/{booking_id}?done=renewed")


@post("/reservations/renewals", sync_to_thread=True)
def renew_all(
    request: AnyRequest, changes: NamedDependency[Changes], actor: NamedDependency[Actor], data: URLEncodedBody[Form]
) -> Response[str]:
    """Extend everything that is out; each refusal says why. Sent twice, it is answered twice and done once."""
    made = changes.renew_all(actor, data.get("key", "")[:LONGEST_KEY] or None)
    return page(request, "renewed.html", made=made)


@post("/reservations/{booking_id:int}/dates", sync_to_thread=True)
def change_dates(
    request: AnyRequest,
    loans: NamedDependency[Loans],
    changes: NamedDependency[Changes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Give it other days; a refusal says what is free."""
    try:
        version = count_in(data, "version", 1, 2**31 - 1)
        wanted = NewDates(starts_on=day(data, "starts_on"), due_on=day(data, "due_on"), version=version)
        changes.change_dates(actor, booking_id, wanted)
    except (Invalid, Conflict, PreconditionFailed) as error:
        return shown(request, loans, changes, network, actor, booking_id, error, data)
    return see(f"/reservations/{booking_id}?done=saved")


@post("/reservations/{booking_id:int}/copy", sync_to_thread=True)
def change_copy(
    request: AnyRequest,
    loans: NamedDependency[Loans],
    changes: NamedDependency[Changes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Keep one particular copy for it."""
    try:
        changes.change_copy(actor, booking_id, row_id_in(data, "copy_id"))
    except Conflict as error:
        return shown(request, loans, changes, network, actor, booking_id, error, data)
    return see(f"/reservations/{booking_id}?done=saved")


@post("/reservations/{booking_id:int}/recall", sync_to_thread=True)
def recall(
    changes: NamedDependency[Changes],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """Call it back."""
    changes.recall(actor, booking_id, note_in(data, "reason", LONGEST_REASON))
    return see(f"/reservations/{booking_id}?done=recalled")


@get("/orders/{reference:str}", sync_to_thread=True)
def order(
    request: AnyRequest, changes: NamedDependency[Changes], actor: NamedDependency[Actor], reference: FromPath[str]
) -> Response[str]:
    """What was confirmed together."""
    return page(request, "order.html", order=changes.order(actor, reference))


def shown(
    request: AnyRequest,
    loans: Loans,
    changes: Changes,
    network: Network,
    actor: Actor,
    booking_id: int,
    error: Exception | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page of changes. Raises NotFound, Forbidden."""
    one = loans.reservation(actor, booking_id).reservation
    is_staff = actor.covers(network.association(one.association_id).path, Role.STAFF)
    facts: dict[str, Any] = {"one": one, "is_staff": is_staff, "sent": sent or {}}
    facts["offer"] = changes.renewal_offer(actor, booking_id) if one.state == "out" and one.school_id else None
    facts["copies"] = changes.copies(actor, booking_id) if is_staff and one.state == "planned" else []
    facts["events"] = changes.history(actor, booking_id) if is_staff else []
    facts["reasons"] = error.reasons if isinstance(error, RenewalRefused) else ()
    facts["longest"] = error.longest_due_on if isinstance(error, RenewalRefused) else None
    facts["nearest"] = error.nearest if isinstance(error, NoCopyFree) else ()
    return page(request, TEMPLATE, problem=problem_of(error) if error else None, **facts)


ROUTES = [
    Router(
        "/",
        route_handlers=[show_change, renew, renew_all, change_dates, change_copy, recall, order],
        include_in_schema=False,
    )
]
