"""What a request tells about device and network, in as few words as a person needs."""

from ipaddress import IPv6Address, ip_address, ip_network

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "–"
# A home or a phone gets at least so much of IPv6 for itself.
IPV6_PREFIX = 64


def device_name(user_agent: str) -> str:
    """Browser and system such as "Chrome, Android"; nothing else of the header is kept."""
    names = (
        next((name for mark, name in known if mark in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, names)) or UNKNOWN


def network_of(address: str) -> str:
    """The address that tries are counted under: of IPv6 the network, since hosts are free."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return address
