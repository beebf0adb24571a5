"""Letters: the words of a kind or an association's own, with the facts. Facts are values: never read as markup."""

import datetime as dt

from lending.core.i18n import format_day, format_weekday, ngettext
from lending.core.i18n import gettext as _
from lending.notices import wording
from lending.notices.messages import Reader, money, values_of
from lending.notices.rules import NoticeKind
from lending.notices.schemas import (
    Action,
    AffiliationFacts,
    BookingFacts,
    ContentsFact,
    CureFact,
    DigestFacts,
    Facts,
    IncidentFact,
    InvitationFacts,
    Letter,
    MissingLine,
    PlanFacts,
    ShipmentFacts,
)
from lending.notices.spec_texts import GOES_ON
from lending.notices.specs import SPECS, Spec, name_of
from lending.notices.wording import Wording
from lending.notices.words import (
    INCIDENT_WORDS,
    OUTCOME_WORDS,
    digest_in_words,
    hours_in_words,
    one_line,
    time_in_words,
)


def spec_of(kind: str, facts: Facts, reader: Reader) -> Spec:
    """Which wording a message has."""
    is_for_staff = isinstance(facts, BookingFacts) and reader.person_id != facts.borrower_id
    return SPECS[name_of(NoticeKind(kind), reader.reminder_number, is_for_staff=is_for_staff)]


def letter_about(kind: str, facts: Facts, reader: Reader, own: Wording | None = None) -> Letter:
    """The letter in the language in force: in the association's `own` words, else in ours."""
    spec = spec_of(kind, facts, reader)
    said = said_of(spec, facts, own)
    values = values_of(facts, reader)
    return Letter(
        subject=subject_of(said, facts, reader),
        greeting=_greeting(reader.name),
        paragraphs=tuple(wording.filled(one, values) for one in wording.paragraphs(said.body)),
        rows=_rows(facts, shows_depot=spec.text.shows_depot and not _goes_on(facts)),
        items=_items(spec, facts),
        closing="" if own else _(spec.text.closing),
        action=Action(_label(facts), reader.base_url + facts.path),
        signature=_signature(facts),
        reason=_reason(spec, facts, reader),
        reply_to=facts.association_email,
        choices=Action(_("Choisir les messages que je reçois"), f"{reader.base_url}/account/notices"),
        stop=Action(_("Ne plus recevoir ce genre de message"), reader.stop_url) if reader.stop_url else None,
    )


def said_of(spec: Spec, facts: Facts, own: Wording | None) -> Wording:
    """The association's words, else ours; reminders of what goes on to another school are always ours."""
    if _goes_on(facts) and spec.kind in (NoticeKind.DUE_SOON, NoticeKind.DUE_TOMORROW):
        return Wording(_(GOES_ON.subject), "\n\n".join(_(one) for one in GOES_ON.paragraphs))
    return own or spec.default()


def _goes_on(facts: Facts) -> bool:
    return isinstance(facts, BookingFacts) and bool(facts.goes_on_to)


def subject_of(said: Wording, facts: Facts, reader: Reader) -> str:
    """The subject line."""
    return one_line(wording.filled(said.subject, values_of(facts, reader, is_short=True)))


def sign_in_letter(reader: Reader, link: str, lifetime: dt.timedelta) -> Letter:
    """The letter with a link to sign in."""
    minutes = int(lifetime.total_seconds() // 60)
    validity = ngettext(
        "Il est valable {minutes} minute et ne sert qu’une fois.",
        "Il est valable {minutes} minutes et ne sert qu’une fois.",
        minutes,
    )
    return Letter(
        subject=_("Votre lien de connexion"),
        greeting=_greeting(reader.name),
        paragraphs=(_("Voici votre lien pour vous connecter."), validity.format(minutes=minutes)),
        action=Action(_("Se connecter"), link),
        signature=(),
        reason=_(
            "Vous recevez ce message parce qu’un lien de connexion a été demandé pour cette adresse. "
            "Si ce n’était pas vous, il n’y a rien à faire : sans ce lien, personne n’entre."
        ),
    )


def _greeting(name: str) -> str:
    return _("Bonjour {name},").format(name=name) if name.strip() and "@" not in name else _("Bonjour,")


def _rows(facts: Facts, *, shows_depot: bool) -> tuple[tuple[str, str], ...]:
    match facts:
        case BookingFacts():
            rows = _booking_rows(facts, shows_depot=shows_depot)
        case ShipmentFacts():
            rows = _shipment_rows(facts)
        case AffiliationFacts():
            rows = [(_("École"), facts.school_name), (_("Dernier jour"), format_weekday(facts.ends_on))]
        case _:
            rows = []
    return tuple((label, value) for label, value in rows if value)


def _booking_rows(facts: BookingFacts, *, shows_depot: bool) -> list[tuple[str, str]]:
    due = _("À rapporter au plus tard le")
    rows = [
        (_("Référence"), facts.reference),
        (_("À partir du"), format_weekday(facts.starts_on)),
        (_("À remettre au plus tard le") if facts.goes_on_to else due, format_weekday(facts.due_on)),
        (_("Passe directement à"), facts.goes_on_to),
        (_("Vient directement de"), facts.comes_from),
        (_("Rendez-vous au dépôt"), _appointment(facts)),
    ]
    if shows_depot:
        place = ", ".join(part for part in (facts.depot_name, facts.depot_address) if part)
        rows.append((_("Dépôt"), place))
        rows.append((_("Horaires"), hours_in_words(facts.openings)))
        rows.append((_("Téléphone du dépôt"), facts.depot_phone or ""))
    return rows


def _shipment_rows(facts: ShipmentFacts) -> list[tuple[str, str]]:
    expected = format_weekday(facts.expected_on) if facts.expected_on and not facts.has_arrived else ""
    return [
        (_("Référence"), facts.reference),
        (_("Départ"), facts.from_name),
        (_("Arrivée"), facts.to_name),
        (_("Attendu le"), expected),
    ]


def _appointment(facts: BookingFacts) -> str:
    """When the return is agreed for; empty where it is not."""
    if facts.comes_on is None or facts.comes_at is None:
        return ""
    return _("{day} à {time}").format(day=format_weekday(facts.comes_on), time=time_in_words(facts.comes_at))


def _items(spec: Spec, facts: Facts) -> tuple[str, ...]:
    match facts:
        case DigestFacts():
            return (*(digest_in_words(line.what, line.count) for line in facts.lines), *facts.messages)
        case ShipmentFacts():
            return (*_contents(facts.contents), *_missing(facts.missing))
        case BookingFacts():
            return _booking_items(spec, facts)
        case _:
            return ()


def _booking_items(spec: Spec, facts: BookingFacts) -> tuple[str, ...]:
    match spec.kind:
        case NoticeKind.HANDED_OVER:
            return _contents(facts.contents)
        case NoticeKind.RETURNED_INCOMPLETE:
            return _missing(facts.missing)
        case NoticeKind.AT_RISK:
            return tuple(_cure(one) for one in facts.cures)
        case NoticeKind.INCIDENT_OPENED:
            return tuple(_incident(one) for one in facts.incidents if one.outcome is None)
        case NoticeKind.INCIDENT_SETTLED:
            return tuple(_incident(one) for one in facts.incidents if one.outcome is not None)
        case _:
            return ()


def _contents(lines: tuple[ContentsFact, ...]) -> tuple[str, ...]:
    return tuple(_("{quantity} × {name}").format(quantity=one.quantity, name=one.name) for one in lines)


def _missing(lines: tuple[MissingLine, ...]) -> tuple[str, ...]:
    line = _("{name} : {found} sur {expected}")
    return tuple(line.format(name=one.name, found=one.found, expected=one.expected) for one in lines)


def _cure(cure: CureFact) -> str:
    line = _("« {title} », {depot}, du {starts_on} au {due_on}")
    days = {"starts_on": format_day(cure.starts_on), "due_on": format_day(cure.due_on)}
    return line.format(title=cure.title_name, depot=cure.depot_name, **days)


def _incident(incident: IncidentFact) -> str:
    text = _(INCIDENT_WORDS[incident.kind])
    if incident.outcome is not None:
        text = _("{what} : {outcome}").format(what=text, outcome=_(OUTCOME_WORDS[incident.outcome]))
    if incident.cost_cents:
        text = _("{what} ({cost})").format(what=text, cost=money(incident.cost_cents))
    return text


def _label(facts: Facts) -> str:
    match facts:
        case BookingFacts():
            return _("Voir la réservation")
        case ShipmentFacts():
            return _("Voir l’envoi")
        case PlanFacts():
            return _("Voir le plan")
        case InvitationFacts():
            return _("Rejoindre l’école")
        case _:
            return _("Ouvrir la page")


def _signature(facts: Facts) -> tuple[str, ...]:
    lines = (facts.association_name, facts.association_email, facts.association_phone)
    return tuple(line for line in lines if line)


def _reason(spec: Spec, facts: Facts, reader: Reader) -> str:
    match facts:
        case BookingFacts() if spec.kind == NoticeKind.OVERDUE_COPY:
            text = _("Vous recevez ce message parce que {association} vous met en copie des longs retards.")
        case BookingFacts() if reader.person_id == facts.borrower_id:
            text = _("Vous recevez ce message parce que la réservation {reference} est à votre nom.")
        case AffiliationFacts():
            text = _("Vous recevez ce message parce que vous empruntez pour {school}.")
        case InvitationFacts():
            text = _("Vous recevez ce message parce que {inviter} a donné votre adresse pour {school}.")
        case ShipmentFacts():
            text = _("Vous recevez ce message parce que vous suivez les envois de « {from} » ou de « {to} ».")
        case PlanFacts():
            text = _("Vous recevez ce message parce que vous coordonnez les prêts pour {union}.")
        case DigestFacts():
            text = _("Vous recevez ce résumé parce que vous l’avez demandé pour {organisation}.")
        case _:
            text = _("Vous recevez ce message parce que vous suivez les réservations pour {association}.")
    return wording.filled(text, values_of(facts, reader))
