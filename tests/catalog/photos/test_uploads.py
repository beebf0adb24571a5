"""Whatever is sent as an upload, over the API or from a page: an answer, never an error of ours."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalog.conftest import World
from tests.kit.pages import Browser, browsing
from tests.kit.papers import pdf
from tests.kit.pictures import photo

BOUNDARY = b"----boundary"
SERVER_ERROR = 500
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning")
PATHS = ("/api/titles/1/photos", "/api/titles/1/documents", "/staff/titles/1/photos", "/staff/titles/1/documents")
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What HTTP does with a body does not depend on the database."""
    return sqlite_url


@pytest.fixture
def browser(tmp_path: Path, database_url: str, world: World) -> Iterator[Browser]:
    with browsing(tmp_path, database_url) as browser:
        browser.sign_in(world.staff)
        yield browser
        # Files of forms that cannot be read go with their garbage, now and not in the midst of another test.
        gc.collect()


def body(name: bytes, content: bytes, caption: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\nContent-Type: image/jpeg\r\n\r\n'
    field = b'Content-Disposition: form-data; name="caption"\r\n\r\n' + caption
    parts = [b"--" + BOUNDARY + b"\r\n" + part + b"\r\n" for part in (head + content, field)]
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def status(browser: Browser, path: str, content: bytes) -> int:
    headers = {"content-type": "multipart/form-data; boundary=" + BOUNDARY.decode()}
    return browser.client.post(path, content=content, headers=headers, follow_redirects=False).status_code


@pytest.mark.parametrize(
    "text",
    [
        b"\x80",
        b'x\r\n------boundary\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: a; charset=none\r\n\r\nb',
    ],
)
def test_a_form_whose_text_cannot_be_read_is_the_senders_mistake(browser: Browser, text: bytes) -> None:
    assert {path: status(browser, path, body(b"photo.jpg", SMALL, text)) for path in PATHS} == dict.fromkeys(PATHS, 400)


@pytest.mark.parametrize("path", PATHS)
@quick
@given(
    places=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), max_size=10),
    cut=st.none() | st.integers(1, 3000),
)
def test_a_damaged_form_is_answered(
    browser: Browser, path: str, places: list[tuple[int, int]], cut: int | None
) -> None:
    sent = bytearray(body(b"photo.jpg", SMALL, b"La malle"))
    for place, value in places:
        sent[place % len(sent)] = value
    assert status(browser, path, bytes(sent[:cut])) < SERVER_ERROR


@pytest.mark.parametrize("path", PATHS)
@quick
@given(name=st.binary(max_size=60), caption=st.binary(max_size=400), content=st.binary(max_size=200))
def test_any_name_caption_and_content_are_answered(
    browser: Browser, path: str, name: bytes, caption: bytes, content: bytes
) -> None:
    assert status(browser, path, body(name, content, caption)) < SERVER_ERROR


@quick
@given(caption=st.text(max_size=400), name=st.text(max_size=250))
def test_any_text_is_kept_or_refused(browser: Browser, caption: str, name: str) -> None:
    for path, content, fields in (
        ("/api/titles/1/photos", SMALL, {"caption": caption}),
        ("/api/titles/1/documents", PAPER, {"name": name}),
    ):
        answer = browser.client.post(path, files={"file": ("x", content)}, data=fields)
        assert answer.status_code < SERVER_ERROR


SMALL = photo(60, 40)
PAPER = pdf("x")[:200]
