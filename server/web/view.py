"""What one request of a page is: who asks, in which shop and language, and how it is answered."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from core.errors import Refused
from server.accounts.people import ROLES
from server.accounts.sessions import Session, WrongCsrf, check_csrf
from server.db.types import ID_BYTES, parse_id
from server.http.problems import Malformed, NotFound, WrongMedia
from server.http.routes import Call, Reply
from server.messages import sentence
from server.services import Services
from server.shops.reading import ShopHere
from server.web.language import LANGUAGES, Words
from server.web.multipart import MEDIA, Uploaded, read_multipart
from server.web.showing import Show

SESSION_COOKIE: Final = "__Host-huyula"
FORM_COOKIE: Final = "__Host-huyula-form"
LANGUAGE_COOKIE: Final = "huyula-lang"
WHOSE: Final = "milik"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_MOST_COOKIES: Final = 32_768
_MOST_FIELDS: Final = 2_000
_FORM_NAME: Final = 32
_YEAR_S: Final = 365 * 24 * 3600


class NotSignedIn(Refused):
    """A page of a shop was asked for without a session."""

    code = "not_signed_in"


class NoCookie(Refused):
    """The browser sends no cookie back: the address is not https, or cookies are off."""

    code = "no_cookie"


@dataclass(frozen=True)
class View:
    """One request. `form` and `query` hold texts, `files` what a form brought; the last of equal
    names counts. `found` is what was looked up for it and need not be again, by its name."""

    call: Call
    language: str
    query: Mapping[str, str]
    cookies: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Uploaded] = field(default_factory=dict)
    session: Session | None = None
    token: str = ""
    shop: ShopHere | None = None
    role: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def services(self) -> Services:
        """The database, the clock, chance."""
        return self.call.services

    @property
    def here(self) -> ShopHere:
        """The shop, on pages that are of one."""
        assert self.shop is not None
        return self.shop

    @property
    def by(self) -> bytes:
        """The account that asks."""
        assert self.session is not None
        return self.session.account_id

    @property
    def whose(self) -> str:
        """What forms say of whose they are."""
        return mark_of(self.by) if self.session is not None else ""

    @property
    def words(self) -> Words:
        """How texts are said to the reader."""
        return Words(self.language)

    @property
    def show(self) -> Show:
        """How values are shown to the reader."""
        zone = self.shop.zone if self.shop else "Asia/Makassar"
        return Show(self.words, zone, self.services.now_ms())

    def may(self, least: str) -> bool:
        """Whether the reader's role in this shop reaches as far as `least`."""
        return self.role in ROLES and ROLES.index(self.role) <= ROLES.index(least)

    def may_see(self, field: str) -> bool:
        """Whether a product's field is for the reader: what goods cost is for managers."""
        return field != "cost" or self.may("manager")

    def place(self, path: str = "", **query: Any) -> str:
        """The address of a page of this shop; empty and missing parameters are left out."""
        given = {name: value for name, value in query.items() if value not in ("", None, 0)}
        tail = f"?{urlencode(given)}" if given else ""
        return f"/kelola/{self.here.id.hex()}{path}{tail}"

    def id_of(self, name: str) -> bytes:
        """An id in the path.

        Raises:
            NotFound: it is not one.
        """
        return _id(self.call.places[name])

    def number(self, name: str) -> int:
        """A whole number of the query, 0 where it is none."""
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0

    def placed_number(self, name: str) -> int:
        """A whole number of the path.

        Raises:
            NotFound: it is none.
        """
        text = self.call.places[name]
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise NotFound()
        return int(text)

    def sent_once(self) -> str:
        """What this form was: its own name and what was typed in it.

        The same again is the same click, sent twice.
        """
        typed = sorted((name, text) for name, text in self.form.items() if name != "csrf")
        digest = hashlib.sha256(repr(typed).encode()).hexdigest()
        return f"{self.form.get('formulir', '')[:_FORM_NAME]}.{digest}"

    def form_name(self) -> str:
        """The name of the form that is shown: a fresh one, or that of the form sent back."""
        given = self.form.get("formulir", "")
        return given[:_FORM_NAME] if given else self.services.new_id().hex()

    def said(self, refusal: Refused) -> str:
        """A refusal as a sentence."""
        return sentence(refusal, self.language)


def mark_of(person: bytes) -> str:
    """What a form says of whose it is: nobody else can name it, and it opens nothing."""
    return hashlib.sha256(b"huyula whose form" + person).hexdigest()[:32]


def open_view(call: Call) -> View:
    """Read a request's cookies and query, and its form where it has one.

    Raises:
        Malformed, WrongMedia: the form cannot be read.
    """
    cookies = _cookies(call.headers.get("cookie", ""))
    language = cookies.get(LANGUAGE_COOKIE, "")
    view = View(
        call,
        language if language in LANGUAGES else call.language,
        query_of(call),
        cookies,
    )
    if call.method != "POST":
        return view
    content_type = call.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() == MEDIA:
        form, files = read_multipart(content_type, call.raw)
        return replace(view, form=form, files=files)
    return replace(view, form=_form(call))


def query_of(call: Call) -> dict[str, str]:
    """A request's query; the last of equal names counts.

    Raises:
        Malformed: it cannot be read.
    """
    return {name: _storable(value) for name, value in _pairs(call.query_text).items()}


def check_form(view: View) -> None:
    """Pass a form of ours: by the session's secret, before signing in by the cookie's.

    Raises:
        WrongCsrf: it came from elsewhere, or its page is too old.
        NoCookie: the browser sends no cookie.
    """
    if view.call.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise WrongCsrf()
    given = view.form.get("csrf", "")
    if view.session is not None:
        check_csrf(view.session, given)
        return
    kept = view.cookies.get(FORM_COOKIE, "")
    if not kept:
        raise NoCookie()
    if not hmac.compare_digest(kept.encode(), given.encode()):
        raise WrongCsrf()


def cookie(name: str, value: str, *, max_age_s: int | None = None) -> str:
    """A cookie that scripts cannot read and other sites cannot make the browser send."""
    age = "" if max_age_s is None else f"; Max-Age={max_age_s}"
    return f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"


def language_cookie(language: str) -> str:
    """The cookie that keeps the reader's language; it is no secret and needs no https."""
    return f"{LANGUAGE_COOKIE}={language}; Path=/; HttpOnly; SameSite=Lax; Max-Age={_YEAR_S}"


def redirect(place: str, *, set_cookie: str = "") -> Reply:
    """Answer a form by sending the browser to a page (a reload then repeats nothing)."""
    headers = {"location": place}
    if set_cookie:
        headers["set-cookie"] = set_cookie
    return Reply(b"", "text/html; charset=utf-8", 303, headers)


def safe_place(text: str) -> str:
    """A path of ours to go on to, "/" for anything else: nobody is sent to another site."""
    plain = text.isascii() and text.isprintable()
    good = plain and text.startswith("/") and not text.startswith("//") and "\\" not in text
    return quote(text, safe="/?&=%-._~+:") if good and len(text) < 500 else "/"


def id_in_form(view: View, name: str, size: int = ID_BYTES) -> bytes:
    """An id that a form brings (or a hash, of 32 bytes).

    Raises:
        NotFound: it is not one.
    """
    try:
        found = bytes.fromhex(view.form.get(name, ""))
    except ValueError:
        raise NotFound() from None
    if len(found) != size:
        raise NotFound()
    return found


def _id(text: str) -> bytes:
    try:
        return parse_id(text)
    except ValueError:
        raise NotFound() from None


def _pairs(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Malformed(why=str(error)) from error


def _form(call: Call) -> dict[str, str]:
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise WrongMedia(media=_FORM_TYPE)
    try:
        text = call.raw.decode("utf-8")
        pairs = parse_qsl(
            text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise Malformed(why=str(error)) from error
    return {name: _storable(value) for name, value in pairs}


def _storable(text: str) -> str:
    """Text without NULs, which cannot be stored nor looked for and mean nothing to anybody."""
    return text.replace("\0", "")


def _cookies(header: str) -> dict[str, str]:
    """All of them: one that is cut off counts as none, and is then written anew without what it
    held. Servers before this one let no longer header through."""
    try:
        return {name: one.value for name, one in SimpleCookie(header[:_MOST_COOKIES]).items()}
    except CookieError:
        return {}
