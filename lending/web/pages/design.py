"""The design system, shown by itself: what stands here is what every page is made of."""

from typing import Any

from litestar import Request, Response, get

from lending.core.http.problems import Problem
from lending.core.i18n import gettext as _
from lending.web.design_tokens import pairs, symbols, tokens
from lending.web.rendering import page


@get("/design", sync_to_thread=False, include_in_schema=False)
def design(request: Request[Any, Any, Any]) -> Response[str]:
    """Colours, type, spaces, components and their states."""
    detail = _("Choisissez un jour d’ouverture.")
    wrong = Problem(slug="", title="", status=409, detail=detail, field="example_wrong")
    return page(
        request,
        "design.html",
        colours=[token for token in tokens() if token.is_colour],
        measures=[token for token in tokens() if not token.is_colour],
        pairs=pairs(),
        icons=symbols("icons.svg"),
        drawings=symbols("covers.svg"),
        wrong=wrong,
    )


ROUTES = [design]
