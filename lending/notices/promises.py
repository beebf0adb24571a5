"""Letters about promises: wishes received and refused, dates that move, offers to those who wait."""

from lending.core.i18n import format_day, format_weekday
from lending.core.i18n import gettext as _
from lending.notices.messages import Message, Reader, names
from lending.notices.schemas import BookingFacts


def received(facts: BookingFacts, _reader: Reader) -> Message:
    """The association has to agree first."""
    return Message(
        subject=_("Demande reçue : {title}").format(title=facts.title_name),
        paragraphs=(
            _("La demande de « {title} » pour {school} est bien arrivée.").format(**names(facts)),
            _("L’association doit encore donner son accord. D’ici là, un exemplaire vous est gardé."),
        ),
    )


def refused(facts: BookingFacts, _reader: Reader) -> Message:
    """The association did not agree."""
    return Message(
        subject=_("Demande refusée : {title}").format(title=facts.title_name),
        paragraphs=(
            _("L’association ne peut pas prêter « {title} » à {school} à ces dates.").format(**names(facts)),
            _("Répondez à ce message pour en parler, ou choisissez d’autres dates."),
        ),
        shows_depot=False,
    )


def renewed(facts: BookingFacts, _reader: Reader) -> Message:
    """The loan lasts longer."""
    return Message(
        subject=_("Prêt prolongé : {title}").format(title=facts.title_name),
        paragraphs=(
            _("« {title} » est maintenant à rapporter au plus tard le {due_on}.").format(
                title=facts.title_name, due_on=format_weekday(facts.due_on)
            ),
        ),
    )


def due_moved(facts: BookingFacts, _reader: Reader) -> Message:
    """The depot closes on days that were agreed."""
    return Message(
        subject=_("Dates déplacées : {title}").format(title=facts.title_name),
        paragraphs=(
            _("Le dépôt sera fermé : les dates de « {title} » pour {school} ont été déplacées.").format(**names(facts)),
            _("Voici ce qui vaut maintenant."),
        ),
    )


def recalled(facts: BookingFacts, _reader: Reader) -> Message:
    """Somebody else needs it."""
    return Message(
        subject=_("Retour demandé pour le {due_on} : {title}").format(
            due_on=format_day(facts.due_on), title=facts.title_name
        ),
        paragraphs=(
            _("Une autre classe attend « {title} » : merci de le rapporter au plus tard le {due_on}.").format(
                title=facts.title_name, due_on=format_weekday(facts.due_on)
            ),
            _("Si ce n’est pas possible, répondez à ce message : l’association cherchera avec vous."),
        ),
    )


def offered(facts: BookingFacts, _reader: Reader) -> Message:
    """What somebody waited for is there."""
    return Message(
        subject=_("Disponible pour vous : {title}").format(title=facts.title_name),
        paragraphs=(
            _("« {title} », que vous attendiez pour {school}, est libre aux dates ci-dessous.").format(**names(facts)),
            _("Un exemplaire vous est gardé pendant 48 heures : acceptez ou refusez d’ici là."),
        ),
    )


def offer_ended(facts: BookingFacts, _reader: Reader) -> Message:
    """The offer was not answered."""
    return Message(
        subject=_("Proposition terminée : {title}").format(title=facts.title_name),
        paragraphs=(
            _("La proposition de « {title} » pour {school} n’a pas eu de réponse à temps.").format(**names(facts)),
            _("L’exemplaire est proposé à la personne suivante. Vous pouvez attendre à nouveau."),
        ),
        shows_depot=False,
    )
