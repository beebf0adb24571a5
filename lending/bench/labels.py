"""How long sheets of labels take, from codes to the PDF: the large ones with both codes, the small ones with one."""

import time
from dataclasses import asdict

from lending.bench.figures import Figure, Goal, Part, print_parts
from lending.catalog.printing.drawing import bars_svg, module_count, qr_svg
from lending.catalog.printing.formats import FORMATS, LabelFormat
from lending.catalog.printing.service import MODULE_MM
from lending.catalog.printing.typesetting import typeset
from lending.core.barcodes import make_code, shown
from lending.core.clock import SystemClock

MOST_SECONDS_PER_THOUSAND = 4.0
THOUSAND = 1000
HOST = "malles.example.org"


def bench_labels(size: int) -> None:
    """Measure each format once."""
    figures = [_figure(one, size) for one in FORMATS.values()]
    print_parts([Part(f"{size} labels as PDF", ["clock"], figures)])


def _figure(sheet: LabelFormat, size: int) -> Figure:
    started = time.perf_counter()
    typeset("labels.typ", _data(sheet, size), SystemClock().now())
    values = {"clock": round(time.perf_counter() - started, 2)}
    goal: Goal = ("at most", MOST_SECONDS_PER_THOUSAND * size / THOUSAND)
    return Figure(f"{sheet.name}, {sheet.columns} × {sheet.rows}", "s", values, goal)


def _data(sheet: LabelFormat, size: int) -> dict[str, object]:
    labels = []
    for serial in range(1, size + 1):
        code = make_code(35, serial)
        labels.append(
            {
                "shown": shown(code),
                "name": f"Malle coopération, coin du langage et jeux de cour {serial}",
                "owner": "Association départementale",
                "qr": qr_svg(code, HOST),
                "bars": bars_svg(code),
                "bars_mm": module_count(code) * MODULE_MM,
            }
        )
    return {
        "title": "Étiquettes",
        "format": asdict(sheet),
        "is_small": sheet.is_small,
        "small": "qr",
        "skip": 0,
        "labels": labels,
        "qr_alt": "Code QR",
        "bars_alt": "Code-barres",
    }
