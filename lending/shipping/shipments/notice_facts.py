"""What a message about a shipment tells, read when it is sent."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.orm import Session

from lending.core.clock import Clock, local_day
from lending.core.errors import NotFound
from lending.network import queries as network
from lending.notices.rules import NoticeKind
from lending.notices.schemas import ContentsFact, MissingLine, ShipmentFacts
from lending.shipping.shipments import queries
from lending.shipping.shipments.rules import LineState, ShipmentState
from lending.shipping.shipments.schemas import LineView, ShipmentSummary
from lending.shipping.shipments.telling import SUBJECT_PREFIX

IS_THERE = (LineState.ARRIVED, LineState.DAMAGED)
IS_NOT_PACKED = (LineState.EXTRA, LineState.GONE)


class ShipmentNoticeFacts:
    """Answers for subjects such as `shipment:12`."""

    def __init__(self, clock: Clock) -> None:
        """The clock tells whether a shipment is still to come."""
        self._clock = clock

    def facts(self, session: Session, kind: str, subject: str) -> ShipmentFacts | None:
        """What is true now; None for a shipment that does not exist.

        The end that knows speaks: who sends says that it left, who receives that it is there.
        """
        try:
            view = queries.one(session, int(subject.removeprefix(SUBJECT_PREFIX)))
        except NotFound:
            return None
        one, has_arrived = view.summary, kind == NoticeKind.SHIPMENT_RECEIVED
        speaks_at = one.to_depot_id if has_arrived else one.from_depot_id
        association = network.association(session, network.depot(session, speaks_at).association_id)
        contents, missing = _in_titles(view.lines, has_arrived=has_arrived)
        return ShipmentFacts(
            association_id=association.id,
            association_name=association.name,
            association_email=association.email,
            association_phone=association.phone,
            path=f"/shipments/{one.id}",
            is_relevant=self._is_relevant(session, kind, one),
            reference=one.reference,
            from_name=one.from_depot_name,
            to_name=one.to_depot_name,
            expected_on=one.arrives_on,
            has_arrived=has_arrived,
            contents=contents,
            missing=missing,
        )

    def _is_relevant(self, session: Session, kind: str, one: ShipmentSummary) -> bool:
        """What turned back goes to nobody any more; nobody waits for what is there or was due days ago."""
        if one.turned_back_at is not None:
            return False
        if kind == NoticeKind.SHIPMENT_RECEIVED:
            return one.state == ShipmentState.RECEIVED
        if kind == NoticeKind.SHIPMENT_ARRIVING:
            today = local_day(self._clock.now(), network.depot(session, one.to_depot_id).time_zone)
            return one.state == ShipmentState.SENT and one.arrives_on is not None and today <= one.arrives_on
        return one.state == ShipmentState.SENT


def _in_titles(
    lines: Iterable[LineView], *, has_arrived: bool
) -> tuple[tuple[ContentsFact, ...], tuple[MissingLine, ...]]:
    """How many of each title were packed; of which not all arrived, where that is told."""
    packed: defaultdict[str, int] = defaultdict(int)
    there: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        if line.state not in IS_NOT_PACKED:
            packed[line.title_name] += 1
            there[line.title_name] += line.state in IS_THERE or not has_arrived
    whole = tuple(ContentsFact(name, count) for name, count in packed.items() if there[name] == count)
    short = tuple(MissingLine(name, count, there[name]) for name, count in packed.items() if there[name] < count)
    return whole, short
