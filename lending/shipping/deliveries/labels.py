"""The labels of a delivery: one for the way to the school, one that lies in the parcel for its way back."""

from lending.catalog.printing.drawing import bars_svg, module_count
from lending.catalog.printing.typesetting import typeset
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.i18n import gettext as _
from lending.loans.rules.loan_codes import loan_code, shown_loan_code
from lending.loans.rules.papers import breakable
from lending.loans.service.parties import require_party
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.schemas import SchoolView
from lending.shipping.deliveries import queries
from lending.shipping.deliveries.rules import Way
from lending.shipping.deliveries.service import loan_of
from lending.shipping.papers.service import TEMPLATES
from lending.shipping.papers.sheets import MODULE_MM, address_lines, document


class DeliveryLabels:
    """Makes the labels of loans that travel as PDF."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def of_booking(self, actor: Actor, booking_id: int) -> bytes:
        """The label to the school, once it was sent, and the one for the way back. A scan opens the loan at the desk.

        Raises CannotTypeset, NotFound, Unauthenticated, Forbidden.
        """
        with self._db.read() as session:
            require_party(session, actor, booking_id, Role.STAFF, Role.COORDINATOR)
            booking = loan_of(session, booking_id)
            depot, school = network.depot(session, booking.depot_id), network.school(session, booking.school_id or 0)
            out = queries.row_of(session, booking, Way.OUT)
        there, here = school_lines(school, out.street if out else ""), address_lines(depot)
        labels = [_label(booking, _("Retour"), there, here)]
        if out is not None:
            labels.insert(0, _label(booking, _("Livraison"), here, there))
        title = _("Étiquettes du prêt {reference}").format(reference=booking.reference)
        return typeset("shipment.typ", document([], labels, title), self._clock.now(), TEMPLATES)


def school_lines(school: SchoolView, street: str) -> list[str]:
    """A school's name and where it is, as on an envelope."""
    town = f"{school.postcode or ''} {school.commune}".strip()
    return [breakable(line) for line in (school.name, street, town) if line.strip()]


def _label(booking: Booking, heading: str, sender: list[str], receiver: list[str]) -> dict[str, object]:
    code = loan_code(booking.id)
    return {
        "heading": heading,
        "said": [],
        "reference": _("Prêt {reference}").format(reference=booking.reference),
        "from_heading": _("Expéditeur"),
        "from": sender,
        "to_heading": _("Destinataire"),
        "to": receiver,
        "bars": bars_svg(code),
        "bars_mm": round(module_count(code) * MODULE_MM, 3),
        "bars_alt": _("Code-barres du prêt {code}").format(code=shown_loan_code(code)),
        "shown": shown_loan_code(code),
    }
