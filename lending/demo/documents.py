"""One-page documents for the titles of the demonstration: small PDF files whose text can be found and read aloud.

The file is written by hand: a page, two of the fonts that every reader has, and lines of text. The accents of French
are all in WinAnsiEncoding, which is Windows code page 1252.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from lending.demo.collection import DemoTitle

PAGE = (595, 842)  # A4, in points.
MARGIN = 62
ACCENT = "0.14 0.36 0.45"
INK = "0.13 0.13 0.16"
GREY = "0.42 0.42 0.45"
LEVEL_NAMES = {
    "tps": "toute petite section",
    "ps": "petite section",
    "ms": "moyenne section",
    "gs": "grande section",
    "cp": "CP",
    "ce1": "CE1",
    "ce2": "CE2",
    "cm1": "CM1",
    "cm2": "CM2",
    "6e": "6e",
    "5e": "5e",
    "4e": "4e",
    "3e": "3e",
    "2de": "seconde",
    "1re": "première",
    "term": "terminale",
}
KIND_NAMES = {
    "trunk": "Malle pédagogique : livret d’accompagnement",
    "game": "Jeu : fiche d’utilisation",
    "book": "Livre : fiche de lecture",
    "sheet": "Fiche action",
}
STEPS = {
    "trunk": (
        "Ouvrir la malle avec la classe, nommer ce qu’elle contient et cocher la feuille d’inventaire.",
        "Laisser un temps de découverte libre, par groupes de quatre, sans consigne.",
        "Choisir ensemble une question ou un projet et se répartir les rôles.",
        "Mener l’atelier en petits groupes, puis mettre en commun ce que chacun a trouvé.",
        "Compter et ranger le contenu à plusieurs, et dire en conseil ce que l’on a appris.",
    ),
    "game": (
        "Installer le matériel et vérifier les pièces avec la liste de la boîte.",
        "Expliquer le but, puis jouer un premier tour à découvert.",
        "Jouer une partie entière, en laissant le groupe décider de sa stratégie.",
        "S’arrêter : qu’est-ce qui nous a aidés, qu’est-ce qui nous a gênés ?",
        "Rejouer en essayant l’idée retenue, puis ranger en comptant les pièces.",
    ),
    "book": (
        "Regarder la couverture et imaginer l’histoire, à deux puis tous ensemble.",
        "Lire à voix haute le début et noter les premières questions.",
        "Poursuivre la lecture en donnant à chaque groupe un personnage à suivre.",
        "Débattre d’un passage qui divise la classe, en s’appuyant sur le texte.",
        "Garder une trace : affiche, lecture aux autres classes ou carnet de lecteur.",
    ),
    "sheet": (
        "Réunir le groupe en cercle et dire ce que l’on va faire, et pourquoi.",
        "Former les équipes au hasard et donner à chacun un rôle.",
        "Lancer l’activité ; l’adulte observe et n’intervient que pour la sécurité.",
        "Revenir en cercle : chacun dit un moment où quelqu’un l’a aidé.",
        "Écrire la règle ou l’idée que la classe veut garder pour la prochaine fois.",
    ),
}


@dataclass(frozen=True)
class TextLine:
    """A line on the page; `gap` is the space above it, in points."""

    text: str
    size: int = 11
    is_bold: bool = False
    colour: str = INK
    gap: int = 4
    indent: int = 0


def make_document(title: DemoTitle, folder: Path) -> tuple[str, int]:
    """Write the document of a title under `folder`; give its media name and its size in bytes."""
    content = _pdf(title.name, _page_stream(list(_lines(title))))
    name = f"demo/{_slug(title.name)}-{hashlib.sha256(content).hexdigest()[:12]}.pdf"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name, len(content)


def _lines(title: DemoTitle) -> Iterator[TextLine]:
    yield TextLine(KIND_NAMES[title.kind], size=10, colour=ACCENT)
    yield from _wrapped(title.name, 40, size=22, is_bold=True, gap=12)
    yield from _wrapped(_facts(title), 85, size=10, colour=GREY, gap=10)
    yield from _wrapped(title.summary, 84, gap=18)
    yield from _heading("Déroulement")
    for number, step in enumerate(STEPS[title.kind], start=1):
        yield from _wrapped(f"{number}. {step}", 83, gap=10, indent=10)
    yield from _contents(title)
    yield from _heading("Pour aller plus loin")
    yield from _wrapped(
        "Notez ce qui a bien marché et ce qui manque : l’association complète la fiche avec vos retours.", 84, gap=8
    )


def _heading(text: str) -> Iterator[TextLine]:
    yield TextLine(text, size=14, is_bold=True, colour=ACCENT, gap=24)


def _contents(title: DemoTitle) -> Iterator[TextLine]:
    lines = [line for section in title.sections for line in section.lines]
    if lines:
        yield from _heading("À recompter au retour")
    for rank, line in enumerate(lines[:14]):
        yield TextLine(f"{line.quantity} × {line.name}", size=10, gap=10 if rank == 0 else 5, indent=10)


def _wrapped(
    text: str, width: int, *, size: int = 11, is_bold: bool = False, colour: str = INK, gap: int = 4, indent: int = 0
) -> Iterator[TextLine]:
    for rank, part in enumerate(wrap(text, width)):
        yield TextLine(part, size, is_bold, colour, gap if rank == 0 else 4, indent)


def _facts(title: DemoTitle) -> str:
    facts = []
    if title.levels:
        names = [LEVEL_NAMES[level] for level in (title.levels[0], title.levels[-1])]
        facts.append("Niveaux : " + (names[0] if names[0] == names[1] else f"de {names[0]} à {names[1]}"))
    if title.duration_minutes:
        facts.append(f"Durée : {title.duration_minutes} min")
    if title.authors:
        facts.append(title.authors)
    if title.publisher:
        facts.append(title.publisher)
    return " · ".join(facts)


def _page_stream(lines: list[TextLine]) -> bytes:
    """The drawing orders of the page: a band at the top, the lines, and the foot."""
    width, height = PAGE
    orders = [f"{ACCENT} rg 0 {height - 14} {width} 14 re f".encode()]
    y = height - 56
    for line in lines:
        y -= line.gap + line.size
        orders.append(_show(line, MARGIN + line.indent, y))
    orders.append(f"{GREY} RG 0.5 w {MARGIN} 62 m {width - MARGIN} 62 l S".encode())
    foot = TextLine("Document d’exemple. À photocopier pour la classe. Bonne coopération !", size=9, colour=GREY)
    orders.append(_show(foot, MARGIN, 46))
    return b"\n".join(orders)


def _show(line: TextLine, x: int, y: int) -> bytes:
    font = "F2" if line.is_bold else "F1"
    start = f"BT {line.colour} rg /{font} {line.size} Tf 1 0 0 1 {x} {y} Tm ("
    return start.encode() + _text(line.text) + b") Tj ET"


def _text(text: str) -> bytes:
    """The bytes of a PDF string; a sign that the encoding lacks loses its accent, or becomes a question mark."""
    plain = text.replace("\u202f", "\u00a0")
    encoded = b"".join(_sign(sign) for sign in plain)
    return encoded.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _sign(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", sign)[:1].encode("cp1252", "replace")


def _pdf(title: str, stream: bytes) -> bytes:
    width, height = PAGE
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 6 0 R".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + b" /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Title <%s> >>" % ("\ufeff" + title).encode("utf-16-be").hex().encode(),
    ]
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    """The objects numbered from one, followed by the table of where each begins."""
    content = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return (
        content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows) + trailer % (size, len(objects), len(content))
    )


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "document"
