"""What the desk shows, and how it is put together from what is known now."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response

from lending.catalog.schemas import ChecklistSection
from lending.core.actor import Actor
from lending.core.errors import Conflict, Forbidden, Invalid, LendingError, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.loans.schemas import Reservation, ReservationDetail, ScannedCopy, ScanResult
from lending.loans.schemas.desk import DeskSheet, LastAct
from lending.loans.service import Loans
from lending.loans.service.desk_acts import DeskActs
from lending.network.schemas import DepotPlace, SchoolView
from lending.network.service import Network
from lending.shipping.schemas import ArrivalResult
from lending.web.forms import new_key
from lending.web.pages.desk_recent import RECENT_COOKIE, so_far
from lending.web.pages.desk_words import offline_words
from lending.web.pages.desks import chosen_desk
from lending.web.pages.form_values import row_id_in
from lending.web.rendering import page

Form = Mapping[str, str]
LONGEST_CODE = 200
FOUND = "found-"
# The tone of a scan, and the sound that belongs to it alone.
OUTCOMES = {
    "hand_over": ("good", "to-hand-over"),
    "take_back": ("info", "to-take-back"),
    "on_shelf": ("info", "on-shelf"),
    "held_back": ("warn", "held-back"),
}
STOPS = ("copy-promised", "collection-too-early", "copy-already-out", "already-lent-to-this-school")


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """What lending over the counter needs: for which school, until when."""

    text: str
    schools: list[SchoolView]
    due_on: str


class DeskView(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk shows: a scan and what came of it, or why it was refused.

    `sheet` is the paper that is open, `pile` the mode in which a scan takes back, `repair` the one in which it sets
    aside. `instead` are copies to take where
    this one is promised. `last` can be taken back;
    `contents` is what should be in the copy whose return stands on the page.
    """

    depot: DepotPlace
    code: str = ""
    scan: ScanResult | None = None
    done: ReservationDetail | None = None
    was_completed: bool = False
    was_undone: bool = False
    was_set_aside: bool = False
    refusal: Problem | None = None
    found: dict[int, int] = {}
    counter: Counter | None = None
    sheet: DeskSheet | None = None
    pile: bool = False
    repair: bool = False
    instead: list[ScannedCopy] = []
    arrival: ArrivalResult | None = None
    last: LastAct | None = None
    contents: list[ChecklistSection] | None = None

    @property
    def result(self) -> tuple[str, str]:
        """Its tone and its sound; nothing before the first scan."""
        if self.refusal is not None:
            return ("bad", "stopped" if self.refusal.slug in STOPS else "refused")
        if self.done is not None:
            return self._after
        for is_it, result in self._told:
            if is_it:
                return result
        if self.arrival is not None:
            return ("good", "received") if self.arrival.what == "received" else ("warn", "elsewhere")
        if self.scan is not None:
            return OUTCOMES[self.scan.situation]
        return ("info", "sheet") if self.sheet else ("", "")

    @property
    def outcome(self) -> str:
        """One word for colour and icon."""
        return self.result[0]

    @property
    def sound(self) -> str:
        """What is heard."""
        return self.result[1]

    @property
    def held(self) -> str:
        """The copy that waits for a sheet."""
        waits = self.scan is not None and self.scan.situation == "hand_over" and self.done is None
        return self.scan.copy.code if waits and self.scan else ""

    @property
    def correctable(self) -> LastAct | None:
        """The return on the page, while a tap on a part can still correct it."""
        is_it = self.last is not None and self.done is not None and self.last.booking.id == self.done.reservation.id
        return self.last if is_it and self.last and self.last.action == "take_back" else None

    @property
    def counted(self) -> dict[int, int]:
        """How many were found of the lines that were not complete."""
        return {line.line_id: line.found for line in self.done.missing} if self.done else {}

    @property
    def _told(self) -> tuple[tuple[bool, tuple[str, str]], ...]:
        return (
            (self.was_undone, ("info", "undone")),
            (self.was_completed, ("good", "completed")),
            (self.was_set_aside, ("warn", "set-aside")),
        )

    @property
    def usual(self) -> dict[int, int]:
        """What the checklist begins with: all there, but for what the school declared missing."""
        declared = self.scan.declared if self.scan else []
        return {one.line_id: one.expected - one.missing for one in declared if one.line_id is not None}

    @property
    def _after(self) -> tuple[str, str]:
        if self.done is not None and self.done.missing:
            return ("warn", "incomplete")
        is_out = self.done is not None and self.done.reservation.state == "out"
        return ("good", "handed-over" if is_out else "taken-back")


@dataclass(frozen=True)
class Desk:
    """A person at a desk, and all that is asked for them."""

    request: Request[Any, Any, Any]
    network: Network
    loans: Loans
    acts: DeskActs
    actor: Actor
    here: DepotPlace
    desks: list[DepotPlace]

    @property
    def has_script(self) -> bool:
        """Whether the page's script asks: it shows the answer itself and needs no second question."""
        return self.request.headers.get("x-desk") == "1"


def desk_of(
    request: Request[Any, Any, Any], network: Network, loans: Loans, acts: DeskActs, actor: Actor, data: Form
) -> Desk:
    """The desk that a form speaks of. Raises Unauthenticated, NotFound, Forbidden."""
    desks = network.desks(actor)
    here = chosen_desk(actor, desks, row_id_in(data, "depot"))
    if here is None:
        raise Forbidden
    return Desk(request, network, loans, acts, actor, here, desks)


def looked_at(at: Desk, code: str, booking_id: int | None = None) -> DeskView:
    """What the code means at this desk now; nothing changes."""
    if not code.strip():
        return DeskView(depot=at.here)
    try:
        result = at.loans.scan(at.actor, at.here.id, code)
    except (Conflict, Invalid, NotFound) as error:
        return DeskView(depot=at.here, code=code, refusal=problem_of(error))
    done = at.loans.reservation(at.actor, booking_id) if booking_id else None
    return DeskView(depot=at.here, code=code, scan=result, done=done)


def acted(at: Desk, result: ScanResult, booking: Reservation) -> DeskView:
    """The desk after an act, from what the act answered: its booking is done, the copy waits for the next scan."""
    is_out, candidates = result.situation == "take_back", result.candidates
    next_booking = booking if is_out else (candidates[0].booking if candidates else None)
    done = ReservationDetail(reservation=booking, missing=result.missing, nearest=[], equivalent_title_ids=[])
    now = msgspec.structs.replace(result, booking=next_booking, done=None, at_risk=[])
    return DeskView(depot=at.here, code=result.copy.code, scan=now, done=done)


def refused(at: Desk, data: Form, error: LendingError) -> Response[str]:
    """The desk again, with the refusal above what is known of the copy; typed counts are kept."""
    view = looked_at(at, data.get("code", "")[:LONGEST_CODE])
    typed = {int(name[len(FOUND) :]): int(text) for name, text in data.items() if is_count(name, text)}
    view = msgspec.structs.replace(view, refusal=problem_of(error), found=typed)
    if view.scan is not None and view.refusal is not None and view.refusal.slug in STOPS:
        view = msgspec.structs.replace(view, instead=at.acts.instead_of(at.actor, view.scan.copy))
    view = with_state(at, view, data)
    return shown(at, at_counter(at, view, data.get("school", "")[:100], data.get("due_on", "")[:10]))


def with_state(at: Desk, view: DeskView, data: Form) -> DeskView:
    """The open sheet and the modes, as the page carries them from scan to scan."""
    is_pile, is_repair = data.get("pile") == "yes", data.get("repair") == "yes"
    return msgspec.structs.replace(view, sheet=opened(at, data.get("sheet", "")), pile=is_pile, repair=is_repair)


def opened(at: Desk, code: str) -> DeskSheet | None:
    """The sheet that is open; one that opens nothing any more is closed."""
    try:
        return at.acts.sheet(at.actor, at.here.id, code[:LONGEST_CODE]) if code.strip() else None
    except (Conflict, Invalid, NotFound):
        return None


def at_counter(at: Desk, view: DeskView, text: str, due_on: str = "") -> DeskView:
    """The desk with what lending over the counter needs, where nobody waits for the copy."""
    if view.scan is None or view.scan.situation != "on_shelf" or view.done is not None:
        return view
    association_id = view.depot.association_id
    rule = at.acts.rule(at.actor, view.depot.id, view.scan.copy.title_kind)
    days = dt.timedelta(days=rule.loan_days - 1)
    usual = (at.network.today_in(view.depot.time_zone) + days).isoformat()
    schools = at.network.schools(at.actor, association_id, text) if text.strip() else []
    return msgspec.structs.replace(view, counter=Counter(text=text, schools=schools, due_on=due_on or usual))


def shown(at: Desk, view: DeskView, recent: str | None = None) -> Response[str]:
    """The page of the desk. `recent` is the cookie that goes out with it, where that is another than came in."""
    status = view.refusal.status if view.refusal else 200
    cookie = recent or at.request.cookies.get(RECENT_COOKIE, "")
    last, handled = so_far(cookie, view.depot.id, at.acts, at.actor)
    view = msgspec.structs.replace(view, last=last)
    if view.correctable and view.scan and view.contents is None:
        contents = at.acts.contents(at.actor, at.here.id, view.scan.copy.title_id)
        view = msgspec.structs.replace(view, contents=contents)
    facts: dict[str, Any] = {
        "desks": at.desks,
        "view": view,
        "recent": handled,
        "key": new_key(),
        "words": offline_words(),
    }
    return page(at.request, "desk/desk.html", status_code=status, **facts)


def is_count(name: str, text: str) -> bool:
    """Whether a field is the count of a line."""
    return name.startswith(FOUND) and name[len(FOUND) :].isdecimal() and text.isascii() and text.isdecimal()


def address(at: Desk, data: Form, **words: object) -> str:
    """Where a result is shown: the page carries its sheet and its mode along."""
    modes = {name: "yes" if data.get(name) == "yes" else "" for name in ("pile", "repair")}
    kept = {"sheet": data.get("sheet", "")[:LONGEST_CODE], **modes}
    asked = {"depot": at.here.id, **words, **kept}
    return "/desk?" + "&".join(f"{name}={quote(str(value))}" for name, value in asked.items() if value != "")
