"""What a column can say, and how its heading is recognised in French and English."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lending.core.i18n import N_

# A heading row is looked for in these first rows: above it stand titles and dates of the list.
HEADING_ROWS = 10


@dataclass(frozen=True)
class Column:
    """What a column says: its code, its heading in exports, and other headings by which it is known."""

    code: str
    label: str
    known_as: tuple[str, ...] = ()


COLUMNS: Sequence[Column] = (
    Column("id", N_("N° de fiche"), ("id", "record id")),
    Column("reference", N_("Référence"), ("ref", "reference", "numero", "n", "no", "identifiant")),
    Column("kind", N_("Type"), ("kind", "type de document", "nature", "support", "categorie", "category")),
    Column("name", N_("Titre"), ("title", "nom", "name", "intitule", "designation", "libelle", "titre propre")),
    Column("subtitle", N_("Sous-titre"), ("subtitle", "complement du titre")),
    Column("authors", N_("Auteurs"), ("auteur", "auteur s", "author", "authors", "auteurs illustrateurs", "createur")),
    Column("publisher", N_("Éditeur"), ("editeur", "publisher", "edition", "editions", "maison d edition", "marque")),
    Column("isbn", N_("ISBN"), ("isbn 13", "isbn13", "isbn 10", "isbn issn")),
    Column("ean", N_("EAN"), ("ean 13", "ean13", "gencod", "gtin")),
    Column("language", N_("Langue"), ("language", "langue s")),
    Column(
        "published_year",
        N_("Année"),
        ("annee de parution", "annee d edition", "date de parution", "year", "parution", "date d edition", "published"),
    ),
    Column("ages", N_("Âge"), ("age", "ages", "age conseille", "a partir de")),
    Column("min_age", N_("Âge minimal"), ("age min", "age minimum", "min age", "minimum age", "des")),
    Column("max_age", N_("Âge maximal"), ("age max", "age maximum", "max age", "maximum age")),
    Column("players", N_("Joueurs"), ("nombre de joueurs", "nb joueurs", "nb de joueurs", "players")),
    Column("min_players", N_("Joueurs au moins"), ("joueurs min", "min players", "minimum players")),
    Column("max_players", N_("Joueurs au plus"), ("joueurs max", "max players", "maximum players")),
    Column("duration_minutes", N_("Durée (minutes)"), ("duree", "duree de jeu", "temps de jeu", "duration", "minutes")),
    Column(
        "levels",
        N_("Niveaux"),
        ("niveau", "niveau x", "classe", "classes", "cycle", "cycles", "level", "levels", "public"),
    ),
    Column(
        "themes",
        N_("Thèmes"),
        (
            "theme",
            "themes",
            "theme s",
            "thematique",
            "thematiques",
            "sujet",
            "sujets",
            "domaine",
            "subject",
            "subjects",
            "mots cles",
            "keywords",
        ),
    ),
    Column("game_kind", N_("Type de jeu"), ("genre de jeu", "kind of game", "mecanisme")),
    Column("is_local", N_("Réservé à l’association"), ("local", "titre local")),
    Column("visibility", N_("Publication"), ("visibilite", "visibility", "statut de publication")),
    Column("summary", N_("Résumé"), ("summary", "description", "presentation", "resume", "commentaire", "abstract")),
    Column("contents", N_("Contenu"), ("contents", "contenu de la malle", "composition", "inventaire", "materiel")),
    Column(
        "count",
        N_("Nombre d’exemplaires"),
        (
            "exemplaires",
            "nb exemplaires",
            "nb d exemplaires",
            "quantite",
            "qte",
            "nombre",
            "copies",
            "quantity",
            "number of copies",
            "stock",
        ),
    ),
    Column(
        "code",
        N_("Code de l’exemplaire"),
        (
            "code",
            "code barre",
            "code barres",
            "codebarre",
            "barcode",
            "code exemplaire",
            "numero d exemplaire",
            "n exemplaire",
            "numero d inventaire",
            "n inventaire",
            "copy code",
            "old number",
            "ancien numero",
        ),
    ),
    Column("other_codes", N_("Autres codes"), ("anciens codes", "autres numeros", "other codes", "aliases")),
    Column(
        "depot", N_("Dépôt"), ("depot", "lieu", "site", "localisation", "bibliotheque", "bib", "location", "branch")
    ),
    Column("shelf", N_("Rayon"), ("etagere", "rangement", "emplacement", "shelf", "armoire", "cote", "call number")),
    Column("condition", N_("Usure"), ("etat", "condition", "etat de l exemplaire", "usure")),
)
BY_CODE: Mapping[str, Column] = {one.code: one for one in COLUMNS}
# A row must name its title by one of these.
NAMING = ("name", "reference", "isbn")


def plain(text: str) -> str:
    """Small letters without accents and signs, single spaces: what headings and names are compared by."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


HEADINGS: Mapping[str, str] = {
    plain(heading): one.code for one in COLUMNS for heading in (one.label, one.code, *one.known_as)
}


def guess(headings: Sequence[str]) -> dict[str, str]:
    """The code of each column that is recognised, by the column's number (as text). The first of two wins."""
    found: dict[str, str] = {}
    for number, heading in enumerate(headings):
        code = HEADINGS.get(plain(heading))
        if code is not None and code not in found.values():
            found[str(number)] = code
    return found


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows holds the headings: the one where most are recognised, else the first with a text."""
    scores = [len(guess(row)) for row in rows[:HEADING_ROWS]]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    return next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def signature(headings: Sequence[str]) -> str:
    """What headings are remembered by."""
    return hashlib.sha256("\x1f".join(plain(one) for one in headings).encode()).hexdigest()
