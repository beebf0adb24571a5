"""What people see when something could not be done and no form is there to say it."""

from typing import Any

from litestar import Request, Response

from lending.core.http.problems import problem_of
from lending.web.rendering import page


def error_page(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """A page that says what is wrong and what to do next; it needs nothing but the request."""
    return page(request, "error.html", problem=problem_of(error))
