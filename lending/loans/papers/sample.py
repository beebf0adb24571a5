"""A made-up loan, to show an association its papers before anybody borrows."""

import datetime as dt

from lending.catalog.rules import Kind
from lending.catalog.schemas import ChecklistLine, ChecklistSection
from lending.core.i18n import gettext as _
from lending.core.i18n import language
from lending.loans.papers.queries import BorrowerFacts, LoanFacts
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.network.schemas import AssociationView, DepotView

LENGTH = dt.timedelta(days=27)
# No booking has it: a scan of the sheet finds nothing.
NUMBER = 2**31 - 1


def loan(association: AssociationView, depot: DepotView, today: dt.date, now: dt.datetime) -> LoanFacts:
    """A loan of a trunk to a school of the association, with a deposit by cheque."""
    name = _("École élémentaire Jean-Moulin")
    return LoanFacts(
        booking=_booking(association, depot, name, today, now),
        borrower=BorrowerFacts(name, depot.commune, "", association.id, association.name),
        language=language.get(),
        sections=_contents(),
        known_missing=[],
        missing=[],
    )


def depot(association: AssociationView) -> DepotView:
    """Where the association has no depot yet."""
    return DepotView(
        id=NUMBER,
        association_id=association.id,
        name=_("Dépôt"),
        address="",
        postcode="",
        commune="",
        phone=None,
        time_zone=association.time_zone,
        openings=[],
        closures=[],
        exceptional_openings=[],
        max_handovers_per_day=None,
        max_returns_per_hour=None,
        version=1,
    )


def _contents() -> list[ChecklistSection]:
    books = [_line(1, _("Album illustré"), 12, 1290), _line(2, _("Guide de l’enseignant"), 1, 2400)]
    games = [_line(3, _("Jeu de plateau"), 1, 3200), _line(4, _("Cartes à photocopier"), 30, None)]
    return [ChecklistSection(1, _("Livres"), books), ChecklistSection(2, _("Jeux"), games)]


def _line(number: int, name: str, quantity: int, value_cents: int | None) -> ChecklistLine:
    return ChecklistLine(
        id=number, name=name, quantity=quantity, is_consumable=value_cents is None, value_cents=value_cents
    )


def _booking(
    association: AssociationView, depot: DepotView, school: str, today: dt.date, now: dt.datetime
) -> Reservation:
    return Reservation(
        id=NUMBER,
        reference="XXXX-XXXX",
        state=State.PLANNED,
        cause=Cause.LOAN,
        is_at_risk=False,
        is_pinned=False,
        title_id=NUMBER,
        title_name=_("Malle d’exemple"),
        title_kind=Kind.TRUNK,
        picture_url=None,
        copy_id=NUMBER,
        copy_code="000 00000 00",
        association_id=association.id,
        association_name=association.name,
        depot_id=depot.id,
        depot_name=depot.name,
        school_id=NUMBER,
        school_name=school,
        person_id=None,
        person_name="Camille Exemple",
        starts_on=today,
        due_on=today + LENGTH,
        days_late=0,
        can_cancel=False,
        created_at=now,
        checked_out_at=None,
        returned_at=None,
        cancelled_at=None,
        return_outcome=None,
        order_reference=None,
        renewals=0,
        agreed_due_on=None,
        recalled_at=None,
        claimed_at=None,
        lost_at=None,
        held_until_at=None,
        undo_until_at=None,
        cancelled_because=None,
        awaits_approval=False,
        awaits_agreement=True,
        deposit_form="cheque",
        deposit_state="due",
        deposit_cents=8000,
        fee_cents=0,
        version=1,
    )
