"""A stretch of a message that must be hidden, and the mark that stands in its place."""

from dataclasses import dataclass

MARKS = {
    "phone": "〔电话〕",
    "id_card": "〔证件号〕",
    "bank_card": "〔卡号〕",
    "plate": "〔车牌〕",
    "wechat_id": "〔微信号〕",
    "email": "〔邮箱〕",
    "number": "〔号码〕",
    "name": "〔姓名〕",
    "person_alias": "〔称呼〕",
    "door": "〔门牌〕",
}


@dataclass(frozen=True, order=True)
class Span:
    """[start, end) in code points of the text as it came; `mask` is what is printed instead."""

    start: int
    end: int
    kind: str
    mask: str


def span(start: int, end: int, kind: str) -> Span:
    """A span with the usual mark of its kind."""
    return Span(start, end, kind, MARKS[kind])
