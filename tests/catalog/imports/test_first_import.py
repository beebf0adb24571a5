"""A sheet is checked, applied, sent again, undone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from lending.catalog.imports.errors import ImportHasRefusals, ImportState
from lending.catalog.imports.schemas import Defaults, Remapping
from lending.catalog.imports.service import Imports
from lending.catalog.requests import EditTitle
from lending.catalog.service import Catalog
from lending.catalog.tables import ContentsCheck, Copy, CopyAlias, Title
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.core.tables import OutboxRow
from tests.catalog.imports.conftest import HEAD, Desk
from tests.kit.catalog import create_alias
from tests.kit.clock import FixedClock

TWO = (
    HEAD
    + "M1;Malle;Malle des émotions;Collectif;;;CP, CE1;Coopération;A1;Dépôt;R2;bon\n"
    + "L1;livre;Le loup;Solotareff, Grégoire;École des loisirs;978-2-07-061275-8;cp à ce2;;B7;;;neuf\n"
)


def test_a_dry_run_tells_what_is_new_and_writes_nothing_else(desk: Desk) -> None:
    before = desk.sizes()
    run = desk.check(TWO)
    assert (run.state, run.counts.new, run.counts.rows) == ("checked", 2, 2)
    first = desk.rows(run)[0]
    assert (first.line, first.name, first.outcome) == (2, "Malle des émotions", "new")
    assert {"reference", "kind", "name", "authors", "levels", "themes", "code"} == {
        one.column for one in first.differences
    }
    assert desk.sizes() == before


def test_applying_makes_drafts_with_their_copies_and_old_numbers(desk: Desk) -> None:
    run = desk.import_(TWO)
    assert (run.state, run.counts.done, run.counts.waiting) == ("applied", 2, 0)
    title = desk.title("Le loup")
    assert title is not None
    assert (title.kind, title.isbn, title.reference, title.visibility) == ("book", "9782070612758", "L1", "draft")
    with desk.db.read() as session:
        copy = session.scalars(select(Copy).where(Copy.title_id == title.id)).one()
        assert (copy.condition, copy.depot_id) == ("new", desk.world.depot_id)
        assert session.scalars(select(CopyAlias.copy_id).where(CopyAlias.code == "B7")).one() == copy.id


def test_sent_again_it_says_that_everything_is_the_same(desk: Desk) -> None:
    desk.import_(TWO)
    before = desk.sizes()
    again = desk.check(TWO)
    assert (again.counts.same, again.counts.rows) == (2, 2)
    assert desk.apply(again).state == "applied"
    assert desk.sizes() == before


def test_a_changed_cell_shows_before_and_after_and_a_blank_one_says_nothing(desk: Desk) -> None:
    desk.import_(TWO)
    run = desk.check("Référence;Titre;Éditeur;Niveaux\nL1;Le Loup;;CE2\n")
    row = desk.rows(run)[0]
    assert row.outcome == "changed"
    assert [(one.column, one.before, one.after) for one in row.differences] == [
        ("name", "Le loup", "Le Loup"),
        ("levels", "cp, ce1, ce2", "ce2"),
    ]
    desk.apply(run)
    title = desk.title("Le Loup")
    assert title is not None
    assert title.publisher == "École des loisirs"


def test_undoing_takes_away_what_was_new_and_gives_back_what_was_there(desk: Desk) -> None:
    desk.import_(TWO)
    before = desk.sizes()
    run = desk.import_(
        "Référence;Type;Titre;Éditeur;Niveaux;Code;Rayon\nL1;;Le Loup;Autre;CE2;B7;R9\nX9;jeu;Jeu neuf;;;C1;\n"
    )
    assert desk.sizes() != before
    undone = desk.undo(run)
    assert (undone.state, undone.counts.undone, undone.counts.kept) == ("undone", 2, 0)
    assert desk.sizes() == before
    title = desk.title("Le loup")
    assert title is not None
    assert title.publisher == "École des loisirs"
    assert desk.check(TWO).counts.same == 2


def test_undoing_keeps_what_somebody_changed_since_and_says_so(desk: Desk, catalog: Catalog) -> None:
    run = desk.import_(TWO)
    title = desk.title("Le loup")
    assert title is not None
    catalog.edit_title(desk.world.staff, title.id, EditTitle(publisher="Gallimard"), None)
    undone = desk.undo(run)
    assert (undone.counts.undone, undone.counts.kept) == (1, 1)
    kept = desk.rows(undone, "kept")
    assert [one.problems[0].reason for one in kept] == ["kept-edited"]
    assert desk.title("Le loup") is not None
    assert desk.title("Malle des émotions") is None


def test_undoing_keeps_a_title_whose_copy_was_used(desk: Desk) -> None:
    run = desk.import_(TWO)
    title = desk.title("Malle des émotions")
    assert title is not None
    with desk.db.write() as session:
        copy = session.scalars(select(Copy).where(Copy.title_id == title.id)).one()
        session.add(ContentsCheck(copy_id=copy.id, reason="stocktake", outcome="complete", checked_at=title.created_at))
    undone = desk.undo(run)
    assert [(one.line, one.problems[0].reason) for one in desk.rows(undone, "kept")] == [(2, "kept-used")]
    with desk.db.read() as session:
        assert session.scalars(select(CopyAlias.code).where(CopyAlias.copy_id == copy.id)).one() == "A1"


def test_rows_of_one_title_make_one_title_with_several_copies(desk: Desk) -> None:
    text = "Type;Titre;Code\nMalle;Philo;P1\nMalle;Philo;P2\n;Philo;P3\n"
    run = desk.check(text)
    assert [row.outcome for row in desk.rows(run)] == ["new", "new", "refused"]
    run = desk.check(text, defaults=Defaults(kind="trunk"))
    assert run.counts.new == 3
    titles, copies, _ = desk.sizes()
    desk.apply(run)
    assert desk.sizes()[:2] == (titles + 1, copies + 3)
    assert desk.check(text, defaults=Defaults(kind="trunk")).counts.same == 3
    undone = desk.undo(desk.imports.run(desk.world.staff, desk.world.home_id, run.id))
    assert (undone.counts.undone, desk.sizes()[:2]) == (3, (titles, copies))


def test_a_number_of_copies_is_reached_and_not_added_again(desk: Desk) -> None:
    text = "Type;Titre;Nombre d'exemplaires\nJeu;Loto;3\n"
    copies = desk.sizes()[1]
    desk.import_(text)
    assert desk.sizes()[1] == copies + 3
    assert desk.check(text).counts.same == 1
    more = desk.import_("Type;Titre;Nombre\nJeu;Loto;5\n")
    assert more.counts.changed == 1
    assert desk.sizes()[1] == copies + 5


def test_nothing_is_applied_while_rows_are_refused_unless_they_may_be_left_out(desk: Desk) -> None:
    run = desk.check(HEAD + "M1;Malle;Une malle;;;;;;;;;\nM2;Vélo;Deux;;;;;;;;;\n")
    with pytest.raises(ImportHasRefusals) as caught:
        desk.apply(run)
    assert (caught.value.refused, caught.value.line) == (1, 3)
    assert desk.title("Une malle") is None
    desk.apply(run, skip_refused=True)
    assert desk.title("Une malle") is not None


def test_an_import_is_applied_and_undone_once(desk: Desk) -> None:
    run = desk.check(TWO)
    with pytest.raises(ImportState):
        desk.undo(run)
    desk.apply(run)
    with pytest.raises(ImportState):
        desk.apply(run)
    desk.undo(run)
    with pytest.raises(ImportState):
        desk.undo(run)


def test_a_title_edited_between_check_and_apply_is_not_overwritten(desk: Desk, catalog: Catalog) -> None:
    desk.import_(TWO)
    run = desk.check("Référence;Éditeur\nL1;Autre\n")
    title = desk.title("Le loup")
    assert title is not None
    catalog.edit_title(desk.world.staff, title.id, EditTitle(publisher="Gallimard"), None)
    applied = desk.apply(run)
    assert (applied.counts.refused, desk.problems(applied)) == (1, [(2, "", "changed-since")])
    with desk.db.read() as session:
        assert session.get_one(Title, title.id).publisher == "Gallimard"


def test_a_code_taken_between_check_and_apply_is_refused(desk: Desk) -> None:
    run = desk.check("Type;Titre;Code\nJeu;Loto;A1\nJeu;Dés;D1\n")
    with desk.db.write() as session:
        depot_title = session.get_one(Title, desk.world.title_id)
        copy = session.scalars(select(Copy).where(Copy.title_id == depot_title.id).limit(1)).one()
        create_alias(session, copy, "A1")
    applied = desk.apply(run)
    assert (applied.counts.done, applied.counts.refused) == (1, 1)
    assert desk.title("Loto") is None


def test_columns_understood_otherwise_are_remembered_for_the_association(desk: Desk) -> None:
    text = "Chose;Genre\nUne malle;Malle\n"
    run = desk.check(text)
    assert (run.state, desk.problems(run)) == ("unmapped", [(2, "", "no-name-column")])
    assert "Chose, Genre" in desk.message(run)
    wanted = Remapping(mapping={"1": "name", "2": "kind"})
    run = desk.imports.remap(desk.world.staff, desk.world.home_id, run.id, wanted)
    assert (run.state, run.counts.new) == ("checked", 1)
    assert desk.check(text).counts.new == 1


def test_a_title_shared_by_another_association_gets_our_copies_and_stays_theirs(desk: Desk) -> None:
    with desk.db.write() as session:
        shared = session.get_one(Title, desk.world.title_id)
        shared.isbn, shared.owner_id = "9782070612758", desk.world.other_id
    run = desk.import_("Type;Titre;ISBN;Code\nLivre;Un autre nom;2070612759;Z1\n")
    assert run.counts.changed == 1
    with desk.db.read() as session:
        assert session.get_one(Title, desk.world.title_id).name == "Malle coopération"
        alias = session.scalars(select(CopyAlias).where(CopyAlias.code == "Z1")).one()
        assert session.get_one(Copy, alias.copy_id).owner_id == desk.world.home_id


def test_only_the_associations_staff_imports_and_sees_imports(desk: Desk) -> None:
    run = desk.check(TWO)
    for actor in (desk.world.teacher, desk.world.other_staff):
        with pytest.raises(Forbidden):
            desk.imports.run(actor, desk.world.home_id, run.id)
    with pytest.raises(NotFound):
        desk.imports.run(desk.world.other_staff, desk.world.other_id, run.id)


def test_a_large_file_is_the_workers_and_a_killed_worker_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lending.catalog.imports.service.AT_ONCE", 3)
    monkeypatch.setattr("lending.catalog.imports.service.BATCH", 2)
    titles = desk.sizes()[0]
    run = desk.apply(desk.check("Type;Titre\n" + "".join(f"Jeu;Jeu {n}\n" for n in range(7))))
    assert (run.state, run.counts.waiting) == ("applying", 7)
    assert desk.imports._batch(run.id) == 2
    assert desk.sizes()[0] == titles + 2
    assert desk.imports.work() == 5
    assert desk.imports.work() == 0
    assert desk.sizes()[0] == titles + 7
    assert desk.imports.run(desk.world.staff, desk.world.home_id, run.id).state == "applied"


def test_a_copy_gets_a_shelf_and_its_old_one_back(desk: Desk) -> None:
    run = desk.import_(f"Type;Titre;Code;Rayon;État\nMalle;Malle coopération;{desk.world.codes[0]};R1;usé\n")
    assert run.counts.changed == 1
    with desk.db.read() as session:
        copy = session.get_one(Copy, desk.world.copy_ids[0])
        assert (copy.shelf, copy.condition) == ("R1", "worn")
    desk.undo(run)
    with desk.db.read() as session:
        copy = session.get_one(Copy, desk.world.copy_ids[0])
        assert (copy.shelf, copy.condition) == ("", "good")


def test_two_workers_at_once_apply_each_row_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lending.catalog.imports.service.AT_ONCE", 0)
    monkeypatch.setattr("lending.catalog.imports.service.BATCH", 2)
    before = desk.sizes()
    run = desk.apply(desk.check("Type;Titre;Code\n" + "".join(f"Jeu;Jeu {n};N{n}\n" for n in range(12))))
    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(desk.imports.carry_on, [run.id] * 3))
    assert sum(done) == 12
    assert desk.sizes() == (before[0] + 12, before[1] + 12, before[2] + 12)
    applied = desk.imports.run(desk.world.staff, desk.world.home_id, run.id)
    assert (applied.state, applied.counts.done) == ("applied", 12)


def test_search_and_bookings_hear_of_what_was_imported_and_undone(desk: Desk, database: Database) -> None:
    told: list[int] = []
    desk.imports = Imports(database, FixedClock(), lambda _session, title_id, _now: told.append(title_id))
    run = desk.import_("Type;Titre;Code\nJeu;Loto;L1\nJeu;Sans exemplaire;\n")
    title = desk.title("Loto")
    assert title is not None
    assert told == [title.id]
    desk.undo(run)
    assert told == [title.id, title.id]
    with database.read() as session:
        subjects = set(session.scalars(select(OutboxRow.subject).where(OutboxRow.topic == "search")))
    assert f"title:{title.id}" in subjects


def test_what_came_to_nothing_is_forgotten_and_what_was_applied_stays(desk: Desk, clock: FixedClock) -> None:
    desk.check(TWO)
    kept = desk.import_(TWO)
    clock.advance(days=59)
    assert desk.imports.forget_old() == 0
    clock.advance(days=2)
    assert desk.imports.forget_old() == 1
    assert [one.id for one in desk.imports.runs(desk.world.staff, desk.world.home_id)] == [kept.id]
    assert desk.undo(kept).counts.undone == 2
