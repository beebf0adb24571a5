"""Papers are read back as a scanner and a person read them."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import event

from lending.accounts.tables import Person
from lending.catalog.media import MediaFolder
from lending.catalog.photos.errors import NotAPhoto
from lending.catalog.sweeping import MediaSweep
from lending.catalog.tables import ContentLine, Title
from lending.core.actor import ANONYMOUS, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans.papers.service import LOGOS, Papers, used_logos
from lending.loans.papers.tables import PaperText
from lending.loans.rules.loan_codes import booking_id_of, loan_address, loan_code
from lending.loans.rules.papers import NoPapers, PaperKind, PaperTextsChanged, PaperTextTooLong, TooManyPapers
from lending.loans.schemas import FoundLine
from lending.loans.schemas.papers import PaperTexts
from lending.network.tables import Organisation
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_rule, create_world
from tests.kit.network import create_association, create_person, create_school

HOST = "malles.example.org"
HOSTILE = ['#panic("x")', '#read("/etc/passwd")', "$x$ *a* _b_ `c` <d> @e \\", "𝕬 🎲 مرحبا", "a" * 190, '"}],"x":[{"']


@pytest.fixture
def depot(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=3, with_contents=True)


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def papers(depot: World, media: MediaFolder) -> Papers:
    return Papers(depot.db, depot.clock, media, HOST)


def pages(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=150 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def codes(page: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(page)}


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def is_tagged(pdf: bytes) -> bool:
    return b"/StructTreeRoot" in pdf and b"pdfuaid" in pdf


def logo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "#7a3b12").save(file, "PNG")
    return file.getvalue()


def test_every_paper_carries_the_code_of_its_loan(depot: World, papers: Papers) -> None:
    booking = depot.reserve(0, 7)
    made = papers.of_loan(depot.staff, booking.id)
    slip, contents = pages(made)
    code = loan_code(booking.id)
    assert codes(slip) == {loan_address(code, HOST), code}
    assert codes(contents) == {loan_address(code, HOST)}
    assert {booking_id_of(one) for one in codes(slip)} == {booking.id}
    assert is_tagged(made)


def test_the_slip_says_what_for_whom_and_until_when(depot: World, papers: Papers) -> None:
    booking = depot.reserve(0, 7)
    said = words(papers.of_loan(depot.teacher, booking.id, PaperKind.SLIP))
    for fact in ("Bon de prêt", "Bon de retour", booking.title_name, booking.reference, booking.school_name):
        assert fact in said
    assert booking.copy_code is not None
    assert booking.copy_code in said
    assert "lundi : 09:00" in said


def test_the_checklist_names_every_line_and_what_was_missing_before(depot: World, papers: Papers) -> None:
    first = depot.hand_over(depot.reserve(0, 3))
    found = [FoundLine(depot.lines[0].id, depot.lines[0].quantity - 1)]
    depot.loans.check_in(depot.staff, depot.depot.id, first.copy_code or "", found)
    said = words(papers.of_loan(depot.staff, first.id, PaperKind.CONTENTS))
    assert all(line.name in said for line in depot.lines)
    assert "1 manque déjà" in said
    assert f"{sum(line.quantity for line in depot.lines)} pièces à compter" in said


def test_a_loan_that_is_over_has_a_receipt(depot: World, papers: Papers) -> None:
    booking = depot.hand_over(depot.reserve(0, 3))
    depot.loans.check_in(depot.staff, depot.depot.id, booking.copy_code or "", [FoundLine(depot.lines[0].id, 0)])
    said = words(papers.of_loan(depot.teacher, booking.id, PaperKind.SLIP))
    assert "Reçu de retour" in said
    assert f"{depot.lines[0].quantity} × {depot.lines[0].name}" in said
    assert "Tout est là" not in said


def test_within_an_association_the_agreement_is_an_internal_commitment(depot: World, papers: Papers) -> None:
    with depot.db.write() as session:
        row = session.get_one(ContentLine, depot.lines[0].id)
        row.value_cents = 1250
        worth = row.quantity * 12.5
        create_rule(session, depot.association.id, agreement="loan", deposit_form="cheque", deposit_cents=8000)
    booking = depot.reserve(0, 7)
    said = words(papers.of_loan(depot.staff, booking.id))
    assert "Convention de prêt" in said
    assert "engagement interne" in said
    assert "articles 1875" in said
    assert "chèque de 80,00" in said
    assert f"{worth:.2f}".replace(".", ",") in said
    assert "au moins, d’après les prix connus" in said
    assert depot.school.name in said


def test_between_two_associations_both_sign_and_a_fee_makes_it_a_hire(depot: World, papers: Papers) -> None:
    with depot.db.write() as session:
        neighbour = create_association(session, depot.union, code="44")
        school = create_school(session, neighbour)
        teacher = create_person(session, Role.TEACHER, school)
        create_rule(
            session, depot.association.id, borrowers="region", is_lendable=True, fee_mode="loan", fee_cents=1500
        )
    booking = depot.reserve(0, 7, teacher, school_id=school.id)
    said = words(papers.of_loan(teacher, booking.id, PaperKind.AGREEMENT))
    assert "Convention de location" in said
    assert f"Pour {neighbour.name}" in said
    assert "ne peut pas signer de contrat" in said
    assert "1875" not in said
    assert "15,00" in said


def test_papers_speak_the_language_of_who_borrows(depot: World, papers: Papers) -> None:
    booking = depot.reserve(0, 7)
    with depot.db.write() as session:
        session.get_one(Person, booking.person_id).language = "en"
    assert "Loan slip" in words(papers.of_loan(depot.staff, booking.id, PaperKind.SLIP))


def test_the_day_is_one_file_with_each_loan_numbered_by_itself(depot: World, papers: Papers) -> None:
    today = [depot.reserve(0, 7), depot.reserve(0, 7)]
    later = depot.reserve(10, 5)
    made = papers.of_day(depot.staff, depot.depot.id, wanted=PaperKind.SLIP)
    assert len(pages(made)) == 2
    assert [booking_id_of(code) for page in pages(made) for code in codes(page) if code.isdecimal()] == [
        one.id for one in today
    ]
    assert words(made).count("1 / 1") == 2
    then = papers.of_day(depot.staff, depot.depot.id, later.starts_on, PaperKind.SLIP)
    assert later.reference in words(then)
    assert is_tagged(then)


def test_who_did_not_come_yet_is_among_todays_papers(depot: World, papers: Papers) -> None:
    waiting = depot.reserve(0, 7)
    depot.clock.advance(days=1)
    assert waiting.reference in words(papers.of_day(depot.staff, depot.depot.id))
    with pytest.raises(NoPapers):
        papers.of_day(depot.staff, depot.depot.id, depot.today + 3 * DAY)


def test_more_loans_take_no_more_questions(depot: World, papers: Papers) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        event.listen(depot.db.engine, "before_cursor_execute", note)
        papers.of_day(depot.staff, depot.depot.id, wanted=PaperKind.CONTENTS)
        event.remove(depot.db.engine, "before_cursor_execute", note)
        return len(asked)

    depot.reserve(0, 7)
    one = questions()
    depot.reserve(0, 7)
    depot.reserve(0, 7)
    assert questions() == one


def test_a_day_has_an_end(depot: World, papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    depot.reserve(0, 7)
    depot.reserve(0, 7)
    monkeypatch.setattr("lending.loans.papers.service.MOST_PAPERS", 1)
    with pytest.raises(TooManyPapers):
        papers.of_day(depot.staff, depot.depot.id)


def test_only_the_school_and_the_lenders_staff_have_the_papers(depot: World, papers: Papers) -> None:
    booking = depot.reserve(0, 7)
    _, other_teacher = depot.school_with_teacher()
    with depot.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, depot.union, code="44"))
        coordinator = create_person(session, Role.COORDINATOR, depot.union)
    for nobody in (other_teacher, stranger, coordinator):
        with pytest.raises(Forbidden):
            papers.of_loan(nobody, booking.id)
    for nobody in (other_teacher, stranger, depot.teacher):
        with pytest.raises(Forbidden):
            papers.of_day(nobody, depot.depot.id)
        for act in (papers.texts, papers.hide_logo):
            with pytest.raises(Forbidden):
                act(nobody, depot.association.id)
        with pytest.raises(Forbidden):
            papers.write_texts(nobody, depot.association.id, PaperTexts(), 0)
        with pytest.raises(Forbidden):
            papers.show_logo(nobody, depot.association.id, logo())
        with pytest.raises(Forbidden):
            papers.preview(nobody, depot.association.id, PaperTexts())
    with pytest.raises(Unauthenticated):
        papers.of_loan(ANONYMOUS, booking.id)
    with pytest.raises(NotFound):
        papers.of_loan(depot.staff, booking.id + 99)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_text_and_nothing_else(depot: World, papers: Papers, text: str) -> None:
    with depot.db.write() as session:
        session.get_one(Title, depot.title.id).name = text
        session.get_one(Organisation, depot.school.id).name = text
        session.get_one(ContentLine, depot.lines[0].id).name = text
    booking = depot.reserve(0, 7)
    written = PaperTexts(signatory=text[:120], commitments=text, insurance=text, slip_note=text, footer=text)
    papers.write_texts(depot.staff, depot.association.id, written, 0)
    for kind in PaperKind:
        made = papers.of_loan(depot.staff, booking.id, kind)
        said = words(made)
        assert "root:" not in said
        if text.isascii() and len(text) < 30:
            assert text[:8] in said
        assert codes(pages(made)[0]) >= {loan_address(loan_code(booking.id), HOST)}


def test_an_associations_own_words_take_the_place_of_the_usual_ones(depot: World, papers: Papers) -> None:
    booking = depot.reserve(0, 7)
    usual = words(papers.of_loan(depot.staff, booking.id, PaperKind.AGREEMENT))
    assert "Ne rien réparer soi-même" in usual
    texts = PaperTexts(signatory="Anne Le Goff, présidente", commitments="- Sourire\n- Danser", footer="SIRET 123")
    kept = papers.write_texts(depot.staff, depot.association.id, texts, 0)
    assert kept.version == 1
    said = words(papers.of_loan(depot.staff, booking.id, PaperKind.AGREEMENT))
    assert "Ne rien réparer soi-même" not in said
    for own in ("1. Sourire", "2. Danser", "Anne Le Goff, présidente", "SIRET 123"):
        assert own in said


def test_who_saves_second_is_told_and_nothing_is_lost(depot: World, papers: Papers) -> None:
    papers.write_texts(depot.staff, depot.association.id, PaperTexts(footer="un"), 0)
    with pytest.raises(PaperTextsChanged):
        papers.write_texts(depot.staff, depot.association.id, PaperTexts(footer="deux"), 0)
    with pytest.raises(PaperTextTooLong):
        papers.write_texts(depot.staff, depot.association.id, PaperTexts(footer="x" * 201), 1)
    assert papers.texts(depot.staff, depot.association.id).texts.footer == "un"


def test_a_preview_keeps_nothing(depot: World, papers: Papers) -> None:
    said = words(papers.preview(depot.staff, depot.association.id, PaperTexts(slip_note="Sonnez deux fois")))
    for part in ("Sonnez deux fois", "Bon de prêt", "Liste du contenu", "Convention de prêt", "Malle d’exemple"):
        assert part in said
    assert papers.texts(depot.staff, depot.association.id).version == 0


def test_a_logo_is_drawn_anew_shown_and_swept_once_it_is_gone(depot: World, papers: Papers, media: MediaFolder) -> None:
    booking = depot.reserve(0, 7)
    plain = papers.of_loan(depot.staff, booking.id, PaperKind.SLIP)
    kept = papers.show_logo(depot.staff, depot.association.id, logo())
    assert kept.logo_url is not None
    made = papers.of_loan(depot.staff, booking.id, PaperKind.SLIP)
    brown = (122, 59, 18)
    assert sum(all(abs(a - b) < 12 for a, b in zip(dot, brown, strict=True)) for dot in _dots(made)) > 2000
    assert sum(all(abs(a - b) < 12 for a, b in zip(dot, brown, strict=True)) for dot in _dots(plain)) < 2000
    assert is_tagged(made)
    with pytest.raises(NotAPhoto):
        papers.show_logo(depot.staff, depot.association.id, b"<html>")
    later = FixedClock(dt.datetime.now(dt.UTC) + dt.timedelta(days=3))
    sweep = MediaSweep(depot.db, later, media, {LOGOS: used_logos})
    assert sweep.remove_unused() == 0
    papers.hide_logo(depot.staff, depot.association.id)
    assert sweep.remove_unused() == 1
    with depot.db.read() as session:
        assert session.get_one(PaperText, depot.association.id).logo_key is None


def _dots(pdf: bytes) -> Iterator[tuple[int, ...]]:
    page = pages(pdf)[0].convert("RGB").crop((100, 80, 900, 400))
    data = page.tobytes()
    return (tuple(data[at : at + 3]) for at in range(0, len(data), 3))


def test_the_same_loan_makes_the_same_bytes(depot: World, papers: Papers) -> None:
    booking = depot.reserve(0, 7)
    assert papers.of_loan(depot.staff, booking.id) == papers.of_loan(depot.staff, booking.id)
