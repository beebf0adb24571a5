"""What an index must be able to do. Both adapters pass the same suite of tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from lending.core.errors import Unavailable
from lending.core.i18n import N_
from lending.search.schemas import IndexDocument, IndexPage, SearchQuery


@dataclass(eq=False)
class IndexDown(Unavailable):
    """The index does not answer."""

    slug: ClassVar[str] = "search-unavailable"
    title: ClassVar[str] = N_("Recherche indisponible")
    detail: ClassVar[str] = N_("La recherche ne répond pas pour le moment. Réessayez dans quelques instants.")


@dataclass(eq=False)
class IndexRefused(Unavailable):
    """The index answered and said no: the same titles will be refused again."""

    slug: ClassVar[str] = "search-refused"
    title: ClassVar[str] = N_("Titre refusé par la recherche")
    detail: ClassVar[str] = N_("Le serveur de recherche a refusé ({code}) : {reason}")
    code: str
    reason: str

    @property
    def is_missing(self) -> bool:
        """Whether the index does not exist (yet)."""
        return self.code == "index_not_found"


class SearchIndex(Protocol):
    """Holds published titles, and only these."""

    def search(self, query: SearchQuery) -> IndexPage:
        """Ids in order, total and facet counts. Raises IndexDown."""
        ...

    def apply(self, put: Sequence[IndexDocument], delete: Iterable[int]) -> None:
        """Upsert and delete, and return only once a search sees it. Doing it twice changes nothing."""
        ...

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Build anew beside the present index, then swap; how many documents. Searches go on meanwhile."""
        ...

    def document_ids(self) -> set[int]:
        """Which titles are in the index."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
