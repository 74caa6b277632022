"""Numbers and handles that lead to a person: phones, identity and bank cards, plates, WeChat ids, e-mails."""

import re
from collections.abc import Iterator

from sandan.calc.masking.spans import Span, span

_WIDE = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
_WIDE |= {ord(c): "-" for c in "－—–−‐‑"} | {ord(c): " " for c in "\u3000\u00a0\u2003\t"}
_WIDE |= {start + i: str(i + 1) for start in (0x2460, 0x2474) for i in range(9)}
_SPOKEN_SIGNS = "零〇○一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_SPOKEN = {ord(sign): digit for sign, digit in zip(_SPOKEN_SIGNS, "00011223456789123456789", strict=True)}

_GAP = r"[ \-._·*/,]{1,2}"
_ANY = r"[ \-._·*/,]{0,2}"
_IS = r"[ :是为叫,(\])】」]{0,4}"
_PHONE = r"(?:电话|手机|联系方式|致电|回电|来电|拨打|打给|tel|phone|mobile|☎|📞|座机|固话|热线)(?:号码?)?"
_CARD = r"(?:卡号|账号|帐号|账户|帐户|银行卡|打到|汇到|转到)(?:号码?)?"
_DATE = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
_WECHAT = (
    r"(?:微信号?|威信|薇信|weixin|wechat|v信|w信|微号|(?<![a-z0-9_])[wv]x号?(?=[ :是为]))(?:id|名|是|为|[ :,(]){0,4}"
)
_HANDLE = r"[a-z](?=[a-z0-9_\-]*[0-9_])[a-z0-9_\-]{5,19}"

# Order is rank: what stands first keeps its span where two overlap. A group x narrows the span.
_PLAIN = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for kind, pattern in (
        ("email", r"[a-z0-9][a-z0-9_.+-]{0,63}@[a-z0-9-]{1,40}(?:\.[a-z0-9-]{2,20}){1,4}"),
        ("id_card", rf"(?<!\d)\d{{6}}{_DATE}\d{{3}}[\dX](?!\d)"),
        ("id_card", r"(?<!\d)\d{6}[ \-]{1,2}(?:19|20)\d{2}[ \-]?\d{4}[ \-]{0,2}\d{3}[\dX](?!\d)"),
        ("id_card", rf"(?:身份证|证件|社保|医保)(?:号码?)?{_IS}(?P<x>\d[\d \-]{{10,22}}[\dX])(?!\d)"),
        ("bank_card", rf"{_CARD}{_IS}(?P<x>\d(?:[ \-]?\d){{9,23}})(?!\d)"),
        ("bank_card", r"(?<!\d)\d{4}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?(?!\d)"),
        ("id_card", r"(?<!\d)\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"),
        ("bank_card", r"(?<!\d)\d{16,19}(?![\dX])"),
        ("id_card", r"(?<!\d)\d{17}X"),
        ("phone", r"(?<!\d)(?:\+?86[ \-]?)?1[3-9]\d{9}(?!\d)"),
        ("phone", rf"(?<!\d)(?:\+?86[ \-]?)?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"),
        ("phone", rf"(?<!\d)(?:\+?86[ \-]?)?1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)"),
        ("phone", rf"(?<!\d)1{_ANY}[3-9]{_ANY}\d(?:{_ANY}\d){{8}}(?!\d)"),
        ("phone", r"(?<!\d)\(?0\d{2,3}[ \-)]{0,2}[2-8]\d{6,7}(?:[ \-转]{1,3}\d{1,5})?(?!\d)"),
        ("phone", rf"{_PHONE}{_IS}(?P<x>\+?\d(?:[ \-]?\d){{6,14}})(?!\d)"),
        ("phone", r"(?<!\d)1[3-9]\d{1,2}[*×x]{3,6}\d{2,4}(?!\d)"),
        ("id_card", r"(?<!\d)\d{3,6}[*×]{4,}\d{2,4}[\dX]?(?!\d)"),
        (
            "plate",
            rf"{_PROVINCE} ?[A-Z][ ·•.・\-]{{0,2}}(?=[A-Z ·]{{0,5}}\d)[A-Z0-9](?:[ ·\-]?[A-Z0-9]){{4}}[A-Z0-9]{{0,2}}",
        ),
        ("plate", rf"{_PROVINCE} ?[A-Z][ ·•.・\-]{{0,2}}(?=[A-Z]{{0,3}}\d)[A-Z0-9]{{4}}[挂学警港澳领使]"),
        ("plate", r"车牌(?:号码?)?[ :是为]{0,3}(?P<x>(?=[A-Z·]{0,6}\d)[A-Z0-9·]{4,8})"),
        ("wechat_id", rf"{_WECHAT}(?P<x>[a-z][a-z0-9_\-]{{4,19}}|\d{{5,11}})(?![a-z0-9_])"),
        ("wechat_id", r"(?<![a-z0-9_])(?:wxid|wx|vx|weixin)[_\-][a-z0-9_\-]{3,24}"),
        ("wechat_id", rf"加(?:我|一?下|个)?(?:微信|微|v|好友|群主)?[ :是为]{{0,3}}(?P<x>{_HANDLE})"),
        ("wechat_id", r"(?<![a-z0-9_])[a-z][a-z0-9]{1,15}_[a-z0-9_]*\d[a-z0-9_]{0,12}"),
        ("wechat_id", r"(?:QQ|扣扣|企鹅|Q号)(?:号码?)?[ :是为]{0,3}(?P<x>\d{5,11})(?!\d)"),
        ("number", r"(?<!\d)\d{11,}(?!\d)"),
    )
)
# The same numbers read aloud: no edge is asked for, but most signs must be Chinese numerals.
_ALOUD = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for kind, pattern in (
        ("id_card", rf"\d(?:{_ANY}\d){{16}}{_ANY}[\dX]"),
        ("phone", rf"1{_ANY}[3-9](?:{_ANY}\d){{9}}"),
        ("phone", rf"0\d{{2,3}}{_ANY}[2-8](?:{_ANY}\d){{6,7}}"),
        ("phone", rf"{_PHONE}{_IS}(?P<x>\d(?:{_ANY}\d){{6,14}})"),
        ("plate", rf"{_PROVINCE} ?[A-Z][ ·•.\-]{{0,2}}(?=[A-Z]{{0,4}}\d)[A-Z0-9]{{5}}"),
    )
)


def plain(text: str) -> str:
    """The text with full-width letters, digits and marks in their ASCII form; every code point keeps its place."""
    return text.translate(_WIDE)


def _hits(text: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> Iterator[Span]:
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            group = "x" if "x" in pattern.groupindex else 0
            yield span(match.start(group), match.end(group), kind)


def _is_aloud(text: str) -> bool:
    """Whether enough Chinese numerals stand in the text for it to be a number read aloud."""
    return sum(sign in _SPOKEN_SIGNS for sign in text) >= 4


def find(text: str) -> list[Span]:
    """All numbers and handles in rank order; spans may overlap."""
    clear = plain(text)
    aloud = (hit for hit in _hits(clear.translate(_SPOKEN), _ALOUD) if _is_aloud(text[hit.start : hit.end]))
    return [*_hits(clear, _PLAIN), *aloud]
