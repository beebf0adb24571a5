"""A store that speaks enough S3 to keep, give, list and delete objects, on loopback and in memory."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

STAMP = "2026-11-02T08:00:00.000Z"


@dataclass
class Bucket:
    """What was kept, by path, with its type; `is_away` answers 503 to everything."""

    url: str
    objects: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    is_away: bool = False


@contextmanager
def bucket_server() -> Iterator[Bucket]:
    """A bucket named `media`, whose address goes into AWS_ENDPOINT_URL."""
    bucket = Bucket("")
    handler = type("Handler", (_Handler,), {"bucket": bucket})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    bucket.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        if not self.bucket.is_away:
            self.bucket.objects[self._key()] = content
            self.bucket.types[self._key()] = self.headers.get("content-type", "")
        self._answer(200)

    def do_GET(self) -> None:
        if "list-type" in self.path:
            self._answer(200, self._listing())
        elif (content := self.bucket.objects.get(self._key())) is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, content)

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"])).decode()
        keys = [unescape(key) for key in re.findall("<Key>(.*?)</Key>", asked)]
        for key in keys:
            self.bucket.objects.pop(key, None)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/media/")

    def _listing(self) -> bytes:
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{STAMP}</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(content)}</Size></Contents>'
            for key, content in sorted(self.bucket.objects.items())
            if key.startswith(prefix)
        )
        body = f"<Name>media</Name><Prefix>{prefix}</Prefix><IsTruncated>false</IsTruncated>{found}"
        return f'<?xml version="1.0"?><ListBucketResult>{body}</ListBucketResult>'.encode()

    def _answer(self, status: int, content: bytes = b"") -> None:
        if self.bucket.is_away:
            status, content = 503, b""
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.send_header("last-modified", formatdate(1_793_606_400, usegmt=True))
        self.send_header("etag", '"1"')
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: the test says what matters."""
