"""Rounds over JSON."""

import datetime as dt
from typing import Annotated

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody, PathParameter

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.shipping.rounds.schemas import (
    CarriedView,
    NewRound,
    OfflineRound,
    Replanning,
    RoundSummary,
    RoundView,
    StopActs,
    StopHours,
    StopLine,
    StopOrder,
    StopScan,
    StopScanned,
    StopVisit,
)
from lending.shipping.rounds.service import Rounds

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class RoundsController(Controller):
    """Vans that bring and collect."""

    path = "/"
    tags = ("shipping",)

    @get("/depots/{depot_id:int}/rounds", sync_to_thread=True, operation_id="listRounds")
    def of_depot(
        self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], depot_id: RowId
    ) -> list[RoundSummary]:
        """A depot's rounds: those to come, then the last ones."""
        return rounds.at_depot(actor, depot_id)

    @get("/depots/{depot_id:int}/carriages", sync_to_thread=True, operation_id="listCarriages")
    def carried(
        self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], depot_id: RowId, day: FromQuery[dt.date]
    ) -> list[CarriedView]:
        """What a depot could bring and collect in the week of a day, and is on no round yet."""
        return rounds.carried_in_week(actor, depot_id, day)

    @post("/rounds", sync_to_thread=True, operation_id="planRound", responses=REFUSED)
    def plan(
        self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], data: JSONBody[NewRound]
    ) -> RoundView:
        """Put deliveries and collections on stops, in the shortest order that keeps hours and capacity."""
        return rounds.plan(actor, data)

    @get("/rounds/{round_id:int}", sync_to_thread=True, operation_id="getRound")
    def one(self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> RoundView:
        """A round with its stops and what is done at each."""
        return rounds.round(actor, round_id)

    @get("/rounds/{round_id:int}/offline", sync_to_thread=True, operation_id="getOfflineRound")
    def offline(self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> OfflineRound:
        """What a phone keeps of a round that it drives, and when that was read."""
        return rounds.offline_round(actor, round_id)

    @get("/rounds/{round_id:int}/sheet.pdf", sync_to_thread=True, operation_id="printRoundSheet")
    def sheet(self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> Response[bytes]:
        """The round sheet for the driver."""
        return pdf(rounds.sheet(actor, round_id), f"round-{round_id}")

    @post(
        "/rounds/{round_id:int}/ordering",
        sync_to_thread=True,
        operation_id="orderRound",
        status_code=200,
        responses=REFUSED,
    )
    def order_again(
        self,
        rounds: NamedDependency[Rounds],
        actor: NamedDependency[Actor],
        round_id: RowId,
        data: JSONBody[Replanning],
    ) -> RoundView:
        """Order the stops anew, those that did not fit included."""
        return rounds.order_again(actor, round_id, data.version)

    @put("/rounds/{round_id:int}/order", sync_to_thread=True, operation_id="arrangeRound", responses=REFUSED)
    def arrange(
        self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId, data: JSONBody[StopOrder]
    ) -> RoundView:
        """Order the stops by hand."""
        return rounds.arrange(actor, round_id, data)

    @put(
        "/rounds/{round_id:int}/stops/{stop_id:int}/hours",
        sync_to_thread=True,
        operation_id="setStopHours",
        responses=REFUSED,
    )
    def set_hours(
        self,
        rounds: NamedDependency[Rounds],
        actor: NamedDependency[Actor],
        round_id: RowId,
        stop_id: RowId,
        data: JSONBody[StopHours],
    ) -> RoundView:
        """Say when somebody is at a stop; null for the usual hours."""
        return rounds.set_hours(actor, round_id, stop_id, data)

    @delete(
        "/rounds/{round_id:int}/stops/{stop_id:int}",
        sync_to_thread=True,
        operation_id="removeStop",
        status_code=200,
        responses=REFUSED,
    )
    def remove_stop(
        self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId, stop_id: RowId
    ) -> RoundView:
        """Take a stop off the round."""
        return rounds.remove_stop(actor, round_id, stop_id)

    @post(
        "/rounds/{round_id:int}/departure",
        sync_to_thread=True,
        operation_id="startRound",
        status_code=200,
        responses=REFUSED,
    )
    def start(self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> RoundView:
        """The van leaves, and with it the shipments that it brings, all or none."""
        return rounds.start(actor, round_id)

    @post(
        "/rounds/{round_id:int}/stops/{stop_id:int}/scans",
        sync_to_thread=True,
        operation_id="scanAtStop",
        status_code=200,
        responses=REFUSED,
    )
    def scan(
        self,
        rounds: NamedDependency[Rounds],
        actor: NamedDependency[Actor],
        round_id: RowId,
        stop_id: RowId,
        data: JSONBody[StopScan],
    ) -> StopScanned:
        """A copy or a parcel is handed over or collected at a stop."""
        return rounds.scan(actor, round_id, stop_id, data)

    @post(
        "/rounds/{round_id:int}/stops/{stop_id:int}/visit",
        sync_to_thread=True,
        operation_id="leaveStop",
        status_code=200,
        responses=REFUSED,
    )
    def visit(
        self,
        rounds: NamedDependency[Rounds],
        actor: NamedDependency[Actor],
        round_id: RowId,
        stop_id: RowId,
        data: JSONBody[StopVisit],
    ) -> RoundView:
        """The van leaves a stop; what has not changed hands is missed."""
        return rounds.visit(actor, round_id, stop_id, data)

    @post("/rounds/{round_id:int}/replay", sync_to_thread=True, operation_id="replayRound", status_code=200)
    def replay(
        self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId, data: JSONBody[StopActs]
    ) -> list[StopLine]:
        """What a phone did at stops without network, in its order; each line tells the outcome of one act."""
        return rounds.replay(actor, round_id, data.acts)

    @post(
        "/rounds/{round_id:int}/closing",
        sync_to_thread=True,
        operation_id="closeRound",
        status_code=200,
        responses=REFUSED,
    )
    def close(self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> RoundView:
        """The van is back; what it did not bring or collect may go on another round."""
        return rounds.close(actor, round_id)

    @post(
        "/rounds/{round_id:int}/cancellation",
        sync_to_thread=True,
        operation_id="cancelRound",
        status_code=200,
        responses=REFUSED,
    )
    def cancel(self, rounds: NamedDependency[Rounds], actor: NamedDependency[Actor], round_id: RowId) -> RoundView:
        """The van does not leave; what it held may go on another round."""
        return rounds.cancel(actor, round_id)


ROUTES = [RoundsController]
