"""Pictures for the titles of the demonstration: flat drawings, one for each kind and group of themes.

All is drawn with plain shapes at twice the size and then made smaller, which smooths the edges. Nothing is random and
no font is asked for, so that the same release of Pillow makes the same bytes everywhere.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from lending.demo.collection import DemoTitle
from lending.demo.drawing import CREAM, INK, SIGNS, Board, Point, mixed

WEBP_QUALITY = 80


@dataclass(frozen=True)
class Group:
    """Themes that share a picture: colours of paper, hill, thing and accent, and the shape of its signs."""

    paper: str
    hill: str
    main: str
    accent: str
    sign: str
    themes: str


GROUPS: Mapping[str, Group] = {
    "ensemble": Group(
        "#FBEBD3", "#F3D3A4", "#D9643A", "#2F7F86", "star", "cooperation jeux-cooperatifs ess solidarite sport"
    ),
    "coeur": Group("#FCE4DF", "#F6C6BC", "#C94F5D", "#F2A65A", "heart", "emotions climat-scolaire harcelement sante"),
    "cite": Group(
        "#E6EDF5",
        "#C7D6E8",
        "#3F6497",
        "#E0A03A",
        "bubble",
        "citoyennete emc droits-enfant egalite inclusion philosophie medias securite-routiere langues",
    ),
    "loup": Group("#E9E4F0", "#CFC5DF", "#5B4B82", "#E7B24C", "moon", "loup contes kamishibai theatre"),
    "mots": Group("#F8EFDC", "#EBD9B2", "#8A5A3B", "#3E8E7E", "bubble", "litterature poesie albums lecture ecriture"),
    "arts": Group("#FBE6EE", "#F3C9DA", "#A8467B", "#3C9DB5", "note", "musique arts-visuels danse"),
    "nombres": Group(
        "#E3F0F0", "#BFDDDD", "#2B7A84", "#E5793F", "gear", "mathematiques geometrie logique programmation technologie"
    ),
    "nature": Group(
        "#EAF2DC", "#CBE0AC", "#5C8A3A", "#E9A93C", "leaf", "vivant animaux ferme jardin environnement alimentation"
    ),
    "monde": Group(
        "#E0EFF7",
        "#B9DAEC",
        "#2F73A3",
        "#F0B33F",
        "drop",
        "eau energie climat cinq-sens astronomie histoire patrimoine geographie",
    ),
}
GROUP_OF = {theme: name for name, group in GROUPS.items() for theme in group.themes.split()}
KIND_NAMES = {"trunk": "malle", "game": "jeu", "book": "livre", "sheet": "fiche"}
# Where the signs float around the thing: centre and radius.
SIGN_PLACES = (
    (112, 108, 26),
    (528, 92, 32),
    (74, 236, 16),
    (572, 226, 20),
    (322, 62, 18),
    (212, 84, 11),
    (436, 120, 12),
)


def make_pictures(folder: Path) -> dict[str, str]:
    """Draw every picture under `folder`; give the media name of each, by `kind/group`."""
    (folder / "demo").mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for kind, french in KIND_NAMES.items():
        for group in GROUPS:
            name = f"demo/{french}-{group}.webp"
            _picture(kind, GROUPS[group]).save(folder / name, "WEBP", quality=WEBP_QUALITY, method=4)
            names[f"{kind}/{group}"] = name
    return names


def picture_for(title: DemoTitle, pictures: Mapping[str, str]) -> str:
    """The media name of the picture that suits a title: its first theme decides."""
    group = next((GROUP_OF[theme] for theme in title.themes if theme in GROUP_OF), "ensemble")
    return pictures[f"{title.kind}/{group}"]


def _picture(kind: str, group: Group) -> Image.Image:
    board = Board(group.paper)
    board.disc(320, 230, 178, mixed(group.paper, CREAM, 0.7))
    board.oval(-180, 330, 420, 700, mixed(group.hill, group.paper, 0.35))
    board.oval(160, 352, 860, 760, group.hill)
    for rank, (x, y, radius) in enumerate(SIGN_PLACES):
        SIGNS[group.sign](board, x, y, radius, group.accent if rank % 2 == 0 else group.main)
    board.oval(150, 388, 490, 426, mixed(group.hill, INK, 0.22))
    MOTIFS[kind](board, group)
    return board.finished()


def _trunk(board: Board, group: Group) -> None:
    """An open trunk with books and the sign of the group looking out."""
    dark, light = mixed(group.main, INK, 0.35), mixed(group.main, CREAM, 0.25)
    board.shape([(176, 250), (464, 250), (440, 172), (200, 172)], dark)
    board.shape([(192, 250), (448, 250), (428, 184), (212, 184)], mixed(dark, INK, 0.35))
    for left, top, colour in ((206, 196, group.accent), (240, 180, CREAM), (268, 204, light)):
        board.box(left, top, left + 28, 290, colour, 4)
        board.box(left, top + 14, left + 28, top + 20, mixed(colour, INK, 0.25))
    board.disc(390, 222, 42, CREAM)
    SIGNS[group.sign](board, 390, 222, 27, group.accent)
    board.box(168, 250, 472, 406, group.main, 14)
    board.box(168, 250, 472, 282, light, 10)
    for left in (204, 412):
        board.box(left, 250, left + 24, 406, dark)
        board.disc(left + 12, 266, 4, CREAM)
        board.disc(left + 12, 390, 4, CREAM)
    board.box(296, 268, 344, 312, group.accent, 8)
    board.disc(320, 286, 6, INK)
    board.shape([(317, 288), (323, 288), (325, 302), (315, 302)], INK)


def _game(board: Board, group: Group) -> None:
    """A board with a winding path, a die and two pawns, and the sign of the group above."""
    board.disc(330, 158, 54, CREAM)
    SIGNS[group.sign](board, 330, 158, 36, group.main)
    dark = mixed(group.main, INK, 0.35)
    board.shape([(178, 250), (462, 250), (520, 408), (120, 408)], dark)
    board.shape([(178, 242), (462, 242), (520, 398), (120, 398)], CREAM)
    board.shape([(192, 252), (448, 252), (498, 388), (142, 388)], mixed(group.main, CREAM, 0.55))
    colours = (group.main, group.accent, CREAM)
    path = ((180, 366), (226, 372), (272, 362), (300, 336), (282, 308), (246, 296), (240, 272), (280, 262), (324, 264))
    for rank, (x, y) in enumerate(path):
        half = 12 + y / 40
        board.oval(x - half, y - half / 1.8, x + half, y + half / 1.8, colours[rank % 3])
    for x, y, colour in ((246, 290, group.accent), (344, 352, group.main)):
        board.oval(x - 24, y - 8, x + 24, y + 12, mixed(colour, INK, 0.4))
        board.shape([(x - 10, y - 56), (x + 10, y - 56), (x + 23, y + 2), (x - 23, y + 2)], colour)
        board.disc(x, y - 66, 20, colour)
        board.disc(x - 6, y - 73, 5, mixed(colour, CREAM, 0.6))
    _die(board, 420, 296, group)


def _die(board: Board, x: float, y: float, group: Group) -> None:
    side, edge = mixed(CREAM, INK, 0.12), mixed(CREAM, INK, 0.24)
    board.shape([(x - 48, y - 26), (x, y - 50), (x + 48, y - 26), (x, y - 2)], CREAM)
    board.shape([(x - 48, y - 26), (x, y - 2), (x, y + 56), (x - 48, y + 32)], side)
    board.shape([(x + 48, y - 26), (x, y - 2), (x, y + 56), (x + 48, y + 32)], edge)
    board.oval(x - 10, y - 32, x + 10, y - 20, group.main)
    for step in (-1, 0, 1):
        board.oval(x - 29 + step * 12, y + 9 + step * 19, x - 19 + step * 12, y + 21 + step * 19, group.accent)
    for step in (-1, 1):
        board.oval(x + 19 + step * 10, y + 9 - step * 18, x + 29 + step * 10, y + 21 - step * 18, group.main)


def _book(board: Board, group: Group) -> None:
    """An open book from which the sign of the group rises."""
    dark = mixed(group.main, INK, 0.2)
    board.shape([(116, 262), (320, 292), (524, 262), (524, 392), (320, 418), (116, 392)], dark)
    for side in (-1, 1):
        for layer, colour in ((0, mixed(CREAM, INK, 0.16)), (8, mixed(CREAM, INK, 0.07)), (16, CREAM)):
            board.shape(_page(side, layer), colour)
        for row, start in enumerate((46, 46, 46, 46, 110)):
            y = 296 + row * 19
            far, near = 320 + side * 172, 320 + side * start
            board.stroke([(far, y - 12), (near, y + 6)], mixed(group.main, CREAM, 0.62), 5)
    board.stroke([(320, 268), (320, 402)], mixed(CREAM, INK, 0.25), 3)
    board.shape([(440, 248), (462, 246), (462, 306), (451, 294), (440, 306)], group.accent)
    board.disc(320, 186, 62, CREAM)
    SIGNS[group.sign](board, 320, 186, 42, group.main)


def _page(side: int, layer: int) -> list[Point]:
    """The outline of a page on one side of the fold, bent like paper; a higher layer lies further in."""
    steps = [step / 12 for step in range(13)]
    reach = 198 - layer / 2
    top = [(320 + side * reach * step, 276 - layer - 26 * math.sin(step * math.pi * 0.75)) for step in steps]
    foot = [(x, y + 132) for x, y in reversed(top)]
    return [*top, *foot]


def _sheet(board: Board, group: Group) -> None:
    """A clipboard with a list of done things and a pencil."""
    board.box(206, 132, 434, 414, mixed(group.main, INK, 0.2), 16)
    board.box(222, 152, 418, 398, CREAM, 6)
    board.box(274, 118, 366, 156, group.accent, 10)
    board.disc(320, 124, 18, group.accent)
    board.disc(320, 124, 7, CREAM)
    SIGNS[group.sign](board, 320, 202, 28, group.main)
    for row, length in enumerate((112, 92, 118)):
        y = 262 + row * 46
        board.box(240, y - 14, 268, y + 14, mixed(group.main, CREAM, 0.65), 6)
        board.stroke([(247, y), (253, y + 7), (264, y - 8)], group.main, 5)
        board.stroke([(286, y), (286 + length, y)], mixed(CREAM, INK, 0.22), 8)
    _pencil(board, group)


def _pencil(board: Board, group: Group) -> None:
    dark = mixed(group.accent, INK, 0.25)
    board.shape([(478, 210), (506, 224), (438, 372), (410, 358)], group.accent)
    board.shape([(492, 217), (506, 224), (438, 372), (424, 365)], dark)
    board.shape([(410, 358), (438, 372), (408, 404)], "#F2D2A2")
    board.shape([(409, 388), (420, 393), (408, 404)], INK)
    board.shape([(478, 210), (506, 224), (514, 206), (486, 192)], "#E88C8C")


MOTIFS: Mapping[str, Callable[[Board, Group], None]] = {"trunk": _trunk, "game": _game, "book": _book, "sheet": _sheet}
