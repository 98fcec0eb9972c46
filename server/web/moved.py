"""The owner's pages at their former address: bookmarks of those who are signed in go on.

`/toko/<name>` is a shop's gerai now. An id there is no name: to a stranger it is as unknown as any.
"""

from __future__ import annotations

from typing import Final

from server.db.types import parse_id
from server.http.problems import NotFound
from server.http.routes import Reply
from server.web.routing import Page
from server.web.view import View, redirect, safe_place


def is_former(name: str) -> bool:
    """Whether what stands where a gerai's name stands is a shop's id."""
    try:
        parse_id(name)
    except ValueError:
        return False
    return True


def go_on(view: View) -> Reply:
    """To where the page is now.

    Raises:
        NotFound: nobody is signed in, or it never was an address of the owner's.
    """
    name, _, rest = view.call.path.removeprefix("/toko/").partition("/")
    if view.session is None or not is_former(name):
        raise NotFound()
    tail = f"/{rest}" if rest else ""
    query = f"?{view.call.query_text}" if view.call.query_text else ""
    return redirect(safe_place(f"/kelola/{parse_id(name).hex()}{tail}{query}"))


FORMER: Final = Page("GET", "/toko/{rest:path}", "The owner's pages, formerly", go_on, "all")
PAGES = (FORMER,)
