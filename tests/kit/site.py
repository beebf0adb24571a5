"""The whole application on a port of its own, for a real browser."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import BrowserContext

from lending.app import create_app
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.settings import Settings
from lending.wiring import Services, build
from tests.kit.pages import SESSION
from tests.kit.servers import START_SECONDS, free_port


@dataclass(frozen=True)
class Site:
    """Where the application answers, and what it works with."""

    address: str
    services: Services

    def sign_in(self, context: BrowserContext, actor: Actor) -> None:
        self.sign_in_as(context, actor.email)

    def sign_in_as(self, context: BrowserContext, email: str) -> None:
        token = self.services.accounts.sign_in_demo(email).token
        context.add_cookies([{"name": SESSION, "value": token, "url": self.address}])


@contextmanager
def serving(
    folder: Path, database_url: str, clock: Clock, prepare: Callable[[Services], object] | None = None, **more: Any
) -> Iterator[Site]:
    """The application in a thread, for the length of the block; its index knows what the database holds."""
    port = free_port()
    settings = Settings(
        database_url=database_url,
        search_url=f"file:{folder / 'search'}",
        media_dir=folder / "media",
        mail_url=f"file:{folder / 'mails'}",
        base_url=f"http://127.0.0.1:{port}",
        port=port,
        worker_inside=False,
        **more,
    )
    services = build(settings, clock)
    if prepare:
        prepare(services)
    services.search.reindex()
    server = uvicorn.Server(uvicorn.Config(create_app(services), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield Site(settings.base_url, services)
    finally:
        server.should_exit = True
        thread.join()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive(), "the server stopped"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.02)
