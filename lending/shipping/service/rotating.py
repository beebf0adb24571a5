"""Copies that move from depot to depot by themselves: each run asks how things stand and plans what is due."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.core.actor import SYSTEM, Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.loans.queries.desk import loan_of_copy
from lending.loans.queries.wishes import IS_WAITING
from lending.loans.tables import Wish
from lending.network import queries as network
from lending.shipping import queries
from lending.shipping.rules import CopyIsNeeded, Place, Reason, SameDepot, Stage, TransferOpen, Turn, turn_of
from lending.shipping.schemas import NewRotation, NewTransfer
from lending.shipping.service import moving
from lending.shipping.tables import Rotation, RotationStage


class Rotations:
    """The rounds of copies."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def begin(self, actor: Actor, new: NewRotation) -> int:
        """Let a copy rotate from now on; its present depot should be the first stage's. Returns the rotation's id.

        Raises UnknownBarcode, Forbidden, NotFound.
        """
        now = self._clock.now()
        with self._db.write() as session:
            copy = catalog.copy_by_code(session, new.code)
            moving.require_depot(session, actor, copy.depot_id, Role.STAFF, Role.COORDINATOR)
            today = local_day(now, network.depot(session, copy.depot_id).time_zone)
            rotation = Rotation(copy_id=copy.id, is_cyclical=new.is_cyclical, arrived_on=today)
            session.add(rotation)
            session.flush()
            for number, stage in enumerate(new.stages):
                network.depot(session, stage.depot_id)
                session.add(
                    RotationStage(rotation_id=rotation.id, number=number, depot_id=stage.depot_id, days=stage.days)
                )
            return rotation.id

    def turn(self) -> int:
        """Plan what is due, for the worker; returns how many copies moved on, left or were called back."""
        now = self._clock.now()
        with self._db.read() as session:
            ids = session.scalars(select(Rotation.id).where(Rotation.is_active).order_by(Rotation.id)).all()
        done = 0
        for rotation_id in ids:
            with self._db.write() as session:
                done += _turn(session, session.get_one(Rotation, rotation_id), now)
        return done


def _turn(session: Session, rotation: Rotation, now: dt.datetime) -> bool:
    if queries.open_of_copy(session, rotation.copy_id) is not None:
        return False
    copy = catalog.copy(session, rotation.copy_id)
    stages = _stages(session, rotation.id)
    today = local_day(now, network.depot(session, copy.depot_id).time_zone)
    place = Place(
        stage=rotation.stage,
        arrived_on=rotation.arrived_on,
        depot_id=copy.depot_id,
        is_on_loan=loan_of_copy(session, copy.id) is not None,
        is_in_demand=_is_in_demand(session, copy.title_id, copy.owner_id),
        has_skipped=rotation.has_skipped,
    )
    turn, stage = turn_of(stages, place, today, is_cyclical=rotation.is_cyclical)
    match turn:
        case Turn.SKIP:
            rotation.has_skipped, rotation.arrived_on = True, today
        case Turn.LEAVE:
            rotation.is_active = False
        case Turn.MOVE | Turn.REPATRIATE:
            return _move(session, rotation, stages[stage].depot_id, stage, today, now)
        case _:
            return False
    return True


def _move(session: Session, rotation: Rotation, depot_id: int, stage: int, today: dt.date, now: dt.datetime) -> bool:
    copy = catalog.copy(session, rotation.copy_id)
    new = NewTransfer(code=copy.code, to_depot_id=depot_id, leaves_on=today, reason=Reason.ROTATION)
    try:
        moving.plan_copy(session, SYSTEM, copy, new, now)
    except (CopyIsNeeded, TransferOpen, SameDepot):
        # It waits where it is; the next run asks again.
        return False
    rotation.stage, rotation.has_skipped, rotation.arrived_on = stage, False, today
    return True


def _stages(session: Session, rotation_id: int) -> list[Stage]:
    query = select(RotationStage).where(RotationStage.rotation_id == rotation_id).order_by(RotationStage.number)
    return [Stage(row.depot_id, row.days) for row in session.scalars(query)]


def _is_in_demand(session: Session, title_id: int, association_id: int) -> bool:
    """Whether somebody waits for the title where the copy belongs."""
    waiting = select(Wish.id).where(Wish.title_id == title_id, Wish.association_id == association_id, IS_WAITING)
    return session.scalar(waiting.limit(1)) is not None
