"""Closing depots over JSON: what a closure hits, and the closure."""

from typing import Annotated

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED
from lending.loans.schemas.closures import ClosureImpact
from lending.loans.service.closures import Closures
from lending.network.schemas import NewClosure

MOST_DEPOTS = 200


class DepotClosing(msgspec.Struct, frozen=True, kw_only=True):
    """Depots to close together, and when."""

    depot_ids: Annotated[list[int], msgspec.Meta(min_length=1, max_length=MOST_DEPOTS)]
    closure: NewClosure


class ClosuresController(Controller):
    """Closures of one depot or of several."""

    path = "/closures"
    tags = ("network",)

    @post("/preview", sync_to_thread=True, operation_id="previewClosure", status_code=200, responses=REFUSED)
    def preview(
        self, closures: NamedDependency[Closures], actor: NamedDependency[Actor], data: JSONBody[DepotClosing]
    ) -> ClosureImpact:
        """The loans that a closure would hit, and where their dates would go. Changes nothing."""
        return closures.preview(actor, data.depot_ids, data.closure)

    @post("/", sync_to_thread=True, operation_id="closeDepots", responses=REFUSED)
    def announce(
        self, closures: NamedDependency[Closures], actor: NamedDependency[Actor], data: JSONBody[DepotClosing]
    ) -> ClosureImpact:
        """Close depots, all or none, and move the dates of the loans that this hits; their borrowers are told."""
        return closures.announce(actor, data.depot_ids, data.closure)


ROUTES = [ClosuresController]
