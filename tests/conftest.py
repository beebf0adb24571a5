"""Fixtures of the whole test run: databases of both kinds, a clock, a browser."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from lending.core.database import Database
from lending.migrations.run import upgrade
from tests.kit.clock import FixedClock
from tests.kit.postgres import running_postgres

pytest_plugins = ["tests.kit.browser"]

# How long an example takes tells how busy the machine is and nothing of the rule.
settings.register_profile("calm", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Files are named by their place in the table: an archive tells when it was made, in each worker anew."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[Engine]:
    """An engine on the server, which holds the migrated database `template`."""
    with running_postgres() as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        name = f"template_{uuid.uuid4().hex[:8]}"
        with engine.connect() as connection:
            connection.execute(text(f"create database {name}"))
        database = Database(make_url(url).set(database=name).render_as_string(hide_password=False))
        upgrade(database)
        database.dispose()
        yield engine.execution_options(template=name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_url(postgres_template: Engine) -> Iterator[str]:
    name, template = f"t{uuid.uuid4().hex[:10]}", postgres_template.get_execution_options()["template"]
    with postgres_template.connect() as connection:
        connection.execute(text(f"create database {name} template {template}"))
    yield postgres_template.url.set(database=name).render_as_string(hide_password=False)
    with postgres_template.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database: the test runs on both kinds."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(fixture))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()
