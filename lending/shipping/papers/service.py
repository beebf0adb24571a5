"""Use cases of the papers of shipments."""

from enum import StrEnum
from pathlib import Path

from lending.catalog.printing.typesetting import typeset
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.i18n import gettext as _
from lending.network import queries as network
from lending.shipping.papers import sheets
from lending.shipping.shipments import queries
from lending.shipping.shipments.service import packing

TEMPLATES = Path(__file__).parent / "typst"


class ShipmentPaper(StrEnum):
    """What can be printed of a shipment."""

    NOTE = "note"
    LABELS = "labels"
    RETURN_LABELS = "return_labels"


class ShipmentPapers:
    """Makes the papers of shipments as PDF."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def of_shipment(self, actor: Actor, shipment_id: int, wanted: ShipmentPaper | None = None) -> bytes:
        """The dispatch note, the labels and the return labels of a shipment, or one sort of them.

        Raises NotFound, Forbidden, CannotTypeset.
        """
        with self._db.read() as session:
            view = queries.one(session, shipment_id)
            packing.require_either(session, actor, view.summary.from_depot_id, view.summary.to_depot_id)
            origin = network.depot(session, view.summary.from_depot_id)
            destination = network.depot(session, view.summary.to_depot_id)
        notes = [sheets.note(view, origin, destination)] if wanted in (None, ShipmentPaper.NOTE) else []
        labels = [
            make(view, parcel, origin, destination)
            for paper, make in (
                (ShipmentPaper.LABELS, sheets.label),
                (ShipmentPaper.RETURN_LABELS, sheets.return_label),
            )
            if wanted in (None, paper)
            for parcel in view.parcels
        ]
        title = _("Envoi {reference}").format(reference=view.summary.reference)
        return typeset("shipment.typ", sheets.document(notes, labels, title), self._clock.now(), TEMPLATES)
