"""The whole application over a small world, and visitors who click through its pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from lending.app import create_app
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.settings import Settings
from lending.wiring import Services, build

SESSION = "session"


@dataclass
class Browser:
    """A visitor without a script: follows no redirection, keeps cookies."""

    client: TestClient[Any]
    services: Services

    def sign_in(self, actor: Actor) -> None:
        token = self.services.accounts.sign_in_demo(actor.email).token
        self.client.cookies.set(SESSION, token)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def post(self, path: str, expected: int = 303, /, **fields: object) -> str:
        """Send a form; the address that it leads to, or the page that refuses. A list is several boxes ticked."""
        data = {name: value if isinstance(value, list) else str(value) for name, value in fields.items()}
        answer = self.client.post(path, data=data, follow_redirects=False)
        assert answer.status_code == expected, answer.text
        return str(answer.headers["location"]) if expected == 303 else unescape(answer.text)


@contextmanager
def browsing(folder: Path, database_url: str, clock: Clock | None = None, **settings: Any) -> Iterator[Browser]:
    """The application on a migrated database, without a worker, for the length of the block."""
    services = build(
        Settings(
            database_url=database_url,
            search_url=f"file:{folder / 'search'}",
            media_dir=folder / "media",
            mail_url=f"file:{folder / 'mails'}",
            worker_inside=False,
            **settings,
        ),
        clock,
    )
    with TestClient(create_app(services)) as client:
        yield Browser(client, services)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no field {name}"
    return found[1]


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0]).split())
