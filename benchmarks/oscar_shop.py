"""A django-oscar shop for benchmarks: run by the Python of its own environment, never by ours.

`oscar_shop.py fill` makes its tables and one category with so many products; as a module with the
name `application` it is served by gunicorn. As its documentation sets it up, with DEBUG off and
templates cached; twenty products a page, found by the database (later versions need a search
engine).
"""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings
from django.urls import include, path
from oscar import defaults

_APPS = (
    "oscar.config.Shop oscar.apps.analytics.apps.AnalyticsConfig"
    " oscar.apps.checkout.apps.CheckoutConfig oscar.apps.address.apps.AddressConfig"
    " oscar.apps.shipping.apps.ShippingConfig oscar.apps.catalogue.apps.CatalogueConfig"
    " oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig"
    " oscar.apps.communication.apps.CommunicationConfig oscar.apps.partner.apps.PartnerConfig"
    " oscar.apps.basket.apps.BasketConfig oscar.apps.payment.apps.PaymentConfig"
    " oscar.apps.offer.apps.OfferConfig oscar.apps.order.apps.OrderConfig"
    " oscar.apps.customer.apps.CustomerConfig oscar.apps.search.apps.SearchConfig"
    " oscar.apps.voucher.apps.VoucherConfig oscar.apps.wishlists.apps.WishlistsConfig"
    " oscar.apps.dashboard.apps.DashboardConfig"
    " oscar.apps.dashboard.reports.apps.ReportsDashboardConfig"
    " oscar.apps.dashboard.users.apps.UsersDashboardConfig"
    " oscar.apps.dashboard.orders.apps.OrdersDashboardConfig"
    " oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig"
    " oscar.apps.dashboard.offers.apps.OffersDashboardConfig"
    " oscar.apps.dashboard.partners.apps.PartnersDashboardConfig"
    " oscar.apps.dashboard.pages.apps.PagesDashboardConfig"
    " oscar.apps.dashboard.ranges.apps.RangesDashboardConfig"
    " oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig"
    " oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig"
    " oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig"
    " oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig"
    " widget_tweaks haystack treebeard django_tables2"
)
_CONTRIB = "admin auth contenttypes sessions messages staticfiles sites flatpages"
_PROCESSORS = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.template.context_processors.i18n",
    "django.contrib.messages.context_processors.messages",
    "oscar.apps.search.context_processors.search_form",
    "oscar.apps.checkout.context_processors.checkout",
    "oscar.apps.communication.notifications.context_processors.notifications",
    "oscar.core.context_processors.metadata",
)
_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
)


class NoThumbnails:
    """Goods without pictures cost nothing here, as they cost nothing in ours."""

    url, width, height = "/static/none.jpg", 1, 1

    def generate_thumbnail(self, source: object, **_: object) -> NoThumbnails:
        """Nothing is drawn."""
        return self

    def delete_thumbnails(self, source: object) -> None:
        """There are none."""


def _set_up() -> None:
    own = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")}
    own.update(
        OSCAR_PRODUCTS_PER_PAGE=20,
        OSCAR_DEFAULT_CURRENCY="IDR",
        OSCAR_THUMBNAILER="oscar_shop.NoThumbnails",
        DEBUG=False,
        SECRET_KEY="benchmark",
        ALLOWED_HOSTS=["*"],
        SITE_ID=1,
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[*(f"django.contrib.{one}" for one in _CONTRIB.split()), *_APPS.split()],
        MIDDLEWARE=list(_MIDDLEWARE),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": list(_PROCESSORS)},
            }
        ],
        HAYSTACK_CONNECTIONS={
            "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
        },
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["OSCAR_DATABASE"],
                "USER": os.environ["OSCAR_USER"],
                "HOST": os.environ["OSCAR_HOST"],
                "CONN_MAX_AGE": None,
            }
        },
    )
    settings.configure(**own)
    django.setup()


if not settings.configured:
    _set_up()

from django.apps import apps  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
application = get_wsgi_application()


def fill(products: int) -> str:
    """Make tables and goods; returns the category's path."""
    from django.core.management import call_command
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0)
    kind = get_model("catalogue", "ProductClass").objects.create(name="Barang")
    category = get_model("catalogue", "Category").add_root(name="Sembako", slug="sembako")
    partner = get_model("partner", "Partner").objects.create(name="Toko", code="toko")
    Product, Record = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    for number in range(products):
        one = Product.objects.create(
            title=f"Barang {number}", slug=f"barang-{number}", product_class=kind
        )
        one.categories.add(category)
        Record.objects.create(
            product=one, partner=partner, partner_sku=str(number), price=10_000, num_in_stock=20
        )
    return str(category.get_absolute_url())


if __name__ == "__main__":
    print(fill(int(sys.argv[2])))
