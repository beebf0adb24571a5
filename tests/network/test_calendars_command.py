"""School years from the command line."""

from pathlib import Path

from click.testing import CliRunner

from lending.cli import main


def test_published_school_years_are_loaded_once(sqlite_url: str, tmp_path: Path) -> None:
    places = {"LENDING_SEARCH_URL": f"file:{tmp_path / 'search'}", "LENDING_MEDIA_DIR": str(tmp_path / "media")}
    runner = CliRunner(env={"LENDING_DATABASE_URL": sqlite_url, **places})
    first, second = runner.invoke(main, ["calendars"]), runner.invoke(main, ["calendars"])
    assert first.exit_code == 0, first.output
    assert int(first.output.split()[0]) >= 3
    assert second.output == "0 new school years.\n"
