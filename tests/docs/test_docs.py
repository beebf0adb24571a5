"""What exists is documented: settings, commands, routes, error types, dependencies. What is documented exists."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.di import Provide

from lending.app import API_ROUTES, PROVIDED, routes_only
from lending.cli import main
from lending.core.errors import LendingError
from lending.core.http.problems import HTTP_PROBLEMS
from lending.settings import Settings, env_name

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
FAMILIES_WITHOUT_A_CASE = {"error"}


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def every_error() -> set[type[LendingError]]:
    def below(error: type[LendingError]) -> Iterator[type[LendingError]]:
        for one in error.__subclasses__():
            yield one
            yield from below(one)

    return {error for error in below(LendingError) if error.__module__.startswith("lending.")}


def every_api_route() -> set[str]:
    nothing = {name: Provide(lambda: None, sync_to_thread=False) for name in (*PROVIDED, "actor")}
    app = Litestar(route_handlers=routes_only(), dependencies=nothing)
    routes = set()
    for route in app.routes:
        for method in getattr(route, "methods", ()):
            if method != "OPTIONS" and route.path.startswith(("/api", "/health", "/ready")):
                routes.add(f"{method} {re.sub(r':[a-z]+}', '}', route.path)}")
    return routes


@pytest.mark.parametrize("field", Settings.__struct_fields__)
def test_every_setting_is_explained(field: str) -> None:
    assert f"`{env_name(field)}`" in text_of("operations.md")


def test_every_explained_setting_exists() -> None:
    named = set(re.findall(r"^\| `(LENDING_[A-Z0-9_]+)`", text_of("operations.md"), re.MULTILINE))
    assert named == {env_name(field) for field in Settings.__struct_fields__}


def test_every_command_is_explained_and_every_explained_command_exists() -> None:
    named = set(re.findall(r"^\| `lending ([a-z]+)`", text_of("operations.md"), re.MULTILINE))
    assert named == set(main.commands)


def test_every_route_of_the_api_is_named_and_every_named_one_exists() -> None:
    named = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", text_of("api.md")))
    assert API_ROUTES
    assert named == every_api_route()


def test_every_error_type_is_named_and_every_named_one_exists() -> None:
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \| \d{3}", text_of("api.md"), re.MULTILINE))
    own = {error.slug for error in every_error()} - FAMILIES_WITHOUT_A_CASE
    assert named == own | {slug for slug, _ in HTTP_PROBLEMS.values()}


def test_every_dependency_earns_its_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    for group in project["dependency-groups"].values():
        wanted += group
    names = {re.split(r"[\[><=; ]", line)[0] for line in wanted if isinstance(line, str)}
    explained = text_of("dependencies.md")
    assert {name for name in names if name not in explained} == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        broken += [f"{page.name}: {target}" for target in targets if not (page.parent / target).exists()]
    assert broken == []
