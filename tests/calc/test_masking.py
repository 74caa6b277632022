"""calc.masking: people, their numbers and their doors are found by rules alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc import masking
from sandan.calc.masking import Span, find, masked, terms

PHONES = (
    "16400007719",
    "164 0000 7719",
    "164-0000-7719",
    "1640-000-7719",
    "1 6 4 0 0 0 0 7 7 1 9",
    "+86 16400007719",
    "１６４００００７７１９",
    "164.0000.7719",
    "一六四零零零零七七一九",
    "幺六四〇〇〇〇七七幺九",
    "0351-4123456",
    "(0351)4123456",
    "0351-4123456转801",
    "164****7719",
)
IDENTITIES = (
    "990304198812120027",
    "99030419881212002X",
    "990304 19881212 0027",
    "990304881212002",
    "九九零三零四一九八八一二一二零零二七",
)
CARDS = ("6200000000002220008", "6200 0000 0000 2220 008", "6200000000002220", "６２００００００００００２２２０００８")
PLATES = (
    "青Z·0K553",
    "青Z0K553",
    "青z 0k553",
    "青Z 0 K 5 5 3",
    "宁ZD12345",
    "青Z·0K55挂",
    "青Ｚ·０Ｋ５５３",
    "青A一二三四五",
)
HANDLES = ("微信号wx_fake_1029", "wx:fake1029", "加我vx fake_1029", "加 wx_fake_5520", "微信 fakename", "QQ号1234567")


def kinds(text: str, level: str = "inside") -> list[str]:
    return [span.kind for span in find(text, level)]  # type: ignore[arg-type]


class TestFind:
    @pytest.mark.parametrize(
        ("kind", "number"),
        [
            *(("phone", n) for n in PHONES),
            *(("id_card", n) for n in IDENTITIES),
            *(("bank_card", n) for n in CARDS),
            *(("plate", n) for n in PLATES),
        ],
    )
    @pytest.mark.parametrize("frame", ["{}", "请回{}谢谢", "在3号楼2单元,{},快来"])
    def test_covers_a_number_in_every_writing(self, kind: str, number: str, frame: str) -> None:
        text = frame.format(number)
        start = text.index(number)
        covered = [s for s in find(text, "inside") if s.start <= start and start + len(number) <= s.end]
        assert [s.kind for s in covered] == [kind], masked(text, "inside")

    @pytest.mark.parametrize("text", HANDLES)
    def test_covers_a_handle(self, text: str) -> None:
        assert kinds(text) == ["wechat_id"]
        assert "fake" not in masked(text, "inside")

    def test_covers_an_email(self) -> None:
        assert masked("发到li.hong-1@example.com.cn吧", "inside") == "发到〔邮箱〕吧"

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("我叫景师古,住得远", "景师古"),
            ("姓名:柏若宁", "柏若宁"),
            ("【联系人】井志远16000990101", "井志远"),
            ("报失人盛凯16900330134", "盛凯"),
            ("黑白照(父荆国荣母游秀云)", "荆国荣"),
            ("护士上门?宿梅 16100220301", "宿梅"),
            ("我妈都玉贞", "都玉贞"),
            ("伤者公冶兰),要求", "公冶兰"),
            ("我叫买买提·艾力,来办证", "买买提·艾力"),
            ("谢谢李红梅同志", "李红梅"),
            ("孩子叫冼乐乐。", "冼乐乐"),
        ],
    )
    def test_covers_a_name_in_a_clear_frame(self, text: str, name: str) -> None:
        at = text.index(name)
        assert any(s.kind == "name" and s.start <= at and at + len(name) <= s.end for s in find(text, "inside"))

    def test_covers_a_name_wherever_it_stands_again(self) -> None:
        assert masked("我叫毕建国。楼上那毕建国就行", "inside") == "我叫〔姓名〕。楼上那〔姓名〕就行"

    @pytest.mark.parametrize(
        "text",
        [
            "我妈都急哭了",
            "孩子从小就怕黑",
            "老人安全问题",
            "我是业主,想问问",
            "水管师傅来过",
            "老管道漏了",
            "小高层停电",
            "老百姓都说好",
            "2026-08-10下午",
            "费用8-1000元",
            "拨12345或96333",
            "单号0810-048",
            "居民高度重视",
            "叫人来修",
            "程序员找工作",
        ],
    )
    def test_leaves_plain_words_alone(self, text: str) -> None:
        assert find(text, "public") == ()

    def test_keeps_forms_of_address_inside_and_hides_them_from_the_public(self) -> None:
        assert kinds("住在601的唐伯没开门") == []
        assert masked("3栋的王大妈和老芮都看见了", "public") == "3栋的〔称呼〕和〔称呼〕都看见了"

    def test_counts_in_code_points(self) -> None:
        assert find("𠮷𠮷电话16400007719", "inside") == (Span(4, 15, "phone", "〔电话〕"),)

    @given(st.text(alphabet="李建国我叫电话一三八0123456789 -·晋AB单元号楼室@._小老", max_size=60))
    def test_gives_spans_in_order_inside_the_text_and_apart(self, text: str) -> None:
        for level in ("inside", "public"):
            spans = find(text, level)  # type: ignore[arg-type]
            edges = [edge for s in spans for edge in (s.start, s.end)]
            assert edges == sorted(edges)
            assert all(0 <= s.start < s.end <= len(text) for s in spans)

    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "电话", "李梅", "3栋", "号"]))
    def test_never_leaves_a_mobile_number_open(self, number: str, before: str) -> None:
        assert not re.search(r"\d{4}", masked(f"{before}{number}快来", "inside"))

    def test_hides_the_rest_of_a_span_that_a_better_one_cuts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            masking.numbers, "find", lambda _text: [Span(3, 5, "phone", "P"), Span(1, 8, "number", "N")]
        )
        spans = find("          ", "inside")
        assert spans == (Span(1, 3, "number", "N"), Span(3, 5, "phone", "P"), Span(5, 8, "number", "N"))


class TestMasked:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("12-3-502漏水", "12号楼漏水"),
            ("12-502漏水", "12号楼漏水"),
            ("12号楼3单元502室漏水", "12号楼〔门牌〕漏水"),
            ("八栋四单元三零一漏水", "八栋〔门牌〕漏水"),
            ("甲座1207漏水", "甲座〔门牌〕漏水"),
            ("5号楼10层东户漏水", "5号楼〔门牌〕漏水"),
            ("502室漏水", "〔门牌〕漏水"),
        ],
    )
    def test_ends_an_address_at_the_building_for_the_public(self, text: str, shown: str) -> None:
        assert masked(text, "public") == shown
        assert masked(text, "inside") == text

    def test_hides_people_at_both_levels(self) -> None:
        text = "我叫景师古 16300550334"
        assert masked(text, "inside") == masked(text, "public") == "我叫〔姓名〕 〔电话〕"

    @given(st.text(max_size=200))
    def test_changes_nothing_but_the_spans(self, text: str) -> None:
        shown = masked(text, "public")
        for span in reversed(find(text, "public")):
            text = text[: span.start] + span.mask + text[span.end :]
        assert shown == text


class TestTerms:
    def test_cuts_chinese_into_pairs_and_keeps_words(self) -> None:
        assert terms("楼道灯坏了 LED灯 3号") == ("楼道", "道灯", "灯坏", "坏了", "led", "灯", "3", "号")

    def test_leaves_marks_out_and_says_each_term_once(self) -> None:
        assert terms("漏水〔电话〕漏水") == ("漏水",)

    def test_knows_rare_characters_and_nothing(self) -> None:
        assert terms("𠮷野") == ("𠮷野",)
        assert terms(" ,。😀") == ()
