"""Addresses of the pages of master data, stock, money and settings."""

from django.urls import URLPattern, path, register_converter

from hengcang.partners.queries import Role
from hengcang.web.masters import (
    accounts,
    agreed_prices,
    audit,
    batches,
    channels,
    expiry,
    families,
    integrity,
    item_card,
    item_ledger,
    items,
    keys,
    money,
    own_settings,
    partner_card,
    partners,
    periods,
    price_changes,
    price_lists,
    roles,
    serials,
    setup,
    stock,
    substitutes,
    users,
    warehouses,
    whereabouts,
)


class MonthConverter:
    """2026-11."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MonthConverter, "month")


def _partners(role: Role) -> list[URLPattern]:
    """The same pages for either side; a partner who is both has an address on each."""
    at, side = f"{role.value}s/", {"role": role}
    one = f"{at}<int:partner_id>"
    return [
        path(at, partners.partner_list, side, name=f"{role.value}-list"),
        path(f"{at}new", partners.partner_new, side, name=f"{role.value}-new"),
        path(one, partner_card.partner_card, side, name=f"{role.value}-card"),
        path(f"{one}/change", partners.partner_change, side, name=f"{role.value}-change"),
        path(f"{one}/disable", partners.partner_disable, side, name=f"{role.value}-disable"),
        path(f"{one}/enable", partners.partner_enable, side, name=f"{role.value}-enable"),
    ]


urlpatterns: list[URLPattern] = [
    path("login", accounts.log_in, name="login"),
    path("logout", accounts.log_out, name="logout"),
    path("password", accounts.own_password, name="password"),
    path("my-settings", own_settings.own_settings, name="own-settings"),
    path("setup/", setup.by_link, name="setup-link"),
    path("setup/<str:token>", setup.wizard, name="setup"),
    path("items/", items.item_list, name="item-list"),
    path("items/new", items.item_new, name="item-new"),
    path("items/options", items.item_options, name="item-options"),
    path("items/<int:item_id>", item_card.item_card, name="item"),
    path("items/<int:item_id>/change", items.item_change, name="item-change"),
    path("items/<int:item_id>/disable", items.item_disable, name="item-disable"),
    path("items/<int:item_id>/enable", items.item_enable, name="item-enable"),
    path("items/<int:item_id>/substitutes", substitutes.item_substitutes, name="item-substitutes"),
    path(
        "items/<int:item_id>/substitutes/change",
        substitutes.substitutes_change,
        name="item-substitutes-change",
    ),
    path("items/families/", families.family_list, name="family-list"),
    path("items/families/new", families.family_new, name="family-new"),
    *_partners(Role.CUSTOMER),
    *_partners(Role.SUPPLIER),
    path("partners/options", partners.partner_options, name="partner-options"),
    path(
        "customers/<int:partner_id>/prices", agreed_prices.customer_prices, name="customer-prices"
    ),
    path("price-lists/", price_lists.price_list_list, name="price-list-list"),
    path("price-lists/new", price_lists.price_list_new, name="price-list-new"),
    path("price-lists/<int:list_id>", price_lists.price_list, name="price-list"),
    path(
        "price-lists/<int:list_id>/change", price_lists.price_list_change, name="price-list-change"
    ),
    path(
        "price-lists/<int:list_id>/adjust",
        price_changes.price_list_adjust,
        name="price-list-adjust",
    ),
    path("price-tiers/", price_lists.price_tier_list, name="price-tier-list"),
    path("price-tiers/new", price_lists.price_tier_new, name="price-tier-new"),
    path("warehouses/", warehouses.warehouse_list, name="warehouse-list"),
    path("warehouses/new", warehouses.warehouse_new, name="warehouse-new"),
    path("warehouses/<int:warehouse_id>", warehouses.warehouse_change, name="warehouse-change"),
    path("sales-channels/", channels.channel_list, name="channel-list"),
    path("sales-channels/new", channels.channel_new, name="channel-new"),
    path("sales-channels/<int:channel_id>", channels.channel_change, name="channel-change"),
    path("stock/", stock.stock_list, name="stock-list"),
    path("stock/places", whereabouts.stock_places, name="stock-places"),
    path("batches/", batches.batch_list, name="batch-list"),
    path("batches/<int:batch_id>", batches.batch_card, name="batch"),
    path("batches/<int:batch_id>/change", batches.batch_change, name="batch-change"),
    path("stock/expiry", expiry.expiry_list, name="expiry-list"),
    path("stock/ledger", item_ledger.item_ledger, name="item-ledger"),
    path("serials/", serials.serial_list, name="serial-list"),
    path("serials/<int:serial_id>", serials.serial_card, name="serial"),
    path("money/", money.money_list, name="money-list"),
    path("money/<int:partner_id>", money.partner_money, name="partner-money"),
    path("periods/", periods.period_list, name="period-list"),
    path("periods/<month:month>/close", periods.period_close, name="period-close"),
    path("periods/<month:month>/reopen", periods.period_reopen, name="period-reopen"),
    path("audit/", audit.audit_log, name="audit-log"),
    path("users/", users.user_list, name="user-list"),
    path("users/new", users.user_new, name="user-new"),
    path("users/<int:user_id>", users.user_change, name="user-change"),
    path("roles/", roles.role_list, name="role-list"),
    path("roles/<int:role_id>", roles.role_change, name="role-change"),
    path("api-keys/", keys.key_list, name="key-list"),
    path("api-keys/new", keys.key_new, name="key-new"),
    path("api-keys/<int:key_id>/revoke", keys.key_revoke, name="key-revoke"),
    path("integrity/", integrity.integrity, name="integrity"),
    path("integrity/verify", integrity.verify, name="verify"),
]
