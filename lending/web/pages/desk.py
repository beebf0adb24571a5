"""The desk: a code comes in, what is possible comes out, and one button does it."""

import datetime as dt
from typing import Annotated, Any, cast
from urllib.parse import quote

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Forbidden, Invalid, LendingError, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.loans.schemas import (
    Completion,
    DeskDecision,
    DeskScan,
    FoundLine,
    NewLoan,
    Reservation,
    ReservationDetail,
    ScanResult,
)
from lending.loans.service import Loans
from lending.network.schemas import DepotView, SchoolView
from lending.network.service import Network
from lending.web.forms import chosen_id, day, new_key
from lending.web.pages.desk_recent import RECENT_COOKIE, recent_of, with_recent
from lending.web.pages.desk_words import take_back_of
from lending.web.pages.desks import chosen_desk
from lending.web.pages.form_values import count_in, row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
FOUND = "found-"
LONGEST_CODE = 200


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """What lending over the counter needs: for which school, until when."""

    text: str
    schools: list[SchoolView]
    due_on: str


class DeskView(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk shows: a scan and what came of it, or why it was refused."""

    depot: DepotView
    code: str = ""
    scan: ScanResult | None = None
    done: ReservationDetail | None = None
    was_completed: bool = False
    refusal: Problem | None = None
    found: dict[int, int] = {}
    counter: Counter | None = None

    @property
    def outcome(self) -> str:
        """One word for sound and colour."""
        if self.refusal is not None:
            return "bad"
        if self.done is not None:
            return "warn" if self.done.missing else "good"
        if self.was_completed:
            return "good"
        return "" if self.scan is None else OUTCOME_BY_SITUATION[self.scan.situation]


OUTCOME_BY_SITUATION = {"hand_over": "good", "take_back": "info", "on_shelf": "info", "held_back": "warn"}


@get("/desk", sync_to_thread=True)
def desk(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    depot: OptionalId = None,
    code: FromQuery[str] = "",
    booking: OptionalId = None,
    school: FromQuery[str] = "",
) -> Response[str]:
    """The desk of a depot; with a code, what can be done with that copy."""
    desks = network.desks(actor)
    here = chosen_desk(actor, desks, depot)
    if here is None:
        return page(request, "desk/choose.html", desks=desks, target="/desk")
    view = looked_at(loans, actor, here, code[:LONGEST_CODE], booking)
    if request.query_params.get("done") == "completed":
        view = msgspec.structs.replace(view, was_completed=True)
    view = at_counter(view, network, loans, actor, school[:100])
    return shown(request, loans, actor, desks, view)


@post("/desk/scan", sync_to_thread=True)
def scan(data: URLEncodedBody[Form]) -> Redirect:
    """A scanned code, without a script: it becomes the address of its result."""
    return see(f"/desk?{_query(depot=data.get('depot', ''), code=data.get('code', '')[:LONGEST_CODE])}")


@post("/desk/hand-over", sync_to_thread=True)
def hand_over(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Hand the copy over to the chosen booking."""
    here = desk_of(network, actor, data)
    is_seen = data.get("note_seen") == "yes"
    decision = DeskDecision(action="hand_over", booking_id=row_id_in(data, "booking_id"), note_seen=is_seen)
    return decided(request, network, loans, actor, here, data, decision)


@post("/desk/take-back", sync_to_thread=True)
def take_back(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Take the copy back, with what was found in it."""
    here = desk_of(network, actor, data)
    try:
        decision = take_back_of(data, found_lines(data))
    except Invalid as error:
        return refused_here(request, network, loans, actor, here, data, error)
    return decided(request, network, loans, actor, here, data, decision)


@post("/desk/complete", sync_to_thread=True)
def complete(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The missing parts of a copy are back in it."""
    here = desk_of(network, actor, data)
    completion = Completion(note=data.get("note", "")[:2000])
    try:
        loans.complete_copy(actor, row_id_in(data, "copy_id"), completion, data.get("key"))
    except (Conflict, Invalid, NotFound) as error:
        return refused_here(request, network, loans, actor, here, data, error)
    return see(f"/desk?{_query(depot=here.id, code=data.get('code', ''), done='completed')}")


@post("/desk/lend", sync_to_thread=True)
def lend(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Lend over the counter, without a reservation."""
    here, code = desk_of(network, actor, data), data.get("code", "")[:LONGEST_CODE]
    try:
        wanted = {
            "code": code,
            "depot_id": here.id,
            "school_id": chosen_id(data, "school_id"),
            "due_on": day(data, "due_on"),
            "note_seen": data.get("note_seen") == "yes",
        }
        booking = loans.lend_now(actor, msgspec.convert(wanted, NewLoan), data.get("key"))
    except (Conflict, Invalid, NotFound) as error:
        return refused_here(request, network, loans, actor, here, data, error)
    answer = see(f"/desk?{_query(depot=here.id, code=code, booking=booking.id, done='handed-over')}")
    answer.set_cookie(with_recent(request, here.id, booking.id))
    return answer


def decided(
    request: AnyRequest,
    network: Network,
    loans: Loans,
    actor: Actor,
    here: DepotView,
    data: Form,
    decision: DeskDecision,
) -> Response[str] | Redirect:
    """Do what the desk decided, or say beside the copy why it cannot be done."""
    code = data.get("code", "")[:LONGEST_CODE]
    try:
        wanted = msgspec.convert(
            {"code": code, "depot_id": here.id, "decision": decision}, DeskScan, from_attributes=True
        )
        result = loans.desk(actor, wanted, data.get("key"))
    except msgspec.ValidationError:
        raise NotFound from None
    except (Conflict, Invalid, NotFound) as error:
        return refused_here(request, network, loans, actor, here, data, error)
    booking = cast("Reservation", result.booking)
    done = "handed-over" if decision.action == "hand_over" else "taken-back"
    answer = see(f"/desk?{_query(depot=here.id, code=result.copy.code, booking=booking.id, done=done)}")
    answer.set_cookie(with_recent(request, here.id, booking.id))
    return answer


def refused_here(
    request: AnyRequest,
    network: Network,
    loans: Loans,
    actor: Actor,
    here: DepotView,
    data: Form,
    error: LendingError,
) -> Response[str]:
    """The desk again, with the refusal above what is known of the copy; typed counts are kept."""
    known = looked_at(loans, actor, here, data.get("code", "")[:LONGEST_CODE])
    typed = {int(name[len(FOUND) :]): int(text) for name, text in data.items() if _is_count(name, text)}
    view = msgspec.structs.replace(known, refusal=problem_of(error), found=typed)
    view = at_counter(view, network, loans, actor, data.get("school", "")[:100], data.get("due_on", "")[:10])
    return shown(request, loans, actor, network.desks(actor), view)


def looked_at(loans: Loans, actor: Actor, here: DepotView, code: str, booking_id: int | None = None) -> DeskView:
    """What the code means at this desk now; nothing changes."""
    if not code.strip():
        return DeskView(depot=here)
    try:
        result = loans.scan(actor, here.id, code)
    except (Conflict, Invalid, NotFound) as error:
        return DeskView(depot=here, code=code, refusal=problem_of(error))
    done = loans.reservation(actor, booking_id) if booking_id else None
    return DeskView(depot=here, code=code, scan=result, done=done)


def at_counter(view: DeskView, network: Network, loans: Loans, actor: Actor, text: str, due_on: str = "") -> DeskView:
    """The desk with what lending over the counter needs, where nobody waits for the copy."""
    if view.scan is None or view.scan.situation != "on_shelf" or view.done is not None:
        return view
    association_id = view.depot.association_id
    days = dt.timedelta(days=loans.rule(association_id, view.scan.copy.title_kind).loan_days - 1)
    usual = (network.today(association_id) + days).isoformat()
    schools = network.schools(actor, association_id, text) if text.strip() else []
    return msgspec.structs.replace(view, counter=Counter(text=text, schools=schools, due_on=due_on or usual))


def shown(request: AnyRequest, loans: Loans, actor: Actor, desks: list[DepotView], view: DeskView) -> Response[str]:
    """The page of the desk."""
    status = view.refusal.status if view.refusal else 200
    recent = recent_of(request.cookies.get(RECENT_COOKIE, ""), view.depot.id, loans, actor)
    facts: dict[str, Any] = {"desks": desks, "view": view, "recent": recent, "key": new_key()}
    return page(request, "desk/desk.html", status_code=status, **facts)


def desk_of(network: Network, actor: Actor, data: Form) -> DepotView:
    """The desk that a form speaks of. Raises NotFound, Forbidden."""
    here = chosen_desk(actor, network.desks(actor), row_id_in(data, "depot"))
    if here is None:
        raise Forbidden
    return here


def found_lines(data: Form) -> list[FoundLine]:
    """The counts of a checklist; lines that are not sent were all there. Raises BadCount."""
    if "all" in data:
        return []
    names = [name for name in data if name.startswith(FOUND) and name[len(FOUND) :].isdecimal()]
    return [FoundLine(int(name[len(FOUND) :]), count_in(data, name)) for name in names]


def _is_count(name: str, text: str) -> bool:
    return name.startswith(FOUND) and name[len(FOUND) :].isdecimal() and text.isdecimal()


def _query(**words: object) -> str:
    return "&".join(f"{name}={quote(str(value))}" for name, value in words.items() if value != "")


ROUTES = [Router("/", route_handlers=[desk, scan, hand_over, take_back, complete, lend], include_in_schema=False)]
