"""Imports over the small network of the catalogue's tests."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from lending.catalog.exports.service import Exports
from lending.catalog.imports.schemas import Defaults, NewImport, RowView, RunView
from lending.catalog.imports.service import Imports
from lending.catalog.tables import Copy, CopyAlias, Title
from lending.core.database import Database
from lending.network.tables import Organisation
from tests.catalog.conftest import World
from tests.kit.clock import FixedClock
from tests.kit.network import create_depot

HEAD = "Référence;Type;Titre;Auteur;Éditeur;ISBN;Niveaux;Thèmes;Code;Dépôt;Rayon;État\n"


@dataclass
class Desk:
    """The staff of the first association at its imports."""

    imports: Imports
    world: World
    db: Database

    def check(self, text: str | bytes, name: str = "liste.csv", defaults: Defaults | None = None) -> RunView:
        content = text.encode() if isinstance(text, str) else text
        new = NewImport(name=name, content=content, defaults=defaults)
        return self.imports.check_file(self.world.staff, self.world.home_id, new)

    def apply(self, run: RunView, *, skip_refused: bool = False) -> RunView:
        return self.imports.apply(self.world.staff, self.world.home_id, run.id, skip_refused=skip_refused)

    def undo(self, run: RunView) -> RunView:
        return self.imports.undo(self.world.staff, self.world.home_id, run.id)

    def import_(self, text: str | bytes, defaults: Defaults | None = None) -> RunView:
        return self.apply(self.check(text, defaults=defaults))

    def rows(self, run: RunView, outcome: str | None = None) -> list[RowView]:
        return self.imports.rows(self.world.staff, self.world.home_id, run.id, outcome, limit=200).items

    def problems(self, run: RunView) -> list[tuple[int, str, str]]:
        """Line, code of the column and reason of everything that is wrong."""
        return [(row.line, one.column, one.reason) for row in self.rows(run) for one in row.problems]

    def problems_of_kept(self, run: RunView) -> list[tuple[int, str]]:
        """Line and message of what undoing kept."""
        return [(row.line, one.message) for row in self.rows(run, "kept") for one in row.problems]

    def message(self, run: RunView) -> str:
        """The first thing that is wrong, in words."""
        return next(one.message for row in self.rows(run) for one in row.problems)

    def title(self, name: str) -> Title | None:
        with self.db.read() as session:
            return session.scalar(select(Title).where(Title.name == name))

    def add_depot(self, name: str) -> None:
        with self.db.write() as session:
            create_depot(session, session.get_one(Organisation, self.world.home_id), name)

    def contents_of_the_stock(self) -> bytes:
        """All that the association has, as it is exported."""
        return Exports(self.db, FixedClock()).export(self.world.staff, self.world.home_id, "json").content

    def sizes(self) -> tuple[int, int, int]:
        """How many titles, copies and other codes there are."""
        with self.db.read() as session:
            return tuple(session.scalar(select(func.count()).select_from(one)) or 0 for one in (Title, Copy, CopyAlias))  # type: ignore[return-value]


@pytest.fixture
def imports(database: Database, clock: FixedClock) -> Imports:
    return Imports(database, clock)


@pytest.fixture
def desk(imports: Imports, world: World, database: Database) -> Desk:
    return Desk(imports, world, database)
