"""Templates become answers: escaped always, with a policy that lets nothing in from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from core.errors import Refused
from server.http.problems import headers_of, problem_of, status_of
from server.http.routes import Reply
from server.web.icons import icon
from server.web.static_files import address
from server.web.view import View

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR_S: Final = 31_536_000
HEADERS: Final = {
    "content-security-policy": POLICY,
    "strict-transport-security": "max-age=31536000",
    "x-frame-options": "DENY",
    "vary": "cookie, accept-language",
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; a name that is not given is an error, not a blank."""
    made = Environment(
        loader=PackageLoader("server.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(icon=icon, static=address)
    return made


def page(
    view: View,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **data: Any,
) -> Reply:
    """A page as an answer."""
    words = view.words
    text = (
        environment()
        .get_template(template)
        .render(view=view, show=view.show, _=words._, ngettext=words.ngettext, **data)
    )
    return Reply(
        text.encode("utf-8"), "text/html; charset=utf-8", status, {**HEADERS, **(headers or {})}
    )


# A browser shows a picture alone in a page of its own making, which it styles in its own way.
_PICTURE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
)


def picture_headers(*, for_ever: bool) -> dict[str, str]:
    """Headers of a picture that the server wrote anew: shown, never run, and kept by nobody but
    the reader's own browser."""
    return {
        "content-security-policy": _PICTURE_POLICY,
        "content-disposition": 'inline; filename="gambar.jpg"',
        "cross-origin-resource-policy": "same-origin",
        "cache-control": f"private, max-age={_YEAR_S}, immutable" if for_ever else "no-store",
        "vary": "cookie",
    }


def refused(view: View, refusal: Refused) -> Reply:
    """A refusal as a page: what it is, and the way back."""
    status = status_of(refusal)
    problem = problem_of(refusal, status, language=view.language, request_id=view.call.request_id)
    return page(
        view,
        "refused.html",
        status=status,
        headers=headers_of(problem, refusal.details),
        code=refusal.code,
        message=problem.message,
        request_id=view.call.request_id,
    )
