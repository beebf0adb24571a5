"""What people call the codes of the database."""

from lending.core.i18n import N_

WORDS: dict[str, dict[str, str]] = {
    "kind": {"trunk": N_("Malle"), "game": N_("Jeu"), "book": N_("Livre"), "sheet": N_("Fiche action")},
    "kinds": {"trunk": N_("Malles"), "game": N_("Jeux"), "book": N_("Livres"), "sheet": N_("Fiches action")},
    "status": {
        "lendable": N_("Disponible au prêt"),
        "blocked": N_("À compléter"),
        "repair": N_("En réparation"),
        "lost": N_("Perdu"),
        "withdrawn": N_("Retiré"),
    },
    "condition": {"new": N_("Neuf"), "good": N_("Bon état"), "worn": N_("Usé"), "damaged": N_("Abîmé")},
    "state": {
        "planned": N_("Réservé"),
        "out": N_("En prêt"),
        "done": N_("Rendu"),
        "cancelled": N_("Annulé"),
        "lost": N_("Perdu"),
    },
    "deposit_form": {"none": N_("Sans caution"), "cheque": N_("Chèque"), "letter": N_("Lettre de l’employeur")},
    "deposit_state": {
        "none": N_("sans objet"),
        "due": N_("attendue"),
        "received": N_("reçue"),
        "returned": N_("rendue"),
        "cashed": N_("encaissée"),
    },
    "stretch": {
        "free": N_("Libre"),
        "preparation": N_("Préparation"),
        "loan": N_("Prêt"),
        "turnaround": N_("Remise en état"),
        "hold": N_("Gardé un moment"),
        "transfer": N_("Transfert"),
        "maintenance": N_("Entretien"),
    },
    "role": {
        "teacher": N_("Enseignant"),
        "staff": N_("Équipe du dépôt"),
        "coordinator": N_("Coordination régionale"),
        "admin": N_("Administration"),
    },
    "done": {
        "cancelled": N_("La réservation est annulée."),
        "signed-out": N_("Vous êtes déconnecté."),
        "password-set": N_("Le mot de passe est enregistré. Connectez-vous de nouveau."),
        "saved": N_("C’est enregistré."),
        "clock-moved": N_("L’horloge de la démonstration a été déplacée."),
        "handed-over": N_("La remise est enregistrée."),
        "taken-back": N_("Le retour est enregistré."),
        "completed": N_("L’exemplaire est de nouveau complet."),
        "resent": N_("Le message repart."),
        "index-retried": N_("Le titre repart vers l’index."),
        "index-rebuilt": N_("L’index est reconstruit."),
    },
}
