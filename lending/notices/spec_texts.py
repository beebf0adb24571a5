"""The words of every message in French; English stands in the locale. Variables are codes in braces."""

from collections.abc import Mapping
from dataclasses import dataclass

from lending.core.i18n import N_


@dataclass(frozen=True)
class Text:
    """A subject line and paragraphs. A closing stands below the list of a message that has one."""

    subject: str
    paragraphs: tuple[str, ...]
    closing: str = ""
    shows_depot: bool = True


BOOKING_TEXTS: Mapping[str, Text] = {
    "booking-received": Text(
        N_("Demande reçue : {title}"),
        (
            N_("La demande de « {title} » pour {school} est bien arrivée."),
            N_("L’association doit encore donner son accord. D’ici là, un exemplaire vous est gardé."),
        ),
    ),
    "booking-confirmed": Text(
        N_("Réservation confirmée : {title}"),
        (
            N_("La réservation de « {title} » pour {school} est confirmée."),
            N_("L’exemplaire vous attendra au dépôt à partir du {starts_on}."),
        ),
    ),
    "booking-refused": Text(
        N_("Demande refusée : {title}"),
        (
            N_("L’association ne peut pas prêter « {title} » à {school} à ces dates."),
            N_("Parlez-en avec l’association, ou choisissez d’autres dates."),
        ),
        shows_depot=False,
    ),
    "booking-cancelled": Text(
        N_("Réservation annulée : {title}"),
        (N_("La réservation de « {title} » pour {school} est annulée. Vous n’avez rien à faire."),),
        shows_depot=False,
    ),
    "changed": Text(
        N_("Réservation modifiée : {title}"),
        (N_("La réservation de « {title} » pour {school} a changé. Voici ce qui vaut maintenant."),),
    ),
    "due-moved": Text(
        N_("Dates déplacées : {title}"),
        (
            N_("Le dépôt sera fermé : les dates de « {title} » pour {school} ont été déplacées."),
            N_("Voici ce qui vaut maintenant."),
        ),
    ),
    "at-risk": Text(
        N_("Réservation sans exemplaire : {title}"),
        (
            N_("Aucun exemplaire de « {title} » n’est plus assuré pour {school}."),
            N_("L’association cherche une solution et vous tiendra au courant."),
        ),
        closing=N_("Voilà ce qui est possible dès maintenant : pour choisir, ouvrez la réservation."),
    ),
    "at-risk-staff": Text(
        N_("Réservation sans exemplaire : {title}"),
        (
            N_("Aucun exemplaire de « {title} » n’est plus assuré pour {school}."),
            N_("Ouvrez la réservation pour choisir un autre exemplaire, un autre dépôt ou d’autres dates."),
        ),
    ),
    "wish-offered": Text(
        N_("Disponible pour vous : {title}"),
        (
            N_("« {title} », que vous attendiez pour {school}, est libre aux dates ci-dessous."),
            N_("Un exemplaire vous est gardé pendant 48 heures : acceptez ou refusez d’ici là."),
        ),
    ),
    "offer-ended": Text(
        N_("Proposition terminée : {title}"),
        (
            N_("La proposition de « {title} » pour {school} n’a pas eu de réponse à temps."),
            N_("L’exemplaire est proposé à la personne suivante. Vous pouvez attendre à nouveau."),
        ),
        shows_depot=False,
    ),
}

DESK_TEXTS: Mapping[str, Text] = {
    "ready": Text(
        N_("Prêt à être retiré : {title}"),
        (
            N_("« {title} » est préparé pour {school} et vous attend au dépôt à partir du {starts_on}."),
            N_("Venez aux heures d’ouverture ; le contenu sera compté avec vous."),
        ),
    ),
    "handed-over": Text(
        N_("Prêt commencé : {title}"),
        (
            N_("Vous avez emporté « {title} » pour {school}. Bonne découverte !"),
            N_("Merci de tout rapporter au plus tard le {due_on}."),
        ),
        closing=N_("Si quelque chose de cette liste manque dès maintenant, dites-le aujourd’hui au dépôt."),
    ),
    "renewed": Text(
        N_("Prêt prolongé : {title}"),
        (N_("« {title} » est maintenant à rapporter au plus tard le {due_on}."),),
    ),
    "returned-complete": Text(
        N_("Retour enregistré : {title}"),
        (N_("« {title} » est de retour et tout y est. Merci !"),),
        shows_depot=False,
    ),
    "returned-incomplete": Text(
        N_("Retour incomplet : {title}"),
        (N_("« {title} » est de retour, mais il manque quelque chose. Voici ce qui a été trouvé :"),),
        closing=N_(
            "Si vous retrouvez ce qui manque, rapportez-le au dépôt ou dites-le à l’association. "
            "Sinon, l’association vous dira s’il y a quelque chose à remplacer ou à payer."
        ),
    ),
    "incident-opened": Text(
        N_("Incident signalé : {title}"),
        (N_("Un incident a été noté pour « {title} », emprunté pour {school} :"),),
        closing=N_("Rien n’est encore décidé. Si cela vous étonne, parlez-en à l’association."),
        shows_depot=False,
    ),
    "incident-settled": Text(
        N_("Incident réglé : {title}"),
        (N_("Ce qui s’est passé avec « {title} », emprunté pour {school}, est réglé :"),),
        closing=N_("Vous n’avez plus rien à faire, sauf si l’association vous l’a demandé."),
        shows_depot=False,
    ),
    "deposit-settled": Text(
        N_("Caution {deposit} : {title}"),
        (N_("La caution laissée pour « {title} » a été {deposit}."),),
        shows_depot=False,
    ),
}

# What goes on to another school is not brought back: an association's own words speak of its depot.
GOES_ON = Text(
    N_("À remettre le {due_on} : {title}"),
    (
        N_("« {title} » ne revient pas au dépôt : il passe directement à l’école suivante, au plus tard le {due_on}."),
        N_("Comptez avec la liste ce qu’il contient, remettez-le, puis notez-le sur la page du prêt."),
    ),
    shows_depot=False,
)

REMINDER_TEXTS: Mapping[str, Text] = {
    "due-soon": Text(
        N_("À rapporter le {due_on} : {title}"),
        (
            N_("« {title} » est à rapporter au plus tard le {due_on}."),
            N_("Avant de partir, vérifiez avec la liste que tout est dedans."),
        ),
    ),
    "due-tomorrow": Text(
        N_("À rapporter demain : {title}"),
        (
            N_("C’est demain, {due_on}, que « {title} » est à rapporter."),
            N_("Si vous ne pouvez pas venir, prolongez le prêt si c’est possible ou prévenez le dépôt."),
        ),
    ),
    "overdue": Text(
        N_("{reminder} : « {title} », {late}"),
        (
            N_("« {title} » était à rapporter le {due_on} : le retour est {late}."),
            N_("Un oubli arrive à tout le monde : merci de tout rapporter dès que le dépôt ouvre."),
            N_("Si un empêchement vous retient, dites-le à l’association : elle vous aidera."),
        ),
    ),
    "overdue-firm": Text(
        N_("{reminder} : « {title} », {late}"),
        (
            N_("« {title} » était à rapporter le {due_on} : le retour est {late}."),
            N_("D’autres classes attendent peut-être : merci de tout rapporter dès que le dépôt ouvre."),
            N_("Si un empêchement vous retient, dites-le à l’association : elle vous aidera."),
        ),
    ),
    "overdue-last": Text(
        N_("{reminder} : « {title} », {late}"),
        (
            N_("Malgré nos rappels, « {title} » n’est pas revenu. Il était à rapporter le {due_on}."),
            N_("Le retour est {late}. Rapportez tout cette semaine, ou appelez-nous pour convenir d’un jour."),
            N_("Sans nouvelles, {association} devra considérer l’exemplaire comme perdu et en demander le prix."),
        ),
    ),
    "overdue-copy": Text(
        N_("Pour information, {reminder} : « {title} », {late}"),
        (
            N_("« {title} », emprunté par {borrower} pour {school}, était à rapporter le {due_on}."),
            N_("Le retour est {late}, malgré nos messages. Pouvez-vous en parler à {borrower} ?"),
        ),
    ),
    "recalled": Text(
        N_("Retour demandé pour le {due_on} : {title}"),
        (
            N_("Une autre classe attend « {title} » : merci de le rapporter au plus tard le {due_on}."),
            N_("Si ce n’est pas possible, dites-le à l’association : elle cherchera une solution avec vous."),
        ),
    ),
}

OTHER_TEXTS: Mapping[str, Text] = {
    "shipment-sent": Text(
        N_("Envoi {reference} parti pour « {to} »"),
        (N_("L’envoi {reference} est parti de « {from} » pour « {to} »."),),
    ),
    "shipment-arriving": Text(
        N_("Envoi {reference} attendu : {expected_on}"),
        (
            N_("L’envoi {reference}, parti de « {from} », est attendu à « {to} » : {expected_on}."),
            N_("Prévoyez quelqu’un pour le recevoir et compter les cartons."),
        ),
    ),
    "shipment-received": Text(
        N_("Envoi {reference} reçu"),
        (N_("L’envoi {reference}, parti de « {from} », est arrivé à « {to} »."),),
    ),
    "affiliation-ending": Text(
        N_("{school} : l’affiliation prend fin le {ends_on}"),
        (
            N_("{school} : l’affiliation vaut jusqu’au {ends_on}. Ensuite, la coopérative ne pourra plus emprunter."),
            N_("Pour l’année {school_year}, demandez l’affiliation à {association} : un mot ou un appel suffit."),
        ),
    ),
    "school-invitation": Text(
        N_("Empruntez pour {school}"),
        (
            N_("{inviter} vous invite à emprunter pour {school} : réserver, prolonger, rendre, avec les collègues."),
            N_("Le lien sert une fois, jusqu’au {ends_on}. Si cela ne vous concerne pas, ne faites rien."),
        ),
    ),
    "plan-ready": Text(
        N_("Un plan de {moves} est prêt pour {union}"),
        (
            N_("Un plan de {moves} vous est proposé pour {union}, pour un coût estimé à {cost}."),
            N_("Ouvrez-le pour en voir les raisons, le modifier ou l’accepter. Rien ne bouge sans votre accord."),
        ),
    ),
    "digest": Text(
        N_("À regarder : {organisation}"),
        (N_("Voici ce qu’il y a à regarder pour {organisation} :"),),
    ),
}
