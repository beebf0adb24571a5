"""Documents of an index, made from few words."""

from lending.search.schemas import IndexDocument


def document(id_: int, name: str = "Le loup", **facts: object) -> IndexDocument:
    plain: dict[str, object] = {
        "kind": "trunk", "summary": "", "authors": "", "contents": "", "themes": "", "codes": (),
        "level": (), "theme": (), "association": ("35",), "busy_days": (), "added_at": id_,
    }  # fmt: skip
    return IndexDocument(id=id_, name=name, **(plain | facts))  # type: ignore[arg-type]  # facts of a test
