"""What a loan's papers say, in the language in force: plain texts, each of which stays text on the paper."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from babel.dates import format_time, get_day_names
from babel.numbers import format_currency

from lending.catalog.schemas import MissingLine
from lending.core.i18n import format_day, format_weekday, language, ngettext
from lending.core.i18n import gettext as _
from lending.loans.papers.queries import DepotFacts, LoanFacts
from lending.loans.rules.papers import ReplacementValue, breakable, clauses, replacement_value
from lending.loans.rules.states import State
from lending.network.schemas import DepotView, OpeningHours

Fact = tuple[str, str]


def money(cents: int) -> str:
    """Euros from cents; the narrow space of French numbers has no place in every font."""
    return format_currency(cents / 100, "EUR", locale=language.get()).replace("\u202f", "\u00a0")


def value_of(facts: LoanFacts) -> ReplacementValue:
    """What the copy's contents would cost anew."""
    lines = (line for section in facts.sections for line in section.lines)
    return replacement_value((line.quantity, line.value_cents, line.is_consumable) for line in lines)


def value_words(value: ReplacementValue) -> str:
    """The value in words; nothing where no price is known."""
    if not value.cents:
        return _("à convenir : aucun prix n’est noté")
    if value.is_partial:
        return _("{value} au moins, d’après les prix connus").format(value=money(value.cents))
    return money(value.cents)


def place_of(depot: DepotView) -> str:
    """Where a depot is, in one line."""
    town = f"{depot.postcode} {depot.commune}".strip()
    return ", ".join(part for part in (depot.name, depot.address, town, depot.phone or "") if part)


def hours_of(depot: DepotView) -> list[str]:
    """The hours of the desk, a line for each weekday."""
    at_desk = sorted((one for one in depot.openings if one.serves == "desk"), key=lambda one: one.weekday)
    names = get_day_names("wide", locale=language.get())
    return [
        _("{day} : {hours}").format(day=names[weekday], hours=", ".join(_stretch(one) for one in found))
        for weekday, found in groupby(at_desk, key=lambda one: one.weekday)
    ]


def _stretch(one: OpeningHours) -> str:
    times = [format_time(time, "short", locale=language.get()) for time in (one.opens_at, one.closes_at)]
    return " – ".join(times)


def thing(facts: LoanFacts) -> list[Fact]:
    """What is lent, for how long and on which terms."""
    one = facts.booking
    return [
        (_("Titre"), one.title_name),
        (_("Numéro d’inventaire"), one.copy_code or _("précisé à la remise")),
        (_("Retrait"), format_weekday(one.starts_on)),
        (_("Retour au plus tard"), format_weekday(one.due_on)),
        (_("Valeur de remplacement"), value_words(value_of(facts))),
        *terms(facts),
    ]


def terms(facts: LoanFacts) -> Iterator[Fact]:
    """The deposit and the fee, where there are any."""
    one = facts.booking
    if one.deposit_form == "cheque":
        said = _("chèque de {value}, conservé sans être encaissé et rendu au retour")
        yield _("Caution"), said.format(value=money(one.deposit_cents))
    elif one.deposit_form == "letter":
        yield _("Caution"), _("lettre de garantie de l’employeur, rendue au retour")
    if one.fee_cents:
        yield _("Participation"), _("{value} (location)").format(value=money(one.fee_cents))


def parties(facts: LoanFacts, lender: DepotFacts) -> list[str]:
    """Who lends to whom. A cooperative is a local section of its association: only associations sign contracts."""
    school, place = facts.borrower, _place_of_school(facts)
    if school.association_id == lender.association.id:
        said = _(
            "{lender} prête à la coopérative scolaire « {school} », sa section locale. La coopérative n’est pas une"
            " personne morale distincte : ce document est un engagement interne. Qui le signe pour elle reconnaît"
            " avoir reçu le matériel et s’engage à en prendre soin."
        )
        return [said.format(lender=lender.association.name, school=place)]
    said = _(
        "Entre {lender}, qui prête, et {borrower}, qui emprunte pour sa section locale, la coopérative scolaire"
        " « {school} ». Le mandataire d’une coopérative ne peut pas signer de contrat :"
        " il ne signe ci-dessous que le reçu."
    )
    return [said.format(lender=lender.association.name, borrower=school.association_name, school=place)]


def _place_of_school(facts: LoanFacts) -> str:
    details = ", ".join(part for part in (facts.borrower.commune, facts.borrower.uai) if part)
    return f"{facts.borrower.name} ({details})"


def law(facts: LoanFacts) -> str:
    """What the law calls it: a free loan, or a hire once something is paid."""
    if facts.booking.fee_cents:
        return _("Une participation est demandée : c’est une location, pour la durée et l’usage convenus ici.")
    return _(
        "Le prêt est gratuit : c’est un prêt à usage (articles 1875 et suivants du Code civil). L’emprunteur garde"
        " le matériel avec soin, ne s’en sert que pour l’usage convenu et le rend tel qu’il l’a reçu."
    )


def commitments(lender: DepotFacts) -> list[str]:
    """What a borrower agrees to: the association's own clauses, else the usual ones."""
    own = clauses(lender.texts.commitments) if lender.texts else []
    return own or usual_commitments()


def usual_commitments() -> list[str]:
    """The clauses of an association that wrote none."""
    return [
        _("Compter le contenu avec le dépôt au départ, et signaler sous 48 heures ce qui manquait déjà."),
        _("Utiliser le matériel en classe, sous la responsabilité d’un adulte, et ne pas le prêter à d’autres."),
        _("Le rendre complet, propre et à la date prévue ; prévenir le dépôt avant cette date en cas d’empêchement."),
        _("Ne rien réparer soi-même : joindre les morceaux et le dire au dépôt."),
        _("Remplacer à l’identique, ou à sa valeur de remplacement, ce qui est perdu ou cassé ; l’usure est normale."),
        _("Le dépôt a huit jours après le retour pour signaler ce qui manque."),
    ]


def insurance(lender: DepotFacts) -> str:
    """Who bears which risk."""
    return (lender.texts.insurance if lender.texts else "") or usual_insurance()


def usual_insurance() -> str:
    """The words on insurance of an association that wrote none."""
    return _("L’emprunteur vérifie que son assurance couvre les biens qui lui sont confiés ou prêtés.")


def signatures(facts: LoanFacts, lender: DepotFacts) -> list[Fact]:
    """Who signs, and the name that is known already."""
    named = lender.texts.signatory if lender.texts else ""
    found = [(_("Pour {association}").format(association=lender.association.name), named)]
    if facts.borrower.association_id != lender.association.id:
        found.append((_("Pour {association}").format(association=facts.borrower.association_name), ""))
    return [*found, (_("Pour la coopérative, reçu du matériel"), facts.booking.person_name)]


def outcome(facts: LoanFacts, time_zone_day: str) -> list[str]:
    """What became of a loan that is over; nothing before."""
    if facts.booking.state != State.DONE:
        return []
    if facts.missing:
        return [_("Rendu le {day}. Il manquait :").format(day=time_zone_day), *map(missing_words, facts.missing)]
    return [_("Rendu complet le {day}.").format(day=time_zone_day)]


def missing_words(line: MissingLine) -> str:
    """How many of a line are not there."""
    return f"{line.missing} × {line.name}"


def checklist(facts: LoanFacts) -> list[dict[str, Any]]:
    """The contents with what was missing already; lines are numbered through all sections."""
    known = {line.line_id: line.missing for line in facts.known_missing}
    number = 0
    sections = []
    for section in facts.sections:
        lines = []
        for line in section.lines:
            number += 1
            lines.append(
                {
                    "number": number,
                    "name": breakable(line.name),
                    "quantity": line.quantity,
                    "value": money(line.value_cents) if line.value_cents else "",
                    "note": _note(known.get(line.id, 0), is_consumable=line.is_consumable),
                }
            )
        sections.append({"name": breakable(section.name), "lines": lines})
    return sections


def _note(missing: int, *, is_consumable: bool) -> str:
    if missing:
        return ngettext("%(num)d manque déjà", "%(num)d manquent déjà", missing) % {"num": missing}
    return _("consommable") if is_consumable else ""


def counted(facts: LoanFacts) -> str:
    """How much there is to count."""
    things = sum(line.quantity for section in facts.sections for line in section.lines)
    return ngettext("%(num)d pièce à compter", "%(num)d pièces à compter", things) % {"num": things}


def small_print(lender: DepotFacts) -> str:
    """What stands at the foot of every sheet."""
    if lender.texts and lender.texts.footer:
        return lender.texts.footer
    one = lender.association
    return " · ".join(part for part in (one.name, one.email or "", one.phone or "") if part)


def days(facts: LoanFacts) -> str:
    """From when to when, in few words."""
    one = facts.booking
    said = _("du {start} au {end}")
    return said.format(start=format_day(one.starts_on, "d MMM"), end=format_day(one.due_on, "d MMM y"))


def broken(found: Sequence[Fact]) -> list[list[str]]:
    """Facts whose longest runs fit a line."""
    return [[breakable(label), breakable(said)] for label, said in found]
