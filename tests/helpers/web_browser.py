"""A browser without a window or a script: keeps cookies, follows nothing, fills in forms."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx

from server.app.application import assemble
from server.config import Config
from server.services import Services
from tests.helpers.web_shop import OWNER, PASSWORD


class Form:
    """A form of a page: where it goes, and what its fields hold."""

    def __init__(self, action: str, method: str) -> None:
        """Without fields yet."""
        self.action = action
        self.method = method
        self.fields: dict[str, str] = {}


class PageReader(HTMLParser):
    """What tests ask of a page: forms, links, labels, headings, landmarks, ids."""

    def __init__(self, text: str) -> None:
        """Read a whole page."""
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self._open = ("", "")
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "form":
            self.forms.append(Form(given.get("action") or "", (given.get("method") or "get")))
        elif tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        elif tag == "label":
            self.labels.add(str(given.get("for")))
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag == "option" and "selected" in given and self.forms:
            self.forms[-1].fields[self._open[1]] = given.get("value") or ""
        elif tag in ("input", "select", "textarea"):
            self._open = (tag, str(given.get("name")))
            self.inputs.append({**given, "tag": tag})
            if self.forms and given.get("name"):
                value = given.get("value") or ""
                ticked = given.get("type") != "checkbox" or "checked" in given
                if ticked:
                    self.forms[-1].fields[str(given["name"])] = value

    def handle_data(self, data: str) -> None:
        """The content of a text field of several lines."""
        if self._open[0] == "textarea" and self.forms:
            self.forms[-1].fields[self._open[1]] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """A field is over."""
        if tag in ("select", "textarea"):
            self._open = ("", "")


class Browser:
    """Asks the whole application, as a person's browser would."""

    def __init__(self, services: Services, *, language: str = "id", address: str = "") -> None:
        """Nobody is signed in."""
        self.app = assemble(services, Config())
        self.app_services = services
        self.language = language
        self.address = address or "10.0.0.1"
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request; cookies that are set are kept."""
        import asyncio

        headers = {
            "accept-language": self.language,
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **given.pop("headers", {}),
        }

        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(self.address, 1234))
            async with httpx.AsyncClient(
                transport=transport, base_url="https://toko.contoh"
            ) as client:
                return await client.request(method, path, headers=headers, **given)

        answer = asyncio.run(run())
        for one in answer.headers.get_list("set-cookie"):
            name, _, rest = one.partition("=")
            value = rest.partition(";")[0]
            if "Max-Age=0" in one:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def get(self, path: str, **given: Any) -> httpx.Response:
        """Open a page."""
        return self.ask("GET", path, **given)

    def post(self, path: str, fields: dict[str, str], **given: Any) -> httpx.Response:
        """Send a form."""
        return self.ask("POST", path, data=fields, **given)

    def submit(self, page: str, action: str, **typed: str) -> httpx.Response:
        """Open `page`, fill in the form that goes to `action` (its end), send it."""
        forms = PageReader(self.get(page).text).forms
        form = next(
            one for one in forms if (one.action or page).endswith(action) and one.method == "post"
        )
        return self.post(form.action or page, {**form.fields, **typed})

    def sign_in(self, email: str = OWNER, password: str = PASSWORD, **code: str) -> httpx.Response:
        """Sign in as somebody; `kode` or `pulih` where a code is to be given as well."""
        answer = self.submit("/masuk", "/masuk", email=email, sandi=password)
        return self.give_code(answer, **code) if code else answer

    def give_code(self, asked: httpx.Response, **code: str) -> httpx.Response:
        """Fill in the page that asks for the code; the answer itself where it asks for none."""
        forms = [one for one in PageReader(asked.text).forms if one.action == "/masuk/kode"]
        return self.post(forms[0].action, {**forms[0].fields, **code}) if forms else asked
