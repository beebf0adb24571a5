"""The round sheet: what a driver takes along on paper."""

import datetime as dt
from pathlib import Path

from lending.catalog.printing.typesetting import typeset
from lending.core.i18n import format_weekday, language, ngettext
from lending.core.i18n import gettext as _
from lending.shipping.rounds.rules.states import GRAMS, What
from lending.shipping.rounds.schemas import ErrandView, RoundView, StopView

TEMPLATES = Path(__file__).parent.parent / "typst"
METRES = 1000
CLOCK = "%H:%M"


def sheet_of(view: RoundView, now: dt.datetime) -> bytes:
    """A round as PDF, in the language in force. Raises CannotTypeset."""
    one = view.summary
    back = one.back_at.strftime(CLOCK) if one.back_at else ""
    facts = [
        (_("Jour"), format_weekday(one.held_on)),
        (_("Départ"), f"{one.departs_at.strftime(CLOCK)}, {one.depot_name}"),
        (_("Retour prévu"), back),
        (_("Au volant"), one.driver),
        (_("Distance"), _("environ {km} km").format(km=round(one.metres / METRES))),
        (_("Chargement au plus"), load_said(view.heaviest_parcels, view.heaviest_grams)),
    ]
    data = {
        "language": language.get(),
        "title": _("Bordereau de tournée {reference}").format(reference=one.reference),
        "facts": facts,
        "head": [_("Arrêt"), _("Heure"), _("Lieu"), _("À faire"), _("Signature")],
        "stops": [_stop(stop) for stop in view.stops],
        "nothing": _("Aucun arrêt."),
        "note": _("Remarques"),
    }
    return typeset("round.typ", data, now, TEMPLATES)


def load_said(parcels: int, grams: int) -> str:
    """What is in the van, in words."""
    said = ngettext("%(num)d colis", "%(num)d colis", parcels) % {"num": parcels}
    return _("{parcels}, environ {kg} kg").format(parcels=said, kg=round(grams / GRAMS))


def _stop(stop: StopView) -> dict[str, object]:
    hours = ", ".join(f"{one.opens_at.strftime(CLOCK)}–{one.closes_at.strftime(CLOCK)}" for one in stop.hours)
    return {
        "number": stop.number,
        "at": stop.begins_at.strftime(CLOCK) if stop.begins_at else "",
        "name": stop.name,
        "address": " · ".join(part for part in (stop.address, stop.phone) if part),
        "hours": hours,
        "errands": [_errand(one) for one in stop.errands],
    }


def _errand(one: ErrandView) -> str:
    what = _("Livrer : {thing}") if one.what == What.DELIVERY else _("Enlever : {thing}")
    # A code stays on one line.
    code = one.copy_code.replace(" ", "\N{NO-BREAK SPACE}")
    return what.format(thing=f"{one.label} {code}".strip())
