"""The page of a title: what it is, what is in it, when it is free, and the form that reserves it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_307_TEMPORARY_REDIRECT

from lending.catalog.schemas import TitlePage, TitleSummary
from lending.catalog.service import Catalog
from lending.catalog.sheets.schemas import Audience
from lending.catalog.sheets.service import Sheets
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.errors import LendingError
from lending.loans.rules.borrowers import Borrowers, borrowers_of
from lending.loans.rules.errors import FreePeriod, NoCopyFree
from lending.loans.schemas import DepotAvailability, NewReservation
from lending.loans.schemas.reviews import TitleReviews
from lending.loans.schemas.rules import PeriodChoice
from lending.loans.service import Loans
from lending.loans.service.reviews import Reviews
from lending.loans.service.rulebook import RuleBook
from lending.network.schemas import SchoolView
from lending.network.service import Network
from lending.search.unmet.service import UnmetDemand
from lending.web import forms
from lending.web.calendar import Month, months
from lending.web.pages.title_schools import SchoolChoice, choose_school
from lending.web.rendering import PARIS, page, refused, see

SHOWN_DAYS = 126
SHOWN_REVIEWS = 3
Fields = dict[str, str]


class Offer(msgspec.Struct, kw_only=True):
    """Everything that the page shows beside the title's own facts."""

    depots: list[DepotAvailability]
    depot: DepotAvailability | None
    months: list[Month]
    choice: SchoolChoice
    schools: list[SchoolView]
    rule: dict[str, Any]
    borrowers: str
    choices: list[PeriodChoice]
    is_for_my_school: bool
    form: Fields
    nearest: Sequence[FreePeriod] = ()
    equivalents: Sequence[TitleSummary] = ()
    wait: NoCopyFree | None = None

    @property
    def school_choices(self) -> list[tuple[int, str]]:
        """The schools to choose from, for a select."""
        return [(school.id, school.name) for school in self.schools]


class TitlePages:
    """Puts the page together; one object per request."""

    def __init__(
        self,
        catalog: Catalog,
        sheets: Sheets,
        loans: Loans,
        rulebook: RuleBook,
        network: Network,
        clock: Clock,
        reviews: Reviews,
        actor: Actor,
    ) -> None:
        self._catalog = catalog
        self._sheets = sheets
        self._loans = loans
        self._rulebook = rulebook
        self._network = network
        self._reviews = reviews
        self._today = local_day(clock.now(), PARIS)
        self._actor = actor

    def facts(self, title_id: int, depot_id: int | None, form: Fields) -> dict[str, Any]:
        """The title and what can be had of it. Raises NotFound."""
        title = self._catalog.title_page(self._actor, title_id)
        offer, companions = self._offer(title, depot_id, form), self._sheets.companions(self._actor, title_id)
        # Nobody is asked who is a member where nothing is for members.
        has_secrets = any(one.audience is Audience.MEMBERS for one in title.documents)
        is_member = has_secrets and self._sheets.is_member(self._actor)
        beside = {"companions": companions, "is_member": is_member, "reviews": self._reviews_of(title_id)}
        return {"title": title, "offer": offer, "today": self._today, **beside}

    def _reviews_of(self, title_id: int) -> TitleReviews:
        """The latest ones; the others have a page of their own."""
        return self._reviews.of_title(self._actor, title_id, limit=SHOWN_REVIEWS)

    def with_alternatives(self, facts: dict[str, Any], error: NoCopyFree) -> dict[str, Any]:
        """What could be had instead of what is taken."""
        facts["offer"].nearest = error.nearest
        facts["offer"].wait = error
        facts["offer"].equivalents = self._catalog.title_summaries(self._actor, error.equivalent_title_ids)
        return facts

    def _offer(self, title: TitlePage, depot_id: int | None, form: Fields) -> Offer:
        choice = choose_school(self._network, self._actor, form)
        depots = self._depots(title, choice.own)
        depot = next((one for one in depots if one.depot_id == depot_id), depots[0] if depots else None)
        served = [school for school in choice.schools if depot is not None and self._serves(depot, school)]
        borrowers = self._borrowers(depot, served[0]) if depot and served else Borrowers.OWN
        return Offer(
            depots=depots,
            depot=depot,
            months=months(depot, self._today) if depot else [],
            choice=choice,
            schools=served,
            rule=self._rule(depot, title, borrowers) if depot and served else {},
            borrowers=borrowers,
            is_for_my_school=bool(served),
            choices=self._rulebook.choices(title.id, depot.depot_id, served[0].id) if depot and served else [],
            form={"idempotency_key": forms.new_key(), "starts_on": "", "due_on": "", "school_id": ""} | form,
        )

    def _serves(self, depot: DepotAvailability, school: SchoolView) -> bool:
        """Whether the rules open the depot to the school."""
        return self._borrowers(depot, school) in depot.opens_to

    def _borrowers(self, depot: DepotAvailability, school: SchoolView) -> Borrowers:
        lender = self._network.association(depot.association_id)
        return borrowers_of(lender.path, school.path)

    def _rule(self, depot: DepotAvailability, title: TitlePage, borrowers: Borrowers) -> dict[str, Any]:
        """The rule in force for the school: nobody should learn of a deposit after having reserved."""
        found = self._rulebook.in_force(depot.association_id, title.kind, borrowers)
        return {fact.name: fact.value for fact in found.facts}

    def _depots(self, title: TitlePage, own: set[int]) -> list[DepotAvailability]:
        """The depots that lend it, one's own association first."""
        if title.visibility != "published":
            return []
        until_on = self._today + dt.timedelta(days=SHOWN_DAYS)
        found = self._loans.availability(title.id, self._today.replace(day=1), until_on).depots
        return sorted(found, key=lambda depot: (depot.association_id not in own, depot.association_name))


@get("/titles/{title_id:int}", sync_to_thread=True, include_in_schema=False)
def show_title(
    request: Request[Any, Any, Any],
    catalog: NamedDependency[Catalog],
    sheets: NamedDependency[Sheets],
    loans: NamedDependency[Loans],
    rulebook: NamedDependency[RuleBook],
    network: NamedDependency[Network],
    clock: NamedDependency[Clock],
    reviews: NamedDependency[Reviews],
    actor: NamedDependency[Actor],
    title_id: FromPath[int],
    depot: FromQuery[int | None] = None,
    starts_on: FromQuery[str] = "",
    due_on: FromQuery[str] = "",
    school_id: FromQuery[str] = "",
    for_school: FromQuery[str] = "",
) -> Response[str]:
    """A title with its calendar; the staff name a school to reserve for."""
    pages = TitlePages(catalog, sheets, loans, rulebook, network, clock, reviews, actor)
    sent = {"starts_on": starts_on, "due_on": due_on, "school_id": school_id, "for_school": for_school}
    facts = pages.facts(title_id, depot, sent)
    return page(request, "title.html", **facts)


@post("/titles/{title_id:int}/reservations", sync_to_thread=True, include_in_schema=False)
def reserve(
    request: Request[Any, Any, Any],
    catalog: NamedDependency[Catalog],
    sheets: NamedDependency[Sheets],
    loans: NamedDependency[Loans],
    rulebook: NamedDependency[RuleBook],
    network: NamedDependency[Network],
    clock: NamedDependency[Clock],
    reviews: NamedDependency[Reviews],
    unmet: NamedDependency[UnmetDemand],
    actor: NamedDependency[Actor],
    title_id: FromPath[int],
    data: URLEncodedBody[Fields],
) -> Response[str] | Redirect:
    """Reserve; a refusal stands beside its field, with what could be had instead."""
    if data.get("quantity", "1").strip() not in ("", "1"):
        # Several copies are asked for together in the basket: all of them, or none.
        return Redirect("/basket/lines", status_code=HTTP_307_TEMPORARY_REDIRECT)
    try:
        wanted = NewReservation(
            title_id=title_id,
            school_id=forms.chosen_id(data, "school_id"),
            depot_id=forms.optional_id(data, "depot_id"),
            starts_on=forms.day(data, "starts_on"),
            due_on=forms.day(data, "due_on"),
        )
        made = loans.reserve(actor, wanted, data.get("idempotency_key") or None)
    except LendingError as error:
        if not actor.has_role(Role.TEACHER, Role.STAFF):
            raise
        pages = TitlePages(catalog, sheets, loans, rulebook, network, clock, reviews, actor)
        typed = {name: value for name, value in data.items() if name != "idempotency_key"}
        depot_id = int(data["depot_id"][:11]) if data.get("depot_id", "").isdecimal() else None
        facts = pages.facts(title_id, depot_id, typed)
        if isinstance(error, NoCopyFree):
            facts = pages.with_alternatives(facts, error)
            note_refusal(unmet, facts["offer"], error)
        return refused(request, "title.html", error, **facts)
    return see(f"/reservations/{made.id}?new=yes")


def note_refusal(unmet: UnmetDemand, offer: Offer, error: NoCopyFree) -> None:
    """Count what could not be had, for whoever decides what to buy."""
    if offer.depot is not None:
        unmet.note_refusal(offer.depot.association_id, error.title_name, error.starts_on)


ROUTES = [show_title, reserve]
