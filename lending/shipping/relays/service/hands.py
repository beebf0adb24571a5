"""From one school's hands to the other's, and what each of them counts. Everything here needs the title's lock."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.core.actor import Actor
from lending.core.errors import NotFound
from lending.core.i18n import gettext as _
from lending.loans.schemas import DeskDecision, FoundLine
from lending.loans.schemas.declarations import NewDeclaration
from lending.loans.service.check_in import check_in
from lending.loans.service.check_out import take_on
from lending.loans.service.declarations import write_declaration
from lending.loans.tables import Booking, Relay, RelayGap
from lending.shipping.deliveries.rules import Gap
from lending.shipping.relays import queries
from lending.shipping.relays.rules import Hand


def change_hands(session: Session, actor: Actor, row: Relay, loan: Booking, now: dt.datetime) -> None:
    """The desk's return with what the first school counted, and its hand-over of the same copy."""
    if loan.copy_id is None:
        raise NotFound
    decision = DeskDecision(
        action="take_back",
        found=_found(session, row, loan.title_id),
        note=_("Passé directement à l’école suivante."),
        lendable_though_incomplete=True,
        note_seen=True,
        declaration_seen=True,
    )
    check_in(session, actor, loan.copy_id, decision, now, is_undoable=False)
    take_on(session, actor, row.to_booking_id, loan.copy_id, now)


def _found(session: Session, row: Relay, title_id: int) -> list[FoundLine]:
    """How many of each line the first school gave, where some were missing."""
    missing = {one.line_id: one.missing for one in queries.counted_at(session, row.id, Hand.GIVEN) if one.missing}
    lines = (line for section in catalog.checklist(session, title_id).sections for line in section.lines)
    return [
        FoundLine(line_id=line.id, found=max(0, line.quantity - missing[line.id]))
        for line in lines
        if line.id in missing
    ]


def write_gap(session: Session, actor: Actor, row: Relay, hand: Hand, gap: Gap, now: dt.datetime) -> None:
    """What a school counted, and the same as its declaration: whoever takes its loan back must have read it."""
    is_given = hand == Hand.GIVEN
    note = _("Constaté en remettant à l’école suivante.") if is_given else _("Constaté à l’arrivée à l’école.")
    booking = session.get_one(Booking, row.from_booking_id if is_given else row.to_booking_id)
    said = NewDeclaration(line_id=gap.line_id, missing=gap.missing, broken=gap.broken, note=note)
    write_declaration(session, actor, booking, said, note, now)
    session.add(RelayGap(relay_id=row.id, hand=hand.value, line_id=gap.line_id, missing=gap.missing, broken=gap.broken))
    session.flush()
