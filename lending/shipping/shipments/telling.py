"""Messages about shipments: whoever is at the other end is told, inside the transaction in which it becomes true.

What time alone brings about (a shipment is expected tomorrow) is asked by a job, and foreseen by a dry run.
"""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.queries import holders_of
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.loans.service.foreseeing import Coming
from lending.loans.service.overdue import known_keys
from lending.network import queries as network
from lending.network.tables import Association, Depot
from lending.notices.announce import Message, announce_many
from lending.notices.rules import NoticeKind
from lending.shipping.shipments.rules import ShipmentState, arrival_told_on
from lending.shipping.shipments.tables import Shipment

SUBJECT_PREFIX = "shipment:"


def shipment_subject(shipment_id: int) -> str:
    """How a shipment is named in a notice."""
    return f"{SUBJECT_PREFIX}{shipment_id}"


def tell_sent(session: Session, shipment: Shipment, actor: Actor, now: dt.datetime) -> None:
    """Tell those who will receive it that it left."""
    lender_id, receiver_id = _ends(session, shipment)
    messages = _messages(session, NoticeKind.SHIPMENT_SENT, shipment, lender_id, receiver_id)
    announce_many(session, [one for one in messages if one.person_id != actor.person_id], now)


def tell_received(session: Session, shipment: Shipment, actor: Actor, now: dt.datetime) -> None:
    """Tell those who sent it what became of it; what turned back, they have in their own hands."""
    if shipment.turned_back_at is not None:
        return
    lender_id, receiver_id = _ends(session, shipment)
    messages = _messages(session, NoticeKind.SHIPMENT_RECEIVED, shipment, receiver_id, lender_id)
    announce_many(session, [one for one in messages if one.person_id != actor.person_id], now)


def announce_arrivals(session: Session, now: dt.datetime) -> int:
    """Announce what is expected soon to those who receive it, each once; returns how many messages."""
    messages = [one for shipment, zone in _expected(session) for one in _arriving(session, shipment, zone, now)]
    return announce_many(session, messages, now)


def arrivals_coming(session: Session, association_id: int, today: dt.date, until: dt.date) -> list[Coming]:
    """What `announce_arrivals` will announce for an association's shipments from today until a day."""
    found = []
    for shipment, zone in _expected(session):
        turn_on = max(today, _told_on(shipment, zone))
        lender_id, receiver_id = _ends(session, shipment)
        if lender_id == association_id and turn_on <= min(until, shipment.arrives_on or until):
            messages = _messages(session, NoticeKind.SHIPMENT_ARRIVING, shipment, lender_id, receiver_id)
            found += [Coming(one, turn_on) for one in messages]
    known = known_keys(session, [one.message.key for one in found])
    return [one for one in found if one.message.key not in known]


def _arriving(session: Session, shipment: Shipment, zone: str, now: dt.datetime) -> list[Message]:
    if shipment.arrives_on is None or not _told_on(shipment, zone) <= local_day(now, zone) <= shipment.arrives_on:
        return []
    return _messages(session, NoticeKind.SHIPMENT_ARRIVING, shipment, *_ends(session, shipment))


def _told_on(shipment: Shipment, zone: str) -> dt.date:
    """The local day of the receiver on which its coming is told; the day of the last hour for what never left."""
    sent_on = local_day(shipment.sent_at, zone) if shipment.sent_at else dt.date.max
    return arrival_told_on(shipment.arrives_on, sent_on) if shipment.arrives_on else dt.date.max


def _expected(session: Session) -> Iterator[tuple[Shipment, str]]:
    """What is on its way and has a day on which it should arrive, with the time zone there."""
    query = (
        select(Shipment, Association.time_zone)
        .join(Depot, Depot.id == Shipment.to_depot_id)
        .join(Association, Association.organisation_id == Depot.association_id)
        .where(Shipment.state == ShipmentState.SENT.value, Shipment.turned_back_at.is_(None))
        .where(Shipment.arrives_on.is_not(None))
        .order_by(Shipment.id)
    )
    yield from ((shipment, zone) for shipment, zone in session.execute(query))


def _ends(session: Session, shipment: Shipment) -> tuple[int, int]:
    """The associations that send and that receive."""
    return (
        network.depot(session, shipment.from_depot_id).association_id,
        network.depot(session, shipment.to_depot_id).association_id,
    )


def _messages(session: Session, kind: NoticeKind, shipment: Shipment, speaker_id: int, told_id: int) -> list[Message]:
    """One for each person who works where it is told; a reply reaches the other end."""
    day = f":{shipment.arrives_on}" if kind == NoticeKind.SHIPMENT_ARRIVING else ""
    return [
        Message(
            kind=kind,
            person_id=person_id,
            subject=shipment_subject(shipment.id),
            key=f"{kind}:{shipment.id}{day}:{person_id}",
            association_id=speaker_id,
        )
        for person_id in holders_of(session, Role.STAFF, told_id)
    ]
