"""The doctor finds each thing that is broken, and says what to do about it."""

import datetime as dt
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from lending.core import outbox
from lending.core.database import Database
from lending.core.demo_clock import ShiftedClock
from lending.core.guards import guards_of
from lending.core.i18n import speaking
from lending.doctor import Finding, examine
from lending.settings import Settings
from tests.kit.bucket import bucket_server
from tests.kit.catalog import create_title
from tests.kit.mail import MailServer
from tests.kit.network import create_association, create_federation, create_union

Break = Callable[[Database], None]


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """A demonstration in perfect health."""
    (tmp_path / "media").mkdir()
    return Settings(
        database_url=sqlite_url,
        search_url=f"file:{tmp_path}/search",
        media_dir=tmp_path / "media",
        mail_url=f"file:{tmp_path}/mails",
        demo=True,
    )


@pytest.fixture
def on_both(settings: Settings, database_url: str) -> Settings:
    """The same, on either kind of database."""
    return msgspec.structs.replace(settings, database_url=database_url)


def wrong(settings: Settings, **changes: object) -> list[Finding]:
    with speaking("en"):
        findings = examine(msgspec.structs.replace(settings, **changes))
    bad = [finding for finding in findings if not finding.ok]
    assert all(finding.what and finding.do for finding in bad)
    return bad


def damage(settings: Settings, break_it: Break) -> None:
    database = Database(settings.database_url)
    break_it(database)
    database.dispose()


def drop_a_guard(database: Database) -> None:
    guard = guards_of(database.engine.dialect.name)[0]
    drop = f"drop trigger {guard.name}" if database.is_sqlite else f"alter table booking drop constraint {guard.name}"
    with database.write() as session:
        session.execute(text(drop))


def forget_a_migration(database: Database) -> None:
    with database.write() as session:
        session.execute(text("delete from alembic_version"))


def let_mail_wait(database: Database) -> None:
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=40)
    with database.write() as session:
        outbox.enqueue(session, "mail", "booking:1", long_ago, key="changed:1")


def park_a_letter(database: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    with database.write() as session:
        outbox.enqueue(session, "mail", "booking:1", now, key="changed:1")
        (item,) = outbox.claim(session, "mail", now, dt.timedelta(minutes=1))
        outbox.fail(session, item.id, "550", now, permanent=True)


def date_something_in_the_future(database: Database) -> None:
    with database.write() as session:
        outbox.enqueue(session, "mail", "booking:1", dt.datetime.now(dt.UTC) + dt.timedelta(days=2), key="changed:1")


def publish_behind_the_index(database: Database) -> None:
    with database.write() as session:
        create_title(session, create_association(session, create_union(session, create_federation(session))))


def test_nothing_is_wrong_with_a_healthy_demonstration(on_both: Settings) -> None:
    assert wrong(on_both) == []


@pytest.mark.parametrize(
    ("break_it", "check", "what"),
    [
        (drop_a_guard, "guards", "Double bookings would be possible"),
        (forget_a_migration, "schema", "out of date"),
        (let_mail_wait, "outbox (mail)", "1 waiting, for 40 minutes"),
        (park_a_letter, "outbox (mail)", "1 set aside"),
        (date_something_in_the_future, "clock", "went back"),
        (publish_behind_the_index, "search index", "0 titles in the index, 1 published"),
    ],
)
def test_each_damage_to_the_data_is_found(on_both: Settings, break_it: Break, check: str, what: str) -> None:
    damage(on_both, break_it)
    (finding,) = wrong(on_both)
    assert finding.check == check
    assert what in finding.what


def test_a_demonstration_counts_by_its_own_clock(settings: Settings) -> None:
    database = Database(settings.database_url)
    clock = ShiftedClock(database)
    clock.move(dt.timedelta(days=10))
    with database.write() as session:
        outbox.enqueue(session, "mail", "booking:1", clock.now(), key="changed:1")
    database.dispose()
    assert wrong(settings) == []


def test_a_database_that_does_not_exist_is_found_and_not_made(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.db"
    (finding,) = wrong(settings, database_url=f"sqlite:///{file}")
    assert finding.check == "database"
    assert "lending migrate" in finding.do
    assert not file.exists()


def test_a_database_that_does_not_answer_is_found_without_its_password(settings: Settings, tmp_path: Path) -> None:
    url = f"postgresql+psycopg://malles:sesame@/lending?host={tmp_path}"
    (finding,) = wrong(settings, database_url=url)
    assert finding.check == "database"
    assert "sesame" not in finding.what


def test_mail_that_cannot_leave_is_found(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (finding,) = wrong(settings, mail_url=f"smtp://malles:sesame@127.0.0.1:{unused.getsockname()[1]}")
    assert finding.check == "mail"
    assert "sesame" not in finding.what


def test_a_mail_address_that_cannot_be_read_is_found(settings: Settings) -> None:
    assert [finding.check for finding in wrong(settings, mail_url="pigeon://home")] == ["mail"]


def test_a_mail_server_that_listens_is_fine(settings: Settings) -> None:
    with MailServer() as server:
        assert wrong(settings, mail_url=server.url) == []


def test_a_sender_without_an_address_is_found(settings: Settings) -> None:
    assert [finding.check for finding in wrong(settings, mail_from="La Malle commune")] == ["sender"]


def test_a_picture_folder_that_is_missing_is_found(settings: Settings, tmp_path: Path) -> None:
    assert [finding.check for finding in wrong(settings, media_dir=tmp_path / "none")] == ["picture folder"]


def test_defaults_that_suit_a_demonstration_alone_are_found_in_real_use(settings: Settings) -> None:
    assert [finding.check for finding in wrong(settings, demo=False)] == ["mail", "sender", "public address"]


def test_real_use_without_tls_is_found(settings: Settings) -> None:
    with MailServer() as server:
        real = {"demo": False, "mail_url": server.url, "mail_from": "Malles <malles@malles.fr>"}
        (finding,) = wrong(settings, base_url="http://malles.fr", **real)
        assert "not HTTPS" in finding.what
        assert wrong(settings, base_url="https://malles.fr", **real) == []


def test_a_bucket_that_does_not_answer_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "fr")
    with bucket_server() as bucket:
        monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.url)
        assert wrong(settings, media_url="s3://media") == []
        bucket.is_away = True
        assert [one.check for one in wrong(settings, media_url="s3://media")] == ["picture store"]
    assert [one.check for one in wrong(settings, media_url="nothing://media")] == ["picture store"]
