"""Every format and encoding that associations send, with the real files among them."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from lending.catalog import queries
from lending.catalog.exports.schemas import ExportFormat
from lending.catalog.exports.service import Exports
from lending.catalog.imports.contents_text import contents_text, parse_contents, sections_text
from lending.catalog.imports.schemas import Defaults, NewImport, Remapping
from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.catalog.tables import Copy, CopyAlias, TitleLevel
from tests.catalog.imports.conftest import Desk
from tests.catalog.imports.workbooks import MARC21, UNIMARC, record, workbook
from tests.kit.clock import FixedClock

FILES = Path(__file__).parent / "files"


def differences_of_exports(desk: Desk) -> list[object]:
    """What importing the stock's export would change, in each format that is read back."""
    exports = Exports(desk.db, FixedClock())
    formats: tuple[ExportFormat, ...] = ("csv", "xlsx", "json")
    files = [exports.export(desk.world.staff, desk.world.home_id, one) for one in formats]
    runs = [desk.check(file.content, file.name) for file in files]
    return [(row, run.format) for run in runs for row in desk.rows(run) if row.outcome != "same"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings_are_recognised(desk: Desk, separator: str, encoding: str) -> None:
    rows = [["Référence", "Type", "Titre", "Éditeur"], ["É1", "Malle", "Œuvres à l’école", "Gründ"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    run = desk.import_(text.encode(encoding))
    title = desk.title("Œuvres à l’école")
    assert title is not None
    assert (title.reference, title.publisher, run.counts.done) == ("É1", "Gründ", 1)


def test_english_headings_and_a_headline_above_them_are_understood(desk: Desk) -> None:
    run = desk.check("Inventory 2026;;\n\nTitle;Kind;Barcode\nLoto;game;77\n")
    assert [(one.heading, one.code) for one in run.columns] == [
        ("Title", "name"),
        ("Kind", "kind"),
        ("Barcode", "code"),
    ]
    assert desk.rows(run)[0].line == 4


def test_numbers_durations_and_ranges_are_read_as_the_french_write_them(desk: Desk) -> None:
    desk.import_(
        "Type;Titre;Année;Âge;Joueurs;Durée;EAN;Nombre d'exemplaires\n"
        "Jeu;Loto;15/03/2019;dès 6 ans;2 à 4 joueurs;1 h 30;3 760175 510571;2,0\n"
    )
    title = desk.title("Loto")
    assert title is not None
    assert (title.published_year, title.min_age, title.max_age) == (2019, 6, None)
    assert (title.min_players, title.max_players, title.duration_minutes) == (2, 4, 90)
    assert title.ean == "3760175510571"


def test_merged_cells_dates_and_numbers_of_a_workbook_are_read(desk: Desk) -> None:
    content = workbook(
        [
            ["Type", "Titre", "ISBN", "Année", "Code", "Rayon"],
            ["Livre", None, None, dt.date(2019, 3, 15), 101, None],
            ["Livre", None, None, dt.date(2019, 3, 15), 102, None],
            ["Jeu", "Loto", None, 2020.0, "A-3", True],
        ],
        merged=[(1, 1, 2, 1, "Le loup"), (1, 2, 2, 2, "9782070612758")],
    )
    run = desk.check(content, "liste.xlsx")
    assert (run.format, run.counts.new) == ("xlsx", 3)
    desk.apply(run)
    title = desk.title("Le loup")
    assert title is not None
    assert (title.isbn, title.published_year) == ("9782070612758", 2019)
    with desk.db.read() as session:
        codes = select(CopyAlias.code).join(Copy, Copy.id == CopyAlias.copy_id).where(Copy.title_id == title.id)
        assert set(session.scalars(codes)) == {"101", "102"}
    assert desk.check(content, "liste.xlsx").counts.same == 3


def test_unimarc_gives_titles_copies_and_says_the_same_again(desk: Desk) -> None:
    run = desk.check(UNIMARC, "notices.mrc")
    assert (run.format, run.counts.new, desk.problems(run)) == ("unimarc", 2, [])
    desk.apply(run)
    title = desk.title("Le loup qui voulait changer")
    assert title is not None
    assert (title.reference, title.isbn, title.language) == ("FRBNF1", "9782070612758", "fr")
    assert (title.authors, title.publisher, title.published_year) == (
        "Solotareff, Grégoire",
        "L’École des loisirs",
        2019,
    )
    with desk.db.read() as session:
        copy = session.get_one(Copy, session.scalars(select(CopyAlias.copy_id).where(CopyAlias.code == "X100")).one())
        assert (copy.title_id, copy.shelf) == (title.id, "A LOU")
        second = desk.title("Sans ISBN")
        assert second is not None
        assert [one.code for one in queries.themes_of(session, [second.id])[second.id]] == ["cooperation"]
    assert desk.check(UNIMARC).counts.same == 2


def test_marc21_is_told_from_unimarc_and_loses_its_signs(desk: Desk) -> None:
    run = desk.check(MARC21)
    assert (run.format, run.counts.new) == ("marc21", 1)
    desk.apply(run)
    title = desk.title("Le loup")
    assert title is not None
    assert (title.subtitle, title.authors, title.publisher) == ("histoire", "Solotareff, Grégoire", "École des loisirs")
    assert (title.isbn, title.published_year) == ("9782070612758", 2019)
    assert desk.check(MARC21).counts.same == 1


def test_records_of_old_systems_keep_their_accents(desk: Desk) -> None:
    marc8 = record("m1", [("245", "aLa SociXXtXX")]).replace(b"XX", b"\xe2e")
    marc8 = marc8[:9] + b" " + marc8[10:]
    latin = record("u1", [("200", "aLa SociXtX")])
    latin = (latin[:9] + b" " + latin[10:]).replace(b"X", b"\xe9")
    for content in (marc8, latin):
        assert [(one.name, one.outcome) for one in desk.rows(desk.check(content))] == [("La Société", "new")]


def test_a_chosen_format_wins_over_what_the_content_looks_like(desk: Desk) -> None:
    new = NewImport(name="n.mrc", content=UNIMARC, format="marc21")
    run = desk.imports.check_file(desk.world.staff, desk.world.home_id, new)
    assert run.format == "marc21"
    assert {reason for _, _, reason in desk.problems(run)} == {"no-name"}


def test_a_list_of_isbns_adds_known_books_and_drafts_of_unknown_ones(desk: Desk) -> None:
    desk.import_("Type;Titre;ISBN\nLivre;Le loup;2070612759\n")
    text = "978-2-07-061275-8\r\n9782070612758\r\n9782211011716\r\n9782211011717\r\n"
    run = desk.check(text, "isbn.txt")
    assert run.format == "isbn"
    assert [(row.line, row.name, row.outcome) for row in desk.rows(run)] == [
        (1, "Le loup", "changed"),
        (3, "ISBN 9782211011716", "new"),
        (4, "", "refused"),
    ]
    assert desk.problems(run) == [(4, "isbn", "bad-isbn")]
    desk.apply(run, skip_refused=True)
    book, draft = desk.title("Le loup"), desk.title("ISBN 9782211011716")
    assert book is not None
    assert draft is not None
    with desk.db.read() as session:
        for title, copies in ((book, 2), (draft, 1)):
            assert len(session.scalars(select(Copy).where(Copy.title_id == title.id)).all()) == copies
    again = desk.check(text, "isbn.txt")
    assert (again.counts.same, again.counts.refused) == (2, 1)


def test_a_real_list_with_shifted_columns_goes_through_all_its_steps(desk: Desk) -> None:
    content = (FILES / "toulouse_excerpt.csv").read_bytes()
    run = desk.check(content, "toulouse.csv")
    wanted = Remapping(mapping={"3": "name", "4": "authors", "5": "publisher"}, defaults=Defaults(kind="book"))
    run = desk.imports.remap(desk.world.staff, desk.world.home_id, run.id, wanted)
    assert run.counts.rows == 120
    assert {one for _, _, one in desk.problems(run)} <= {"too-long", "differs-from-line"}
    assert run.counts.new > 60
    before = desk.sizes()
    applied = desk.apply(run, skip_refused=True)
    assert desk.sizes()[0] == before[0] + applied.counts.done
    again = desk.check(content, "toulouse.csv")
    assert (again.counts.new, again.counts.changed, again.counts.refused) == (0, 0, run.counts.refused)
    assert differences_of_exports(desk) == []
    assert desk.undo(applied).counts.kept == 0
    assert desk.sizes() == before


def test_a_real_list_of_games_from_elsewhere_goes_through_all_its_steps(desk: Desk) -> None:
    content = (FILES / "coop_games.json").read_bytes()
    defaults = Defaults(kind="game")
    run = desk.check(content, "jeux.json", defaults)
    assert (run.counts.new, run.counts.refused, desk.problems(run)) == (100, 0, [])
    before = desk.sizes()
    applied = desk.apply(run)
    title = desk.title("Spirit Island")
    assert title is not None
    assert (title.kind, title.published_year, title.min_players, title.max_players) == ("game", 2017, 1, 4)
    assert desk.check(content, "jeux.json", defaults).counts.same == 100
    assert differences_of_exports(desk) == []
    assert desk.undo(applied).counts.kept == 0
    assert desk.sizes() == before


def test_members_with_our_own_names_win_over_others(desk: Desk) -> None:
    run = desk.check('[{"title": "Autre", "name": "Le bon", "kind": "game", "copies": [{"code": "J-1"}]}]', "un.json")
    assert [row.name for row in desk.rows(run)] == ["Le bon"]
    assert run.counts.new == 1


def test_real_trunks_with_contents_go_through_all_their_steps(desk: Desk) -> None:
    with desk.db.write() as session:
        load_vocabularies(session)
    content = (FILES / "trunks.csv").read_bytes()
    run = desk.check(content, "malles.csv")
    unread = [one for row in desk.rows(run) for one in row.problems if one.reason != "unknown-kind"]
    assert unread == []
    before = desk.sizes()
    applied = desk.apply(run, skip_refused=True)
    title = desk.title("Mallette du vivant")
    assert title is not None
    with desk.db.read() as session:
        text = contents_text(queries.checklist(session, title.id).sections)
        assert "5 × loupes à main" in text
        kept = session.scalars(select(TitleLevel.level).where(TitleLevel.title_id == title.id)).all()
        assert set(kept) >= {"cp", "cm2"}
    again = desk.check(content, "malles.csv")
    assert (again.counts.new, again.counts.changed) == (0, 0)
    assert differences_of_exports(desk) == []
    assert desk.undo(applied).counts.kept == 0
    assert desk.sizes() == before


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("25 livres ; 1 jeu", "[Contenu]\n25 × livres\n1 × jeu"),
        ("[A]\n3 x Dé (consommable ; 2,5 €)", "[A]\n3 × Dé (consommable ; 2,50 €)"),
        ("Guide (bleu)", "[Contenu]\n1 × Guide (bleu) (durable)"),
    ],
)
def test_contents_are_written_one_way_however_they_were_typed(text: str, written: str) -> None:
    assert sections_text(parse_contents(text)) == written
    assert sections_text(parse_contents(written)) == written
