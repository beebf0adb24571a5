"""Errors as RFC 9457 problem details: a stable `type` per error class, the facts as members."""

import datetime as dt
import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from lending.core.errors import LendingError, TooMany, status_of
from lending.core.i18n import N_, gettext

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

# What the framework itself refuses, by status: slug and title.
HTTP_PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("invalid-request", N_("Demande mal formée")),
    401: ("sign-in-required", N_("Connexion nécessaire")),
    403: ("forbidden", N_("Action non autorisée")),
    404: ("not-found", N_("Introuvable")),
    405: ("method-not-allowed", N_("Méthode non permise")),
    413: ("body-too-large", N_("Envoi trop volumineux")),
    415: ("unsupported-media-type", N_("Format non pris en charge")),
    500: ("internal-error", N_("Erreur interne")),
}
HTTP_DETAILS: dict[int, str] = {
    400: N_("Le contenu envoyé ne peut pas être lu. Vérifiez les champs indiqués."),
    404: N_("Cette page ou cet élément n’existe pas."),
    405: N_("Cette adresse ne connaît pas cette méthode."),
    413: N_("Cet envoi dépasse la taille acceptée."),
    415: N_("Le format de cet envoi n’est pas pris en charge."),
    500: N_("Une erreur imprévue s’est produite. Rien n’a été modifié. Réessayez, ou prévenez l’administrateur."),
}


class Problem(msgspec.Struct, kw_only=True):
    """One refusal, ready to be shown on a page or sent as JSON."""

    slug: str
    title: str
    status: int
    detail: str
    field: str | None = None
    facts: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    retry_after_seconds: int | None = None

    def as_json(self, instance: str) -> dict[str, Any]:
        """The members of the problem document; the facts never replace the standard ones."""
        body = {name: _plain(fact) for name, fact in self.facts.items()}
        body |= {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        body |= {"detail": self.detail, "instance": instance}
        if self.field:
            body["field"] = self.field
        if self.errors:
            body["errors"] = self.errors
        return body


def problem_of(error: Exception) -> Problem:
    """What an exception tells people, in the language in force. An unknown one is logged and tells nothing."""
    if isinstance(error, LendingError):
        return _of_lending(error)
    if isinstance(error, HTTPException) and error.status_code < HTTP_500_INTERNAL_SERVER_ERROR:
        return _of_http(error)
    log.error("unhandled exception", exc_info=error)
    return _of_status(HTTP_500_INTERNAL_SERVER_ERROR)


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer of the API."""
    problem = problem_of(error)
    return Response(
        msgspec.json.encode(problem.as_json(request.url.path)),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers_of(problem),
    )


def headers_of(problem: Problem) -> dict[str, str]:
    """Headers that a status asks for."""
    if problem.retry_after_seconds is not None:
        return {"retry-after": str(problem.retry_after_seconds)}
    return {"www-authenticate": "Bearer"} if problem.status == 401 else {}  # noqa: PLR2004 - unauthenticated


def _of_lending(error: LendingError) -> Problem:
    return Problem(
        slug=error.slug,
        title=error.localized_title(),
        status=status_of(error),
        detail=error.localized_detail(),
        field=error.beside(),
        facts=error.facts,
        retry_after_seconds=error.resets_in_seconds if isinstance(error, TooMany) else None,
    )


def _of_http(error: HTTPException) -> Problem:
    problem = _of_status(error.status_code if error.status_code in HTTP_PROBLEMS else 400)
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        problem.errors = [{"field": e.get("key", ""), "message": e.get("message", "")} for e in error.extra]
    return problem


def _of_status(status: int) -> Problem:
    slug, title = HTTP_PROBLEMS[status]
    return Problem(
        slug=slug,
        title=gettext(title),
        status=status,
        detail=gettext(HTTP_DETAILS.get(status, title)),
    )


def _plain(fact: object) -> object:
    if isinstance(fact, dt.date):
        return fact.isoformat()
    return msgspec.to_builtins(fact)
