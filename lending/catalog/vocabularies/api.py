"""The federation's words, over JSON."""

from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from lending.catalog.vocabularies.schemas import EditTerm, NewTerm, TermDetail
from lending.catalog.vocabularies.service import Vocabularies
from lending.core.actor import Actor

REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class TermsController(Controller):
    """Terms in both languages, for the federation's administrators."""

    path = "/vocabularies/{name:str}/terms"
    tags = ("catalog",)

    @get("/", sync_to_thread=True, operation_id="listTerms")
    def terms(
        self, vocabularies: NamedDependency[Vocabularies], actor: NamedDependency[Actor], name: FromPath[str]
    ) -> list[TermDetail]:
        """The terms of `level`, `theme` or `game_kind` with both labels and how many titles carry them."""
        return vocabularies.terms(actor, name)

    @post("/", sync_to_thread=True, operation_id="addTerm", responses=REFUSED)
    def add(
        self,
        vocabularies: NamedDependency[Vocabularies],
        actor: NamedDependency[Actor],
        name: FromPath[str],
        data: JSONBody[NewTerm],
    ) -> TermDetail:
        """Add a word at the end of a vocabulary."""
        return vocabularies.add_term(actor, name, data)

    @patch("/{code:str}", sync_to_thread=True, operation_id="editTerm", responses=REFUSED)
    def edit(
        self,
        vocabularies: NamedDependency[Vocabularies],
        actor: NamedDependency[Actor],
        name: FromPath[str],
        code: FromPath[str],
        data: JSONBody[EditTerm],
    ) -> TermDetail:
        """Call a term otherwise; its code stays."""
        return vocabularies.edit_term(actor, name, code, data)


ROUTES = [TermsController]
