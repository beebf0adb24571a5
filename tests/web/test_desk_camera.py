"""The camera of the desk, in a browser whose camera shows a printed label at several angles and light."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from litestar.testing import TestClient
from PIL import Image, ImageEnhance, ImageFilter
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from lending.catalog.media import MediaFolder
from lending.catalog.printing.errors import UnreadableFrame
from lending.catalog.printing.formats import FORMATS
from lending.catalog.printing.frames import MOST_FRAME_BYTES, codes_in
from lending.catalog.printing.schemas import LabelChoice
from lending.catalog.printing.service import Printing
from lending.core.database import Database
from tests.kit.browser import ARGUMENTS, browser_program
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing
from tests.kit.site import serving

WIDTH, HEIGHT, FRAMES_EACH = 640, 480, 6
# Turned by degrees, how bright, how blurred, how large: a label in a hand under a lamp, at a window, in a cellar.
VIEWS = [(0, 1.0, 0.0, 1.0), (12, 0.8, 0.6, 0.9), (45, 1.0, 0.5, 0.8), (-20, 0.45, 0.5, 1.0), (90, 1.25, 0.0, 0.9)]


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=2)


def label_of(world: World, kind: str = "L7160") -> Image.Image:
    """The first label of a printed sheet, as large as the camera's picture allows."""
    printing = Printing(world.db, world.clock, MediaFolder(Path("no-media")), "malles.example.org")
    pdf = printing.labels(world.staff, world.association.id, LabelChoice(format=kind))
    dots, sheet = 300 / 25.4, FORMATS[kind]
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil().convert("RGB")
    left, top = sheet.left_mm * dots, sheet.top_mm * dots
    label = page.crop(
        (round(left), round(top), round(left + sheet.width_mm * dots), round(top + sheet.height_mm * dots))
    )
    return label.resize((560, round(560 * label.height / label.width)), Image.Resampling.LANCZOS)


def seen(label: Image.Image, degrees: float, light: float, blur: float, scale: float) -> Image.Image:
    """What a camera sees of it on a wooden table."""
    table = Image.new("RGB", (WIDTH, HEIGHT), (120, 88, 60))
    small = label.resize((round(label.width * scale), round(label.height * scale)), Image.Resampling.LANCZOS)
    turned = small.convert("RGBA").rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    turned.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    table.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2), turned)
    return ImageEnhance.Brightness(table).enhance(light).filter(ImageFilter.GaussianBlur(blur))


def film(path: Path, pictures: list[Image.Image]) -> Path:
    """A film without compression, as Chromium's fake camera takes it."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420mpeg2\n".encode())
        for picture in pictures:
            bright, blue, red = picture.convert("YCbCr").split()
            half = (WIDTH // 2, HEIGHT // 2)
            planes = (bright, blue.resize(half), red.resize(half))
            file.write(b"FRAME\n" + b"".join(plane.tobytes() for plane in planes))
    return path


@pytest.mark.parametrize("view", VIEWS)
def test_a_label_before_the_camera_is_a_scan(
    world: World,
    sqlite_url: str,
    clock: FixedClock,
    tmp_path: Path,
    browser: Chromium,
    view: tuple[float, float, float, float],
) -> None:
    path = film(tmp_path / "label.y4m", [seen(label_of(world), *view)] * FRAMES_EACH)
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*ARGUMENTS, *flags, f"--use-file-for-fake-video-capture={path}"]
    with serving(tmp_path, sqlite_url, clock) as site:
        own = browser.browser_type.launch(executable_path=browser_program(), args=arguments)
        context = own.new_context(locale="fr-FR", permissions=["camera"])
        site.sign_in(context, world.staff)
        page = context.new_page()
        page.goto(f"{site.address}/desk")
        expect(page.locator("html")).to_have_attribute("data-desk", "ready")
        page.get_by_role("button", name="Caméra", exact=True).click()
        expect(page.locator("#desk-result .sign")).to_contain_text("En rayon", timeout=20_000)
        expect(page.locator("#desk-result input[name=code]").first).to_have_value(world.copies[0].code)
        page.get_by_role("button", name="Fermer la caméra").click()
        own.close()


@pytest.fixture
def visitor(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        yield browser


def jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def send(client: TestClient[object], content: bytes) -> int:
    answer = client.post("/api/desk/frames", files={"file": ("frame.jpg", content, "image/jpeg")})
    return answer.status_code


def test_only_staff_have_frames_read(visitor: Browser, world: World) -> None:
    frame = jpeg(seen(label_of(world), *VIEWS[0]))
    assert send(visitor.client, frame) == 401
    visitor.sign_in(world.teacher)
    assert send(visitor.client, frame) == 403
    visitor.sign_in(world.staff)
    assert send(visitor.client, frame) == 200


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"\0" * 100, b"\0" * (MOST_FRAME_BYTES + 1)],
    ids=["empty", "words", "half", "large"],
)
def test_what_is_no_frame_is_refused(visitor: Browser, world: World, content: bytes) -> None:
    visitor.sign_in(world.staff)
    assert send(visitor.client, content) == 400


def test_a_body_beyond_measure_is_not_read(visitor: Browser, world: World) -> None:
    visitor.sign_in(world.staff)
    assert send(visitor.client, b"\0" * (2 * MOST_FRAME_BYTES)) == 413


def test_a_frame_of_too_many_points_is_not_drawn() -> None:
    with pytest.raises(UnreadableFrame):
        codes_in(jpeg(Image.new("L", (3000, 3000))))


def test_a_small_label_shows_a_code_too(world: World) -> None:
    found = codes_in(jpeg(seen(label_of(world, "L7651"), 0, 1, 0, 1)))
    assert any(world.copies[0].code in text for text in found)
