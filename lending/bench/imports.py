"""Imports measured: reading and checking a large sheet, applying it, checking it again, exporting.

The last line is one JSON object with the figures, their units and the goal each is held against.
"""

import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar, get_args

import xlsxwriter

from lending.bench.figures import Figure, Goal, Part, print_parts
from lending.catalog.exports.schemas import ExportFormat
from lending.catalog.exports.service import Exports
from lending.catalog.imports.schemas import NewImport, RunView
from lending.catalog.imports.service import Imports
from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.core.actor import SYSTEM
from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.migrations.run import upgrade
from lending.network.tables import Association, Depot, Organisation

Result = TypeVar("Result")
DRY_RUN_SECONDS = 20
SIZE_OF_GOAL = 10_000
HEADINGS = [
    "Référence",
    "Type",
    "Titre",
    "Auteur",
    "Éditeur",
    "ISBN",
    "Année",
    "Niveaux",
    "Thèmes",
    "Résumé",
    "Code",
    "Rayon",
    "État",
]
WORDS = (
    "loup",
    "forêt",
    "école",
    "mer",
    "coopération",
    "jardin",
    "débat",
    "philo",
    "conte",
    "album",
    "lune",
    "robot",
    "ferme",
    "saison",
    "couleur",
)
LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "CP à CE2", "Cycle 3")


def bench_imports(size: int, seed: int) -> None:
    """Import a made-up list of `size` rows into a temporary SQLite file and measure each step."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        association_id = _prepared(db)
        try:
            print_parts(_measured(db, association_id, size, seed))
        finally:
            db.dispose()


def _measured(db: Database, association_id: int, size: int, seed: int) -> list[Part]:
    imports, exports = Imports(db, SystemClock()), Exports(db, SystemClock())
    rows = [HEADINGS, *_rows(size, random.Random(seed))]  # noqa: S311 - made-up titles
    files = {"CSV": _csv(rows), "XLSX": _xlsx(rows)}
    goal: Goal | None = ("at most", DRY_RUN_SECONDS) if size <= SIZE_OF_GOAL else None
    checks: dict[str, float] = {}
    run: RunView | None = None
    for name, content in files.items():
        checks[name], run = _timed(partial(_check, imports, association_id, content))
    part = Part(f"Importing {size} rows with a copy each", [*files, "all"])
    part.figures.append(Figure("dry run, everything new", "s", checks, goal))
    if run is None or run.counts.new != size:
        message = f"not every row was new: {run.counts if run else None}"
        raise AssertionError(message)
    seconds, _ = _timed(partial(_applied, imports, association_id, run.id))
    part.figures.append(Figure("applying in batches of 20", "s", {"all": seconds}))
    again = {name: _timed(partial(_check, imports, association_id, content))[0] for name, content in files.items()}
    part.figures.append(Figure("dry run, everything the same", "s", again, goal))
    for format_ in get_args(ExportFormat):
        seconds, _ = _timed(partial(exports.export, SYSTEM, association_id, format_))
        part.figures.append(Figure(f"export as {format_}", "s", {"all": seconds}))
    seconds, _ = _timed(partial(_undone, imports, association_id, run.id))
    part.figures.append(Figure("undoing", "s", {"all": seconds}))
    return [part]


def _check(imports: Imports, association_id: int, content: bytes) -> RunView:
    return imports.check_file(SYSTEM, association_id, NewImport(name="bench", content=content))


def _applied(imports: Imports, association_id: int, run_id: int) -> None:
    imports.apply(SYSTEM, association_id, run_id)
    imports.carry_on(run_id)


def _undone(imports: Imports, association_id: int, run_id: int) -> None:
    imports.undo(SYSTEM, association_id, run_id)
    imports.carry_on(run_id)


def _timed(act: Callable[[], Result]) -> tuple[float, Result]:
    began = time.perf_counter()
    result = act()
    return round(time.perf_counter() - began, 2), result


def _prepared(db: Database) -> int:
    """An empty catalogue of an association with a depot."""
    upgrade(db)
    with db.write() as session:
        load_vocabularies(session)
        federation = Organisation(kind="federation", parent_id=None, path="/1/", name="Fédération")
        session.add(federation)
        session.flush()
        federation.path = f"/{federation.id}/"
        union = Organisation(kind="union", parent_id=federation.id, path="?union", name="Union")
        session.add(union)
        session.flush()
        union.path = f"{federation.path}{union.id}/"
        home = Organisation(kind="association", parent_id=union.id, path="?home", name="Association 35")
        session.add(home)
        session.flush()
        home.path = f"{union.path}{home.id}/"
        zone = {"holiday_zone": "B", "time_zone": "Europe/Paris"}
        session.add(Association(organisation_id=home.id, code="35", number=35, **zone))
        session.flush()
        session.add(Depot(association_id=home.id, name="Dépôt", commune="Rennes"))
        return home.id


def _rows(size: int, dice: random.Random) -> Iterator[list[str]]:
    for number in range(1, size + 1):
        name = f"{' '.join(dice.choices(WORDS, k=3)).capitalize()} {number}"
        yield [
            f"R{number}",
            dice.choice(("Livre", "Jeu", "Malle")),
            name,
            f"Auteur {dice.randrange(400)}",
            f"Éditeur {dice.randrange(60)}",
            _isbn(number),
            str(dice.randrange(1990, 2026)),
            dice.choice(LEVELS),
            "Coopération",
            " ".join(dice.choices(WORDS, k=30)),
            f"INV-{number}",
            f"R{dice.randrange(40)}",
            dice.choice(("neuf", "bon", "usé")),
        ]


def _isbn(number: int) -> str:
    body = f"9782{number:08d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighed % 10}"


def _csv(rows: list[list[str]]) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode("utf-8-sig")


def _xlsx(rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return content.getvalue()
