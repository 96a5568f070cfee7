"""Check that a network address is public, also one that hides an IPv4 address.

Sources: the IANA special-purpose registries as Python's ``ipaddress`` carries them; RFC 3056
(6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP), RFC 6052 and RFC 8215 (NAT64), RFC 4291 (mapped and
compatible forms).
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_NAT64: Final = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
_COMPATIBLE: Final = IPv6Network("::/96")
_ISATAP_MARKS: Final = frozenset({0x00005EFE, 0x02005EFE})


def is_public(address: str) -> bool:
    """Tell whether an address, as the resolver gives it, is one of the public internet."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        if parsed in _LOCAL_NAT64 or parsed in _COMPATIBLE or parsed.is_site_local:
            return False
        leads_to = _translated(parsed) or [parsed]
        if int(parsed) >> 32 & 0xFFFF_FFFF in _ISATAP_MARKS:
            # The interface id names another address; the network before it counts as well.
            leads_to.append(_low(parsed))
        return all(map(_is_global, leads_to))
    return _is_global(parsed)


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _low(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)


def _translated(address: IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return the IPv4 addresses that packets to an IPv6 one go to instead, or none."""
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return list(address.teredo)
    return [_low(address)] if address in _NAT64 else []
