"""The process that answers: one loop, many threads."""

import gc

import uvicorn

from lending.app import create_app
from lending.wiring import Services


def serve(services: Services) -> None:
    """Answer at the host and port of the settings until a signal ends it."""
    app = create_app(services)
    # What was loaded stays for good. Looking through it for garbage would stop every desk for a quarter of a second.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=services.settings.host,
        port=services.settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=5,
    )
