"""Sheets of labels as shops sell them. All sizes in millimetres, on A4."""

from dataclasses import dataclass

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
