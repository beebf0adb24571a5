"""Imports and exports from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from lending.cli import main
from tests.catalog.imports.conftest import Desk


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the commands add does not depend on the database."""
    return sqlite_url


@pytest.fixture
def runner(sqlite_url: str, tmp_path: Path) -> CliRunner:
    places = {"LENDING_SEARCH_URL": f"file:{tmp_path / 'search'}", "LENDING_MEDIA_DIR": str(tmp_path / "media")}
    return CliRunner(env={"LENDING_DATABASE_URL": sqlite_url, **places})


def test_a_file_is_checked_then_applied(desk: Desk, runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Type;Titre;Niveaux\nJeu;Loto;CP\nJeu;Dés;CE9\n", encoding="utf-8")
    asked = ["import", str(path), "--association", "35"]
    checked = runner.invoke(main, asked)
    assert checked.exit_code == 0, checked.output
    assert "csv: 2 rows: 1 new, 0 changed, 0 the same, 1 refused" in checked.output
    assert "  3, Niveaux: « CE9 » n’est pas un niveau." in checked.output
    assert desk.title("Loto") is None
    stopped = runner.invoke(main, [*asked, "--apply"])
    assert (stopped.exit_code, desk.title("Loto")) == (1, None)
    applied = runner.invoke(main, [*asked, "--apply", "--skip-refused"])
    assert "Applied: 1 rows; refused: 1." in applied.output
    assert desk.title("Loto") is not None


def test_what_is_exported_is_the_same_when_imported(desk: Desk, runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "fonds.xlsx"
    exported = runner.invoke(main, ["export", "--association", "35", "--output", str(path)])
    assert (exported.exit_code, exported.output.strip()) == (0, str(path))
    again = runner.invoke(main, ["import", str(path), "--association", "35", "--apply"])
    assert "0 new, 0 changed, 3 the same, 0 refused" in again.output, again.output
    assert desk.sizes()[1] == 2


def test_an_unknown_association_and_an_unreadable_file_are_told_in_a_line(
    desk: Desk, runner: CliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b"Titre\nA\0\n")
    for code in ("99", "35"):
        told = runner.invoke(main, ["import", str(path), "--association", code])
        assert told.exit_code == 1
        assert told.output.startswith("Error: ")
        assert "Traceback" not in told.output
    assert desk.imports.runs(desk.world.staff, desk.world.home_id) == []
