"""Plans, demand and what owners allow, over JSON."""

from typing import Annotated

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody, PathParameter

from lending.core.actor import Actor
from lending.shipping.rebalancing.schemas import (
    Accepted,
    MoveChoice,
    NewPlan,
    PlaceBalance,
    PlanDetail,
    PlanView,
    PolicyChange,
    PolicyView,
    TitleDemand,
)
from lending.shipping.rebalancing.service import Rebalancing

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class PlansController(Controller):
    """Which copies to move where, and why."""

    path = "/"
    tags = ("rebalancing",)

    @post("/plans", sync_to_thread=True, operation_id="askForPlan", responses=REFUSED)
    def ask(
        self, rebalancing: NamedDependency[Rebalancing], actor: NamedDependency[Actor], data: JSONBody[NewPlan]
    ) -> PlanView:
        """Ask for a plan; it is solved in the background."""
        return rebalancing.ask(actor, data)

    @get("/plans/{plan_id:int}", sync_to_thread=True, operation_id="getPlan")
    def plan(
        self, rebalancing: NamedDependency[Rebalancing], actor: NamedDependency[Actor], plan_id: RowId
    ) -> PlanDetail:
        """A plan with its moves, its bound and, once copies arrived, what came of them."""
        return rebalancing.plan(actor, plan_id)

    @post(
        "/plans/{plan_id:int}/acceptance",
        sync_to_thread=True,
        operation_id="acceptMoves",
        status_code=200,
        responses=REFUSED,
    )
    def accept(
        self,
        rebalancing: NamedDependency[Rebalancing],
        actor: NamedDependency[Actor],
        plan_id: RowId,
        data: JSONBody[MoveChoice],
    ) -> Accepted:
        """Make transfers of moves; one that a rule refuses meanwhile stops no other."""
        return rebalancing.accept(actor, plan_id, data)

    @post(
        "/plans/{plan_id:int}/omission",
        sync_to_thread=True,
        operation_id="dropMoves",
        status_code=200,
        responses=REFUSED,
    )
    def drop(
        self,
        rebalancing: NamedDependency[Rebalancing],
        actor: NamedDependency[Actor],
        plan_id: RowId,
        data: JSONBody[MoveChoice],
    ) -> PlanDetail:
        """Leave moves out."""
        return rebalancing.drop(actor, plan_id, data)

    @post(
        "/plans/{plan_id:int}/restoration",
        sync_to_thread=True,
        operation_id="restoreMoves",
        status_code=200,
        responses=REFUSED,
    )
    def restore(
        self,
        rebalancing: NamedDependency[Rebalancing],
        actor: NamedDependency[Actor],
        plan_id: RowId,
        data: JSONBody[MoveChoice],
    ) -> PlanDetail:
        """Take moves in again that were left out."""
        return rebalancing.restore(actor, plan_id, data)

    @get("/organisations/{organisation_id:int}/plans", sync_to_thread=True, operation_id="listPlans")
    def plans(
        self, rebalancing: NamedDependency[Rebalancing], actor: NamedDependency[Actor], organisation_id: RowId
    ) -> list[PlanView]:
        """The newest plans of a union or of the federation."""
        return rebalancing.plans(actor, organisation_id)

    @get("/organisations/{organisation_id:int}/balance", sync_to_thread=True, operation_id="getBalance")
    def balance(
        self,
        rebalancing: NamedDependency[Rebalancing],
        actor: NamedDependency[Actor],
        organisation_id: RowId,
        theme: FromQuery[str] = "",
    ) -> list[PlaceBalance]:
        """Supply, expected demand and unmet demand of a theme, by department."""
        return rebalancing.balance(actor, organisation_id, theme)

    @get("/organisations/{organisation_id:int}/demand", sync_to_thread=True, operation_id="getDemand")
    def demand(
        self,
        rebalancing: NamedDependency[Rebalancing],
        actor: NamedDependency[Actor],
        organisation_id: RowId,
        theme: FromQuery[str] = "",
        title_id: FromQuery[int | None] = None,
    ) -> list[TitleDemand]:
        """The demand that is served worst, with the counts behind each number."""
        return rebalancing.demand(actor, organisation_id, theme, title_id)

    @get("/associations/{association_id:int}/rebalancing-policy", sync_to_thread=True, operation_id="getPolicy")
    def policy(
        self, rebalancing: NamedDependency[Rebalancing], actor: NamedDependency[Actor], association_id: RowId
    ) -> PolicyView:
        """Whether an owner's copies may move, and how many stay."""
        return rebalancing.policy(actor, association_id)

    @put(
        "/associations/{association_id:int}/rebalancing-policy",
        sync_to_thread=True,
        operation_id="setPolicy",
        responses={412: ResponseSpec(data_container=dict, description="Somebody else changed it since it was read.")},
    )
    def set_policy(
        self,
        rebalancing: NamedDependency[Rebalancing],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: JSONBody[PolicyChange],
    ) -> PolicyView:
        """Say whether an owner's copies may move, and how many stay."""
        return rebalancing.set_policy(actor, association_id, data)


ROUTES = [PlansController]
