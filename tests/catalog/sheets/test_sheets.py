"""Documents of titles and sheets that go with them: who may add, who may read, what is counted."""

import datetime as dt
import os

import pytest

from lending.catalog.errors import BlankName, UnknownMedia
from lending.catalog.media import MediaFolder
from lending.catalog.service import Catalog
from lending.catalog.sheets import errors
from lending.catalog.sheets.schemas import Audience, DocumentEdit
from lending.catalog.sheets.service import Sheets, name_from
from lending.catalog.sweeping import MediaSweep
from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.network.tables import Organisation
from tests.catalog.conftest import World
from tests.kit.catalog import create_document, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import create_person, create_school
from tests.kit.papers import docx, encrypted_pdf, odt, pdf


class TestAdding:
    def test_a_pdf_is_there_with_its_pages_and_its_first_page(
        self, sheets: Sheets, catalog: Catalog, world: World
    ) -> None:
        added = sheets.add(world.staff, world.title_id, pdf(pages=2), " Livret  pédagogique ")
        assert (added.name, added.page_count, added.downloads) == ("Livret pédagogique", 2, 0)
        assert added.preview_url is not None
        assert catalog.media(added.preview_url.removeprefix("/media/")).media_type == "image/jpeg"
        assert catalog.title_page(ANONYMOUS, world.title_id).documents == [added]

    @pytest.mark.parametrize("content", [odt(), docx()])
    def test_an_office_document_is_there_as_a_download(self, sheets: Sheets, world: World, content: bytes) -> None:
        added = sheets.add(world.staff, world.title_id, content, "Livret")
        assert (added.page_count, added.preview_url) == (None, None)
        assert sheets.download(ANONYMOUS, added.id).content == content

    def test_the_same_one_again_is_the_one_that_is_there(self, sheets: Sheets, world: World) -> None:
        content = pdf()
        once = sheets.add(world.staff, world.title_id, content, "Livret")
        again = sheets.add(world.staff, world.title_id, content, "Livret corrigé")
        assert (again.id, again.name) == (once.id, "Livret corrigé")

    def test_it_needs_a_name(self, sheets: Sheets, world: World) -> None:
        with pytest.raises(BlankName):
            sheets.add(world.staff, world.title_id, pdf(), "  ")

    def test_a_title_has_at_most_twenty(self, sheets: Sheets, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lending.catalog.sheets.service.MOST_DOCUMENTS", 0)
        with pytest.raises(errors.TooManyDocuments):
            sheets.add(world.staff, world.title_id, pdf(), "Livret")

    def test_only_the_owners_staff_may(self, sheets: Sheets, world: World) -> None:
        for actor, error in ((ANONYMOUS, Unauthenticated), (world.teacher, Forbidden), (world.other_staff, Forbidden)):
            with pytest.raises(error):
                sheets.add(actor, world.title_id, pdf(), "Livret")
        with pytest.raises(NotFound):
            sheets.add(world.other_staff, world.draft_id, pdf(), "Livret")

    def test_nothing_is_kept_of_what_is_refused(self, sheets: Sheets, media: MediaFolder, world: World) -> None:
        with pytest.raises(errors.EncryptedDocument):
            sheets.add(world.staff, world.title_id, encrypted_pdf(), "Livret")
        assert list(media.kept_in("documents")) == []


class TestReading:
    def test_every_download_is_counted_and_named(self, sheets: Sheets, world: World) -> None:
        content = pdf()
        added = sheets.add(world.staff, world.title_id, content, "Livret d’été / 1")
        file = sheets.download(ANONYMOUS, added.id)
        assert (file.file_name, file.media_type, file.content) == ("Livret d’été / 1.pdf", "application/pdf", content)
        sheets.download(world.teacher, added.id)
        assert sheets.documents(ANONYMOUS, world.title_id)[0].downloads == 2

    def test_a_document_that_came_before_is_handed_out_and_counted(
        self, sheets: Sheets, database: Database, media: MediaFolder, world: World
    ) -> None:
        media.save_as("demo/fiche.pdf", b"%PDF-")
        with database.write() as session:
            old = create_document(
                session, create_title(session, session.get_one(Organisation, world.home_id)), "demo/fiche.pdf"
            )
            document_id, title_id = old.id, old.title_id
        assert sheets.download(ANONYMOUS, document_id).content == b"%PDF-"
        assert sheets.documents(ANONYMOUS, title_id)[0].downloads == 1

    def test_what_is_for_members_needs_an_affiliated_school_or_a_staff(
        self, sheets: Sheets, affiliated: Actor, stranger: Actor, world: World
    ) -> None:
        added = sheets.add(world.staff, world.title_id, pdf(), "Corrigés", Audience.MEMBERS)
        assert added.preview_url is None
        with pytest.raises(Unauthenticated):
            sheets.download(ANONYMOUS, added.id)
        with pytest.raises(errors.MembersOnly):
            sheets.download(stranger, added.id)
        for actor in (affiliated, world.staff, world.other_staff):
            assert sheets.download(actor, added.id).content
            assert sheets.is_member(actor)
        assert not sheets.is_member(ANONYMOUS)
        assert not sheets.is_member(stranger)

    def test_what_is_refused_is_not_counted(self, sheets: Sheets, world: World) -> None:
        added = sheets.add(world.staff, world.title_id, pdf(), "Corrigés", Audience.MEMBERS)
        with pytest.raises(Unauthenticated):
            sheets.download(ANONYMOUS, added.id)
        assert sheets.documents(world.staff, world.title_id)[0].downloads == 0

    def test_a_drafts_documents_do_not_exist_for_others(self, sheets: Sheets, world: World) -> None:
        added = sheets.add(world.staff, world.draft_id, pdf(), "Livret")
        for actor in (ANONYMOUS, world.teacher, world.other_staff):
            with pytest.raises(NotFound):
                sheets.download(actor, added.id)
            with pytest.raises(NotFound):
                sheets.documents(actor, world.draft_id)

    def test_no_address_of_a_picture_leads_to_a_document(
        self, sheets: Sheets, catalog: Catalog, media: MediaFolder, world: World
    ) -> None:
        sheets.add(world.staff, world.title_id, pdf(), "Corrigés", Audience.MEMBERS)
        (kept,) = media.kept_in("documents")
        with pytest.raises(UnknownMedia):
            catalog.media(kept.name)


class TestChanging:
    def test_name_and_audience_change_apart(self, sheets: Sheets, world: World) -> None:
        added = sheets.add(world.staff, world.title_id, pdf(), "Livret")
        hidden = sheets.edit(world.staff, added.id, DocumentEdit(audience=Audience.MEMBERS))
        assert (hidden.name, hidden.audience, hidden.preview_url) == ("Livret", Audience.MEMBERS, None)
        named = sheets.edit(world.staff, added.id, DocumentEdit(name="Corrigés"))
        assert (named.name, named.audience) == ("Corrigés", Audience.MEMBERS)
        with pytest.raises(BlankName):
            sheets.edit(world.staff, added.id, DocumentEdit(name=" "))
        with pytest.raises(Forbidden):
            sheets.edit(world.other_staff, added.id, DocumentEdit(name="Autre"))

    def test_what_is_removed_is_gone_its_file_a_day_later(
        self, sheets: Sheets, media: MediaFolder, database: Database, clock: FixedClock, world: World
    ) -> None:
        kept = sheets.add(world.staff, world.title_id, pdf("Un"), "Un")
        gone = sheets.add(world.staff, world.title_id, pdf("Deux"), "Deux")
        assert sheets.remove(world.staff, gone.id) == world.title_id
        assert [one.id for one in sheets.documents(ANONYMOUS, world.title_id)] == [kept.id]
        with pytest.raises(NotFound):
            sheets.remove(world.staff, gone.id)
        before = (clock.now() - dt.timedelta(days=2)).timestamp()
        for one in [*media.kept_in("documents"), *media.kept_in("photos")]:
            os.utime(media._path(one.name), (before, before))
        assert MediaSweep(database, clock, media).remove_unused() > 0
        assert len(list(media.kept_in("documents"))) == 1
        assert sheets.download(ANONYMOUS, kept.id).content


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("livret_du_maitre.pdf", "livret du maitre"),
        ("C:\\Users\\me\\livret.pdf", "livret"),
        ("../../etc/passwd", "passwd"),
        ("\x00\n.pdf", ""),
        ("", ""),
    ],
)
def test_a_files_name_gives_the_documents_first_name(file_name: str, name: str) -> None:
    assert name_from(file_name) == name


class TestCompanions:
    def test_they_are_told_from_both_sides(self, sheets: Sheets, sheet_id: int, world: World) -> None:
        assert [one.id for one in sheets.accompany(world.staff, world.title_id, sheet_id)] == [sheet_id]
        sheets.accompany(world.staff, sheet_id, world.title_id)
        assert [one.id for one in sheets.companions(ANONYMOUS, sheet_id)] == [world.title_id]
        assert [one.id for one in sheets.companions(ANONYMOUS, world.title_id)] == [sheet_id]
        assert sheets.part(world.staff, sheet_id, world.title_id) == []
        assert sheets.part(world.staff, world.title_id, sheet_id) == []

    def test_one_of_the_two_is_a_sheet(self, sheets: Sheets, sheet_id: int, world: World) -> None:
        for first, second in ((world.title_id, world.draft_id), (sheet_id, sheet_id), (world.title_id,) * 2):
            with pytest.raises(errors.NotASheet):
                sheets.accompany(world.staff, first, second)

    def test_the_staff_of_the_first_decides(self, sheets: Sheets, sheet_id: int, world: World) -> None:
        for actor, error in ((ANONYMOUS, Unauthenticated), (world.other_staff, Forbidden)):
            with pytest.raises(error):
                sheets.accompany(actor, world.title_id, sheet_id)

    def test_a_draft_is_told_to_its_staff_only(
        self, sheets: Sheets, database: Database, sheet_id: int, world: World
    ) -> None:
        sheets.accompany(world.staff, sheet_id, world.draft_id)
        assert [one.id for one in sheets.companions(world.staff, sheet_id)] == [world.draft_id]
        assert sheets.companions(ANONYMOUS, sheet_id) == []
        with database.write() as session:
            other = create_title(session, session.get_one(Organisation, world.other_id), name="Fiche", kind="sheet").id
        with pytest.raises(NotFound):
            sheets.accompany(world.other_staff, other, world.draft_id)


@pytest.fixture
def sheet_id(database: Database, world: World) -> int:
    with database.write() as session:
        return create_title(session, session.get_one(Organisation, world.home_id), name="Fiche débat", kind="sheet").id


@pytest.fixture
def affiliated(world: World) -> Actor:
    return world.teacher


@pytest.fixture
def stranger(database: Database, world: World) -> Actor:
    """A teacher of a school that is not affiliated."""
    with database.write() as session:
        school = create_school(session, session.get_one(Organisation, world.home_id), years=())
        return create_person(session, Role.TEACHER, school)
