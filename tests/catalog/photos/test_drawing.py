"""Drawing anew: upright, clean, in the sizes that pages use; hostile files are refused, each for its reason."""

import base64
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from lending.catalog.photos import errors
from lending.catalog.photos.drawing import Drawn, draw_anew
from lending.catalog.photos.naming import shown_photo, versions_of
from lending.core.errors import LendingError
from tests.kit.pictures import encoded, moving, painted, phone_photo, photo, png_of

SCRIPT = b"<script>alert(1)</script>"


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def largest(drawn: Drawn, kind: str = "jpg") -> Image.Image:
    name = max((name for name in drawn.versions if name.endswith(kind)), key=lambda name: len(drawn.versions[name]))
    return opened(drawn.versions[name])


def is_red(picture: Image.Image, place: tuple[int, int]) -> bool:
    red, green, blue = picture.convert("RGB").getpixel(place)
    return red > 200 and green < 60 and blue < 60


class TestWhatComesOut:
    def test_each_size_comes_as_webp_and_jpeg(self) -> None:
        drawn = draw_anew(photo(2400, 1800))
        sizes = {name.rpartition("/")[2]: opened(content).size for name, content in drawn.versions.items()}
        assert sizes == {
            **{f"320.{kind}": (320, 240) for kind in ("webp", "jpg")},
            **{f"960.{kind}": (960, 720) for kind in ("webp", "jpg")},
            **{f"1920.{kind}": (1920, 1440) for kind in ("webp", "jpg")},
        }
        assert {opened(content).format for name, content in drawn.versions.items() if name.endswith("webp")} == {"WEBP"}

    def test_a_small_picture_is_not_enlarged(self) -> None:
        drawn = draw_anew(photo(200, 100))
        assert {opened(content).size for content in drawn.versions.values()} == {(200, 100)}
        assert len(drawn.versions) == 2

    def test_a_photo_held_upright_stands_upright(self) -> None:
        drawn = draw_anew(phone_photo())
        assert drawn.size == (600, 800)
        assert is_red(largest(drawn), (580, 10))

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_every_orientation_ends_with_the_corner_where_it_was(self, orientation: int) -> None:
        turns = {
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270,
        }
        exif = Image.Exif()
        exif[0x0112] = orientation
        upright = painted()
        held = upright.transpose(turns[orientation]) if orientation in turns else upright
        drawn = draw_anew(encoded(held, "JPEG", exif=exif))
        assert drawn.size == (400, 300)
        assert is_red(largest(drawn), (10, 10))

    def test_no_metadata_follow(self) -> None:
        for content in draw_anew(phone_photo()).versions.values():
            assert dict(opened(content).getexif()) == {}
            assert not {"exif", "icc_profile", "comment", "xmp"} & set(opened(content).info)
            assert b"secret" not in content

    def test_colours_of_another_profile_are_brought_to_srgb(self) -> None:
        # A profile whose red and blue are exchanged shows at once whether it was used.
        plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        exchanged = plain.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
        blue = encoded(Image.new("RGB", (400, 300), (10, 10, 250)), "PNG", icc_profile=exchanged)
        assert is_red(largest(draw_anew(blue)), (10, 10))

    def test_a_damaged_profile_costs_nothing_but_itself(self) -> None:
        assert draw_anew(encoded(painted(), "PNG", icc_profile=b"no profile")).size == (400, 300)

    def test_what_is_transparent_stands_on_white(self) -> None:
        glass = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
        assert largest(draw_anew(encoded(glass, "PNG"))).getpixel((5, 5)) == (255, 255, 255)

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
    def test_every_mode_is_drawn(self, mode: str) -> None:
        picture = painted().convert("L").convert("I;16") if mode == "I;16" else painted().convert(mode)
        assert draw_anew(encoded(picture, "JPEG" if mode == "CMYK" else "PNG")).size == (400, 300)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
    def test_four_kinds_are_accepted(self, kind: str) -> None:
        assert draw_anew(photo(kind=kind)).size == (400, 300)

    @pytest.mark.parametrize("kind", ["WEBP", "PNG"])
    def test_of_a_moving_picture_the_first_frame_is_kept(self, kind: str) -> None:
        drawn = draw_anew(moving(kind))
        assert is_red(largest(drawn), (10, 10))
        assert {getattr(opened(content), "n_frames", 1) for content in drawn.versions.values()} == {1}

    def test_the_same_photo_has_the_same_name_and_another_one_another(self) -> None:
        assert draw_anew(photo()).name == draw_anew(photo()).name
        assert draw_anew(photo()).name != draw_anew(photo(seed=2)).name

    def test_the_name_tells_how_to_show_it(self) -> None:
        drawn = draw_anew(photo(600, 400))
        shown = shown_photo(drawn.name)
        assert shown is not None
        assert (shown.width, shown.height) == (600, 400)
        folder = shown.url.rpartition("/")[0]
        assert shown.srcset_webp == f"{folder}/320.webp 320w, {folder}/960.webp 600w"
        assert sorted(versions_of(drawn.name)) == sorted(drawn.versions)
        assert all(len(name) <= 120 for name in drawn.versions)

    def test_the_placeholder_has_the_photos_colours(self) -> None:
        shown = shown_photo(draw_anew(encoded(Image.new("RGB", (400, 300), (255, 0, 0)))).name)
        assert shown is not None
        content = base64.b64decode(shown.placeholder.partition(",")[2])
        assert opened(content).size == (3, 3)
        assert is_red(opened(content), (1, 1))

    def test_a_picture_of_another_name_has_one_version(self) -> None:
        assert shown_photo("demo/loup.small.webp") is None
        assert versions_of("demo/loup.small.webp") == ["demo/loup.small.webp"]


def polyglot() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.txt", "evil")
    return photo() + SCRIPT + file.getvalue()


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", errors.EmptyPhoto),
            (b"x" * (errors.MOST_PHOTO_BYTES + 1), errors.PhotoTooLarge),
            (b"#!/bin/sh\nrm -rf /\n", errors.NotAPhoto),
            (SCRIPT, errors.NotAPhoto),
            (b"<!DOCTYPE html><html></html>", errors.NotAPhoto),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", errors.UnsupportedPhoto),
            (b'<?xml version="1.0"?>\n<svg></svg>', errors.UnsupportedPhoto),
            (photo(kind="GIF"), errors.UnsupportedPhoto),
            (photo(kind="BMP"), errors.UnsupportedPhoto),
            (photo(kind="TIFF"), errors.UnsupportedPhoto),
            (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", errors.UnsupportedPhoto),
            (b"%PDF-1.7\n", errors.UnsupportedPhoto),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", errors.UnsupportedPhoto),
            (png_of(60_000, 60_000), errors.TooManyPixels),
            (png_of(12_000, 12_000), errors.TooManyPixels),
            (png_of(10_000, 10_000), errors.TooManyPixels),
            (png_of(7_800, 7_800), errors.TooManyPixels),
            (photo()[: len(photo()) // 2], errors.TruncatedPhoto),
            (photo(kind="PNG")[:-200], errors.TruncatedPhoto),
            (b"\xff\xd8\xff\xe0", errors.NotAPhoto),
            (bytes(range(256)) * 100, errors.NotAPhoto),
        ],
    )
    def test_each_is_refused_for_its_reason(self, content: bytes, error: type[LendingError]) -> None:
        with pytest.raises(error):
            draw_anew(content)

    def test_the_kind_that_is_not_opened_is_named(self) -> None:
        with pytest.raises(errors.UnsupportedPhoto, match="GIF"):
            draw_anew(photo(kind="GIF"))

    def test_a_photo_of_a_hundred_million_pixels_is_refused(self) -> None:
        content = encoded(Image.new("L", (10_000, 10_000)), "JPEG", quality=1)
        with pytest.raises(errors.TooManyPixels):
            draw_anew(content)

    def test_of_a_polyglot_only_the_picture_comes_through(self) -> None:
        for content in draw_anew(polyglot()).versions.values():
            assert SCRIPT not in content
            assert not zipfile.is_zipfile(io.BytesIO(content))


def damaged(content: bytes, places: list[tuple[int, int]], cut: int | None) -> bytes:
    broken = bytearray(content)
    for place, value in places:
        broken[place % len(broken)] = value
    return bytes(broken[: cut % len(broken)] if cut is not None else broken)


def outcome(content: bytes) -> str:
    """The name of the photo, or the reason why there is none; anything else gets through and fails the test."""
    try:
        return draw_anew(content).name
    except LendingError as error:
        return error.slug


BYTES = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=30)


class TestDamagedFiles:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
    @settings(max_examples=60, deadline=None)
    @given(places=BYTES, cut=st.none() | st.integers(1, 2**20))
    def test_whatever_is_damaged_is_drawn_or_refused(
        self, kind: str, places: list[tuple[int, int]], cut: int | None
    ) -> None:
        assert outcome(damaged(photo(kind=kind), places, cut)).startswith("photo")

    @settings(max_examples=60, deadline=None)
    @given(places=BYTES)
    def test_so_it_is_with_metadata(self, places: list[tuple[int, int]]) -> None:
        early = [(place % 400, value) for place, value in places]
        assert outcome(damaged(phone_photo(), early, None)).startswith("photo")
