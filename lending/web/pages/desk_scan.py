"""A code comes in at the desk: what follows by itself is done, everything else is shown."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from lending.catalog.rules import Status
from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, LendingError, NotFound
from lending.core.http.problems import problem_of
from lending.loans.rules.desk_errors import CopyNotHere, ForeignBarcode
from lending.loans.rules.desk_flow import Waiting, meant_by_sheet, needs_a_person
from lending.loans.schemas import DeskDecision, ScanResult
from lending.loans.schemas.desk import ComesBack, DeskSheet
from lending.loans.service import Loans
from lending.loans.service.desk_acts import DeskActs
from lending.network.service import Network
from lending.shipping.service import Shipping
from lending.web.pages.desk import decided
from lending.web.pages.desk_repair import set_aside
from lending.web.pages.desk_view import (
    LONGEST_CODE,
    Desk,
    DeskView,
    address,
    at_counter,
    desk_of,
    looked_at,
    opened,
    refused,
    shown,
    with_state,
)
from lending.web.rendering import see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]


@post("/desk/scan", sync_to_thread=True)
def scan(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    shipping: NamedDependency[Shipping],
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A code was read: of a sheet, or of a copy."""
    with desk_acts.one_view():
        at = desk_of(request, network, loans, desk_acts, actor, data)
        return code_read(at, shipping, catalog, data, data.get("code", "")[:LONGEST_CODE])


def code_read(at: Desk, shipping: Shipping, catalog: Catalog, data: Form, code: str) -> Response[str] | Redirect:
    """What the code belongs to decides."""
    try:
        sheet = at.acts.sheet(at.actor, at.here.id, code)
    except (Conflict, Invalid, NotFound) as error:
        return seen(at, data | {"code": ""}, DeskView(depot=at.here, code=code, refusal=problem_of(error)))
    return sheet_read(at, data, sheet) if sheet else copy_read(at, shipping, catalog, data, code)


def sheet_read(at: Desk, data: Form, sheet: DeskSheet) -> Response[str] | Redirect:
    """A sheet opens; where a copy on the desk waited for it, the copy is handed over."""
    data = data | {"sheet": sheet.code, "code": data.get("held", "")[:LONGEST_CODE]}
    held = looked_at(at, data["code"])
    booking_id = for_sheet(held.scan, sheet)
    if booking_id is not None:
        return decided(at, data, DeskDecision(action="hand_over", booking_id=booking_id))
    return seen(at, data, held if held.scan else DeskView(depot=at.here))


def copy_read(at: Desk, shipping: Shipping, catalog: Catalog, data: Form, code: str) -> Response[str] | Redirect:
    """A copy: for the open sheet it leaves, in a pile it comes back, for repair it is set aside, else it arrives."""
    in_pile = data.get("pile") == "yes"
    try:
        result = (at.loans.scan_in_pile if in_pile else at.loans.scan)(at.actor, at.here.id, code)
    except (CopyNotHere, ForeignBarcode) as error:
        return arrived(at, shipping, data, code, error)
    except (Conflict, Invalid, NotFound) as error:
        return refused(at, data, error)
    if isinstance(result, ComesBack):
        return decided(at, data | {"sheet": ""}, DeskDecision(action="take_back"), result.checklist)
    if data.get("repair") == "yes" and is_at_hand(result):
        return set_aside(at, catalog, data, result.copy)
    booking_id = for_sheet(result, opened(at, data.get("sheet", "")))
    if booking_id is not None:
        return decided(at, data, DeskDecision(action="hand_over", booking_id=booking_id))
    # A copy that is not for the open sheet closes it: nobody gets what comes next by an old paper.
    return seen(at, data | {"sheet": ""}, DeskView(depot=at.here, code=code, scan=result))


def is_at_hand(result: ScanResult) -> bool:
    """Whether the copy can be set aside as it is: one that is out comes back first, a lost one is found first."""
    return result.situation != "take_back" and result.copy.status != Status.LOST


def for_sheet(result: ScanResult | None, sheet: DeskSheet | None) -> int | None:
    """The booking that the open sheet means for this copy, unless a person must say something first."""
    if result is None or sheet is None or result.situation != "hand_over":
        return None
    if needs_a_person(result.copy.note, result.copy.status, is_claimed=False):
        return None
    waiting = [Waiting(one.booking.id, one.booking.school_id) for one in result.candidates]
    return meant_by_sheet(waiting, sheet.booking.id if sheet.booking else None, sheet.school_id)


def arrived(at: Desk, shipping: Shipping, data: Form, code: str, error: LendingError) -> Response[str] | Redirect:
    """A copy of elsewhere: received if it was sent here, else refused."""
    arrival = shipping.receive_expected(at.actor, at.here.id, code)
    if arrival is None:
        return refused(at, data, error)
    if at.has_script:
        return seen(at, data, msgspec.structs.replace(looked_at(at, code), arrival=arrival))
    return see(address(at, data, code=code, done="received"))


def seen(at: Desk, data: Form, view: DeskView) -> Response[str] | Redirect:
    """Nothing changed: the result is shown, for who has no script at an address of its own."""
    view = with_state(at, view, data)
    if at.has_script or view.refusal is not None:
        answer = shown(at, at_counter(at, view, ""))
        answer.headers["x-desk-address"] = address(at, data, code=data.get("code", "")[:LONGEST_CODE])
        return answer
    return see(address(at, data, code=data.get("code", "")[:LONGEST_CODE]))


ROUTES = [Router("/", route_handlers=[scan], include_in_schema=False)]
