"""Each paper of a loan as the typesetter takes it: texts and drawings, nothing that it could read as a command."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from lending.catalog.labels import bars
from lending.catalog.printing.drawing import bars_svg, module_count, qr_of
from lending.core.clock import local_day
from lending.core.i18n import format_day, language, speaking
from lending.core.i18n import gettext as _
from lending.loans.papers import wording
from lending.loans.papers.queries import DepotFacts, LoanFacts
from lending.loans.rules.loan_codes import loan_address, loan_code, shown_loan_code
from lending.loans.rules.papers import PaperKind, breakable, clauses
from lending.loans.rules.states import State

# Whole dots of a 300-dpi printer; half as wide again as on a label, because a sheet has the room and is folded.
MODULE_MM = 6 * 25.4 / 300


def sheet(kind: PaperKind, facts: LoanFacts, lender: DepotFacts, host: str) -> dict[str, Any]:
    """One paper, in the language of who borrows."""
    with speaking(facts.language):
        made = {
            PaperKind.AGREEMENT: agreement,
            PaperKind.CONTENTS: contents,
            PaperKind.SLIP: slip,
        }[kind](facts, lender)
        return common(facts, lender, host) | made | {"kind": kind.value}


def common(facts: LoanFacts, lender: DepotFacts, host: str) -> dict[str, Any]:
    """What every paper of a loan carries: its code, twice, and who lends."""
    one = facts.booking
    code = loan_code(one.id)
    return {
        "language": language.get(),
        "reference": _("Référence {reference}").format(reference=one.reference),
        "name": breakable(one.title_name),
        "lender": breakable(lender.association.name),
        "shown": shown_loan_code(code),
        "qr": qr_of(loan_address(code, host)),
        "qr_alt": _("Code QR du prêt {code}").format(code=shown_loan_code(code)),
        "bars": bars_svg(code),
        "bars_mm": round(module_count(code) * MODULE_MM, 3),
        "bars_alt": _("Code-barres du prêt {code}").format(code=shown_loan_code(code)),
        "footer": breakable(wording.small_print(lender)),
        "has_bars": bool(bars(code)),
    }


def agreement(facts: LoanFacts, lender: DepotFacts) -> dict[str, Any]:
    """The agreement that is signed."""
    is_hire = facts.booking.fee_cents > 0
    return {
        "heading": _("Convention de location") if is_hire else _("Convention de prêt"),
        "parties": [breakable(one) for one in wording.parties(facts, lender)],
        "thing_heading": _("Ce qui est prêté"),
        "facts": wording.broken([*wording.thing(facts), (_("Dépôt"), wording.place_of(lender.depot))]),
        "annex": _("La liste du contenu est jointe : elle est pointée au départ et au retour ({count}).").format(
            count=wording.counted(facts)
        ),
        "law": wording.law(facts),
        "commitments_heading": _("L’emprunteur s’engage à"),
        "commitments": [breakable(one) for one in wording.commitments(lender)],
        "insurance_heading": _("Assurance"),
        "insurance": [breakable(one) for one in clauses(wording.insurance(lender))],
        "signatures_heading": _("Signatures"),
        "signed": _("Le"),
        "signatures": wording.broken(wording.signatures(facts, lender)),
    }


def contents(facts: LoanFacts, lender: DepotFacts) -> dict[str, Any]:
    """What is counted at the departure and at the return."""
    is_priced = any(line.value_cents for section in facts.sections for line in section.lines)
    return {
        "heading": _("Liste du contenu"),
        "facts": wording.broken(
            [
                (_("Exemplaire"), facts.booking.copy_code or _("précisé à la remise")),
                (_("École"), facts.borrower.name),
                (_("Prêt"), wording.days(facts)),
                (_("Dépôt"), lender.depot.name),
            ]
        ),
        "counted": wording.counted(facts),
        "sections": wording.checklist(facts),
        "is_priced": is_priced,
        "columns": {
            "number": _("N°"),
            "thing": _("Objet"),
            "quantity": _("Nombre"),
            "value": _("Prix"),
            "out": _("Départ"),
            "back": _("Retour"),
            "note": _("Remarque"),
        },
        "nothing": _("Le contenu n’est pas encore décrit."),
        "checks": [_("Compté au départ, le"), _("Compté au retour, le")],
        "by": _("par"),
    }


def slip(facts: LoanFacts, lender: DepotFacts) -> dict[str, Any]:
    """What goes with the borrower, and what comes back with the thing."""
    one = facts.booking
    returned_on = local_day(one.returned_at, lender.association.time_zone) if one.returned_at else one.due_on
    note = lender.texts.slip_note if lender.texts else ""
    return {
        "heading": _("Bon de prêt"),
        "facts": wording.broken(
            [
                (_("Exemplaire"), one.copy_code or _("précisé à la remise")),
                (_("École"), facts.borrower.name),
                *([(_("Pour"), one.person_name)] if one.person_name else []),
                (_("Retrait"), _day(one.starts_on)),
                (_("Retour au plus tard"), _day(one.due_on)),
                (_("Dépôt"), wording.place_of(lender.depot)),
                *wording.terms(facts),
            ]
        ),
        "hours_heading": _("Heures d’ouverture"),
        "hours": wording.hours_of(lender.depot),
        "note": [breakable(line) for line in clauses(note)],
        "cut": _("À découper, et à joindre au retour"),
        "back_heading": _("Reçu de retour") if one.state == State.DONE else _("Bon de retour"),
        "outcome": [breakable(line) for line in wording.outcome(facts, format_day(returned_on))],
        "back_facts": wording.broken(
            [
                (_("Exemplaire"), one.copy_code or "…"),
                (_("École"), facts.borrower.name),
                (_("Retour au plus tard"), _day(one.due_on)),
            ]
        ),
        "ticks": [_("Tout est là, propre et en ordre"), _("Il manque, ou c’est abîmé :")],
        "signed": _("Rendu le"),
        "by": _("par"),
    }


def _day(day: dt.date) -> str:
    return format_day(day, "EEEE d MMMM y")


def document(title: str, sheets: Iterable[dict[str, Any]], logo: bytes | None, logo_alt: str) -> dict[str, Any]:
    """The whole file."""
    return {
        "title": title,
        "language": language.get(),
        "logo": list(logo) if logo else [],
        "logo_alt": logo_alt,
        "sheets": list(sheets),
    }
