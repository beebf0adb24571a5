"""Where the addresses in QR codes lead: a phone's own camera opens what was scanned. They are printed in capitals."""

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.response import Redirect

from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import NotFound
from lending.loans.rules.loan_codes import booking_id_of
from lending.web.rendering import see

Code = Annotated[str, PathParameter(max_length=60)]


@get("/{code:str}", sync_to_thread=True)
def copy_label(catalog: NamedDependency[Catalog], actor: NamedDependency[Actor], code: Code) -> Redirect:
    """The label of a copy leads to its title. Raises UnknownBarcode, DamagedBarcode."""
    return see(f"/titles/{catalog.title_id_by_code(actor, code)}")


@get("/{code:str}", sync_to_thread=False)
def loan_paper(code: Code) -> Redirect:
    """The paper of a loan leads to its page, which asks who may see it. Raises NotFound, DamagedBarcode."""
    booking_id = booking_id_of(code)
    if booking_id is None:
        raise NotFound
    return see(f"/reservations/{booking_id}")


# One router a spelling: a handler with two paths of its own is put into a thread twice.
ROUTES = [
    Router(f"/{letter}", route_handlers=[handler], include_in_schema=False)
    for letters, handler in (("Ee", copy_label), ("Ll", loan_paper))
    for letter in letters
]
