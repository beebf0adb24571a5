"""What is printed, read back from the rendered page as a scanner and a phone would."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from lending.catalog.errors import CodeTaken, UnknownBarcode
from lending.catalog.media import MediaFolder
from lending.catalog.photos.service import Photos
from lending.catalog.printing.errors import (
    BadOwnFormat,
    BlankAlreadyBound,
    NothingToPrint,
    TooManyLabels,
    UnknownBlank,
    UnknownFormat,
)
from lending.catalog.printing.formats import A4_HEIGHT_MM, A4_WIDTH_MM, FORMATS, LabelFormat, format_of
from lending.catalog.printing.schemas import Binding, LabelChoice, NewBlanks, ShelfChoice, SmallStyle
from lending.catalog.printing.service import MOST_LABELS, Printing
from lending.catalog.printing.tables import BlankCode
from lending.catalog.requests import NewCopies
from lending.catalog.service import Catalog
from lending.catalog.tables import Copy, Title
from lending.core.actor import SYSTEM, Role
from lending.core.barcodes import has_valid_key
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person
from tests.kit.pictures import photo

HOST = "malles.example.org"
POINTS_PER_INCH = 72
MM_PER_INCH = 25.4
SHEET = FORMATS["L7160"]


@pytest.fixture
def depot(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=4, with_contents=True)


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def printing(depot: World, media: MediaFolder) -> Printing:
    return Printing(depot.db, depot.clock, media, HOST)


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=dpi / POINTS_PER_INCH).to_pil() for page in document]


def places(page: Image.Image, sheet: LabelFormat, dpi: int) -> Iterator[Image.Image]:
    """Each label cut out where the format says that it lies."""
    dots = dpi / MM_PER_INCH
    for row in range(sheet.rows):
        for column in range(sheet.columns):
            left, top = sheet.left_mm + column * sheet.pitch_x_mm, sheet.top_mm + row * sheet.pitch_y_mm
            edges = (left, top, left + sheet.width_mm, top + sheet.height_mm)
            yield page.crop(tuple(round(edge * dots) for edge in edges))  # type: ignore[arg-type]  # four edges


def read(label: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(label)}


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("sheet", [one for one in FORMATS.values() if not one.is_small], ids=lambda one: one.name)
def test_every_large_label_is_read_back_twice_from_its_place(
    depot: World, printing: Printing, sheet: LabelFormat, dpi: int
) -> None:
    with depot.db.write() as session:
        create_copies(session, depot.title, depot.depot, sheet.per_sheet - 3)
        codes = set(session.scalars(select(Copy.code)))
    made = printing.labels(depot.staff, depot.association.id, LabelChoice(format=sheet.name))
    first, second = pages(made, dpi)
    assert first.size == pytest.approx((A4_WIDTH_MM / MM_PER_INCH * dpi, A4_HEIGHT_MM / MM_PER_INCH * dpi), abs=2)
    seen = [read(label) for label in (*places(first, sheet, dpi), *places(second, sheet, dpi))]
    full = [one for one in seen if one]
    assert len(full) == sheet.per_sheet + 1
    for found in full:
        (code,) = {one for one in found if one.isdecimal()}
        assert found == {code, f"HTTPS://{HOST.upper()}/E/{code}"}
        codes.remove(code)
    assert codes == set()


@pytest.mark.parametrize(("small", "dpi"), [("qr", 150), ("qr", 300), ("bars", 150), ("bars", 300)])
def test_every_small_label_is_read_back(depot: World, printing: Printing, small: SmallStyle, dpi: int) -> None:
    sheet = FORMATS["L7651"]
    with depot.db.write() as session:
        create_copies(session, depot.title, depot.depot, sheet.per_sheet - 4)
        codes = set(session.scalars(select(Copy.code)))
    made = printing.labels(depot.staff, depot.association.id, LabelChoice(format=sheet.name, small=small))
    (page,) = pages(made, dpi)
    found = [read(label) for label in places(page, sheet, dpi)]
    expected = codes if small == "bars" else {f"HTTPS://{HOST.upper()}/E/{code}" for code in codes}
    assert sorted(text for one in found for text in one) == sorted(expected)


def test_a_sheet_that_was_begun_goes_on_where_it_is_free(depot: World, printing: Printing) -> None:
    made = printing.labels(depot.staff, depot.association.id, LabelChoice(skip=5))
    (page,) = pages(made, 150)
    assert [bool(read(label)) for label in places(page, SHEET, 150)] == [False] * 5 + [True] * 4 + [False] * 12


def test_labels_of_a_shelf_a_depot_or_a_title(depot: World, printing: Printing) -> None:
    with depot.db.write() as session:
        other = create_title(session, depot.federation, name="Autre chose", kind="game")
        annexe = create_depot(session, depot.association, name="Annexe")
        (elsewhere,) = create_copies(session, other, annexe, 1)
        session.get_one(Copy, depot.copies[0].id).shelf = "B2"
        session.get_one(Copy, depot.copies[1].id).status = "withdrawn"

    def printed(**chosen: object) -> int:
        choice = LabelChoice(**chosen)  # type: ignore[arg-type]  # a table of cases
        made = printing.labels(depot.staff, depot.association.id, choice)
        return sum(bool(read(label)) for page in pages(made, 150) for label in places(page, SHEET, 150))

    assert printed() == 4
    assert printed(shelf="B2") == 1
    assert printed(depot_id=annexe.id) == printed(title_id=other.id) == printed(copies=[elsewhere.id]) == 1
    with pytest.raises(NothingToPrint):
        printed(shelf="Z9")


def test_the_same_choice_makes_the_same_bytes(depot: World, printing: Printing) -> None:
    made = [printing.labels(depot.staff, depot.association.id, LabelChoice()) for _ in range(2)]
    assert made[0] == made[1]


HOSTILE = ['#panic("x")', '#read("/etc/passwd")', "$x$ *a* _b_ `c` <d> @e \\", "𝕬 🎲 مرحبا", "a" * 200, '"}],"x":[{"']


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_and_nothing_else(depot: World, printing: Printing, name: str) -> None:
    with depot.db.write() as session:
        session.get_one(Title, depot.title.id).name = name
    for made in (
        printing.labels(depot.staff, depot.association.id, LabelChoice()),
        printing.contents_sheet(depot.staff, depot.title.id, depot.copies[0].code),
    ):
        assert "root:" not in words(made)
        if name.isascii() and len(name) < 30:
            assert name.replace(" ", "")[:8] in words(made).replace(" ", "").replace("\r\n", "")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=30, deadline=None)
def test_any_name_can_be_printed(name: str) -> None:
    printing = Printing(None, FixedClock(MONDAY_MORNING), None, HOST)  # type: ignore[arg-type]  # nothing is looked up
    assert printing._sheets("L7160", 0, "qr", [("0350000154", name)], name).startswith(b"%PDF")


def test_what_cannot_be_printed_says_why(depot: World, printing: Printing, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownFormat):
        printing.labels(depot.staff, depot.association.id, LabelChoice(format="A5"))
    with pytest.raises(UnknownFormat):
        printing.blanks(depot.staff, depot.association.id, NewBlanks(count=3, format="A5"))
    monkeypatch.setattr("lending.catalog.printing.service.MOST_LABELS", 3)
    with pytest.raises(TooManyLabels):
        printing.labels(depot.staff, depot.association.id, LabelChoice())
    assert MOST_LABELS == 2000
    with depot.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, depot.union, code="44"))
    for nobody in (depot.teacher, stranger):
        with pytest.raises(Forbidden):
            printing.labels(nobody, depot.association.id, LabelChoice())
        with pytest.raises(Forbidden):
            printing.blanks(nobody, depot.association.id, NewBlanks(count=1))


def test_codes_of_blank_labels_are_never_given_to_a_new_copy(depot: World, printing: Printing) -> None:
    made = printing.blanks(depot.staff, depot.association.id, NewBlanks(count=3))
    printed = {code for page in pages(made, 300) for label in places(page, SHEET, 300) for code in read(label)}
    blanks = {code for code in printed if code.isdecimal()}
    assert len(blanks) == 3
    assert all(has_valid_key(code) for code in blanks)
    catalog = Catalog(depot.db, depot.clock, None, depot.loans.replan_title)  # type: ignore[arg-type]  # no pictures here
    added = catalog.add_copies(depot.staff, depot.title.id, NewCopies(depot_id=depot.depot.id, count=2))
    assert blanks.isdisjoint(one.code for one in added.copies)


def test_two_scans_bind_a_blank_label_for_good(depot: World, printing: Printing) -> None:
    printing.blanks(depot.staff, depot.association.id, NewBlanks(count=2))
    with depot.db.read() as session:
        first, second = session.scalars(select(BlankCode.code).order_by(BlankCode.code))
    printing.bind(depot.staff, Binding(f"HTTPS://{HOST.upper()}/E/{first}", depot.copies[0].code))
    scanned = depot.loans.scan(depot.staff, depot.depot.id, first)
    assert scanned.copy.id == depot.copies[0].id
    with pytest.raises(BlankAlreadyBound):
        printing.bind(depot.staff, Binding(first, depot.copies[1].code))
    with pytest.raises(UnknownBlank):
        printing.bind(depot.staff, Binding("0351234567", depot.copies[1].code))
    with pytest.raises(UnknownBarcode):
        printing.bind(depot.staff, Binding(second, "QUOI"))
    with pytest.raises(Forbidden):
        printing.bind(depot.teacher, Binding(second, depot.copies[1].code))
    assert isinstance(CodeTaken(code=second).code, str)


def test_the_contents_sheet_names_every_line_and_leads_to_its_copy(depot: World, printing: Printing) -> None:
    made = printing.contents_sheet(depot.teacher, depot.title.id, depot.copies[0].code)
    text = words(made)
    assert all(line.name in text for line in depot.lines)
    assert depot.title.name in text
    assert f"HTTPS://{HOST.upper()}/E/{depot.copies[0].code}" in {
        code for page in pages(made, 150) for code in read(page)
    }
    assert pypdfium2.PdfDocument(io.BytesIO(printing.contents_sheet(depot.teacher, depot.title.id))).get_version()


def test_what_nobody_may_see_is_not_printed(depot: World, printing: Printing) -> None:
    with depot.db.write() as session:
        draft = create_title(session, depot.association, name="Brouillon", visibility="draft")
    with pytest.raises(NotFound):
        printing.contents_sheet(depot.teacher, draft.id)
    with pytest.raises(NotFound):
        printing.contents_sheet(depot.staff, draft.id, depot.copies[0].code)
    assert "Le contenu n’est pas encore décrit." in words(printing.contents_sheet(depot.staff, draft.id))


OWN = "own:2x8:90x33.5:10x12:95x34"


def test_labels_of_a_sheet_of_ones_own_are_read_back_from_their_places(depot: World, printing: Printing) -> None:
    made = printing.labels(depot.staff, depot.association.id, LabelChoice(format=OWN, skip=1))
    (page,) = pages(made, 150)
    assert [bool(read(label)) for label in places(page, format_of(OWN), 150)] == [False] + [True] * 4 + [False] * 11


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        ("0x8:90x33.5:10x12:95x34", "empty"),
        ("2x8:20x33.5:10x12:95x34", "too-small"),
        ("2x8:90x33.5:10x12:80x34", "overlapping"),
        ("2x8:90x33.5:10x12:95x30", "overlapping"),
        ("3x8:90x33.5:10x12:95x34", "off-the-sheet"),
        ("2x9:90x33.5:10x12:95x34", "off-the-sheet"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(measures: str, reason: str) -> None:
    with pytest.raises(BadOwnFormat) as refused:
        format_of(f"own:{measures}")
    assert refused.value.reason == reason


@pytest.mark.parametrize("measures", ["", "2x8", "2x8:9e1x33:1x1:1x1", "2x8:90x33.5:10x12:95x34:", "-1x8:1x1:1x1:1x1"])
def test_measures_that_are_none_are_refused(measures: str) -> None:
    with pytest.raises(UnknownFormat):
        format_of(f"own:{measures}")


def test_each_shelf_gets_one_label(depot: World, printing: Printing) -> None:
    with pytest.raises(NothingToPrint):
        printing.shelves(depot.staff, depot.association.id, ShelfChoice())
    with depot.db.write() as session:
        for copy, shelf in zip(depot.copies, ("B2", "B2", "Armoire des contes", ""), strict=True):
            session.get_one(Copy, copy.id).shelf = shelf
    text = words(printing.shelves(depot.staff, depot.association.id, ShelfChoice(format=OWN, skip=3)))
    assert text.count("B2") == text.count("Armoire des contes") == 1
    assert text.count(depot.depot.name) == 2
    with pytest.raises(NothingToPrint):
        printing.shelves(depot.staff, depot.association.id, ShelfChoice(depot_id=depot.depot.id + 1))
    with pytest.raises(Forbidden):
        printing.shelves(depot.teacher, depot.association.id, ShelfChoice())


def test_the_contents_sheet_shows_the_photos(depot: World, printing: Printing, media: MediaFolder) -> None:
    plain = printing.contents_sheet(depot.staff, depot.title.id)
    photos = Photos(depot.db, depot.clock, media)
    photos.add(SYSTEM, depot.title.id, photo())
    photos.put_on_line(SYSTEM, depot.lines[0].id, photo(seed=2))
    made = printing.contents_sheet(depot.staff, depot.title.id)
    assert images(plain) == 0
    assert images(made) == 2


def images(pdf: bytes) -> int:
    kinds = [one.type for page in pypdfium2.PdfDocument(pdf) for one in page.get_objects()]
    return kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)
