"""The network over JSON."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter

from lending.core.actor import Actor
from lending.network.schemas import (
    AssociationView,
    DepotAddress,
    DepotView,
    NewClosure,
    NewSchool,
    OpeningHours,
    SchoolCalendarView,
    SchoolPeriodView,
    SchoolView,
    UnionView,
)
from lending.network.service import Network
from lending.network.service.school_calendars import SchoolCalendars

SchoolYear = Annotated[int, PathParameter(ge=2000, le=2200)]


class UnionChoice(msgspec.Struct, frozen=True):
    """The union that an association is to belong to."""

    union_id: int


class AffiliationYear(msgspec.Struct, frozen=True):
    """A school year by its first year: 2026 = 2026-27."""

    school_year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]


class ExceptionalDay(msgspec.Struct, frozen=True):
    """Why a desk is open on a day on which it would be closed."""

    reason: Annotated[str, msgspec.Meta(max_length=120)] = ""


class HandoverLimit(msgspec.Struct, frozen=True):
    """How many reservations a depot hands over a day at most; null for any number."""

    max_handovers_per_day: Annotated[int, msgspec.Meta(ge=1, le=999)] | None


class ReturnLimit(msgspec.Struct, frozen=True):
    """How many returns a depot expects an hour at most; null for any number."""

    max_returns_per_hour: Annotated[int, msgspec.Meta(ge=1, le=99)] | None


class TeachingPeriod(msgspec.Struct, frozen=True):
    """Teaching days `[starts_on, ends_on)` between two holidays."""

    number: Annotated[int, msgspec.Meta(ge=1, le=5)]
    starts_on: dt.date
    ends_on: dt.date


class SchoolYearPeriods(msgspec.Struct, frozen=True):
    """The five periods of a school year; `version` is that which was read, 0 where there was none."""

    version: Annotated[int, msgspec.Meta(ge=0)]
    periods: Annotated[list[TeachingPeriod], msgspec.Meta(max_length=5)]


class NetworkController(Controller):
    """Unions, associations, depots and schools."""

    path = "/"
    tags = ("network",)

    @get("/unions", sync_to_thread=True, operation_id="listUnions")
    def unions(self, network: NamedDependency[Network]) -> list[UnionView]:
        """All regional unions with their associations."""
        return network.unions()

    @get("/associations", sync_to_thread=True, operation_id="listAssociations")
    def associations(self, network: NamedDependency[Network]) -> list[AssociationView]:
        """All departmental associations."""
        return network.associations()

    @put("/associations/{association_id:int}/union", sync_to_thread=True, operation_id="moveAssociation")
    def move_association(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        association_id: FromPath[int],
        data: JSONBody[UnionChoice],
    ) -> AssociationView:
        """Put an association under another regional union."""
        return network.move_association(actor, association_id, data.union_id)

    @get("/depots", sync_to_thread=True, operation_id="listDepots")
    def depots(
        self, network: NamedDependency[Network], association_id: FromQuery[int | None] = None
    ) -> list[DepotView]:
        """Depots with their hours and closures."""
        return network.depots(association_id)

    @put("/depots/{depot_id:int}/openings", sync_to_thread=True, operation_id="setOpenings")
    def set_openings(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        data: JSONBody[list[OpeningHours]],
    ) -> DepotView:
        """Replace a depot's weekly hours."""
        return network.set_openings(actor, depot_id, data)

    @post("/depots/{depot_id:int}/closures", sync_to_thread=True, operation_id="closeDepot")
    def close_depot(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        data: JSONBody[NewClosure],
    ) -> DepotView:
        """Announce a closure."""
        return network.close_depot(actor, depot_id, data)

    @delete("/depots/{depot_id:int}/closures/{closure_id:int}", sync_to_thread=True, operation_id="reopenDepot")
    def reopen_depot(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        closure_id: FromPath[int],
    ) -> None:
        """Take a closure back."""
        network.reopen_depot(actor, depot_id, closure_id)

    @put(
        "/depots/{depot_id:int}/exceptional-openings/{opens_on:date}",
        sync_to_thread=True,
        operation_id="openDepotExceptionally",
    )
    def open_exceptionally(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        opens_on: FromPath[dt.date],
        data: JSONBody[ExceptionalDay],
    ) -> DepotView:
        """Open the desk on a day on which it would be closed."""
        return network.open_exceptionally(actor, depot_id, opens_on, data.reason)

    @delete(
        "/depots/{depot_id:int}/exceptional-openings/{opens_on:date}",
        sync_to_thread=True,
        operation_id="closeDepotAgain",
    )
    def close_again(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        opens_on: FromPath[dt.date],
    ) -> None:
        """Take an exceptional opening back."""
        network.close_again(actor, depot_id, opens_on)

    @put("/depots/{depot_id:int}/handover-limit", sync_to_thread=True, operation_id="limitHandovers")
    def limit_handovers(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        data: JSONBody[HandoverLimit],
    ) -> DepotView:
        """Say how many reservations a depot hands over a day at most."""
        return network.limit_handovers(actor, depot_id, data.max_handovers_per_day)

    @put("/depots/{depot_id:int}/return-limit", sync_to_thread=True, operation_id="limitReturns")
    def limit_returns(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        data: JSONBody[ReturnLimit],
    ) -> DepotView:
        """Say how many returns a depot expects an hour at most."""
        return network.limit_returns(actor, depot_id, data.max_returns_per_hour)

    @put("/depots/{depot_id:int}/address", sync_to_thread=True, operation_id="setDepotAddress")
    def set_address(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        depot_id: FromPath[int],
        data: JSONBody[DepotAddress],
    ) -> DepotView:
        """Say where a depot is and how to ring it up."""
        return network.set_address(actor, depot_id, data)

    @get("/schools", sync_to_thread=True, operation_id="findSchools")
    def schools(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        association_id: FromQuery[int],
        text: FromQuery[str] = "",
    ) -> list[SchoolView]:
        """Schools of an association by name, commune or code: at most 20."""
        return network.schools(actor, association_id, text)

    @get("/schools/mine", sync_to_thread=True, operation_id="listMySchools")
    def my_schools(self, network: NamedDependency[Network], actor: NamedDependency[Actor]) -> list[SchoolView]:
        """The schools for which the person borrows."""
        return network.my_schools(actor)

    @post("/schools", sync_to_thread=True, operation_id="registerSchool")
    def register_school(
        self, network: NamedDependency[Network], actor: NamedDependency[Actor], data: JSONBody[NewSchool]
    ) -> SchoolView:
        """Register a school; its code's letter is verified."""
        return network.register_school(actor, data)

    @post("/schools/{school_id:int}/affiliations", sync_to_thread=True, operation_id="affiliateSchool")
    def affiliate(
        self,
        network: NamedDependency[Network],
        actor: NamedDependency[Actor],
        school_id: FromPath[int],
        data: JSONBody[AffiliationYear],
    ) -> SchoolView:
        """Record a school's affiliation for a school year."""
        return network.affiliate(actor, school_id, data.school_year)


class SchoolCalendarController(Controller):
    """The school periods of each zone."""

    path = "/school-calendars"
    tags = ("network",)

    @get("/", sync_to_thread=True, operation_id="listSchoolCalendars")
    def calendars(self, school_calendars: NamedDependency[SchoolCalendars]) -> list[SchoolCalendarView]:
        """Every school year that is known; one that nobody published is not in the list, and never guessed."""
        return school_calendars.all()

    @put("/{school_year:int}/{zone:str}", sync_to_thread=True, operation_id="setSchoolCalendar")
    def set_periods(
        self,
        school_calendars: NamedDependency[SchoolCalendars],
        actor: NamedDependency[Actor],
        school_year: SchoolYear,
        zone: FromPath[str],
        data: JSONBody[SchoolYearPeriods],
    ) -> SchoolCalendarView:
        """Write down the five periods of a zone's school year; refused over somebody else's change."""
        periods = [SchoolPeriodView(one.number, school_year, one.starts_on, one.ends_on) for one in data.periods]
        return school_calendars.set_periods(actor, zone, school_year, periods, data.version)


ROUTES = [NetworkController, SchoolCalendarController]
