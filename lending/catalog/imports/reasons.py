"""What can be wrong in a row, in words. A reason is stored by its code with its facts and put into words when read."""

from collections.abc import Mapping

import msgspec

from lending.core.i18n import N_, gettext


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong in a row, and in which column (its code), with what stands there."""

    reason: str
    column: str = ""
    value: str = ""
    facts: dict[str, str] = {}


REASONS: Mapping[str, str] = {
    "not-a-number": N_("« {value} » n’est pas un nombre entier."),
    "negative": N_("« {value} » est négatif : on attend au moins {least}."),
    "out-of-range": N_("« {value} » est hors des limites : de {least} à {most}."),
    "not-a-year": N_("« {value} » ne contient pas d’année."),
    "not-a-duration": N_("« {value} » n’est pas une durée ; écrivez par exemple 45 ou 1 h 30."),
    "not-a-range": N_("« {value} » n’est ni un nombre ni un intervalle comme 2-4."),
    "inverted": N_("« {value} » : le minimum dépasse le maximum ({least} > {most})."),
    "bad-isbn": N_("« {value} » n’est pas un ISBN : la clé ou le nombre de chiffres est faux."),
    "rounded-number": N_("« {value} » a été arrondi par le tableur : mettez la colonne au format texte."),
    "bad-ean": N_("« {value} » n’est pas un EAN : la clé ou le nombre de chiffres est faux."),
    "bad-language": N_("« {value} » n’est pas une langue ; écrivez par exemple fr."),
    "too-long": N_("Ce texte dépasse {most} caractères."),
    "unknown-kind": N_("« {value} » n’est pas un type ; choisissez malle, jeu, livre ou fiche."),
    "unknown-level": N_("« {value} » n’est pas un niveau.{near}"),
    "unknown-theme": N_("« {value} » n’est pas un thème.{near}"),
    "unknown-game-kind": N_("« {value} » n’est pas un type de jeu.{near}"),
    "unknown-visibility": N_("« {value} » : écrivez brouillon, publié ou archivé."),
    "unknown-condition": N_("« {value} » : écrivez neuf, bon, usé ou abîmé."),
    "unknown-depot": N_("« {value} » n’est pas un dépôt de l’association.{near}"),
    "not-yes-or-no": N_("« {value} » : écrivez oui ou non."),
    "bad-contents": N_("La ligne « {value} » du contenu ne se lit pas ; écrivez par exemple 3 × Dé bleu."),
    "no-name-column": N_("Aucune colonne ne donne le titre, la référence ou l’ISBN. Colonnes trouvées : {headings}."),
    "no-kind": N_("Le type manque ; ajoutez une colonne ou choisissez un type pour tout le fichier."),
    "kind-fixed": N_("« {value} » : ce titre existe déjà avec un autre type ({kind}), qui ne change pas."),
    "no-name": N_("Le titre manque."),
    "no-depot": N_("Le dépôt manque ; ajoutez une colonne ou choisissez un dépôt pour tout le fichier."),
    "repeated-code": N_("Le code « {value} » figure plusieurs fois dans le fichier : lignes {lines}."),
    "code-of-another": N_("Le code « {value} » désigne déjà un exemplaire de « {title} »."),
    "reserved-code": N_("« {value} » est un de vos codes à dix chiffres, mais aucun exemplaire ne le porte."),
    "bad-code": N_("Le code « {value} » ne se lit pas."),
    "several-copies": N_("Une ligne avec plusieurs codes ne peut pas donner d’autres codes."),
    "differs-from-line": N_("La ligne {line} décrit le même titre autrement : « {other} »."),
    "several-titles": N_("Plusieurs titres répondent à cette ligne ({titles}) : ajoutez leur référence."),
    "title-refused": N_("La ligne {line}, qui décrit le titre, est refusée."),
    "changed-since": N_("Quelqu’un a modifié ce titre après la vérification. Vérifiez le fichier à nouveau."),
    "refused-later": N_("Refusé au moment d’importer : {detail}"),
    "kept-edited": N_("Gardé : le titre ou l’exemplaire a été modifié depuis l’import."),
    "kept-used": N_("Gardé : {count} exemplaires ou le titre servent déjà (réservation, pointage…)."),
}


def in_words(problem: Problem) -> str:
    """What is wrong, in the language in force."""
    facts = {"value": problem.value, "near": "", **problem.facts}
    if near := problem.facts.get("near"):
        facts["near"] = " " + gettext(N_("Vouliez-vous dire {near} ?")).format(near=near)
    return gettext(REASONS[problem.reason]).format(**facts)
