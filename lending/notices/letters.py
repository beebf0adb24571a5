"""What each kind of message says. Facts go in as values, so that nothing in them is ever read as markup."""

import datetime as dt
from collections.abc import Callable

from lending.core.i18n import format_day, format_weekday, ngettext
from lending.core.i18n import gettext as _
from lending.notices import promises
from lending.notices.messages import Message, Reader, names
from lending.notices.rules import NoticeKind
from lending.notices.schemas import Action, BookingFacts, Letter
from lending.notices.words import hours_in_words, one_line, reminder_in_words


def booking_letter(kind: str, facts: BookingFacts, reader: Reader) -> Letter:
    """The letter about a booking, in the language in force."""
    message = WRITERS[NoticeKind(kind)](facts, reader)
    return Letter(
        subject=one_line(message.subject),
        greeting=_greeting(reader.name),
        paragraphs=message.paragraphs,
        rows=_rows(facts, shows_depot=message.shows_depot),
        items=message.items,
        closing=message.closing,
        action=Action(_("Voir la réservation"), reader.base_url + facts.path),
        signature=_signature(facts),
        reason=_reason(facts, reader),
        reply_to=facts.association_email,
    )


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


def _confirmed(facts: BookingFacts, _reader: Reader) -> Message:
    return Message(
        subject=_("Réservation confirmée : {title}").format(title=facts.title_name),
        paragraphs=(
            _("La réservation de « {title} » pour {school} est confirmée.").format(**names(facts)),
            _("Elle vous attendra au dépôt à partir du {starts_on}.").format(starts_on=format_weekday(facts.starts_on)),
        ),
    )


def _cancelled(facts: BookingFacts, _reader: Reader) -> Message:
    text = _("La réservation de « {title} » pour {school} est annulée. Vous n’avez rien à faire.")
    return Message(
        subject=_("Réservation annulée : {title}").format(title=facts.title_name),
        paragraphs=(text.format(**names(facts)),),
        shows_depot=False,
    )


def _handed_over(facts: BookingFacts, _reader: Reader) -> Message:
    return Message(
        subject=_("Prêt commencé : {title}").format(title=facts.title_name),
        paragraphs=(
            _("Vous avez emporté « {title} » pour {school}. Bonne découverte !").format(**names(facts)),
            _("Merci de tout rapporter au plus tard le {due_on}.").format(due_on=format_weekday(facts.due_on)),
        ),
    )


def _due_soon(facts: BookingFacts, _reader: Reader) -> Message:
    return Message(
        subject=_("À rapporter le {due_on} : {title}").format(due_on=format_day(facts.due_on), title=facts.title_name),
        paragraphs=(
            _("« {title} » est à rapporter au plus tard le {due_on}.").format(
                title=facts.title_name, due_on=format_weekday(facts.due_on)
            ),
            _("Avant de partir, vérifiez avec la liste que tout est dedans."),
        ),
    )


def _overdue(facts: BookingFacts, reader: Reader) -> Message:
    days = facts.days_late
    late = ngettext("en retard de {days} jour", "en retard de {days} jours", days).format(days=days)
    return Message(
        subject=_("{reminder} : « {title} », {late}").format(
            reminder=reminder_in_words(reader.reminder_number), title=facts.title_name, late=late
        ),
        paragraphs=(
            _("« {title} » était à rapporter le {due_on} : le retour est {late}.").format(
                title=facts.title_name, due_on=format_weekday(facts.due_on), late=late
            ),
            _("D’autres classes attendent peut-être : merci de tout rapporter dès que le dépôt ouvre."),
            _("Si un empêchement vous retient, répondez à ce message : l’association vous aidera."),
        ),
    )


def _returned_complete(facts: BookingFacts, _reader: Reader) -> Message:
    return Message(
        subject=_("Retour enregistré : {title}").format(title=facts.title_name),
        paragraphs=(_("« {title} » est de retour et tout y est. Merci !").format(title=facts.title_name),),
        shows_depot=False,
    )


def _returned_incomplete(facts: BookingFacts, _reader: Reader) -> Message:
    line = _("{name} : {found} sur {expected}")
    return Message(
        subject=_("Retour incomplet : {title}").format(title=facts.title_name),
        paragraphs=(
            _("« {title} » est de retour, mais il manque quelque chose. Voici ce qui a été trouvé :").format(
                title=facts.title_name
            ),
        ),
        items=tuple(line.format(name=m.name, found=m.found, expected=m.expected) for m in facts.missing),
        closing=_("Si vous retrouvez ce qui manque, rapportez-le au dépôt ou répondez à ce message."),
    )


def _at_risk(facts: BookingFacts, reader: Reader) -> Message:
    if reader.person_id == facts.borrower_id:
        then = _("L’association cherche une solution et vous tiendra au courant.")
    else:
        then = _("Ouvrez la réservation pour choisir un autre exemplaire, un autre dépôt ou d’autres dates.")
    return Message(
        subject=_("Réservation sans exemplaire : {title}").format(title=facts.title_name),
        paragraphs=(
            _("Aucun exemplaire de « {title} » n’est plus assuré pour {school}.").format(**names(facts)),
            then,
        ),
    )


def _changed(facts: BookingFacts, _reader: Reader) -> Message:
    return Message(
        subject=_("Réservation modifiée : {title}").format(title=facts.title_name),
        paragraphs=(
            _("La réservation de « {title} » pour {school} a changé. Voici ce qui vaut maintenant.").format(
                **names(facts)
            ),
        ),
    )


def _greeting(name: str) -> str:
    return _("Bonjour {name},").format(name=name) if name.strip() and "@" not in name else _("Bonjour,")


def _rows(facts: BookingFacts, *, shows_depot: bool) -> tuple[tuple[str, str], ...]:
    rows = [
        (_("Référence"), facts.reference),
        (_("À partir du"), format_weekday(facts.starts_on)),
        (_("À rapporter au plus tard le"), format_weekday(facts.due_on)),
    ]
    if shows_depot:
        place = ", ".join(part for part in (facts.depot_name, facts.depot_address) if part)
        rows.append((_("Dépôt"), place))
        rows.append((_("Horaires"), hours_in_words(facts.openings)))
        rows.append((_("Téléphone du dépôt"), facts.depot_phone or ""))
    return tuple((label, value) for label, value in rows if value)


def _signature(facts: BookingFacts) -> tuple[str, ...]:
    lines = (facts.association_name, facts.association_email, facts.association_phone)
    return tuple(line for line in lines if line)


def _reason(facts: BookingFacts, reader: Reader) -> str:
    if reader.person_id == facts.borrower_id:
        text = _("Vous recevez ce message parce que la réservation {reference} est à votre nom.")
    else:
        text = _("Vous recevez ce message parce que vous suivez les réservations de {association}.")
    return text.format(reference=facts.reference, association=facts.association_name)


WRITERS: dict[NoticeKind, Callable[[BookingFacts, Reader], Message]] = {
    NoticeKind.BOOKING_CONFIRMED: _confirmed,
    NoticeKind.BOOKING_CANCELLED: _cancelled,
    NoticeKind.HANDED_OVER: _handed_over,
    NoticeKind.DUE_SOON: _due_soon,
    NoticeKind.OVERDUE: _overdue,
    NoticeKind.RETURNED_COMPLETE: _returned_complete,
    NoticeKind.RETURNED_INCOMPLETE: _returned_incomplete,
    NoticeKind.AT_RISK: _at_risk,
    NoticeKind.CHANGED: _changed,
    NoticeKind.BOOKING_RECEIVED: promises.received,
    NoticeKind.BOOKING_REFUSED: promises.refused,
    NoticeKind.RENEWED: promises.renewed,
    NoticeKind.DUE_MOVED: promises.due_moved,
    NoticeKind.RECALLED: promises.recalled,
    NoticeKind.WISH_OFFERED: promises.offered,
    NoticeKind.OFFER_ENDED: promises.offer_ended,
}
