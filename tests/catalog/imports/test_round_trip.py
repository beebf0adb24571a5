"""What was exported and is imported again changes nothing, however odd the texts are."""

import csv
import io
from typing import get_args

import msgspec
import pytest
from pymarc import MARCReader
from python_calamine import load_workbook

from lending.catalog.exports.schemas import ExportFormat
from lending.catalog.exports.service import Exports
from lending.catalog.tables import ContentLine, Copy, Title
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.network.tables import Organisation
from tests.catalog.imports.conftest import Desk
from tests.kit.catalog import create_alias, create_contents, create_copy, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import create_depot

NAMES = (
    "=cmd|' /C calc'!A0",
    "'=déjà gardé",
    "+33 1 23",
    "@moi",
    "-5 à table",
    'Le « loup » ; l\'ogre, et "moi"',
    "Malle coopération",
    "Malle coopération",
    "1 × 2 | 3",
)
LINES = {"Livres": [("Guide (bleu)", 2), ("3 x petits cochons", 1)], "[Jeux]": [("Dé ; rouge", 4), ("=1+1", 1)]}


@pytest.fixture
def exports(database: Database, clock: FixedClock) -> Exports:
    return Exports(database, clock)


@pytest.fixture
def stock(desk: Desk) -> int:
    """Titles with every kind of fact, twins by name, a shared title of others; how many rows they make."""
    with desk.db.write() as session:
        home = session.get_one(Organisation, desk.world.home_id)
        annex = create_depot(session, home, "Annexe; =Nord")
        for number, name in enumerate(NAMES):
            title = create_title(session, home, name=name, kind="game", levels=["ce1", "cp"], themes=["cooperation"])
            title.summary, title.subtitle = "=SOMME(A1)\nDeuxième ligne ; « ’ »", "-"
            title.min_age, title.max_age, title.min_players, title.duration_minutes = 6, 99, 2, 45
            title.ean, title.published_year, title.publisher = "3760175510571", 2019, "Éditeur, & fils"
            title.reference = f"R-{number}" if number % 2 else None
            create_contents(session, title, LINES)
            copy = create_copy(session, title, annex, condition="worn")
            copy.shelf = "=B;2"
            create_alias(session, copy, f"VIEUX-{number}")
            create_copy(session, title, annex, status="lost")
        line = session.get_one(ContentLine, desk.world.line_ids[0])
        line.is_consumable, line.value_cents = True, 1250
        shared = create_title(session, session.get_one(Organisation, desk.world.other_id), name="Malle coopération")
        create_copy(session, shared, annex)
    return 2 * len(NAMES) + 2 + 1 + 1


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_an_export_imported_again_is_the_same_in_every_row(
    desk: Desk, exports: Exports, stock: int, format_: ExportFormat
) -> None:
    file = exports.export(desk.world.staff, desk.world.home_id, format_)
    before = desk.sizes()
    run = desk.check(file.content, file.name)
    odd = [(one.line, one.differences, one.problems) for one in desk.rows(run) if one.outcome != "same"]
    assert odd == []
    assert run.counts.same == stock
    desk.apply(run)
    assert desk.sizes() == before
    assert exports.export(desk.world.staff, desk.world.home_id, format_).content == file.content or format_ == "xlsx"


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_an_old_export_gives_back_what_it_holds_and_nothing_else(
    desk: Desk, exports: Exports, stock: int, format_: ExportFormat
) -> None:
    file = exports.export(desk.world.staff, desk.world.home_id, format_)
    with desk.db.write() as session:
        session.get_one(Title, desk.world.draft_id).summary = "Ajouté depuis"
        session.get_one(Title, desk.world.title_id).visibility = "archived"
        session.get_one(ContentLine, desk.world.line_ids[1]).quantity = 7
        session.get_one(Copy, desk.world.copy_ids[0]).condition = "damaged"
    run = desk.check(file.content, file.name)
    assert run.counts.rows == stock
    changed = [one.column for row in desk.rows(run, "changed") for one in row.differences]
    assert sorted(changed) == ["condition", "contents", "visibility"]
    desk.apply(run)
    assert desk.check(file.content, file.name).counts.same == stock
    with desk.db.read() as session:
        assert session.get_one(Title, desk.world.draft_id).summary == "Ajouté depuis"
        line = session.get_one(ContentLine, desk.world.line_ids[1])
        assert (line.quantity, line.name) == (1, "Guide de l’enseignant")


def test_csv_opens_in_french_spreadsheets_and_runs_no_formula(desk: Desk, exports: Exports, stock: int) -> None:
    content = exports.export(desk.world.staff, desk.world.home_id, "csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == stock + 1
    assert {cell[0] for row in rows for cell in row if cell} & set("=+-@\t\r") == set()
    assert "'=cmd|' /C calc'!A0" in {cell for row in rows for cell in row}


def test_a_workbook_holds_texts_only(desk: Desk, exports: Exports, stock: int) -> None:
    content = exports.export(desk.world.staff, desk.world.home_id, "xlsx").content
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == stock + 1
    assert {type(cell) for row in rows for cell in row} == {str}
    assert "=cmd|' /C calc'!A0" in {cell for row in rows for cell in row}


def test_json_names_its_members_as_the_columns_are_called(desk: Desk, exports: Exports, stock: int) -> None:
    titles = msgspec.json.decode(exports.export(desk.world.staff, desk.world.home_id, "json").content)["titles"]
    assert sum(max(1, len(one["copies"])) for one in titles) == stock
    first = next(one for one in titles if one["name"] == NAMES[0])
    assert (first["levels"], first["copies"][0]["other_codes"]) == (["ce1", "cp"], ["VIEUX-0"])


@pytest.mark.parametrize(("format_", "tag"), [("unimarc", "200"), ("marc21", "245")])
def test_library_records_carry_titles_and_codes(
    desk: Desk, exports: Exports, stock: int, format_: ExportFormat, tag: str
) -> None:
    file = exports.export(desk.world.staff, desk.world.home_id, format_)
    records = [one for one in MARCReader(file.content) if one is not None]
    assert {one["a"] for record in records for one in record.get_fields(tag)} >= {"=cmd|' /C calc'!A0", "@moi"}
    run = desk.check(file.content, file.name)
    assert run.format == format_
    assert run.counts.rows == len(records)
    assert {"VIEUX-0"}.isdisjoint({one.value for row in desk.rows(run) for one in row.problems})


@pytest.mark.parametrize("format_", get_args(ExportFormat))
def test_only_the_staff_of_the_association_exports(desk: Desk, exports: Exports, format_: ExportFormat) -> None:
    for actor in (desk.world.teacher, desk.world.other_staff):
        with pytest.raises(Forbidden):
            exports.export(actor, desk.world.home_id, format_)
