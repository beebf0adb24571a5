"""Repairs at the desk: in their mode every scan sets a copy aside, and one tap gives it back to lending."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from lending.catalog.requests import EditCopy
from lending.catalog.rules import Condition, Status
from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import Conflict, Forbidden, Invalid, NotFound
from lending.loans.schemas import ScannedCopy
from lending.loans.service import Loans
from lending.loans.service.desk_acts import DeskActs
from lending.network.service import Network
from lending.web.pages.desk_view import LONGEST_CODE, Desk, address, desk_of, looked_at, refused, shown, with_state
from lending.web.rendering import see

Form = dict[str, str]


def set_aside(at: Desk, catalog: Catalog, data: Form, copy: ScannedCopy) -> Response[str] | Redirect:
    """Put a copy that is here into repair; who counted on it gets another one, or is at risk on the list of today."""
    # A copy that is set aside leaves with nobody: an open sheet is closed.
    data = data | {"sheet": ""}
    try:
        if copy.status != Status.REPAIR:
            catalog.edit_copy(at.actor, copy.id, EditCopy(status=Status.REPAIR), None)
    except (Conflict, Forbidden, Invalid, NotFound) as error:
        return refused(at, data, error)
    if not at.has_script:
        return see(address(at, data, code=copy.code, done="set-aside"))
    view = msgspec.structs.replace(with_state(at, looked_at(at, copy.code), data), was_set_aside=True)
    answer = shown(at, view)
    answer.headers["x-desk-address"] = address(at, data, code=copy.code)
    return answer


@post("/desk/repaired", sync_to_thread=True)
def repaired(
    request: Request[Any, Any, Any],
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A copy comes back from repair: lendable, or waiting for the parts that it lacks."""
    at, code = desk_of(request, network, loans, desk_acts, actor, data), data.get("code", "")[:LONGEST_CODE]
    # The next scan of the mode would set it aside again.
    data = data | {"repair": ""}
    try:
        found = at.loans.scan(actor, at.here.id, code)
        if found.copy.status == Status.REPAIR:
            wanted = after_repair(found.copy.condition, lacks_parts=bool(found.missing))
            catalog.edit_copy(actor, found.copy.id, wanted, None)
    except (Conflict, Forbidden, Invalid, NotFound) as error:
        return refused(at, data, error)
    return see(address(at, data, code=found.copy.code, done="repaired"))


def after_repair(condition: str, *, lacks_parts: bool) -> EditCopy:
    """What was damaged is worn now; what lacks parts may not leave yet."""
    return EditCopy(
        status=Status.BLOCKED if lacks_parts else Status.LENDABLE,
        condition=Condition.WORN if condition == Condition.DAMAGED else Condition(condition),
    )


ROUTES = [Router("/", route_handlers=[repaired], include_in_schema=False)]
