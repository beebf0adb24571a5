"""A shipment from packing to receipt: each scan is a form, and leads back to the page."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.shipping.carriers.service import Carriers
from lending.shipping.papers.service import ShipmentPaper, ShipmentPapers
from lending.shipping.shipments.errors import HolderMissing
from lending.shipping.shipments.rules import LONGEST_NAME, Mode
from lending.shipping.shipments.schemas import ArrivalView, Handover, PackScan, ParcelScan
from lending.shipping.shipments.service import Shipments
from lending.web.pages.form_values import count_in, note_in, row_id_in, text_in
from lending.web.pages.shipment_forms import LONGEST_CODE, LONGEST_NOTE, chosen_carrier, departure_in, parcel_facts_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Number = Annotated[int, PathParameter(ge=1, le=99)]
Form = dict[str, str]
# What a person can do something about, with a scanner in the hand.
SAID = re.compile(r"(arrived|again|damaged|extra)-([0-9]{1,3})-([0-9A-Z]{0,30})")
TOLD = (Conflict, Invalid, NotFound)


@get("/shipments/{shipment_id:int}", sync_to_thread=True)
def one(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    carriers: NamedDependency[Carriers],
    parcel: FromQuery[str] = "",
    said: FromQuery[str] = "",
    carrier: FromQuery[str] = "",
) -> Response[str]:
    """A shipment: pack it, send it, follow it, receive it. A `carrier` fills its price into the form."""
    chosen = chosen_carrier(carriers.proposed(actor, shipment_id), carrier) if carrier else {}
    sent = {"parcel": parcel, **chosen}
    return shown(request, shipments, actor, shipment_id, sent=sent, said=said)


@get("/shipments/{shipment_id:int}/papers.pdf", sync_to_thread=True)
def papers(
    shipment_papers: NamedDependency[ShipmentPapers],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    which: FromQuery[str] = "",
) -> Response[bytes]:
    """The papers of a shipment; all of them for a word that is none of theirs."""
    wanted = ShipmentPaper(which) if which in set(ShipmentPaper) else None
    return pdf(shipment_papers.of_shipment(actor, shipment_id, wanted), f"shipment-{shipment_id}")


@post("/shipments/{shipment_id:int}/lines", sync_to_thread=True)
def pack(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A copy goes into a parcel."""

    def act() -> str:
        parcel, code = count_in(data, "parcel", 1, 99), data.get("code", "").strip()[:LONGEST_CODE]
        if code:
            scan = PackScan(code=code, parcel=parcel, unplanned=data.get("unplanned") == "yes")
            shipments.pack(actor, shipment_id, scan)
        return f"parcel={parcel}"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/lines/removal", sync_to_thread=True)
def unpack(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A copy is taken out again."""

    def act() -> str:
        shipments.unpack(actor, shipment_id, row_id_in(data, "copy_id"))
        return "done=saved"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/parcels/{number:int}", sync_to_thread=True)
def describe_parcel(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    number: Number,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A parcel is weighed, or taken away when it is empty."""

    def act() -> str:
        if data.get("do") == "remove":
            shipments.remove_parcel(actor, shipment_id, number)
        else:
            shipments.describe_parcel(actor, shipment_id, number, parcel_facts_in(data))
        return "done=saved"

    return done(request, shipments, actor, shipment_id, data, act, number)


@post("/shipments/{shipment_id:int}/departure", sync_to_thread=True)
def send(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """It leaves."""

    def act() -> str:
        shipments.send(actor, shipment_id, departure_in(data))
        return "done=shipment-sent"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/handovers", sync_to_thread=True)
def hand_on(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Somebody took it over on the way."""

    def act() -> str:
        if not data.get("holder", "").strip():
            raise HolderMissing
        handover = Handover(holder=text_in(data, "holder", LONGEST_NAME), code=data.get("handed", "")[:LONGEST_CODE])
        shipments.hand_on(actor, shipment_id, handover)
        return "done=saved"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/arrivals", sync_to_thread=True)
def receive(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A copy or a parcel is there."""

    def act() -> str:
        code, note = data.get("code", "").strip()[:LONGEST_CODE], note_in(data, "note", LONGEST_NOTE)
        if not code:
            return ""
        scan = ParcelScan(code=code, is_damaged=data.get("is_damaged") == "yes", note=note)
        return f"said={said_of(shipments.receive(actor, shipment_id, scan))}"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/closing", sync_to_thread=True)
def close(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Everything that came is scanned."""

    def act() -> str:
        shipments.close(actor, shipment_id)
        return "done=shipment-received"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/cancellation", sync_to_thread=True)
def cancel(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """It does not leave, or it comes back."""

    def act() -> str:
        shipments.cancel(actor, shipment_id)
        return "done=saved"

    return done(request, shipments, actor, shipment_id, data, act)


@post("/shipments/{shipment_id:int}/losses", sync_to_thread=True)
def lose(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Nobody found what was missing."""

    def act() -> str:
        shipments.lose(actor, shipment_id, row_id_in(data, "copy_id"))
        return "done=lost"

    return done(request, shipments, actor, shipment_id, data, act)


def said_of(arrival: ArrivalView) -> str:
    """What a scan meant, in the address of the next page: a closed word and codes of digits."""
    return f"{arrival.what}-{len(arrival.copy_codes)}-{''.join(arrival.copy_codes[:1]).replace(' ', '')}"


def said_in(text: str) -> tuple[str, int, str] | None:
    """The word, the number of copies and the first code; None for what this product did not write."""
    found = SAID.fullmatch(text)
    return (found[1], int(found[2]), found[3]) if found else None


def done(
    request: AnyRequest,
    shipments: Shipments,
    actor: Actor,
    shipment_id: int,
    data: Form,
    act: Callable[[], str],
    parcel: int | None = None,
) -> Response[str] | Redirect:
    """Do it and lead back to the shipment; or show it with what is wrong."""
    try:
        query = act()
    except TOLD as error:
        shipments.shipment(actor, shipment_id)
        problem = problem_of(error)
        if parcel is not None and problem.field in ("weight", "value"):
            problem.field = f"{problem.field}-{parcel}"
        return shown(request, shipments, actor, shipment_id, problem, data, parcel=parcel)
    return see(f"/shipments/{shipment_id}{'?' + query if query else ''}")


def shown(
    request: AnyRequest,
    shipments: Shipments,
    actor: Actor,
    shipment_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
    said: str = "",
    parcel: int | None = None,
) -> Response[str]:
    """A shipment's page, with what was typed."""
    view = shipments.shipment(actor, shipment_id)
    may_send, may_receive = shipments.may(actor, view)
    facts: dict[str, Any] = {
        "view": view,
        "may_send": may_send,
        "may_receive": may_receive,
        "modes": [mode.value for mode in Mode],
        "sent": sent or {},
        "wrong_parcel": parcel,
        "said": said_in(said),
    }
    return page(request, "shipments/shipment.html", problem=problem, **facts)


HANDLERS: list[Any] = [
    one,
    papers,
    pack,
    unpack,
    describe_parcel,
    send,
    hand_on,
    receive,
    close,
    cancel,
    lose,
]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
