"""Real files with damage of every sort, and texts of every sort: refused or read, never an unhandled error."""

import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lending.catalog.exports.schemas import ExportFormat
from lending.catalog.exports.service import Exports
from lending.catalog.imports.readers import FORMATS, read_file
from lending.catalog.imports.sheet import FORMULA, guard, unguard
from lending.catalog.imports.values import BLANK
from lending.catalog.requests import LineInput, NewCopies, NewTitle, SectionInput
from lending.catalog.rules import Kind, clean_line
from lending.catalog.service import Catalog
from lending.core.errors import LendingError
from tests.catalog.imports.conftest import Desk
from tests.catalog.imports.workbooks import MARC21, UNIMARC, packed, unpacked, workbook
from tests.kit.clock import FixedClock

FILES = Path(__file__).parent / "files"
WHOLE = {
    "toulouse": (FILES / "toulouse_excerpt.csv").read_bytes(),
    "trunks": (FILES / "trunks.csv").read_bytes(),
    "workbook": workbook([["Type", "Titre", "Code"], *([["Jeu", f"Jeu {n}", str(n)] for n in range(20)])]),
    "unimarc": UNIMARC,
    "marc21": MARC21,
    "json": msgspec.json.encode({"titles": [{"kind": "game", "name": "A", "copies": [{"code": "1"}]}]}),
    "isbn": b"9782070612758\r\n2070612759\r\n",
}
FORMATS_BACK: tuple[ExportFormat, ...] = ("csv", "xlsx", "json")
SHARED_WORLD = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is read from a file does not depend on the database."""
    return sqlite_url


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A whole file with parts cut out, doubled, overwritten."""
    return draw(damage_to(WHOLE[draw(st.sampled_from(sorted(WHOLE)))]))


@st.composite
def damaged_within(draw: st.DrawFn) -> bytes:
    """A workbook that is a sound zip, but for what is in one of its parts."""
    parts = unpacked(WHOLE["workbook"])
    name = draw(st.sampled_from(sorted(parts)))
    return packed(parts | {name: draw(damage_to(parts[name]))})


@st.composite
def damage_to(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with one to four mishaps."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        match draw(st.sampled_from(("cut", "overwrite", "double", "end"))):
            case "cut":
                del content[start:end]
            case "overwrite":
                content[start:end] = draw(st.binary(min_size=0, max_size=20))
            case "double":
                content[start:start] = content[start:end]
            case _:
                del content[start + 1 :]
    return bytes(content)


@given(content=damaged() | damaged_within(), wanted=st.sampled_from([None, None, *FORMATS]))
@settings(SHARED_WORLD, max_examples=400)
def test_reading_a_damaged_file_ends_in_rows_or_in_a_refusal(content: bytes, wanted: str | None) -> None:
    try:
        sheet = read_file(content, wanted)
    except LendingError as error:
        assert str(error)  # noqa: PT017 - what is said is what counts
    else:
        assert sheet.rows
        assert all(isinstance(cell, str) and "\0" not in cell for row in sheet.rows for cell in row.cells)
        assert len({row.line for row in sheet.rows}) == len(sheet.rows)


@given(content=damaged())
@SHARED_WORLD
def test_checking_a_damaged_file_writes_nothing_but_the_import(desk: Desk, content: bytes) -> None:
    before = desk.sizes()
    try:
        run = desk.check(content)
    except LendingError:
        pass
    else:
        assert run.counts.rows == run.counts.new + run.counts.changed + run.counts.same + run.counts.refused
        assert all(one.problems for one in desk.rows(run, "refused"))
    assert desk.sizes() == before


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
TITLES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["Jeu", "Jeu", "Jeu", "malle"]),
        "name": st.sampled_from(["Loto", "loto !", "Dés", "=1+1", "Le loup"]) | TEXT,
        "reference": st.sampled_from(["", "", "R1", "R2", "r2"]),
        "isbn": st.sampled_from(["", "", "9782070612758", "2070612759", "9782211011716"]),
        "levels": st.sampled_from(["", "CP", "CP à CE2", "CE2, CP"]),
        "themes": st.sampled_from(["", "Coopération"]),
        "contents": st.sampled_from(["", "3 × dé", "[A]\n2 loupes\n1 × Dé (bleu)"]) | TEXT,
        "summary": st.just("") | TEXT,
        "code": st.sampled_from(["", "", "A1", "A1 | A2", "77", "b, c"]) | TEXT,
        "other_codes": st.sampled_from(["", "", "", "Z1"]),
        "shelf": st.sampled_from(["", "R1", "R2"]) | TEXT,
        "condition": st.sampled_from(["", "neuf", "usé"]),
        "players": st.sampled_from(["", "2-4", "3"]),
        "count": st.sampled_from(["", "", "1", "3"]),
        "visibility": st.sampled_from(["", "", "publié"]),
    }
)


@given(first=st.lists(TITLES, min_size=1, max_size=5), second=st.lists(TITLES, min_size=1, max_size=5))
@settings(SHARED_WORLD, max_examples=80)
def test_any_two_files_are_applied_without_a_difference_when_repeated_and_undone_in_turn(
    desk: Desk, first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    whole = desk.contents_of_the_stock()
    runs, states = [], []
    for titles in (first, second):
        content = msgspec.json.encode({"titles": titles})
        states.append(desk.contents_of_the_stock())
        run = desk.check(content)
        applied = desk.apply(run, skip_refused=True)
        assert applied.counts.refused == run.counts.refused
        again = desk.check(content).counts
        # A row that was refused may find its title now that another one made it.
        assert run.counts.refused or again.same == again.rows
        runs.append(applied)
    for run, state in zip(reversed(runs), reversed(states), strict=True):
        undone = desk.undo(run)
        assert desk.problems_of_kept(undone) == []
        assert desk.contents_of_the_stock() == state
    assert desk.contents_of_the_stock() == whole


LINES = st.text(max_size=30).map(clean_line).filter(lambda text: text not in BLANK)


@given(name=LINES, shelf=st.text(max_size=20), line=LINES, quantity=st.integers(1, 9999))
@example(name="'=x", shelf="-", line="1 × 2 (durable)", quantity=1)
@example(name="=x", shelf="'", line="[3] (consommable ; 2,50 €)", quantity=7)
@SHARED_WORLD
def test_any_text_survives_export_and_import(
    desk: Desk, catalog: Catalog, clock: FixedClock, name: str, shelf: str, line: str, quantity: int
) -> None:
    contents = [SectionInput(name=name, lines=[LineInput(name=line, quantity=quantity)])]
    new = NewTitle(owner_id=desk.world.home_id, kind=Kind.GAME, name=name, summary=name, contents=contents)
    title_id = catalog.add_title(desk.world.staff, new).id
    catalog.add_copies(desk.world.staff, title_id, NewCopies(depot_id=desk.world.depot_id, shelf=shelf))
    for format_ in FORMATS_BACK:
        file = Exports(desk.db, clock).export(desk.world.staff, desk.world.home_id, format_)
        odd = [
            (one.name, one.differences, one.problems)
            for one in desk.rows(desk.check(file.content))
            if one.outcome != "same"
        ]
        assert odd == []


@given(st.text(string.printable + "é'=+-@\t\r"))
def test_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not guard(text)[:1] or guard(text)[0] not in "=+-@\t\r"
    assert unguard(guard(text)) == text
    assert FORMULA.match(text) or guard(text) == text
