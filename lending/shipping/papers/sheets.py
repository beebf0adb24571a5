"""Each paper of a shipment as the typesetter takes it: texts and drawings, nothing that it could read as a command."""

from collections.abc import Sequence
from typing import Any

from babel.numbers import format_currency, format_decimal

from lending.catalog.printing.drawing import bars_svg, gs1_bars_svg, module_count
from lending.core.i18n import format_weekday, language, ngettext
from lending.core.i18n import gettext as _
from lending.loans.rules.papers import breakable
from lending.network.schemas import DepotView
from lending.shipping.shipments.rules import Mode, is_sscc
from lending.shipping.shipments.schemas import LineView, ParcelView, ShipmentView

# Whole dots of a 300-dpi printer, wide enough for a scanner at arm's length.
MODULE_MM = 7 * 25.4 / 300
GRAMS_PER_KILO = 1000


def note(view: ShipmentView, origin: DepotView, destination: DepotView) -> dict[str, Any]:
    """The dispatch note that goes with all parcels, and is signed at both ends."""
    return {
        "heading": _("Bordereau d’expédition"),
        "reference": _reference(view),
        "from_heading": _("Expéditeur"),
        "from": address_lines(origin),
        "to_heading": _("Destinataire"),
        "to": address_lines(destination),
        "facts": _facts(view),
        "parcels": [_parcel(view, parcel) for parcel in view.parcels],
        "columns": [_("Titre"), _("Exemplaire"), _("Parti"), _("Arrivé"), _("Remarque")],
        "signatures": [_("Remis le"), _("Reçu le")],
        "by": _("par"),
    }


def label(view: ShipmentView, parcel: ParcelView, origin: DepotView, destination: DepotView) -> dict[str, Any]:
    """What sticks on a parcel."""
    said = [weight_words(parcel.weight_grams)] if parcel.weight_grams else []
    if view.summary.arrives_on:
        said.append(_("Attendu le {day}").format(day=format_weekday(view.summary.arrives_on)))
    return {
        "heading": _("Colis {number}/{count}").format(number=parcel.number, count=len(view.parcels)),
        "said": said,
        **_sides(view, parcel, origin, destination),
    }


def return_label(view: ShipmentView, parcel: ParcelView, origin: DepotView, destination: DepotView) -> dict[str, Any]:
    """What lies in the parcel, for its way back: a scan of it leads to the shipment that it came with."""
    return {
        "heading": _("Retour"),
        "said": [_("Colis {number}/{count}").format(number=parcel.number, count=len(view.parcels))],
        **_sides(view, parcel, destination, origin),
    }


def document(notes: Sequence[dict[str, Any]], labels: Sequence[dict[str, Any]], title: str) -> dict[str, Any]:
    """The whole file."""
    return {"title": title, "language": language.get(), "note": list(notes), "labels": list(labels)}


def address_lines(depot: DepotView) -> list[str]:
    """A depot's name and where it is, as on an envelope."""
    town = f"{depot.postcode} {depot.commune}".strip()
    return [breakable(line) for line in (depot.name, depot.address, town, depot.phone or "") if line.strip()]


def weight_words(grams: int) -> str:
    """Kilos, as people write them."""
    return _("{weight} kg").format(weight=format_decimal(grams / GRAMS_PER_KILO, locale=language.get()))


def _sides(view: ShipmentView, parcel: ParcelView, sender: DepotView, receiver: DepotView) -> dict[str, Any]:
    is_trade = is_sscc(parcel.code)
    drawing, modules = gs1_bars_svg(parcel.code) if is_trade else (bars_svg(parcel.code), module_count(parcel.code))
    return {
        "reference": _reference(view),
        "from_heading": _("Expéditeur"),
        "from": address_lines(sender),
        "to_heading": _("Destinataire"),
        "to": address_lines(receiver),
        "bars": drawing,
        "bars_mm": round(modules * MODULE_MM, 3),
        "bars_alt": _("Code-barres du colis {code}").format(code=parcel.shown_code),
        "shown": parcel.shown_code,
    }


def _reference(view: ShipmentView) -> str:
    return _("Envoi {reference}").format(reference=view.summary.reference)


def _facts(view: ShipmentView) -> list[tuple[str, str]]:
    one = view.summary
    rows = [
        (_("Colis"), str(len(view.parcels))),
        (_("Exemplaires"), str(one.copy_count)),
        (_("Transport"), ", ".join(part for part in (_mode(one.mode), breakable(one.carrier)) if part)),
        (_("Numéro de suivi"), breakable(view.tracking_number)),
        (_("Poids"), weight_words(view.weight_grams) if view.weight_grams else ""),
        (_("Valeur"), money(view.value_cents) if view.value_cents is not None else ""),
        (_("Attendu le"), format_weekday(one.arrives_on) if one.arrives_on else ""),
    ]
    return [(label, said) for label, said in rows if said]


def _mode(mode: Mode) -> str:
    return {
        Mode.HANDED_OVER: _("Remis en main propre"),
        Mode.ROUND: _("Tournée du dépôt"),
        Mode.CARRIER: _("Transporteur"),
        Mode.MEETING: _("Rencontre (réunion, formation)"),
    }[mode]


def _parcel(view: ShipmentView, parcel: ParcelView) -> dict[str, Any]:
    packed = [line for line in view.lines if line.parcel == parcel.number]
    copies = ngettext("%(num)d exemplaire", "%(num)d exemplaires", len(packed)) % {"num": len(packed)}
    said = [parcel.shown_code, copies]
    if parcel.weight_grams:
        said.append(weight_words(parcel.weight_grams))
    if parcel.value_cents is not None:
        said.append(money(parcel.value_cents))
    return {
        "name": _("Colis {number}/{count}").format(number=parcel.number, count=len(view.parcels)),
        "said": " · ".join(said),
        "copies": [_copy(line) for line in packed],
    }


def _copy(line: LineView) -> tuple[str, str]:
    return breakable(line.title_name), line.copy_code


def money(cents: int) -> str:
    """Euros from cents; the narrow space of French numbers has no place in every font."""
    return format_currency(cents / 100, "EUR", locale=language.get()).replace("\u202f", "\u00a0")
