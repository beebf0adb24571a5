"""A small network with a catalogue, for every test of this folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from lending.catalog.media import MediaFolder
from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from tests.kit.catalog import create_contents, create_copies, create_term, create_title
from tests.kit.network import (
    create_association,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)


@dataclass
class World:
    """Two associations; the first has a published trunk with two copies and a draft."""

    home_id: int
    other_id: int
    depot_id: int
    other_depot_id: int
    title_id: int
    draft_id: int
    copy_ids: list[int]
    codes: list[str]
    line_ids: list[int]
    staff: Actor
    other_staff: Actor
    teacher: Actor


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def catalog(database: Database, clock: Clock, media: MediaFolder) -> Catalog:
    return Catalog(database, clock, media)


@pytest.fixture
def world(database: Database) -> World:
    with database.write() as session:
        federation = create_federation(session)
        union = create_union(session, federation)
        home, other = (create_association(session, union, code=code) for code in ("35", "37"))
        depot, other_depot = create_depot(session, home), create_depot(session, other)
        for rank, code in enumerate(("cycle2", "cp", "ce1", "ce2"), start=1):
            create_term(session, "level", code, rank=rank, parent=None if rank == 1 else "cycle2")
        create_term(session, "theme", "cooperation", label_fr="Coopération", label_en="Cooperation")
        title = create_title(session, home, levels=["ce1", "cp"], themes=["cooperation"])
        lines = create_contents(session, title)
        copies = create_copies(session, title, depot, 2)
        draft = create_title(session, home, name="Malle en préparation", visibility="draft")
        return World(
            home_id=home.id,
            other_id=other.id,
            depot_id=depot.id,
            other_depot_id=other_depot.id,
            title_id=title.id,
            draft_id=draft.id,
            copy_ids=[copy.id for copy in copies],
            codes=[copy.code for copy in copies],
            line_ids=[line.id for line in lines],
            staff=create_person(session, Role.STAFF, home),
            other_staff=create_person(session, Role.STAFF, other),
            teacher=create_person(session, Role.TEACHER, create_school(session, home)),
        )
