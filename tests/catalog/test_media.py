"""Media: names lead nowhere else, contents make names, types are a closed list."""

from pathlib import Path

import pytest

from lending.catalog.errors import UnknownMedia, UnsupportedMedia
from lending.catalog.media import MediaFolder, media_url, open_media_store
from lending.catalog.service import Catalog


def test_what_is_saved_is_served_under_a_name_made_from_it(media: MediaFolder) -> None:
    name = media.save(b"picture", "image/webp")
    assert media.save(b"picture", "image/webp") == name
    assert media.open(name).content == b"picture"
    assert media.open(name).media_type == "image/webp"
    assert media_url(name) == f"/media/{name}"


def test_everybody_may_see_media(catalog: Catalog, media: MediaFolder) -> None:
    name = media.save(b"page", "application/pdf")
    assert catalog.media(name).media_type == "application/pdf"


def test_a_file_in_a_folder_is_served(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "loup.small.webp").write_bytes(b"x")
    assert open_media_store(tmp_path).open("demo/loup.small.webp").media_type == "image/webp"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "missing.png",
        "../secret.png",
        "a/../../secret.png",
        "/etc/passwd",
        "/secret.png",
        "a//secret.png",
        "..png",
        ".hidden.png",
        "a\\..\\secret.png",
        "secret.png\n",
        "secret\x00.png",
        "a/b/c/secret.png",
        "secret.html",
        "secret",
        "x" * 200 + ".png",
    ],
)
def test_a_name_that_may_not_be_is_unknown(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "secret.html").write_bytes(b"<script>")
    with pytest.raises(UnknownMedia):
        MediaFolder(tmp_path / "media").open(name)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(UnknownMedia):
        MediaFolder(tmp_path / "media").open("link.png")


def test_a_kind_of_file_that_browsers_would_run_is_not_kept(media: MediaFolder) -> None:
    with pytest.raises(UnsupportedMedia):
        media.save(b"<script>", "text/html")
