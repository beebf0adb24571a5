"""Sheets of labels as shops sell them, and others by their measures. All sizes in millimetres, on A4."""

import re
from dataclasses import dataclass

from lending.catalog.printing.errors import BadOwnFormat, UnknownFormat

A4_WIDTH_MM, A4_HEIGHT_MM = 210.0, 297.0


@dataclass(frozen=True)
class LabelFormat:
    """Where the labels of a sheet lie. `pitch` is from one label's edge to the same edge of the next."""

    name: str
    columns: int
    rows: int
    width_mm: float
    height_mm: float
    left_mm: float
    top_mm: float
    pitch_x_mm: float
    pitch_y_mm: float

    @property
    def per_sheet(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows

    @property
    def is_small(self) -> bool:
        """Whether bars and QR code would be too narrow side by side: then there is one of them."""
        return self.width_mm < WIDTH_FOR_BOTH_MM or self.height_mm < HEIGHT_FOR_BOTH_MM


# 27 mm of QR code and 35 of bars with their quiet zones: narrower bars are not read from a worn label.
WIDTH_FOR_BOTH_MM, HEIGHT_FOR_BOTH_MM = 60.0, 30.0

FORMATS = {
    one.name: one
    for one in (
        LabelFormat("L7160", 3, 7, 63.5, 38.1, 7.25, 15.15, 66.0, 38.1),
        LabelFormat("L7159", 3, 8, 63.5, 33.9, 7.25, 12.9, 66.0, 33.9),
        LabelFormat("L7163", 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1),
        LabelFormat("L7651", 5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2),
    )
}
USUAL = "L7160"
# `own:3x8:63.5x33.9:7.25x12.9:66x33.9` – columns and rows, a label, the first one's place, from one to the next.
_NUMBER = r"(\d{1,3}(?:\.\d{1,2})?)"
_OWN = re.compile(
    rf"own:(\d{{1,2}})x(\d{{1,2}}):{_NUMBER}x{_NUMBER}:{_NUMBER}x{_NUMBER}:{_NUMBER}x{_NUMBER}",
    re.ASCII,
)
# A QR code with its quiet zone, and the ten digits beside it, need that much.
SMALLEST_WIDTH_MM, SMALLEST_HEIGHT_MM = 35.0, 18.0
# Measures are typed to a hundredth.
SLACK_MM = 0.05


def format_of(name: str) -> LabelFormat:
    """The sheet of this name, or the one whose measures it tells. Raises UnknownFormat, BadOwnFormat."""
    if name in FORMATS:
        return FORMATS[name]
    measures = _OWN.fullmatch(name) if name.startswith("own:") else None
    if measures is None:
        raise UnknownFormat(name=name)
    columns, rows, *sizes = measures.groups()
    sheet = LabelFormat("own", int(columns), int(rows), *map(float, sizes))
    _check_own(sheet)
    return sheet


def _check_own(sheet: LabelFormat) -> None:
    """Labels must be there, large enough for a code, on the sheet, and not upon each other."""
    right = sheet.left_mm + (sheet.columns - 1) * sheet.pitch_x_mm + sheet.width_mm
    bottom = sheet.top_mm + (sheet.rows - 1) * sheet.pitch_y_mm + sheet.height_mm
    if not sheet.per_sheet:
        raise BadOwnFormat(reason="empty")
    if sheet.width_mm < SMALLEST_WIDTH_MM or sheet.height_mm < SMALLEST_HEIGHT_MM:
        raise BadOwnFormat(reason="too-small")
    if right > A4_WIDTH_MM + SLACK_MM or bottom > A4_HEIGHT_MM + SLACK_MM:
        raise BadOwnFormat(reason="off-the-sheet")
    is_crowded = sheet.columns > 1 and sheet.pitch_x_mm < sheet.width_mm - SLACK_MM
    if is_crowded or (sheet.rows > 1 and sheet.pitch_y_mm < sheet.height_mm - SLACK_MM):
        raise BadOwnFormat(reason="overlapping")
