"""A desk's page over JSON, beside its scans. Days are local days of the depot; instants are UTC."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from lending.core.actor import Actor
from lending.core.errors import NotFound
from lending.loans.api.params import REFUSED, IdempotencyKey, RowId
from lending.loans.schemas import Reservation
from lending.loans.schemas.desk import DeskSheet, LastAct, OfflineDay
from lending.loans.service.desk_acts import DeskActs


class DeskActsController(Controller):
    """What a desk does around its scans."""

    path = "/"
    tags = ("desk",)

    @get("/depots/{depot_id:int}/sheets/{code:str}", sync_to_thread=True, operation_id="openSheet")
    def sheet(
        self,
        desk_acts: NamedDependency[DeskActs],
        actor: NamedDependency[Actor],
        depot_id: RowId,
        code: Annotated[str, PathParameter(max_length=200)],
    ) -> DeskSheet:
        """What the paper of a loan, or a school's code, opens here: what waits for the school, and what it has."""
        found = desk_acts.sheet(actor, depot_id, code)
        if found is None:
            raise NotFound
        return found

    @get("/depots/{depot_id:int}/last-act", sync_to_thread=True, operation_id="getLastAct")
    def last_act(
        self, desk_acts: NamedDependency[DeskActs], actor: NamedDependency[Actor], depot_id: RowId
    ) -> LastAct | None:
        """What the person did last at this desk, while it can be taken back; null without any."""
        return desk_acts.last_act(actor, depot_id)

    @get("/depots/{depot_id:int}/offline-day", sync_to_thread=True, operation_id="getOfflineDay")
    def offline_day(
        self, desk_acts: NamedDependency[DeskActs], actor: NamedDependency[Actor], depot_id: RowId
    ) -> Response[OfflineDay]:
        """What a desk needs to go on without network: loans planned for two weeks and out, copies, contents."""
        return Response(desk_acts.offline_day(actor, depot_id), headers={"cache-control": "no-store"})

    @post(
        "/desk-acts/{act_id:int}/undo", sync_to_thread=True, operation_id="undoAct", status_code=200, responses=REFUSED
    )
    def undo(
        self,
        desk_acts: NamedDependency[DeskActs],
        actor: NamedDependency[Actor],
        act_id: RowId,
        idempotency_key: IdempotencyKey = None,
    ) -> Reservation:
        """Take an act at a desk back: within a minute, if nothing happened to the copy since."""
        return desk_acts.undo(actor, act_id, idempotency_key)


ROUTES = [DeskActsController]
