"""The first page of those who work here: the desk, the region, or the whole network."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from lending.core.actor import Actor, Role
from lending.loans.schemas import LoanCounts, Reservation
from lending.loans.schemas.desk import DeskDay
from lending.loans.service import Loans
from lending.network.schemas import AssociationView, DepotPlace, UnionView
from lending.network.service import Network
from lending.web.rendering import page

AnyRequest = Request[Any, Any, Any]
# More desks than these are chosen from a list: their day would take too long to gather.
MOST_DESKS_SHOWN = 3
LATE_SHOWN = 8


@dataclass(frozen=True)
class DeskToday:
    """A desk and its day."""

    depot: DepotPlace
    day: DeskDay


@dataclass(frozen=True)
class AssociationFigures:
    """An association and its loans in figures."""

    association: AssociationView
    counts: LoanCounts


@dataclass(frozen=True)
class UnionFigures:
    """A union with the figures of its associations."""

    union: UnionView
    rows: list[AssociationFigures]

    def total(self, name: str) -> int:
        """The sum of one figure."""
        return sum(getattr(row.counts, name) for row in self.rows)


def role_home(request: AnyRequest, loans: Loans, network: Network, actor: Actor) -> Response[str] | None:
    """The home of the person's first role among staff, coordinator, administrator; None for everybody else."""
    if actor.has_role(Role.STAFF):
        return page(request, "home/staff.html", **staff_home_context(loans, network, actor))
    if actor.has_role(Role.COORDINATOR):
        return page(request, "home/coordinator.html", unions=union_figures(loans, network, actor))
    if actor.has_role(Role.ADMIN):
        return page(request, "home/admin.html", **admin_home_context(loans, network, actor))
    return None


def staff_home_context(loans: Loans, network: Network, actor: Actor) -> dict[str, Any]:
    """The desks of a person with their day, and the loans that are late."""
    desks = network.desks(actor)
    shown = [DeskToday(one, loans.desk_day(actor, one.id)) for one in desks[:MOST_DESKS_SHOWN]]
    late: list[Reservation] = loans.loans(actor, None, "late", limit=LATE_SHOWN).items
    at_risk = loans.loans(actor, None, "at_risk", limit=LATE_SHOWN).items
    associations = sorted({one.association_id for one in desks})
    return {
        "desks": desks,
        "shown": shown,
        "late": late,
        "at_risk": at_risk,
        "associations": [network.association(id_) for id_ in associations[:MOST_DESKS_SHOWN]],
    }


def admin_home_context(loans: Loans, network: Network, actor: Actor) -> dict[str, Any]:
    """The network in figures."""
    return {"unions": network.unions(), "late": loans.loans(actor, None, "late", limit=LATE_SHOWN).items}


def union_figures(loans: Loans, network: Network, actor: Actor) -> list[UnionFigures]:
    """The unions that a person coordinates, with what their associations lend."""
    mine = [one for one in network.unions() if actor.covers(one.path, Role.COORDINATOR)]
    return [figures_of(loans, actor, one) for one in mine]


def figures_of(loans: Loans, actor: Actor, union: UnionView) -> UnionFigures:
    """A union's associations with their loans in figures."""
    return UnionFigures(union, [AssociationFigures(one, loans.counts(actor, one.id)) for one in union.associations])
