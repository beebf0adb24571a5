from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import pytest
from PIL import Image
from stdnum import isbn

from lending.catalog.media import check_name
from lending.demo import collection
from lending.demo.collection import LEVEL_AGES, THEMES, DemoLine, titles
from lending.demo.documents import make_document
from lending.demo.pictures import make_pictures, picture_for

PICTURE_BYTES = 25_000
Pictures: TypeAlias = tuple[Path, dict[str, str]]
DEPARTMENTS = {"35", "37", "33", "2A", "31", "53", "72", "85", "19", "23", "87", "44"}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("pictures")
    return folder, make_pictures(folder)


def lines() -> list[DemoLine]:
    return [line for title in titles() for section in title.sections for line in section.lines]


def test_the_collection_is_large_and_has_every_kind():
    kinds = Counter(title.kind for title in titles())
    assert len(titles()) >= 320
    assert set(kinds) == {"trunk", "game", "book", "sheet"}
    assert min(kinds.values()) >= 55


def test_every_title_is_described():
    for title in titles():
        assert title.name.strip() == title.name != ""
        assert 20 < len(title.summary) < 400, title.name
        assert title.levels, title.name
        assert title.themes, title.name
        assert title.owner_code is None or title.owner_code in DEPARTMENTS


def test_levels_and_themes_come_from_the_lists():
    assert {level for title in titles() for level in title.levels} <= set(LEVEL_AGES)
    assert {theme for title in titles() for theme in title.themes} <= THEMES


def test_every_theme_is_used():
    assert {theme for title in titles() for theme in title.themes} == THEMES


def test_names_are_unique_within_a_kind():
    twice = [key for key, times in Counter((title.kind, title.name) for title in titles()).items() if times > 1]
    assert twice == []


def test_sections_and_lines_have_names_of_their_own():
    for title in titles():
        names = [section.name for section in title.sections]
        assert len(set(names)) == len(names), title.name
        for section in title.sections:
            words = [line.name for line in section.lines]
            assert words, title.name
            assert len(set(words)) == len(words), title.name


def test_quantities_and_values_are_positive():
    assert all(line.quantity > 0 for line in lines())
    assert all(line.value_cents is None or line.value_cents > 0 for line in lines())


def test_no_mark_of_the_data_files_is_left_in_a_line():
    assert [line.name for line in lines() if "@" in line.name or "*" in line.name or line.name[0].isdigit()] == []


def test_some_of_the_contents_is_used_up():
    assert sum(line.is_consumable for line in lines()) >= 30


def test_trunks_and_games_have_contents():
    assert [title.name for title in titles() if title.kind in {"trunk", "game"} and not title.sections] == []


def test_isbns_are_valid():
    assert all(isbn.is_valid(title.isbn) for title in titles() if title.isbn)


def test_ranges_run_upwards():
    for title in titles():
        for first, last in ((title.min_age, title.max_age), (title.min_players, title.max_players)):
            assert first is None or last is None or first <= last, title.name


def test_there_are_copies_enough_and_none_of_a_sheet():
    assert sum(title.copies_hint for title in titles()) >= 1_700
    assert {title.copies_hint for title in titles() if title.kind == "sheet"} == {0}
    assert min(title.copies_hint for title in titles() if title.kind != "sheet") >= 1


def test_several_trunks_are_about_cooperation():
    assert sum("coop" in title.name.lower() for title in titles() if title.kind == "trunk") >= 8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("6 robots Blue-Bot @95", DemoLine("Robots Blue-Bot", 6, is_consumable=False, value_cents=9_500)),
        ("500 pailles * @0.02", DemoLine("Pailles", 500, is_consumable=True, value_cents=2)),
        ("plateau", DemoLine("Plateau", 1)),
        ("2 jeux de 12 solides @22", DemoLine("Jeux de 12 solides", 2, is_consumable=False, value_cents=2_200)),
    ],
)
def test_a_line_of_the_data_files_is_read(text: str, line: DemoLine):
    assert collection._line(text) == line


def test_a_cycle_stands_for_its_levels():
    assert collection._levels("c3 cp") == ("cp", "cm1", "cm2", "6e")


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="c9"):
        collection._levels("c9")


def test_pictures_are_the_same_bytes_each_time(pictures: Pictures, tmp_path: Path):
    folder, names = pictures
    assert make_pictures(tmp_path) == names
    assert all((tmp_path / name).read_bytes() == (folder / name).read_bytes() for name in names.values())


def test_pictures_are_light_and_of_one_size(pictures: Pictures):
    folder, names = pictures
    assert len(set(names.values())) >= 30
    for name in names.values():
        check_name(name)
        assert (folder / name).stat().st_size < PICTURE_BYTES
        with Image.open(folder / name) as image:
            assert (image.format, image.size) == ("WEBP", (640, 480))


def test_every_title_has_a_picture(pictures: Pictures):
    _, names = pictures
    assert {picture_for(title, names) for title in titles()} <= set(names.values())


def test_a_document_is_a_pdf_that_holds_its_text(tmp_path: Path):
    title = next(title for title in titles() if title.name == "Le nœud humain")
    name, size = make_document(title, tmp_path)
    content = (tmp_path / name).read_bytes()
    check_name(name)
    assert len(content) == size
    assert content.startswith(b"%PDF-1.")
    assert content.endswith(b"%%EOF\n")
    for text in (title.name, "Déroulement", "Durée : 15 min", "Niveaux : de CE2 à 3e"):
        assert text.encode("cp1252") in content


def test_the_table_of_a_document_names_where_each_object_begins(tmp_path: Path):
    name, _ = make_document(titles()[0], tmp_path)
    content = (tmp_path / name).read_bytes()
    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    assert content[start:].startswith(b"xref\n0 8\n")
    rows = content[start:].split(b"\n")[3:10]
    for number, row in enumerate(rows, start=1):
        assert content[int(row.split()[0]) :].startswith(b"%d 0 obj\n" % number)


def test_every_title_can_have_a_document_of_its_own_and_quickly(tmp_path: Path):
    before = perf_counter()
    made = [make_document(title, tmp_path) for title in titles()]
    assert perf_counter() - before < 10
    assert len({name for name, _ in made}) == len(titles())
    for name, _ in made:
        check_name(name)
