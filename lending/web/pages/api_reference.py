"""The reference of the API: a page made from the application's own OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

from lending.core.i18n import N_, gettext
from lending.web.pages.problems import problem_types
from lending.web.rendering import page

Document = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
AREAS = {
    "search": N_("Recherche"),
    "catalog": N_("Catalogue"),
    "loans": N_("Prêts et réservations"),
    "desk": N_("Guichet"),
    "network": N_("Réseau"),
    "accounts": N_("Comptes"),
}
DEEPEST = 3


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of an operation, or a member of what is sent or answered."""

    name: str
    kind: str
    words: str = ""
    is_required: bool = False
    place: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent or answered: a named shape with its members, or a plain kind."""

    name: str
    words: str = ""
    members: list[Member] = []


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer by its status."""

    status: str
    words: str
    content: Content | None


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A method on a path."""

    id: str
    method: str
    path: str
    words: str
    parameters: list[Member]
    body: Content | None
    answers: list[Answer]


class Area(msgspec.Struct, frozen=True):
    """Operations about one thing."""

    code: str
    name: str
    operations: list[Operation]


class ReferencePage(OpenAPIRenderPlugin):
    """Shows the reference at the root of the documents' path; it loads nothing from elsewhere."""

    def __init__(self) -> None:
        """Served at `/schema`."""
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page in the visitor's language; the operations speak English, as code does."""
        found = sorted(problem_types().values(), key=lambda one: (one.status, one.slug))
        answer = page(request, "api_reference.html", areas=areas(openapi_schema), problems=found)
        return answer.content.encode()


def areas(document: Document) -> list[Area]:
    """The operations by area, in the order of the paths."""
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in document.get("paths", {}).items():
        for method in METHODS:
            if method in methods and path.startswith("/api"):
                tag = (methods[method].get("tags") or ["other"])[0]
                by_tag.setdefault(tag, []).append(operation(document, method, path, methods[method]))
    order = [*AREAS, *(tag for tag in by_tag if tag not in AREAS)]
    return [Area(tag, gettext(AREAS.get(tag, tag)), by_tag[tag]) for tag in order if tag in by_tag]


def operation(document: Document, method: str, path: str, facts: Document) -> Operation:
    """One operation in plain words."""
    body = facts.get("requestBody", {}).get("content", {})
    return Operation(
        id=facts.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        words=facts.get("description") or facts.get("summary") or "",
        parameters=[parameter(document, one) for one in facts.get("parameters", [])],
        body=content(document, body),
        answers=[
            Answer(status=status, words=one.get("description", ""), content=content(document, one.get("content", {})))
            for status, one in sorted(facts.get("responses", {}).items())
        ],
    )


def parameter(document: Document, facts: Document) -> Member:
    """A parameter of the path, the query or the headers."""
    schema = facts.get("schema", {})
    return Member(
        name=facts["name"],
        kind=kind_of(document, schema),
        words=facts.get("description") or schema.get("description", ""),
        is_required=facts.get("required", False),
        place=facts.get("in", ""),
    )


def content(document: Document, by_media_type: Document) -> Content | None:
    """The first described content of a body or an answer."""
    schema = next((one.get("schema") for one in by_media_type.values()), None)
    if not schema:
        return None
    shape = resolved(document, schema.get("items", schema))
    members = list(members_of(document, shape))
    words = shape.get("description", "") if members else ""
    return Content(name=kind_of(document, schema), words=words, members=members)


def members_of(document: Document, shape: Document) -> Iterator[Member]:
    """The members of an object."""
    required = shape.get("required", ())
    for name, schema in shape.get("properties", {}).items():
        words = schema.get("description", "")
        yield Member(name=name, kind=kind_of(document, schema), words=words, is_required=name in required)


def kind_of(document: Document, schema: Document, depth: int = 0) -> str:
    """A schema in a few words, such as `list of Reservation` or `"open" | "late"`."""
    if depth > DEEPEST:
        return "…"
    if "$ref" in schema:
        shape = resolved(document, schema)
        return kind_of(document, shape, depth + 1) if "enum" in shape else str(schema["$ref"]).rpartition("/")[2]
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return " | ".join(dict.fromkeys(kind_of(document, one, depth + 1) for one in schema[word]))
    if "enum" in schema:
        return " | ".join("null" if one is None else f'"{one}"' for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind_of(document, schema.get('items', {}), depth + 1)}"
    return _plain(schema)


def _plain(schema: Document) -> str:
    kind = schema.get("type", "any")
    name = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{name} ({schema['format']})" if "format" in schema else name


def resolved(document: Document, schema: Document) -> Document:
    """The shape behind a reference."""
    if "$ref" not in schema:
        return schema
    shape: Document = document.get("components", {}).get("schemas", {}).get(schema["$ref"].rpartition("/")[2], {})
    return shape
