"""From the names in domain/vendors.py to the vendors' modules."""

from importlib import import_module
from typing import Protocol, cast

from nhl_ops.domain.settings import PriceVendor
from nhl_ops.gateways.vendor import OddsVendor, VendorContext


class VendorModule(Protocol):
    """What `gateways/<name>.py` offers: its section of config/vendors.toml, and the vendor made from it."""

    Config: type[PriceVendor]

    def vendor(self, config: PriceVendor, context: VendorContext) -> OddsVendor: ...


def module_of(vendor: str) -> VendorModule:
    return cast(VendorModule, import_module(f"nhl_ops.gateways.{vendor.lower()}"))
