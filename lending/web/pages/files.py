"""Static files and media. Both names change with the content, so that browsers may keep them for ever."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from lending.catalog.media import IMMUTABLE
from lending.catalog.service import Catalog
from lending.core.errors import NotFound
from lending.web.rendering import STATIC

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@get("/static/{name:str}", sync_to_thread=True, include_in_schema=False)
def static_file(name: FromPath[str], v: FromQuery[str] = "") -> Response[bytes]:
    """A style sheet, script or drawing."""
    path = STATIC / name
    if path.parent != STATIC or path.suffix not in MEDIA_TYPES or not path.is_file():
        raise NotFound
    headers = {"cache-control": IMMUTABLE if v else "no-cache"}
    return Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], headers=headers)


@get("/media/{name:path}", sync_to_thread=True, include_in_schema=False)
def media_file(catalog: NamedDependency[Catalog], name: FromPath[str]) -> Response[bytes]:
    """A picture or a document."""
    file = catalog.media(name.removeprefix("/"))
    headers = {"cache-control": IMMUTABLE, "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(file.content, media_type=file.media_type, headers=headers)


ROUTES = [static_file, media_file]
