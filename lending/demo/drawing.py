"""A board to draw flat shapes on, and the signs that stand for groups of themes."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 480
SCALE = 2
INK = "#33313B"
CREAM = "#FFFBF2"
Point: TypeAlias = tuple[float, float]


class Board:
    """A drawing whose measures are those of the finished picture."""

    def __init__(self, paper: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), paper)
        self._draw = ImageDraw.Draw(self.image)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.oval(x - radius, y - radius, x + radius, y + radius, fill)

    def oval(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        self._draw.ellipse(self._scaled(left, top, right, bottom), fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0) -> None:
        self._draw.rounded_rectangle(self._scaled(left, top, right, bottom), radius * SCALE, fill=fill)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def stroke(self, points: Sequence[Point], fill: str, width: float) -> None:
        places = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(places, fill=fill, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def finished(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    @staticmethod
    def _scaled(*measures: float) -> tuple[float, float, float, float]:
        left, top, right, bottom = (measure * SCALE for measure in measures)
        return left, top, right, bottom


def mixed(colour: str, other: str, share: float) -> str:
    """The first colour with a share of the second."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02X}" for one, two in pairs)


def _star(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    spikes = [(radius if turn % 2 == 0 else radius * 0.48, math.pi * turn / 5 - math.pi / 2) for turn in range(10)]
    board.shape([(x + reach * math.cos(angle), y + reach * math.sin(angle)) for reach, angle in spikes], fill)


def _heart(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    turns = [math.tau * step / 60 for step in range(60)]
    points = [
        (
            x + radius * math.sin(turn) ** 3,
            y
            - radius
            * (13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn) - math.cos(4 * turn))
            / 16,
        )
        for turn in turns
    ]
    board.shape(points, fill)


def _bubble(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    board.box(x - radius, y - radius * 0.8, x + radius, y + radius * 0.5, fill, radius * 0.4)
    board.shape([(x - radius * 0.5, y + radius * 0.4), (x, y + radius * 0.4), (x - radius * 0.55, y + radius)], fill)
    for step in (-1, 0, 1):
        board.disc(x + step * radius * 0.45, y - radius * 0.15, radius * 0.13, CREAM)


def _moon(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    outer = [math.radians(angle) for angle in range(50, 311, 5)]
    inner = [math.radians(angle) for angle in range(290, 69, -5)]
    points = [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in outer]
    points += [(x + radius * (0.42 + 0.82 * math.cos(turn)), y + radius * 0.82 * math.sin(turn)) for turn in inner]
    board.shape(points, fill)


def _note(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    for side in (-0.55, 0.6):
        foot = y + radius * (0.62 if side < 0 else 0.42)
        board.oval(
            x + radius * (side - 0.38), foot - radius * 0.26, x + radius * (side + 0.3), foot + radius * 0.28, fill
        )
        board.box(x + radius * (side + 0.14), y - radius * 0.7, x + radius * (side + 0.3), foot, fill)
    left, right = x - radius * 0.41, x + radius * 0.9
    top = y - radius * 0.72
    board.shape(
        [(left, top), (right, top - radius * 0.2), (right, top + radius * 0.12), (left, top + radius * 0.34)], fill
    )


def _gear(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    points = []
    for tooth in range(8):
        for shift, reach in ((-0.3, 0.74), (-0.2, 1.0), (0.2, 1.0), (0.3, 0.74)):
            angle = math.tau * (tooth + shift) / 8
            points.append((x + radius * reach * math.cos(angle), y + radius * reach * math.sin(angle)))
    board.shape(points, fill)
    board.disc(x, y, radius * 0.32, CREAM)


def _leaf(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    steps = [step / 16 for step in range(17)]
    one = [(2 * step - 1, -0.56 * math.sin(step * math.pi)) for step in steps]
    other = [(along, -across) for along, across in reversed(one)]
    cosine, sine = math.cos(-0.8), math.sin(-0.8)
    turned = [(x + radius * (a * cosine - b * sine), y + radius * (a * sine + b * cosine)) for a, b in one + other]
    board.shape(turned, fill)
    reach = radius * 0.62
    board.stroke([(x - reach * cosine, y - reach * sine), (x + reach * cosine, y + reach * sine)], CREAM, radius * 0.1)


def _drop(board: Board, x: float, y: float, radius: float, fill: str) -> None:
    low = y + radius * 0.3
    board.disc(x, low, radius * 0.68, fill)
    board.shape(
        [(x, y - radius), (x + radius * 0.6, low - radius * 0.32), (x - radius * 0.6, low - radius * 0.32)], fill
    )
    board.disc(x - radius * 0.25, low + radius * 0.12, radius * 0.16, CREAM)


SIGNS: Mapping[str, Callable[[Board, float, float, float, str], None]] = {
    "star": _star,
    "heart": _heart,
    "bubble": _bubble,
    "moon": _moon,
    "note": _note,
    "gear": _gear,
    "leaf": _leaf,
    "drop": _drop,
}
