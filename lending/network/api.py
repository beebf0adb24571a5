"""The network over JSON."""

from typing import Annotated

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from lending.core.actor import Actor
from lending.network.schemas import (
    AssociationView,
    DepotView,
    NewClosure,
    NewSchool,
    OpeningHours,
    SchoolView,
    UnionView,
)
from lending.network.service import Network


class UnionChoice(msgspec.Struct, frozen=True):
    """The union that an association is to belong to."""

    union_id: int


class AffiliationYear(msgspec.Struct, frozen=True):
    """A school year by its first year: 2026 = 2026-27."""

    school_year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]


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


ROUTES = [NetworkController]
