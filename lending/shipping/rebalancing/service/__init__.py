"""Use cases of rebalancing: each public method is one transaction, but for what is solved or accepted step by step."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.core.errors import LendingError, NotFound, PreconditionFailed
from lending.network import queries as network
from lending.shipping.rebalancing.queries import plans
from lending.shipping.rebalancing.queries.facts import UnmetSource
from lending.shipping.rebalancing.rules.errors import (
    MoveNotOpen,
    PeriodsReversed,
    PlanLeavesInThePast,
    PlanNotSolved,
    ReturnBeforeDeparture,
    TooManyPlans,
)
from lending.shipping.rebalancing.rules.leaving import Words
from lending.shipping.rebalancing.rules.periods import school_year_of
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
from lending.shipping.rebalancing.service import solving
from lending.shipping.rebalancing.service.accepting import accept_move, bring_home
from lending.shipping.rebalancing.service.looking import balance, demand_of_titles
from lending.shipping.rebalancing.service.situation import situation
from lending.shipping.rebalancing.tables import RebalancingMove, RebalancingPlan, RebalancingPolicy

TIME_ZONE = "Europe/Paris"
MOST_WAITING = 20


class Rebalancing:
    """Which copies to move where, and why."""

    def __init__(self, db: Database, clock: Clock, unmet: UnmetSource) -> None:
        """Takes the database, the source of now, and where unmet demand is read."""
        self._db = db
        self._clock = clock
        self._unmet = unmet

    def ask(self, actor: Actor, new: NewPlan) -> PlanView:
        """Ask for a plan; it is solved in the background.

        Raises PeriodsReversed, PlanLeavesInThePast, ReturnBeforeDeparture, TooManyPlans, Forbidden, NotFound.
        """
        with self._db.write() as session:
            actor.require(network.path_of(session, new.organisation_id), Role.COORDINATOR)
            _check(new, self.today())
            waiting = select(func.count()).where(RebalancingPlan.state.in_(("waiting", "solving")))
            if (count := session.scalar(waiting) or 0) >= MOST_WAITING:
                raise TooManyPlans(waiting=count)
            said = {name: getattr(new, name) for name in NewPlan.__struct_fields__}
            row = RebalancingPlan(**said, created_by=actor.person_id, created_at=self._clock.now())
            session.add(row)
            session.flush()
            return plans.plan(session, row.id)

    def solve_next(self, *, seconds: float = solving.SECONDS) -> int:
        """Solve the plan that waits longest, the quick answer first; for the worker. Returns how many were solved."""
        plan_id = solving.claim(self._db, self._clock.now())
        if plan_id is None:
            return 0
        solving.solve_plan(self._db, self._clock, plan_id, self._unmet, self.today(), seconds)
        return 1

    def plan(self, actor: Actor, plan_id: int) -> PlanDetail:
        """A plan with its moves. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            self._allowed(session, actor, plan_id)
            return plans.detail(session, plan_id)

    def plans(self, actor: Actor, organisation_id: int) -> list[PlanView]:
        """The plans of an organisation, the newest first. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            actor.require(network.path_of(session, organisation_id), Role.COORDINATOR)
            return plans.plans(session, RebalancingPlan.organisation_id == organisation_id)

    def drop(self, actor: Actor, plan_id: int, choice: MoveChoice) -> PlanDetail:
        """Leave some moves out. Raises MoveNotOpen, PlanNotSolved, Forbidden, NotFound."""
        return self._turn(actor, plan_id, choice, "proposed", "dropped")

    def restore(self, actor: Actor, plan_id: int, choice: MoveChoice) -> PlanDetail:
        """Take moves in again that were left out. Raises MoveNotOpen, PlanNotSolved, Forbidden, NotFound."""
        return self._turn(actor, plan_id, choice, "dropped", "proposed")

    def accept(self, actor: Actor, plan_id: int, choice: MoveChoice) -> Accepted:
        """Make transfers of some moves, each by itself: one that a rule refuses meanwhile stops no other.

        Raises PlanNotSolved, MoveNotOpen, Forbidden, NotFound.
        """
        with self._db.read() as session:
            row = self._solved(session, actor, plan_id)
            ids = [one.id for one in _chosen(session, row, choice, "proposed")]
        done = [self._accept_one(actor, move_id) for move_id in ids]
        return Accepted(accepted=sum(done), refused=len(done) - sum(done))

    def bring_home(self) -> int:
        """Plan the way home of copies that were moved for a while; for the worker. Returns how many."""
        with self._db.write() as session:
            return bring_home(session, self.today(), self._clock.now())

    def balance(self, actor: Actor, organisation_id: int, theme: str = "") -> list[PlaceBalance]:
        """Supply and demand of a theme in each association below an organisation. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            path = network.path_of(session, organisation_id)
            actor.require(path, Role.COORDINATOR)
            found = situation(session, path, self._unmet, self._school_year(), self.today(), self.today())
            return balance(found, theme)

    def demand(
        self, actor: Actor, organisation_id: int, theme: str = "", title_id: int | None = None
    ) -> list[TitleDemand]:
        """What is asked of titles (of a theme, or of one title in every association). Raises Forbidden, NotFound."""
        with self._db.read() as session:
            path = network.path_of(session, organisation_id)
            actor.require(path, Role.COORDINATOR)
            found = situation(session, path, self._unmet, self._school_year(), self.today(), self.today())
            return demand_of_titles(found, theme, title_id)

    def policy(self, actor: Actor, association_id: int) -> PolicyView:
        """What an owner allows. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            return self._policy(session, actor, association_id)

    def set_policy(self, actor: Actor, association_id: int, change: PolicyChange) -> PolicyView:
        """Say what an owner allows. Raises PreconditionFailed, Forbidden, NotFound."""
        with self._db.write() as session:
            if self._policy(session, actor, association_id).version != change.version:
                raise PreconditionFailed
            row = session.get(RebalancingPolicy, association_id)
            if row is None:
                row = RebalancingPolicy(association_id=association_id, version=change.version)
                session.add(row)
            row.consents, row.kept_at_home = change.consents, change.kept_at_home
            row.version += 1
            session.flush()
            return self._policy(session, actor, association_id)

    def today(self) -> dt.date:
        """The day that plans count from, in metropolitan France."""
        return local_day(self._clock.now(), TIME_ZONE)

    def _school_year(self) -> int:
        return school_year_of(self.today())

    def _policy(self, session: Session, actor: Actor, association_id: int) -> PolicyView:
        one = network.association(session, association_id)
        actor.require(one.path, Role.STAFF, Role.COORDINATOR)
        row = session.get(RebalancingPolicy, association_id)
        words = Words(row.consents, row.kept_at_home) if row else Words()
        return PolicyView(
            association_id=association_id,
            association_name=one.name,
            consents=words.consents,
            kept_at_home=words.kept_at_home,
            version=row.version if row else 0,
        )

    def _allowed(self, session: Session, actor: Actor, plan_id: int) -> RebalancingPlan:
        row = session.get(RebalancingPlan, plan_id)
        if row is None:
            raise NotFound
        actor.require(network.path_of(session, row.organisation_id), Role.COORDINATOR)
        return row

    def _solved(self, session: Session, actor: Actor, plan_id: int) -> RebalancingPlan:
        row = self._allowed(session, actor, plan_id)
        if row.state != "solved":
            raise PlanNotSolved
        return row

    def _turn(self, actor: Actor, plan_id: int, choice: MoveChoice, before: str, after: str) -> PlanDetail:
        with self._db.write() as session:
            row = self._solved(session, actor, plan_id)
            for move in _chosen(session, row, choice, before):
                move.state = after
            row.version += 1
            session.flush()
            return plans.detail(session, plan_id)

    def _accept_one(self, actor: Actor, move_id: int) -> bool:
        """Whether the move is a transfer now. What refused it is kept with it."""
        try:
            with self._db.write() as session:
                return accept_move(session, actor, move_id, self._clock.now())
        except LendingError as refusal:
            with self._db.write() as session:
                move = session.get_one(RebalancingMove, move_id)
                if move.state == "proposed":
                    move.state, move.refusal = "refused", refusal.slug
            return False


def _check(new: NewPlan, today: dt.date) -> None:
    if new.last_period < new.first_period:
        raise PeriodsReversed
    if new.leaves_on < today:
        raise PlanLeavesInThePast(leaves_on=new.leaves_on)
    if new.returns_on is not None and new.returns_on <= new.leaves_on:
        raise ReturnBeforeDeparture


def _chosen(session: Session, plan: RebalancingPlan, choice: MoveChoice, state: str) -> list[RebalancingMove]:
    """The moves meant. Raises NotFound for another plan's, MoveNotOpen for one that is decided on."""
    of_plan = select(RebalancingMove).where(RebalancingMove.plan_id == plan.id).order_by(RebalancingMove.id)
    if choice.is_all:
        return list(session.scalars(of_plan.where(RebalancingMove.state == state)))
    known = {one.id: one for one in session.scalars(of_plan)}
    if not set(choice.move_ids) <= set(known):
        raise NotFound
    moves = [known[id_] for id_ in dict.fromkeys(choice.move_ids)]
    for one in moves:
        if one.state != state:
            raise MoveNotOpen(state=one.state)
    return moves
