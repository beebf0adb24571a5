"""Departments as tiles of one size, each about where it lies; the overseas ones stand below, not outside."""

from collections.abc import Sequence
from dataclasses import dataclass

ROWS = (
    ".. .. .. .. .. .. .. 62 59 .. .. ..",
    ".. .. .. .. .. .. 76 80 02 08 .. ..",
    ".. .. .. 50 14 27 95 60 51 55 57 ..",
    "29 22 35 53 61 78 92 93 77 10 54 67",
    ".. 56 44 49 72 28 75 94 89 52 88 68",
    ".. .. 85 79 37 41 45 91 58 21 70 90",
    ".. .. 17 86 87 36 18 03 71 39 25 ..",
    ".. .. 33 16 24 23 63 42 69 01 74 ..",
    ".. .. 40 47 46 19 15 43 38 73 .. ..",
    ".. .. 64 32 82 12 48 07 26 05 .. ..",
    ".. .. .. 65 31 81 34 30 84 04 06 ..",
    ".. .. .. .. 09 11 .. .. 13 83 .. 2B",
    ".. .. .. .. .. 66 .. .. .. .. .. 2A",
    "971 972 973 974 976 .. .. .. .. .. .. ..",
)
TILES = {
    code: (column, row) for row, line in enumerate(ROWS) for column, code in enumerate(line.split()) if code != ".."
}
COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """A department's place in the drawing, in tiles from the left and from the top."""

    code: str
    column: int
    row: int


def tiles_of(codes: Sequence[str]) -> list[Tile]:
    """Where each department stands, cut to what is shown; one that the grid does not know goes below the others."""
    known = {code: TILES[code] for code in codes if code in TILES}
    unknown = [code for code in codes if code not in TILES]
    below = max((row for _, row in known.values()), default=-1) + 1
    placed = known | {code: (number % COLUMNS, below + number // COLUMNS) for number, code in enumerate(unknown)}
    left = min((column for column, _ in placed.values()), default=0)
    top = min((row for _, row in placed.values()), default=0)
    return [Tile(code, placed[code][0] - left, placed[code][1] - top) for code in codes]
