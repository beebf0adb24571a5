"""Labels for copies, drawn by ourselves as SVG: sizes are in millimetres, so that a browser prints them true.

A label holds a QR code that a phone's own camera opens, a Code 128 for the desk's scanner, and the digits for
people. Style stands in attributes, because pages forbid inline styles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

import msgspec
import segno
from barcode.charsets import code128

from lending.core.barcodes import shown

WIDTH_MM, HEIGHT_MM = 63.5, 38.1
SVG = "http://www.w3.org/2000/svg"
COLUMNS, ROWS = 3, 7
PER_PAGE = COLUMNS * ROWS
MARGIN_MM = 2.5
QR_MM = 20.0
BARS_WIDTH_MM, BARS_HEIGHT_MM = 50.0, 8.5
BARS_Y_MM = 23.8
DIGITS_Y_MM = 35.6
TEXT_X_MM = MARGIN_MM + QR_MM + 2
START_B, START_C, FNC1, CHECK_MODULUS = 104, 105, 102, 103
STOP = "1100011101011"
NAME_LINES, LINE_CHARACTERS = 4, 20


@dataclass(frozen=True)
class Label:
    """What is on a label."""

    code: str
    name: str = ""
    owner: str = ""


class PrintedLabel(msgspec.Struct, frozen=True):
    """A label ready to be put into a page. `svg` is safe markup."""

    code: str
    svg: str


class LabelPage(msgspec.Struct, frozen=True):
    """A sheet of 3 × 7 places, row by row; None is a place that stays empty."""

    places: list[PrintedLabel | None]


def label_pages(labels: Sequence[Label], host: str, skip: int = 0) -> list[LabelPage]:
    """Sheets for these labels; the first `skip` places of the first sheet are used up already."""
    skip = max(0, min(skip, PER_PAGE - 1))
    places: list[PrintedLabel | None] = [None] * skip
    places += [PrintedLabel(label.code, label_svg(label, host)) for label in labels]
    starts = range(0, len(places) if labels else 0, PER_PAGE)
    return [LabelPage(places[start : start + PER_PAGE]) for start in starts]


def label_svg(label: Label, host: str) -> str:
    """One label. `host` is where `/E/<code>` is served, such as `malles.example.org`."""
    size = f'width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}"'
    parts = [
        f'<svg xmlns="{SVG}" {size} role="img" aria-label="{escape(shown(label.code))}">',
        f'<rect width="{WIDTH_MM}" height="{HEIGHT_MM}" fill="#fff"/>',
        f'<path class="qr" fill="#000" shape-rendering="crispEdges" d="{_qr_path(label.code, host)}"/>',
        *_texts(label),
        f'<path class="bars" fill="#000" shape-rendering="crispEdges" d="{_bars_path(label.code)}"/>',
        _text(WIDTH_MM / 2, DIGITS_Y_MM, shown(label.code), size=3.4, anchor="middle"),
        "</svg>",
    ]
    return "".join(parts)


def copy_address(code: str, host: str) -> str:
    """The address in the QR code. Capitals take half the room of small letters."""
    return f"HTTPS://{host.upper()}/E/{code}"


def bars(code: str) -> str:
    """The modules of the Code 128: 1 is black. Nothing for a foreign code with letters beyond ASCII."""
    # The library's own encoder drops a leading 99: it takes the digits for the command of that number.
    if code.isdecimal() and code.isascii() and len(code) % 2 == 0:
        symbols = [START_C, *(int(code[at : at + 2]) for at in range(0, len(code), 2))]
    elif code.isascii() and code.isprintable():
        symbols = [START_B, *(ord(character) - ord(" ") for character in code)]
    else:
        return ""
    return _drawn(symbols)


def gs1_bars(code: str) -> str:
    """The same for a number of trade, an even count of digits: the mark after the start says that it is one."""
    return _drawn([START_C, FNC1, *(int(code[at : at + 2]) for at in range(0, len(code), 2))])


def _drawn(symbols: Sequence[int]) -> str:
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % CHECK_MODULUS
    return "".join(code128.CODES[symbol] for symbol in [*symbols, check]) + STOP


def runs(modules: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each black run begins and how many modules it is wide."""
    start = 0
    for is_black, run in groupby(modules, key="1".__eq__):
        width = len(list(run))
        if is_black:
            yield start, width
        start += width


def _bars_path(code: str) -> str:
    modules = bars(code)
    if not modules:
        return ""
    unit = BARS_WIDTH_MM / len(modules)
    left = (WIDTH_MM - BARS_WIDTH_MM) / 2
    return "".join(_box(left + start * unit, BARS_Y_MM, width * unit, BARS_HEIGHT_MM) for start, width in runs(modules))


def _qr_path(code: str, host: str) -> str:
    rows = segno.make(copy_address(code, host), error="m", micro=False).matrix
    unit = QR_MM / len(rows)
    return "".join(
        _box(MARGIN_MM + start * unit, MARGIN_MM + y * unit, width * unit, unit)
        for y, row in enumerate(rows)
        for start, width in runs(["1" if module else "0" for module in row])
    )


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.3f} {y:.3f}h{width:.3f}v{height:.3f}h-{width:.3f}z"


def _texts(label: Label) -> Iterator[str]:
    y = MARGIN_MM + 3.2
    for line in wrapped(label.name):
        yield _text(TEXT_X_MM, y, line, size=3.3, weight="700")
        y += 4.1
    if label.owner:
        yield _text(TEXT_X_MM, MARGIN_MM + QR_MM - 0.6, shortened(label.owner, 26), size=2.6)


def _text(x: float, y: float, text: str, *, size: float, anchor: str = "start", weight: str = "400") -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="sans-serif" font-size="{size}"'
        f' font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def wrapped(name: str) -> list[str]:
    """A name in at most four short lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= LINE_CHARACTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > NAME_LINES:
        lines[NAME_LINES - 1] += "…"
    return [shortened(line, LINE_CHARACTERS) for line in lines[:NAME_LINES]]


def shortened(text: str, characters: int) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= characters else text[: characters - 1].rstrip("… ") + "…"
