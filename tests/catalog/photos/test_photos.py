"""Photos of titles: who may, which is first, what goes when."""

import datetime as dt
import os

import pytest
from sqlalchemy import update

from lending.catalog.media import MediaFolder
from lending.catalog.photos import errors
from lending.catalog.photos.naming import versions_of
from lending.catalog.photos.service import Photos
from lending.catalog.service import Catalog
from lending.catalog.sweeping import MediaSweep
from lending.catalog.tables import ContentLine, Title
from lending.core.actor import ANONYMOUS
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from tests.catalog.conftest import World
from tests.kit.clock import FixedClock
from tests.kit.pictures import photo


def name_in(url: str) -> str:
    return url.removeprefix("/media/")


class TestAdding:
    def test_a_photo_is_served_in_every_size(self, photos: Photos, catalog: Catalog, world: World) -> None:
        added = photos.add(world.staff, world.title_id, photo(), " La  malle ouverte ")
        assert added.caption == "La malle ouverte"
        assert [catalog.media(name).content for name in versions_of(name_in(added.url))]

    def test_the_first_photo_becomes_the_titles_picture(self, photos: Photos, catalog: Catalog, world: World) -> None:
        first = photos.add(world.staff, world.title_id, photo())
        photos.add(world.staff, world.title_id, photo(seed=2))
        page = catalog.title_page(ANONYMOUS, world.title_id)
        assert page.picture_url == first.url
        assert page.photos[0] == first
        assert len(page.photos) == 2

    def test_the_same_photo_again_is_the_one_that_is_there(self, photos: Photos, world: World) -> None:
        once = photos.add(world.staff, world.title_id, photo(), "La malle")
        again = photos.add(world.staff, world.title_id, photo())
        assert (again.id, again.caption) == (once.id, "La malle")

    def test_a_title_has_at_most_twenty(self, photos: Photos, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lending.catalog.photos.service.MOST_PHOTOS", 1)
        photos.add(world.staff, world.title_id, photo())
        with pytest.raises(errors.TooManyPhotos):
            photos.add(world.staff, world.title_id, photo(seed=2))

    def test_a_caption_has_an_end(self, photos: Photos, world: World) -> None:
        with pytest.raises(errors.CaptionTooLong):
            photos.add(world.staff, world.title_id, photo(), "x" * 301)

    def test_who_edits_the_record_meanwhile_is_not_disturbed(
        self, photos: Photos, catalog: Catalog, world: World
    ) -> None:
        before = catalog.title_page(world.staff, world.title_id).version
        photos.add(world.staff, world.title_id, photo())
        assert catalog.title_page(world.staff, world.title_id).version == before

    def test_only_the_owners_staff_may(self, photos: Photos, world: World) -> None:
        for actor, error in (
            (ANONYMOUS, Unauthenticated),
            (world.teacher, Forbidden),
            (world.other_staff, Forbidden),
        ):
            with pytest.raises(error):
                photos.add(actor, world.title_id, photo())

    def test_a_draft_does_not_exist_for_others(self, photos: Photos, world: World) -> None:
        photos.add(world.staff, world.draft_id, photo())
        for actor in (ANONYMOUS, world.teacher, world.other_staff):
            with pytest.raises(NotFound):
                photos.of_title(actor, world.draft_id)
            with pytest.raises(NotFound):
                photos.add(actor, world.draft_id, photo())

    def test_nothing_is_kept_of_what_is_refused(self, photos: Photos, media: MediaFolder, world: World) -> None:
        with pytest.raises(errors.NotAPhoto):
            photos.add(world.staff, world.title_id, b"#!/bin/sh")
        assert list(media.kept_in("photos")) == []
        assert photos.of_title(world.staff, world.title_id) == []


class TestOrder:
    def test_the_first_in_order_is_the_picture(self, photos: Photos, catalog: Catalog, world: World) -> None:
        ids = [photos.add(world.staff, world.title_id, photo(seed=seed)).id for seed in range(3)]
        ordered = photos.put_in_order(world.staff, world.title_id, [ids[2], ids[0], ids[1]])
        assert [one.id for one in ordered] == [ids[2], ids[0], ids[1]]
        assert catalog.title_page(ANONYMOUS, world.title_id).picture_url == ordered[0].url

    def test_one_can_be_shown_first(self, photos: Photos, world: World) -> None:
        ids = [photos.add(world.staff, world.title_id, photo(seed=seed)).id for seed in range(3)]
        assert [one.id for one in photos.show_first(world.staff, ids[2])] == [ids[2], ids[0], ids[1]]

    @pytest.mark.parametrize("places", [[0], [0, 0], [0, 1, 1], [0, 99], []])
    def test_an_order_names_each_photo_once(self, photos: Photos, world: World, places: list[int]) -> None:
        ids = [photos.add(world.staff, world.title_id, photo(seed=seed)).id for seed in range(2)]
        known = dict(enumerate(ids))
        with pytest.raises(errors.UnknownPhotoOrder):
            photos.put_in_order(world.staff, world.title_id, [known.get(place, place) for place in places])

    def test_a_photo_is_described_by_staff_only(self, photos: Photos, world: World) -> None:
        added = photos.add(world.staff, world.title_id, photo())
        assert photos.describe(world.staff, added.id, "Le plateau").caption == "Le plateau"
        with pytest.raises(Forbidden):
            photos.describe(world.teacher, added.id, "Autre")
        with pytest.raises(NotFound):
            photos.describe(world.staff, 10_000, "Autre")


class TestRemoving:
    def test_the_next_photo_becomes_the_picture_and_then_none(
        self, photos: Photos, catalog: Catalog, world: World
    ) -> None:
        first, second = (photos.add(world.staff, world.title_id, photo(seed=seed)) for seed in range(2))
        assert photos.remove(world.staff, first.id) == world.title_id
        assert catalog.title_page(ANONYMOUS, world.title_id).picture_url == second.url
        photos.remove(world.staff, second.id)
        assert catalog.title_page(ANONYMOUS, world.title_id).picture_url is None

    def test_a_picture_that_is_no_photo_stays_until_there_is_one(
        self, photos: Photos, catalog: Catalog, database: Database, world: World
    ) -> None:
        with database.write() as session:
            session.execute(update(Title).where(Title.id == world.title_id).values(picture="demo/loup.webp"))
        line = photos.put_on_line(world.staff, world.line_ids[0], photo())
        photos.remove(world.staff, line.id)
        assert catalog.title_page(ANONYMOUS, world.title_id).picture_url == "/media/demo/loup.webp"


class TestLines:
    def test_a_line_has_one_photo(self, photos: Photos, catalog: Catalog, world: World) -> None:
        line_id = world.line_ids[0]
        photos.put_on_line(world.staff, line_id, photo(), "Le loup")
        second = photos.put_on_line(world.staff, line_id, photo(seed=2))
        assert photos.of_lines(ANONYMOUS, world.title_id) == {line_id: second}
        page = catalog.title_page(ANONYMOUS, world.title_id)
        assert page.line_photos == [second]
        assert page.picture_url is None

    def test_a_line_that_goes_takes_its_photo_with_it(self, photos: Photos, database: Database, world: World) -> None:
        photos.put_on_line(world.staff, world.line_ids[0], photo())
        with database.write() as session:
            session.delete(session.get_one(ContentLine, world.line_ids[0]))
        assert photos.of_lines(world.staff, world.title_id) == {}

    def test_only_the_owners_staff_may(self, photos: Photos, world: World) -> None:
        with pytest.raises(Forbidden):
            photos.put_on_line(world.other_staff, world.line_ids[0], photo())
        with pytest.raises(NotFound):
            photos.put_on_line(world.staff, 10_000, photo())
        line = photos.put_on_line(world.staff, world.line_ids[0], photo())
        with pytest.raises(Forbidden):
            photos.remove(world.other_staff, line.id)
        with pytest.raises(NotFound):
            photos.show_first(world.staff, line.id)


class TestSweeping:
    def test_what_no_title_shows_goes_after_a_day(
        self, photos: Photos, sweep: MediaSweep, media: MediaFolder, clock: FixedClock, world: World
    ) -> None:
        kept, gone = (photos.add(world.staff, world.title_id, photo(seed=seed)) for seed in range(2))
        photos.remove(world.staff, gone.id)
        age(media, clock.now() - dt.timedelta(hours=23))
        assert sweep.remove_unused() == 0
        age(media, clock.now() - dt.timedelta(hours=25))
        assert sweep.remove_unused() == 4
        assert sorted(one.name for one in media.kept_in("photos")) == sorted(versions_of(name_in(kept.url)))

    def test_what_two_titles_show_stays_for_the_other(
        self, photos: Photos, sweep: MediaSweep, media: MediaFolder, clock: FixedClock, world: World
    ) -> None:
        shared = photos.add(world.staff, world.title_id, photo())
        photos.add(world.staff, world.draft_id, photo())
        photos.remove(world.staff, shared.id)
        age(media, clock.now() - dt.timedelta(days=2))
        assert sweep.remove_unused() == 0

    def test_the_demonstrations_pictures_stay(self, sweep: MediaSweep, media: MediaFolder, clock: FixedClock) -> None:
        media.save_as("demo/loup.webp", b"x")
        age(media, clock.now() - dt.timedelta(days=2))
        assert sweep.remove_unused() == 0


def age(media: MediaFolder, instant: dt.datetime) -> None:
    """Give every file a time of its own choice."""
    for one in [*media.kept_in("photos"), *media.kept_in("demo")]:
        os.utime(media._path(one.name), (instant.timestamp(),) * 2)
