"""Finds an address for every page by following links, as a person in each role would."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
from litestar import Litestar
from litestar.di import Provide

from lending.app import PROVIDED, routes_only
from tests.kit.pages import SESSION
from tests.kit.site import Site

# Somebody's own page and a foreign one of the same kind lead on to different pages.
TIMES = 3
NOT_PAGES = ("/api", "/schema", "/static", "/media", "/health", "/ready")
FOUND, SERVER_ERROR = 200, 500
PATIENCE_SECONDS = 60
LINK = re.compile(r'<a [^>]*href="([^"]+)"')


@dataclass(frozen=True)
class Place:
    """A page as somebody saw it first. `email` is empty for a visitor."""

    pattern: str
    address: str
    email: str

    @property
    def kind(self) -> tuple[str, bool, str]:
        """Home is another page for each person; the desk and the day first ask for a depot."""
        return self.pattern, "depot=" in self.address, self.email if self.pattern == "/" else ""


@dataclass
class Crawl:
    """What was found so far."""

    places: list[Place] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def patterns(self) -> set[str]:
        return {place.pattern for place in self.places} | self.files

    def note(self, pattern: str, address: str, email: str, *, is_page: bool) -> None:
        """Keep the first address of each kind of page."""
        place = Place(pattern, address, email)
        if not is_page:
            self.files.add(pattern)
        elif place.kind not in {one.kind for one in self.places}:
            self.places.append(place)


def page_patterns() -> dict[str, re.Pattern[str]]:
    """Every address that a person can open, with its parameters in braces."""
    nothing = {name: Provide(lambda: None, sync_to_thread=False) for name in (*PROVIDED, "actor")}
    routes = Litestar(route_handlers=routes_only(), dependencies=nothing).routes
    paths = [one.path for one in routes if "GET" in getattr(one, "methods", ()) and not one.path.startswith(NOT_PAGES)]
    return {_plain(path): _compiled(path) for path in sorted(paths, key=lambda one: one.count("{"))}


def crawl(site: Site, emails: tuple[str, ...], starts: tuple[str, ...]) -> Crawl:
    """Follow links from the starting points, signed in as each person in turn; each kind of page is opened once."""
    found, patterns = Crawl(), page_patterns()
    for email in ("", *emails):
        with client_of(site, email) as client:
            _follow(client, email, starts, patterns, found)
    return found


def client_of(site: Site, email: str) -> httpx.Client:
    """A browser without scripts, signed in as the person."""
    cookies = {SESSION: site.services.accounts.sign_in_demo(email).token} if email else {}
    headers = {"accept-language": "fr"}
    return httpx.Client(base_url=site.address, cookies=cookies, headers=headers, timeout=PATIENCE_SECONDS)


def _follow(
    client: httpx.Client, email: str, starts: tuple[str, ...], patterns: dict[str, re.Pattern[str]], found: Crawl
) -> None:
    ahead, opened = deque(starts), Counter[str]()
    while ahead:
        address = ahead.popleft()
        pattern = _pattern_of(address, patterns)
        if pattern is None or opened[pattern] == TIMES:
            continue
        opened[pattern] += 1
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code < SERVER_ERROR, f"{address}: {answer.status_code}"
        if answer.status_code == FOUND:
            found.note(pattern, address, email, is_page=answer.headers["content-type"].startswith("text/html"))
            ahead.extend(_ends(_links(answer), patterns))


def _links(answer: httpx.Response) -> Iterator[str]:
    for link in LINK.findall(answer.text):
        parts = urlsplit(urljoin(answer.url.raw_path.decode(), unescape(link)))
        if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def _ends(links: Iterable[str], patterns: dict[str, re.Pattern[str]]) -> Iterator[str]:
    """The first and the last of each kind: what a list begins with is often unlike what it ends with."""
    kinds = defaultdict[str | None, list[str]](list)
    for link in links:
        kinds[_pattern_of(link, patterns)].append(link)
    for alike in kinds.values():
        yield from dict.fromkeys((alike[0], alike[-1]))


def _pattern_of(address: str, patterns: dict[str, re.Pattern[str]]) -> str | None:
    path = urlsplit(address).path
    return next((pattern for pattern, wanted in patterns.items() if wanted.fullmatch(path)), None)


def _plain(path: str) -> str:
    return re.sub(r":[a-z]+}", "}", path)


def _compiled(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+:int}", r"\\d+", re.sub(r"{\w+:str}", "[^/]+", path)))
