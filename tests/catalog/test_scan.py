"""From a scanned code to a copy."""

import pytest

from lending.catalog import queries
from lending.catalog.errors import DamagedBarcode, TitleCodeScanned, UnknownBarcode
from lending.catalog.requests import EditTitle
from lending.catalog.service import Catalog
from lending.catalog.tables import Copy
from lending.core.actor import ANONYMOUS, Actor
from lending.core.barcodes import make_code
from lending.core.database import Database
from lending.core.errors import Forbidden, Unauthenticated
from tests.catalog.conftest import World
from tests.kit.catalog import create_alias


def scan(database: Database, raw: str) -> int:
    with database.read() as session:
        return queries.copy_by_code(session, raw).id


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}\r\n", "HTTPS://MALLES.EXAMPLE.ORG/E/{}", "https://x.org/e/{}/"])
def test_c002_a_code_is_found_however_it_was_scanned(database: Database, world: World, shape: str) -> None:
    assert scan(database, shape.format(world.codes[0])) == world.copy_ids[0]


def test_c002_inner_spaces_do_not_matter(database: Database, world: World) -> None:
    code = world.codes[1]
    assert scan(database, f"{code[:3]} {code[3:8]} {code[8:]}") == world.copy_ids[1]


def test_a_foreign_code_means_its_copy_in_any_case(database: Database, world: World) -> None:
    with database.write() as session:
        create_alias(session, session.get_one(Copy, world.copy_ids[0]), "MALLE-12B")
    assert scan(database, "malle-12b ") == world.copy_ids[0]


def test_c002_an_exact_match_comes_before_a_tidied_one(database: Database, world: World) -> None:
    with database.write() as session:
        create_alias(session, session.get_one(Copy, world.copy_ids[0]), "AB12")
        create_alias(session, session.get_one(Copy, world.copy_ids[1]), "ab12")
    assert scan(database, "ab12") == world.copy_ids[1]
    assert scan(database, "AB12") == world.copy_ids[0]


def test_a_copys_own_code_comes_before_another_copys_alias(database: Database, world: World) -> None:
    with database.write() as session:
        create_alias(session, session.get_one(Copy, world.copy_ids[1]), world.codes[0])
    assert scan(database, world.codes[0]) == world.copy_ids[0]


@pytest.mark.parametrize("raw", ["NOPE", "", "\x00", "é" * 500, "%", "3560123456789"])
def test_c001_an_unknown_code_is_told_as_it_was_read(database: Database, world: World, raw: str) -> None:
    del world
    with pytest.raises(UnknownBarcode):
        scan(database, raw)


def test_c001_the_message_shows_the_code(database: Database, world: World) -> None:
    del world
    with pytest.raises(UnknownBarcode, match="MALLE-99"):
        scan(database, "malle-99")


def test_a_misread_digit_is_told_apart_from_an_unknown_code(database: Database, world: World) -> None:
    code = world.codes[0]
    misread = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(DamagedBarcode):
        scan(database, misread)
    with pytest.raises(UnknownBarcode):
        scan(database, make_code(999, 99_999))


def test_c025_an_isbn_names_the_title_and_says_which_copies_exist(
    catalog: Catalog, database: Database, world: World
) -> None:
    catalog.edit_title(world.staff, world.title_id, EditTitle(isbn="9782070368228"), 1)
    with pytest.raises(TitleCodeScanned) as refused:
        scan(database, "978 2070368228")
    assert refused.value.name == "Malle coopération"
    assert [code.replace(" ", "") for code in refused.value.codes] == sorted(world.codes)
    catalog.archive(world.staff, world.title_id)
    with pytest.raises(UnknownBarcode):
        scan(database, "9782070368228")


class TestWhoMayLook:
    @pytest.fixture
    def code(self, world: World) -> str:
        return world.codes[0]

    def test_the_associations_staff_may(self, catalog: Catalog, world: World, code: str) -> None:
        assert catalog.copy_by_code(world.staff, code).shown_code == f"{code[:3]} {code[3:8]} {code[8:]}"

    def test_others_may_not(self, catalog: Catalog, world: World, code: str) -> None:
        for actor in (world.other_staff, world.teacher):
            with pytest.raises(Forbidden):
                catalog.copy_by_code(actor, code)
        with pytest.raises(Unauthenticated):
            catalog.copy_by_code(ANONYMOUS, code)

    def test_everybody_is_led_from_a_label_to_the_title(self, catalog: Catalog, world: World, code: str) -> None:
        assert catalog.title_id_by_code(ANONYMOUS, code) == world.title_id

    def test_a_copy_of_a_draft_does_not_exist_for_others(self, catalog: Catalog, world: World, code: str) -> None:
        catalog.archive(world.staff, world.title_id)
        actors: list[Actor] = [world.other_staff, world.teacher, ANONYMOUS]
        for actor in actors:
            with pytest.raises(UnknownBarcode):
                catalog.copy_by_code(actor, code)
            with pytest.raises(UnknownBarcode):
                catalog.title_id_by_code(actor, code)
        assert catalog.title_id_by_code(world.staff, code) == world.title_id
