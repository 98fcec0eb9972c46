"""A gerai's logo and banner: how pages show them, and the owner's page that takes them."""

from __future__ import annotations

from typing import Final, cast

from core.errors import Refused
from server.http.problems import NotFound
from server.http.routes import Reply
from server.pictures.fronts import MEDIA, ROLES, Role
from server.pictures.refusals import BadPicture
from server.storefront.addresses import name_of
from server.storefront.pictures import drop_front, front_data, front_picture, take_front
from server.web.gerai_front import Front
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.shots import PLACES, Shot, front_shot
from server.web.view import View, redirect

WORDS: Final[dict[Role, tuple[str, str]]] = {
    "logo": (N_("Logo"), N_("Tampil kecil di samping nama toko, di atas alas putih.")),
    "banner": (
        N_("Spanduk"),
        N_("Tampil lebar di atas nama toko, menggantikan kain karawo. Tulisan tidak menimpanya."),
    ),
}
_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def send_front(role: Role, front: Front) -> Reply:
    """Its bytes. Where a kind was too heavy to be kept, the JPEG stands in.

    Raises:
        NotFound: there is none.
    """
    view, found = front.view, front_picture(front.here, role)
    step, kind = view.number("u"), view.query.get("j", "")
    with view.services.store.reading_shop(front.here.id) as tx:
        data = front_data(tx, role, found, step, kind)
        sent = kind if data else "jpeg"
        data = data or front_data(tx, role, found, step, "jpeg")
    if data is None:
        raise NotFound()
    lasts = sent == kind and view.query.get("v", "") == found.name[:16]
    headers = {
        "content-security-policy": _POLICY,
        "content-disposition": f'inline; filename="{PLACES[role]}.{sent}"',
        "cache-control": _FOR_EVER if lasts else "public, max-age=300",
    }
    return Reply(data, MEDIA[sent], headers=headers)


def _show(view: View, *, status: int = 200, error: str = "") -> Reply:
    name = name_of(view.services, view.here.id)
    shown: dict[Role, Shot | None] = {
        role: front_shot(view.here, f"/toko/{name}", role) if name else None for role in ROLES
    }
    has = {role: bool(front_picture(view.here, role).name) for role in ROLES}
    return page(
        view, "gerai_pictures.html", status=status, error=error, roles=ROLES, words=WORDS,
        shown=shown, has=has, saved=view.query.get("ya") == "1",
    )  # fmt: skip


def _save(view: View) -> Reply:
    role = cast(Role, view.form.get("peran", ""))
    if role not in ROLES:
        raise NotFound()
    try:
        if view.form.get("lakukan") == "hapus":
            drop_front(view.services, view.here.id, role, view.by)
        else:
            file = view.files.get("berkas")
            if file is None or not file.data:
                raise BadPicture(why="unreadable")
            take_front(view.services, view.here.id, role, file.data, view.by)
    except BadPicture as error:
        unread = error.details["why"] == "unreadable"
        said = view.words._("Gambar ini tidak dapat dibaca. Pilihlah yang lain.")
        return _show(view, status=422, error=said if unread else view.said(error))
    except Refused as error:
        return _show(view, status=422, error=view.said(error))
    return redirect(view.place("/rupa", ya="1"))


PAGES: Final = (
    Page("GET", "/kelola/{shop}/rupa", "The gerai's logo and banner", _show, "owner"),
    Page("POST", "/kelola/{shop}/rupa", "Change them", _save, "owner"),
)
