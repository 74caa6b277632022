"""What is said of a device and an address: words coarse enough to tell one's own phone, and no more."""

from ipaddress import ip_address, ip_network

MACHINES = (
    ("ipad", "tablet"), ("android", "phone"), ("iphone", "phone"), ("harmony", "phone"), ("windows", "windows"),
    ("macintosh", "mac"), ("linux", "linux"),
)  # fmt: skip
PROGRAMS = (
    ("wxwork", "wecom"), ("micromessenger", "wechat"), ("dingtalk", "dingtalk"), ("lark", "feishu"),
    ("feishu", "feishu"), ("edg", "edge"), ("firefox", "firefox"), ("chrome", "chrome"), ("safari", "safari"),
)  # fmt: skip
KEPT_BITS = {4: 16, 6: 32}


def device_of(agent: str) -> str:
    """Two words for a browser's name of itself, e.g. "phone wechat"."""
    text = agent.lower()
    words = [next((word for mark, word in table if mark in text), "other") for table in (MACHINES, PROGRAMS)]
    return " ".join(words)


def prefix_of(address: str) -> str:
    """The front part of an address: the first half of an IPv4 one, the provider's part of an IPv6 one; "" for none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    network = ip_network(f"{address}/{KEPT_BITS[parsed.version]}", strict=False)
    return str(network)
