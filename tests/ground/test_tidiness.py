"""What the product must never contain, and how large a room may grow."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PYTHON = [path for path in (ROOT / "lending").rglob("*.py") if "versions" not in path.parts]
LONGEST_FILE_LINES = 320
LEFT_OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|NotImplemented" r"Error")


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=short)
def test_no_file_grows_beyond_what_one_reads_at_a_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE_LINES


@pytest.mark.parametrize("path", PYTHON, ids=short)
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = [
        one for function in functions for one in ast.walk(function) if isinstance(one, ast.Import | ast.ImportFrom)
    ]
    assert inner == []


@pytest.mark.parametrize("path", PYTHON, ids=short)
def test_nothing_is_left_open(path: Path) -> None:
    assert LEFT_OPEN.search(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", PYTHON, ids=short)
def test_only_the_database_module_commits(path: Path) -> None:
    assert ".commit(" not in path.read_text(encoding="utf-8") or path.parts[-3:-1] in {
        ("lending", "core"),
        ("search", "embedded"),
    }


def test_locks_record_hashes_and_no_addresses() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
