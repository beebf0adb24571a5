"""What is wrong in a file or a row is said precisely, and nothing is half-imported."""

import io
import re
import struct
import time
import zipfile

import pytest

from lending.catalog.imports.errors import (
    CutMarc,
    EmptyFile,
    ExpandingFile,
    FileTooLarge,
    ImportHasRefusals,
    NulBytesInFile,
    TooManyRows,
    UnknownFormat,
    UnreadableFile,
)
from lending.catalog.tables import Copy
from lending.core.errors import LendingError
from lending.core.i18n import language
from tests.catalog.imports.conftest import HEAD, Desk
from tests.catalog.imports.workbooks import UNIMARC, packed, unpacked, workbook
from tests.kit.catalog import create_alias, create_term

BOOK = workbook([["Type", "Titre"], ["Jeu", "Loto"]])


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is read from a file does not depend on the database."""
    return sqlite_url


def refused(desk: Desk, content: str | bytes, error: type[LendingError]) -> str:
    """The message of a refusal; nothing was kept of the file."""
    before = desk.sizes()
    with pytest.raises(error) as caught:
        desk.check(content)
    assert desk.imports.runs(desk.world.staff, desk.world.home_id) == []
    assert desk.sizes() == before
    return str(caught.value)


@pytest.mark.parametrize("content", ["", " \r\n\t", "\ufeff", "Titre;Type\n", "{}", "[]", '{"titles": []}'])
def test_an_empty_file(desk: Desk, content: str) -> None:
    refused(desk, content, LendingError)


def test_an_empty_workbook(desk: Desk) -> None:
    refused(desk, workbook([["Titre"]]), EmptyFile)


def test_nul_bytes_are_told_with_their_line(desk: Desk) -> None:
    assert "ligne 3" in refused(desk, b"Titre\nA\nB\0\n", NulBytesInFile)


def test_quotation_marks_that_never_close_are_told_with_their_line(desk: Desk) -> None:
    message = refused(desk, 'Type;Titre\nJeu;Loto\nJeu;"Dés\nJeu;X\n', UnreadableFile)
    assert "ligne 3" in message
    assert "guillemets" in message


def test_a_marc_file_cut_in_half_is_told_with_its_record(desk: Desk) -> None:
    message = refused(desk, UNIMARC[: len(UNIMARC) - 30], CutMarc)
    assert "La notice 2 (octet" in message


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x", packed({"a.txt": b"x"})])
def test_other_kinds_of_files(desk: Desk, content: bytes) -> None:
    assert "enregistrez-le en XLSX ou en CSV" in refused(desk, content, UnknownFormat)


def test_a_file_of_two_hundred_megabytes(desk: Desk) -> None:
    assert "20 Mo" in refused(desk, b"x" * 200_000_000, FileTooLarge)


def test_too_many_rows(desk: Desk) -> None:
    assert "50000 lignes" in refused(desk, "Titre\n" + "x\n" * 50_001, TooManyRows)


def test_a_workbook_that_swells_is_refused_by_what_it_declares(desk: Desk) -> None:
    bomb = packed(unpacked(BOOK) | {"xl/worksheets/sheet2.xml": b" " * 160_000_000})
    assert len(bomb) < 1_000_000
    refused(desk, bomb, ExpandingFile)


def test_a_workbook_that_lies_about_its_size_is_refused_too(desk: Desk) -> None:
    bomb = packed(unpacked(BOOK) | {"xl/worksheets/sheet2.xml": b" " * 160_000_000})
    with zipfile.ZipFile(io.BytesIO(bomb)) as parts:
        declared = struct.pack("<L", parts.getinfo("xl/worksheets/sheet2.xml").file_size)
    refused(desk, bomb.replace(declared, struct.pack("<L", 1000)), LendingError)


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row>',
        b'<row r="4294967295"><c><v>1</v></c></row>',
        b"<row r='99999'><c r='A99999'><v>1</v></c></row>",
        b'<row r="3"><c r="XFD3"/><c><v>1</v></c></row>',
        b'<row r="3"><c r="A99999999999"><v>1</v></c></row>',
        b'<x:row r="3"><x:c r="ZZZZ3"><v>1</v></x:c></x:row>',
        b'<row r="3"><c x=">" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="3"><c r="&#88;FD1048576"><v>1</v></c></row>',
        b'<a-b:row r="99999"><a-b:c><v>1</v></a-b:c></a-b:row>',
        b"<row r='3'>" + b"<c/>" * 4_100_000 + b"</row>",
        b"<row/>" * 60_000 + b"<row><c><v>1</v></c></row>",
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/elsewhere.xml"])
def test_a_cell_far_off_does_not_fill_the_memory(desk: Desk, far: bytes, part: str) -> None:
    parts = unpacked(BOOK)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far + b"</sheetData>")
    refused(desk, packed(parts | {part: sheet}), LendingError)


@pytest.mark.parametrize("number", [b"4294967295", b"&#57;99999999", b"-1"])
def test_a_number_of_texts_that_would_fill_the_memory(desk: Desk, number: bytes) -> None:
    parts = unpacked(BOOK)
    texts = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="' + number + b'"', parts["xl/sharedStrings.xml"])
    refused(desk, packed(parts | {"xl/sharedStrings.xml": texts}), UnreadableFile)


def test_a_sheet_in_sixteen_bits(desk: Desk) -> None:
    parts = unpacked(BOOK)
    name = "xl/worksheets/sheet1.xml"
    for encoding in ("utf-16", "utf-16-be"):
        refused(desk, packed(parts | {name: parts[name].decode().encode(encoding)}), UnreadableFile)


def test_an_empty_cell_far_off_is_a_matter_of_looks(desk: Desk) -> None:
    parts = unpacked(BOOK)
    name = "xl/worksheets/sheet1.xml"
    styled = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    assert desk.check(packed(parts | {name: parts[name].replace(b"</sheetData>", styled)})).counts.new == 1


@pytest.mark.parametrize("other", ["content.xml", "xl/workbook.bin"])
def test_another_kind_of_workbook_in_disguise(desk: Desk, other: str) -> None:
    refused(desk, packed(unpacked(BOOK) | {other: b"<x/>"}), UnknownFormat)


def test_a_workbook_cut_in_half(desk: Desk) -> None:
    refused(desk, BOOK[: len(BOOK) // 2], UnreadableFile)


def test_what_is_written_once_and_told_in_every_row_is_counted(desk: Desk) -> None:
    copies = ",".join(["1"] * 40_000)
    refused(desk, f'{{"titles": [{{"name": "{"x" * 5_000}", "copies": [{copies}]}}]}}', ExpandingFile)
    refused(desk, f'{{"titles": [{{"name": "x", "copies": [{copies},{copies}]}}]}}', TooManyRows)
    parts = unpacked(workbook([["Type", "Titre"], *[["Jeu", "Loto"]] * 3000]))
    name = "xl/worksheets/sheet1.xml"
    merged = b"<mergeCells>" + b'<mergeCell ref="A1:A3000"/>' * 2000 + b"</mergeCells>"
    sheet = parts[name].replace(b"</sheetData>", b"</sheetData>" + merged)
    refused(desk, packed(parts | {name: sheet}), ExpandingFile)


def test_json_that_is_no_list_of_titles(desk: Desk) -> None:
    for content in ('{"titles": 3}', '{"other": []}', "[1, 2]", '{"titles": [', "[" * 100_000):
        assert "titles" in refused(desk, content, UnreadableFile)


def test_wrong_headings_are_told_with_those_that_were_found(desk: Desk) -> None:
    run = desk.check("Machin;Truc\na;b\n")
    assert run.state == "unmapped"
    assert desk.message(run).endswith("Colonnes trouvées : Machin, Truc.")


def test_one_barcode_three_times_refuses_all_three_with_their_lines(desk: Desk) -> None:
    run = desk.check("Type;Titre;Code\nJeu;A;77\nJeu;B;78\nJeu;C;77\nJeu;D;77\n")
    assert desk.problems(run) == [(line, "code", "repeated-code") for line in (2, 4, 5)]
    assert desk.message(run) == "Le code « 77 » figure plusieurs fois dans le fichier : lignes 2, 4, 5."
    with pytest.raises(ImportHasRefusals):
        desk.apply(run)


def test_an_unknown_level_proposes_near_ones(desk: Desk) -> None:
    run = desk.check("Type;Titre;Niveaux\nJeu;A;CE3\n")
    assert desk.problems(run) == [(2, "levels", "unknown-level")]
    assert desk.message(run) == "« CE3 » n’est pas un niveau. Vouliez-vous dire ce2, ce1 ?"


def test_an_unknown_theme_and_kind_of_game_propose_near_ones(desk: Desk) -> None:
    with desk.db.write() as session:
        create_term(session, "game_kind", "memory", label_fr="Mémoire")
    run = desk.check("Type;Titre;Thèmes;Type de jeu\nJeu;A;Coopérasion;Memoir\n")
    messages = [one.message for row in desk.rows(run) for one in row.problems]
    assert messages == [
        "« Coopérasion » n’est pas un thème. Vouliez-vous dire Coopération ?",
        "« Memoir » n’est pas un type de jeu. Vouliez-vous dire Mémoire ?",
    ]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Quantité", "-3", "negative"),
        ("Quantité", "beaucoup", "not-a-number"),
        ("Quantité", "2,5", "not-a-number"),
        ("Quantité", "500", "out-of-range"),
        ("ISBN", "978-2-07-061275-9", "bad-isbn"),
        ("ISBN", "9,78207E+12", "rounded-number"),
        ("EAN", "3760175510572", "bad-ean"),
        ("Année", "récent", "not-a-year"),
        ("Durée", "longtemps", "not-a-duration"),
        ("Durée", "-5", "negative"),
        ("Joueurs", "6-2", "inverted"),
        ("Joueurs", "plusieurs", "not-a-range"),
        ("Âge min", "300", "out-of-range"),
        ("Langue", "français de France", "bad-language"),
        ("Dépôt", "Dépot de Renne", "unknown-depot"),
        ("État", "bof", "unknown-condition"),
        ("Publication", "peut-être", "unknown-visibility"),
        ("Local", "bof", "not-yes-or-no"),
        ("Auteur", "x" * 301, "too-long"),
        ("Contenu", "-3 × dés", "negative"),
        ("Code", "x" * 70, "bad-code"),
    ],
)
def test_a_cell_that_cannot_be_understood(desk: Desk, column: str, value: str, reason: str) -> None:
    run = desk.check(f"Type;Titre;{column}\nJeu;Bon;\nJeu;Mauvais;{value}\n")
    assert [(line, found) for line, _, found in desk.problems(run)] == [(3, reason)]
    problem = next(one for row in desk.rows(run) for one in row.problems)
    assert problem.column_label == column
    assert problem.message
    assert run.counts.new == 1


def test_a_type_that_is_unknown_missing_or_another(desk: Desk) -> None:
    desk.import_("Réf;Type;Titre\nR1;Jeu;Loto\n")
    run = desk.check("Réf;Type;Titre\nR2;Vélo;A\nR3;;B\nR1;Livre;Loto\nR4;Jeu;\n")
    assert desk.problems(run) == [
        (2, "kind", "unknown-kind"),
        (3, "kind", "no-kind"),
        (4, "kind", "kind-fixed"),
        (5, "name", "no-name"),
    ]


def test_codes_that_belong_to_another_copy_or_could_become_one(desk: Desk) -> None:
    with desk.db.write() as session:
        create_term(session, "theme", "autre")
    own = desk.world.codes[0]
    free = f"{int(own[:8]) + 700:08d}"
    free += f"{98 - int(free) * 100 % 97:02d}"
    run = desk.check(f"Type;Titre;Code\nJeu;A;{own}\nJeu;B;{free}\n")
    assert desk.problems(run) == [(2, "code", "code-of-another"), (3, "code", "reserved-code")]


def test_an_alias_of_another_copy(desk: Desk) -> None:
    with desk.db.write() as session:
        copy = session.get_one(Copy, desk.world.copy_ids[0])
        create_alias(session, copy, "Z9")
    run = desk.check("Type;Titre;Code;Autres codes\nJeu;A;1;Z9\nJeu;B;2, 3;4\n")
    assert desk.problems(run) == [(2, "other_codes", "code-of-another"), (3, "other_codes", "several-copies")]


def test_two_descriptions_of_one_title_that_differ(desk: Desk) -> None:
    run = desk.check("Réf;Type;Titre;Éditeur\nR1;Jeu;Loto;Djeco\nR1;Jeu;Loto;Haba\n")
    assert desk.message(run) == "La ligne 2 décrit le même titre autrement : « Djeco »."
    assert desk.problems(run) == [(3, "publisher", "differs-from-line")]


def test_twins_by_name_ask_for_their_reference(desk: Desk) -> None:
    desk.import_("Réf;Type;Titre\nR1;Jeu;Loto\nR2;Jeu;Loto\n")
    run = desk.check("Type;Titre;Éditeur\nJeu;Loto;Haba\n")
    assert desk.problems(run) == [(2, "name", "several-titles")]


def test_an_association_with_two_depots_must_say_which(desk: Desk) -> None:
    desk.add_depot("Annexe")
    run = desk.check("Type;Titre;Code;Dépôt\nJeu;A;1;\nJeu;B;2;annexe\n")
    assert desk.problems(run) == [(2, "depot", "no-depot")]


def test_many_unknown_words_are_refused_in_little_time(desk: Desk) -> None:
    long = "x" * 400_000
    text = "Type;Titre;Niveaux\n" + "".join(f"Jeu;Jeu {n};niveau {n}\n" for n in range(3000)) + f"Jeu;A;{long}\n"
    began = time.process_time()
    assert desk.check(text).counts.refused == 3001
    assert time.process_time() - began < 10


def test_what_is_wrong_is_told_in_english_too(desk: Desk) -> None:
    run = desk.check(HEAD + "M1;Malle;A;;;;CE3;;;;;\n")
    token = language.set("en")
    try:
        assert desk.message(run) == "“CE3” is not a level. Did you mean ce2, ce1?"
    finally:
        language.reset(token)
