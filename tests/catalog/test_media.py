"""Media: names lead nowhere else, contents make names, types are a closed list; a folder and a bucket do the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.catalog.errors import MediaUnavailable, UnknownMedia, UnsupportedMedia
from lending.catalog.media import MediaFolder, MediaStore, media_url, open_media_store
from lending.catalog.service import Catalog
from tests.kit.bucket import Bucket, bucket_server


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with bucket_server() as bucket:
        monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", "fr")
        yield bucket


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    if request.param == "folder":
        return open_media_store(tmp_path / "media")
    request.getfixturevalue("bucket")
    return open_media_store(tmp_path, "s3://media")


class TestAnyStore:
    def test_what_is_saved_is_served_under_a_name_made_from_it(self, store: MediaStore) -> None:
        name = store.save(b"picture", "image/webp", "photos")
        assert name == store.save(b"picture", "image/webp", "photos")
        assert name.startswith("photos/")
        assert store.open(name).content == b"picture"
        assert store.open(name).media_type == "image/webp"

    def test_everything_kept_in_a_folder_is_listed(self, store: MediaStore) -> None:
        store.save(b"page", "application/pdf", "documents")
        store.save_as("photos/one/320.webp", b"small")
        assert [one.name for one in store.kept_in("photos")] == ["photos/one/320.webp"]
        assert [one.saved_at.tzinfo is not None for one in store.kept_in("photos")] == [True]

    def test_what_is_removed_is_gone_and_may_be_removed_again(self, store: MediaStore) -> None:
        store.save_as("photos/one/320.webp", b"small")
        store.remove("photos/one/320.webp")
        store.remove("photos/one/320.webp")
        with pytest.raises(UnknownMedia):
            store.open("photos/one/320.webp")
        assert list(store.kept_in("photos")) == []

    @pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "a//b.png", "secret.html"])
    def test_a_name_that_may_not_be_is_neither_kept_nor_removed(self, store: MediaStore, name: str) -> None:
        with pytest.raises(UnknownMedia):
            store.save_as(name, b"x")
        with pytest.raises(UnknownMedia):
            store.remove(name)


def test_a_bucket_that_is_away_is_told_as_such(bucket: Bucket, tmp_path: Path) -> None:
    store = open_media_store(tmp_path, "s3://media")
    bucket.is_away = True
    with pytest.raises(MediaUnavailable):
        store.open("photos/one/320.webp")


def test_a_bucket_knows_the_type_of_what_it_keeps(bucket: Bucket, tmp_path: Path) -> None:
    open_media_store(tmp_path, "s3://media/library").save_as("photos/one/320.webp", b"small")
    assert bucket.types == {"library/photos/one/320.webp": "image/webp"}


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
