"""Labels: what a scanner and a phone read from the drawing is the code."""

import re
from xml.etree import ElementTree as ET

import segno
from barcode.charsets import code128
from hypothesis import example, given
from hypothesis import strategies as st

from lending.catalog.labels import (
    BARS_HEIGHT_MM,
    BARS_WIDTH_MM,
    PER_PAGE,
    QR_MM,
    Label,
    bars,
    copy_address,
    label_pages,
    label_svg,
    wrapped,
)
from lending.core.barcodes import make_code

HOST = "malles.example.org"
CODE = make_code(35, 12)
BOX = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")
START_C, STOP = 105, "1100011101011"
SYMBOL_MODULES = 11


def boxes(svg: str, name: str) -> list[tuple[float, ...]]:
    root = ET.fromstring(svg)  # noqa: S314 - the drawing is our own
    (path,) = [element for element in root.iter() if element.get("class") == name]
    return [tuple(map(float, box)) for box in BOX.findall(path.get("d", ""))]


def scanned(svg: str) -> str:
    """Read the drawn bars as a scanner does: widths to modules, modules to symbols, check digit verified."""
    drawn = boxes(svg, "bars")
    left, total = drawn[0][0], drawn[-1][0] + drawn[-1][2] - drawn[0][0]
    unit = BARS_WIDTH_MM / round(total / (drawn[0][2] / 2))
    modules = ["0"] * round(total / unit)
    for x, _, width, _ in drawn:
        start, end = round((x - left) / unit), round((x - left + width) / unit)
        modules[start:end] = ["1"] * (end - start)
    text = "".join(modules)
    assert text.endswith(STOP)
    body = text[: -len(STOP)]
    values = [code128.CODES.index(body[i : i + SYMBOL_MODULES]) for i in range(0, len(body), SYMBOL_MODULES)]
    assert values[0] == START_C
    data, check = values[1:-1], values[-1]
    assert (START_C + sum(place * value for place, value in enumerate(data, start=1))) % 103 == check
    return "".join(f"{value:02d}" for value in data)


@given(st.integers(1, 999), st.integers(1, 99_999))
@example(990, 1)
def test_the_drawn_bars_read_as_the_code(number: int, serial: int) -> None:
    code = make_code(number, serial)
    assert scanned(label_svg(Label(code), HOST)) == code


def test_a_foreign_code_is_drawn_letter_by_letter() -> None:
    modules = bars("99-Ab")
    assert modules.startswith(code128.CODES[104] + code128.CODES[25] * 2)
    assert len(modules) == 7 * SYMBOL_MODULES + len(STOP)


def test_a_foreign_code_that_bars_cannot_say_has_its_qr_code_only() -> None:
    svg = label_svg(Label("MALLE-É"), HOST)
    assert boxes(svg, "bars") == []
    assert boxes(svg, "qr")


def test_a_code_takes_ninety_modules_of_more_than_half_a_millimetre() -> None:
    assert len(bars(CODE)) == 90
    assert BARS_WIDTH_MM / 90 > 0.5
    assert BARS_HEIGHT_MM >= 8


def test_the_drawn_qr_code_holds_the_address_in_capitals() -> None:
    address = copy_address(CODE, HOST)
    assert address == f"HTTPS://MALLES.EXAMPLE.ORG/E/{CODE}"
    expected = segno.make(address, error="m", micro=False)
    assert expected.mode == "alphanumeric"
    rows = len(expected.matrix)
    drawn = [[0] * rows for _ in range(rows)]
    for x, y, width, _ in boxes(label_svg(Label(CODE), HOST), "qr"):
        column, row, length = (round(value / (QR_MM / rows)) for value in (x - 2.5, y - 2.5, width))
        drawn[row][column : column + length] = [1] * length
    assert drawn == [list(row) for row in expected.matrix]


def test_people_read_the_digits_in_groups() -> None:
    assert f">{CODE[:3]} {CODE[3:8]} {CODE[8:]}<" in label_svg(Label(CODE), HOST)


def test_a_name_enters_as_text_only() -> None:
    svg = label_svg(Label(CODE, '<script>"&', "<b>"), HOST)
    assert "<script>" not in svg
    ET.fromstring(svg)  # noqa: S314 - the drawing is our own


def test_a_label_carries_no_inline_style() -> None:
    assert "style=" not in label_svg(Label(CODE, "Malle", "Ille-et-Vilaine"), HOST)


def test_a_name_of_too_many_words_ends_in_an_ellipsis() -> None:
    lines = wrapped("La malle de la coopération et du vivre ensemble pour toutes les écoles de la commune")
    assert len(lines) == 4
    assert lines[-1].endswith("…")


@given(st.text())
def test_a_long_name_stays_inside_the_label(name: str) -> None:
    lines = wrapped(name)
    assert len(lines) <= 4
    assert all(len(line) <= 20 for line in lines)


def test_sheets_hold_twenty_one_labels_and_leave_used_places_free() -> None:
    labels = [Label(make_code(35, serial)) for serial in range(1, 23)]
    first, second = label_pages(labels, HOST, skip=2)
    assert first.places[:2] == [None, None]
    assert first.places[2] is not None
    assert first.places[2].code == labels[0].code
    assert (len(first.places), len(second.places)) == (PER_PAGE, 3)


def test_no_labels_make_no_sheet() -> None:
    assert label_pages([], HOST, skip=3) == []
