"""Copies: codes are given out once, changes follow the rules, the plan of bookings is told."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from lending.catalog.errors import (
    CodesExhausted,
    CodeTaken,
    DamagedNotLendable,
    StatusNotReachable,
    UnknownBarcode,
    UnknownDepot,
    VersionChanged,
)
from lending.catalog.media import MediaFolder
from lending.catalog.requests import EditCopy, NewCopies
from lending.catalog.rules import Condition, Status
from lending.catalog.service import Catalog
from lending.catalog.tables import Title
from lending.core.actor import ANONYMOUS
from lending.core.barcodes import has_valid_key, make_code
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.network.tables import Depot
from tests.catalog.conftest import World
from tests.kit.catalog import create_copy


class TestAddCopies:
    def test_the_first_codes_of_an_association_follow_from_one(self, catalog: Catalog, world: World) -> None:
        new = NewCopies(depot_id=world.other_depot_id, count=2, shelf=" A  3 ")
        added = catalog.add_copies(world.other_staff, world.title_id, new).copies
        assert [copy.code for copy in added] == [make_code(37, 1), make_code(37, 2)]
        assert {(copy.owner_id, copy.depot_id, copy.shelf) for copy in added} == {
            (world.other_id, world.other_depot_id, "A 3")
        }

    def test_codes_go_on_behind_the_last_one_and_pass_over_foreign_ones(
        self, catalog: Catalog, database: Database, world: World
    ) -> None:
        with database.write() as session:
            title, depot = (
                session.get_one(Title, world.title_id),
                session.get_one(Depot, world.other_depot_id),
            )
            create_copy(session, title, depot, code=make_code(37, 41))
            create_copy(session, title, depot, code="0379999900")
            create_copy(session, title, depot, code="037-VIEUX")
        (copy,) = catalog.add_copies(world.other_staff, world.title_id, NewCopies(depot_id=world.other_depot_id)).copies
        assert copy.code == make_code(37, 42)

    def test_people_who_add_at_once_get_different_codes(self, catalog: Catalog, world: World) -> None:
        new = NewCopies(depot_id=world.depot_id, count=3)

        def add(_: int) -> list[str]:
            return [copy.code for copy in catalog.add_copies(world.staff, world.title_id, new).copies]

        with ThreadPoolExecutor(8) as pool:
            codes = [code for batch in pool.map(add, range(8)) for code in batch]
        assert len(set(codes)) == 24
        assert all(has_valid_key(code) for code in codes)

    def test_a_repeated_request_adds_once(self, catalog: Catalog, world: World) -> None:
        new = NewCopies(depot_id=world.depot_id)
        first = catalog.add_copies(world.staff, world.title_id, new, "k1")
        assert catalog.add_copies(world.staff, world.title_id, new, "k1") == first
        assert len(catalog.copies_of(world.staff, world.title_id)) == 3

    def test_only_the_depots_staff_may(self, catalog: Catalog, world: World) -> None:
        new = NewCopies(depot_id=world.depot_id)
        for actor in (world.other_staff, world.teacher):
            with pytest.raises(Forbidden):
                catalog.add_copies(actor, world.title_id, new)
        with pytest.raises(Unauthenticated):
            catalog.add_copies(ANONYMOUS, world.title_id, new)

    def test_another_associations_draft_does_not_exist(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(NotFound):
            catalog.add_copies(world.other_staff, world.draft_id, NewCopies(depot_id=world.other_depot_id))

    def test_an_unknown_depot_is_refused(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(UnknownDepot):
            catalog.add_copies(world.staff, world.title_id, NewCopies(depot_id=999_999))

    def test_an_association_that_ran_out_of_codes_is_told(
        self, catalog: Catalog, database: Database, world: World
    ) -> None:
        with database.write() as session:
            title, depot = session.get_one(Title, world.title_id), session.get_one(Depot, world.depot_id)
            create_copy(session, title, depot, code=make_code(35, 99_999))
        with pytest.raises(CodesExhausted):
            catalog.add_copies(world.staff, world.title_id, NewCopies(depot_id=world.depot_id))


class TestEditCopy:
    def test_only_what_is_sent_changes(self, catalog: Catalog, world: World) -> None:
        edit = EditCopy(status=Status.REPAIR, note="Couvercle\nfendu\x00")
        copy = catalog.edit_copy(world.staff, world.copy_ids[0], edit, 1)
        assert (copy.status, copy.condition, copy.note, copy.version) == (
            "repair",
            "good",
            "Couvercle\nfendu",
            2,
        )

    def test_a_stale_version_is_refused(self, catalog: Catalog, world: World) -> None:
        catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(shelf="B2"), 1)
        with pytest.raises(VersionChanged):
            catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(shelf="B3"), 1)

    def test_a_damaged_copy_leaves_the_lendable_ones_in_the_same_change(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(DamagedNotLendable):
            catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(condition=Condition.DAMAGED), 1)
        both = EditCopy(condition=Condition.DAMAGED, status=Status.BLOCKED)
        assert catalog.edit_copy(world.staff, world.copy_ids[0], both, 1).condition == "damaged"

    def test_a_withdrawn_copy_is_not_lendable_in_one_step(self, catalog: Catalog, world: World) -> None:
        catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(status=Status.WITHDRAWN), 1)
        with pytest.raises(StatusNotReachable):
            catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(status=Status.LENDABLE), 2)

    def test_a_copy_stays_in_its_associations_depots(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(UnknownDepot):
            catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(depot_id=world.other_depot_id), 1)

    def test_others_may_not(self, catalog: Catalog, world: World) -> None:
        for actor in (world.other_staff, world.teacher):
            with pytest.raises(Forbidden):
                catalog.edit_copy(actor, world.copy_ids[0], EditCopy(shelf="X"), 1)
        with pytest.raises(NotFound):
            catalog.edit_copy(world.staff, 999_999, EditCopy(shelf="X"), 1)

    def test_the_watcher_is_told_inside_the_transaction(
        self, database: Database, clock: Clock, media: MediaFolder, world: World
    ) -> None:
        told: list[int] = []

        def refuse(session: Session, title_id: int, now: dt.datetime) -> None:
            assert now == clock.now()
            assert session.in_transaction()
            told.append(title_id)
            raise NotFound

        catalog = Catalog(database, clock, media, refuse)
        with pytest.raises(NotFound):
            catalog.edit_copy(world.staff, world.copy_ids[0], EditCopy(status=Status.LOST), 1)
        assert told == [world.title_id]
        assert catalog.copy_by_code(world.staff, world.codes[0]).status == "lendable"


class TestAliases:
    def test_another_code_finds_the_copy(self, catalog: Catalog, world: World) -> None:
        catalog.add_alias(world.staff, world.copy_ids[0], " malle 7 ")
        assert catalog.copy_by_code(world.staff, "MALLE 7").id == world.copy_ids[0]

    def test_a_code_means_one_copy(self, catalog: Catalog, world: World) -> None:
        catalog.add_alias(world.staff, world.copy_ids[0], "M7")
        for code in ("m7", world.codes[0]):
            with pytest.raises(CodeTaken):
                catalog.add_alias(world.staff, world.copy_ids[1], code)

    def test_a_blank_code_is_refused(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(UnknownBarcode):
            catalog.add_alias(world.staff, world.copy_ids[0], " \x00 ")


class TestLabels:
    def test_staff_prints_labels_of_its_copies(self, catalog: Catalog, world: World) -> None:
        (page,) = catalog.labels(world.staff, world.copy_ids, "malles.example.org", skip=1)
        printed = [place.code if place else None for place in page.places]
        assert printed == [None, *world.codes]

    def test_others_may_not(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(Forbidden):
            catalog.labels(world.other_staff, world.copy_ids, "malles.example.org")
        with pytest.raises(NotFound):
            catalog.labels(world.staff, [999_999], "malles.example.org")
