"""Addresses of the work pages of purchasing."""

from django.urls import URLPattern, path

from hengcang.web.purchasing import comparing, for_sales, merging, policy, prices

urlpatterns: list[URLPattern] = [
    path("purchasing/for-sales", for_sales.for_sales, name="for-sales"),
    path("purchasing/merge", merging.merge, name="requisition-merge"),
    path("rfqs/<int:rfq_id>/compare", comparing.compare, name="rfq-compare"),
    path("rfqs/<int:rfq_id>/ask", comparing.ask, name="rfq-ask"),
    path("purchasing/policy", policy.policy, name="purchase-policy"),
    path("purchasing/prices/", prices.price_list, name="supplier-price-list"),
    path("purchasing/prices/new", prices.price_new, name="supplier-price-new"),
    path("purchasing/prices/paste", prices.price_paste, name="supplier-price-paste"),
    path("purchasing/prices/<int:price_id>", prices.price_change, name="supplier-price"),
    path(
        "purchasing/prices/<int:price_id>/remove",
        prices.price_remove,
        name="supplier-price-remove",
    ),
]
