"""The page that says what went wrong, for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from issuer_service.pages.metroline_words import finding_in_words
from issuer_service.pages.rendering import render
from issuer_service.web.dependencies import Language, language_of
from issuer_service.web.returning import way_to_sign_in

__all__ = ["error_page"]

_SENTENCES = {
    HTTPStatus.NOT_FOUND: ("Deze pagina is er niet.", "This page does not exist."),
    HTTPStatus.UNAUTHORIZED: ("Log eerst in.", "Sign in first."),
    HTTPStatus.FORBIDDEN: ("Dit mag je hier niet.", "You may not do this here."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("Dit bestand is te groot.", "This file is too large."),
    HTTPStatus.TOO_MANY_REQUESTS: ("Dit gaat te snel. Probeer het straks weer.", "That is too fast. Try again later."),
    HTTPStatus.CONFLICT: ("Dit kan nu niet.", "This cannot be done now."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Het lukt nu niet. Probeer het later.", "It does not work now. Try it later."),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Er ging iets mis bij ons. Er is niets veranderd.",
        "Something went wrong on our side. Nothing was changed.",
    ),
}
_OTHERWISE = ("Dit verzoek begrijpen we niet.", "We do not understand this request.")


def error_page(request: Request, status: HTTPStatus, detail: str) -> Response:
    """A page with the sentence for this status, and the detail beside it."""
    asked = request.query_params.get("lang")
    language: Language = "en" if asked == "en" else "nl" if asked == "nl" else language_of(request)
    dutch, english = _SENTENCES.get(status, _OTHERWISE)
    return render(
        "error.html",
        language,
        status=status,
        dutch=dutch,
        english=english,
        detail=finding_in_words(detail, language),
        code=int(status),
        sign_in=way_to_sign_in(request),
    )
