"""What an upload is and holds: by its content, within bounds, each refusal for its reason."""

import io
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lending.catalog.sheets import errors, pdf_reader, reading
from lending.catalog.sheets.pdf_reader import PdfRead, read_pdf
from lending.catalog.sheets.reading import DOCX, ODT, PDF, read_document
from lending.core.errors import LendingError
from tests.kit.papers import DOCX_TYPES, archive, docx, encrypted_pdf, odt, pdf
from tests.kit.pictures import photo


class TestPdf:
    def test_text_pages_and_first_page_are_read(self) -> None:
        read = read_document(pdf("Le débat réglé : écouter", pages=3))
        assert (read.media_type, read.page_count) == (PDF, 3)
        assert "Le débat réglé" in read.text
        assert max(Image.open(io.BytesIO(read.preview)).size) == 960

    def test_a_long_one_is_read_to_a_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf_reader, "MOST_PAGES_READ", 2)
        read = read_pdf(pdf("zibeline", pages=5))
        assert (read.page_count, read.text.count("zibeline")) == (5, 2)
        monkeypatch.setattr(pdf_reader, "MOST_CHARACTERS", 4)
        assert read_pdf(pdf("zibeline", pages=5)).text == "zibe"
        monkeypatch.setattr(pdf_reader, "READING_SECONDS", -1)
        assert read_pdf(pdf("zibeline", pages=5)).text == ""

    def test_one_that_takes_too_long_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "ANSWER_SECONDS", 0.001)
        with pytest.raises(errors.SlowDocument):
            read_document(pdf())

    def test_a_reader_that_is_ended_by_the_system_harms_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        killed = subprocess.CompletedProcess([], -9, stdout=b"", stderr=b"")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: killed)
        with pytest.raises(errors.SlowDocument):
            read_document(pdf())

    def test_a_reader_that_gives_no_answer_means_a_broken_document(self, monkeypatch: pytest.MonkeyPatch) -> None:
        silent = subprocess.CompletedProcess([], 1, stdout=b"", stderr=b"MemoryError")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: silent)
        with pytest.raises(errors.BrokenDocument):
            read_document(pdf())

    def test_the_reader_limits_itself(self) -> None:
        code = (
            "import resource; from lending.catalog.sheets import pdf_reader as one; one.limit_this_process();"
            "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
        assert done.stdout.split() == [str(pdf_reader.MEMORY_BYTES), str(pdf_reader.PROCESSOR_SECONDS)]


class TestArchives:
    @pytest.mark.parametrize(("content", "media_type"), [(odt(), ODT), (docx(), DOCX)])
    def test_both_text_documents_are_known_by_their_content(self, content: bytes, media_type: str) -> None:
        read = read_document(content)
        assert (read.media_type, read.page_count, read.text, read.preview) == (media_type, None, "", b"")

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (archive({"evil.txt": "evil"}), errors.UnsupportedDocument),
            (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), errors.UnsupportedDocument),
            (odt(**{"Basic/Standard/Module1.xml": "macro"}), errors.UnsupportedDocument),
            (docx(**{"word/vbaProject.bin": "macro"}), errors.UnsupportedDocument),
            (
                archive({"[Content_Types].xml": DOCX_TYPES.replace("main+xml", "other"), "word/document.xml": ""}),
                errors.UnsupportedDocument,
            ),
            (archive({f"{number}.xml": "" for number in range(5_001)}), errors.SlowDocument),
            (docx()[:100], errors.BrokenDocument),
        ],
    )
    def test_other_archives_are_refused(self, content: bytes, error: type[LendingError]) -> None:
        with pytest.raises(error):
            read_document(content)

    def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_UNPACKED_BYTES", 1_000_000)
        with pytest.raises(errors.SlowDocument):
            read_document(odt(**{"Pictures/1.png": "0" * 2_000_000}))

    def test_an_archive_with_a_password_is_refused(self) -> None:
        content = bytearray(odt())
        for place in range(len(content) - 4):
            if content[place : place + 4] == b"PK\x01\x02":
                content[place + 8] |= 1
        assert zipfile.ZipFile(io.BytesIO(bytes(content))).infolist()[0].flag_bits & 1
        with pytest.raises(errors.EncryptedDocument):
            read_document(bytes(content))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyDocument),
        (b"%PDF-1.7" + b"x" * errors.MOST_DOCUMENT_BYTES, errors.DocumentTooLarge),
        (encrypted_pdf(), errors.EncryptedDocument),
        (b"%PDF-1.7\n", errors.BrokenDocument),
        (b"%PDF-1.7\n" + b"nothing " * 100, errors.BrokenDocument),
        (b"<script>alert(1)</script>", errors.UnsupportedDocument),
        (b"#!/bin/sh\n", errors.UnsupportedDocument),
        (photo(), errors.UnsupportedDocument),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.UnsupportedDocument),
        (b"{\\rtf1 }", errors.UnsupportedDocument),
    ],
)
def test_each_is_refused_for_its_reason(content: bytes, error: type[LendingError]) -> None:
    with pytest.raises(error):
        read_document(content)


BYTES = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=40)


def damaged(content: bytes, places: list[tuple[int, int]], cut: int | None) -> bytes:
    broken = bytearray(content)
    for place, value in places:
        broken[place % len(broken)] = value
    return bytes(broken[: cut % len(broken)] if cut is not None else broken)


class TestDamagedFiles:
    @settings(max_examples=150, deadline=None)
    @given(places=BYTES, cut=st.none() | st.integers(1, 2**20))
    def test_the_reader_answers_whatever_a_pdf_is(self, places: list[tuple[int, int]], cut: int | None) -> None:
        assert isinstance(read_pdf(damaged(SOUND, places, cut)), PdfRead)

    @settings(max_examples=12, deadline=None)
    @given(places=BYTES, cut=st.none() | st.integers(1, 2**20))
    def test_a_damaged_pdf_is_read_or_refused(self, places: list[tuple[int, int]], cut: int | None) -> None:
        assert outcome(damaged(SOUND, places, cut)) in {"read", "document-broken", "document-unsupported"}

    @settings(max_examples=300, deadline=None)
    @given(places=BYTES, cut=st.none() | st.integers(1, 2**20))
    def test_so_is_a_damaged_archive(self, places: list[tuple[int, int]], cut: int | None) -> None:
        assert outcome(damaged(docx(), places, cut)).startswith(("read", "document-"))


SOUND = pdf(pages=2)


def outcome(content: bytes) -> str:
    """The reason of a refusal; anything but a refusal gets through and fails the test."""
    try:
        read_document(content)
    except LendingError as error:
        return error.slug
    return "read"
