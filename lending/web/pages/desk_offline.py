"""The desk without network: the page that stands in for it, and the script that keeps that page in the browser."""

from typing import Any

from litestar import Request, Response, Router, get

from lending.web.pages.desk_words import offline_words
from lending.web.rendering import STATIC, page

AnyRequest = Request[Any, Any, Any]
SCRIPTS = (
    "desk.js",
    "desk-camera.js",
    "desk-offline.js",
    "desk-panel.js",
    "desk-queue.js",
    "desk-scanner.js",
    "desk-sound.js",
    "offline-parts.js",
    "offline-queue.js",
)


@get("/desk/offline", sync_to_thread=True)
def offline_desk(request: AnyRequest) -> Response[str]:
    """The page that the browser keeps. It holds nothing of a person, and needs no session."""
    return page(request, "desk/offline.html", words=offline_words(), scripts=SCRIPTS)


@get("/desk/worker.js", sync_to_thread=True)
def worker() -> Response[bytes]:
    """The script between the desk and the network."""
    headers = {"cache-control": "no-cache", "service-worker-allowed": "/desk"}
    return Response((STATIC / "offline-worker.js").read_bytes(), media_type="text/javascript", headers=headers)


ROUTES = [Router("/", route_handlers=[offline_desk, worker], include_in_schema=False)]
