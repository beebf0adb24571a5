"""The processes that answer: in each of them one loop, many threads."""

import gc
import logging
import os
import sys
from typing import Any

import uvicorn
from litestar.types import ASGIApp

from lending.app import create_app
from lending.settings import Settings, read_settings
from lending.wiring import Services, build

# A request asks dozens of questions, and after each its thread waits until the one at work gives way. Python's own
# 5 ms would make a scan wait longer for its turn than for the database.
SWITCH_SECONDS = 0.0005
# One that says nothing for so long is replaced: a machine that is only busy must not lose its processes to it.
ALIVE_SECONDS = 30
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
CHATTY = ("alembic", "apscheduler")

log = logging.getLogger(__name__)


def serve(services: Services) -> None:
    """Answer at the host and port of the settings until a signal ends it."""
    uvicorn.run(_ready(services), **_manner(services.settings))


def serve_in_processes(settings: Settings) -> None:
    """Answer in `web_processes` processes, each with services of its own; one that dies is begun anew."""
    address, count = f"{__name__}:app", settings.web_processes
    manner = _manner(settings) | {"timeout_worker_healthcheck": ALIVE_SECONDS}
    uvicorn.run(address, factory=True, workers=count, **manner)


def app() -> ASGIApp:
    """What one of several processes serves: it begins with nothing but the environment."""
    settings = read_settings()
    log_as(settings.log_level)
    log.info("process %d answers", os.getpid())
    return _ready(build(settings))


def log_as(level: str) -> None:
    """Write the log as every process of the product writes it."""
    logging.basicConfig(level=level, format=LOG_FORMAT)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _ready(services: Services) -> ASGIApp:
    made = create_app(services)
    sys.setswitchinterval(SWITCH_SECONDS)
    # What was loaded stays for good. Looking through it for garbage would stop every desk for a quarter of a second.
    gc.collect()
    gc.freeze()
    return made


def _manner(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "lifespan": "on",
        "ws": "none",
        "timeout_graceful_shutdown": 5,
    }
