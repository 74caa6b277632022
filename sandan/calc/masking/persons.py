"""Names of people where the wording around them says that a name comes; better one too many than one too few."""

import re
from collections.abc import Iterable, Iterator

from sandan.calc.masking.spans import Span, span
from sandan.calc.masking.surnames import COMPOUND, EVERYDAY, GIVEN, SINGLE
from sandan.calc.masking.words import TAILS, WORDS

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
# After these a name follows almost always; after the weaker ones only where its edge and its look agree.
_STRONG = re.compile(
    r"(?:[我俺咱她他] ?(?:名字)?叫|名叫|名字[是叫为]?|大名|本人叫?|姓名|联系人|收件人|申请人|报修人|报失人|"
    r"反映人|咨询人|投诉人|举报人|报告人|求助人"
    r"|反馈人|预约人|户主|当事人|业主代表|居民代表|法人|经办人|代办人|监护人|(?:孩子|小孩|娃|姑娘|儿子|闺女|女儿|"
    r"老人|租户|房东|邻居)(?:名字)?叫"
    r"|来电人|致电人|伤者|患者|失主|事主|车主|房主|死者|甲方|乙方|丙方|其中一人|被告|原告|我是(?!不|个|在|想|说|"
    r"要|从|住))[ :：】」)是为,，\]]{0,3}"
)
_WEAK = re.compile(
    r"(?:[父母][亲]?|[我俺他她](?:爸|妈|爷|奶|姥姥|姥爷|外公|外婆|老伴|爱人|丈夫|老公|老婆|媳妇|儿子|女儿|闺女|"
    r"姐|妹|哥|弟)|家属|家长|孩子|老人|业主|租户|租客|房东"
    r"|邻居|同事|女儿|儿子|老伴|丈夫|妻子|爱人|司机|居民|住户|市民|群众|党员|网格员|楼长|联系|来电|收货|快递写|"
    r"写着|叫|找|是|问)[ :：】」)为]{0,2}"
)
_ALL_HAN = re.compile(f"[{_HAN}]{{1,2}}")
_EDGE = frozenset("的住在家电说要想反报身卡手今不也和与跟有没已了就先女男同年现这那昨请把被给向从来去到都父母,，")
_NOT_GIVEN = frozenset(
    "的了是不在有我你他她它们这那个就也都没么吗呢吧啊呀被把给跟对让将到着过去上下里外来很太更最还又再要会能可以为什怎哪谁几多少"
    "点些样时候说话问题情况电号楼区栋室单元层户门窗水管道路灯车位垃圾物业社区街办派出所局处科员主任书记师傅反映投诉举报维修损坏漏堵"
    "停断坏需望且但而或及与和从因所于向比"
)
_TITLE = (
    r"(?:女士|先生|小姐|师傅|大妈|大爷|大娘|大叔|大伯|大姐|大哥|大婶|大嫂|奶奶|爷爷|阿姨|阿婆|阿公|叔叔|伯伯|"
    r"婆婆|公公|老太太?|老爷子|老汉|老头|老师|医生|大夫|护士|经理|老板|队长"
    r"|书记|主任|警官|民警|同志|律师|会计|站长|所长|科长|局长|院长|校长|班长|组长|楼长|网格员|姐姐|哥哥|妹妹|叔|"
    r"伯|婶|姨|嫂|哥|姐|爷|奶|妈|总)"
)
_SUR = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SINGLE))}])"
_TITLED = re.compile(rf"(?=(?P<s>{_SUR})(?P<g>[{_HAN}]{{1,2}}?)??(?P<t>{_TITLE}))")
_FAMILIAR = re.compile(rf"(?<![{_HAN}])?(?P<x>[小老阿大](?P<s>{_SUR})(?P<t>头子?|{_TITLE})?)(?P<after>.?)", re.DOTALL)
_SURNAMED = re.compile(rf"(?<!百)姓(?P<x>{_SUR})(?!名|氏)")
_NICKNAME = re.compile(rf"(?:外号|绰号|诨名|小名|都叫[他她]?)[是叫为“\"「:：]{{0,2}}(?P<x>[{_HAN}]{{2,3}})")
_DOTTED = re.compile(rf"[{_HAN}]{{2,6}}[·•・][{_HAN}]{{2,8}}")
_LATIN = re.compile(r"[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15}){0,2}")
_BEFORE_NUMBER = re.compile(
    rf"(?P<n>[{_HAN}]{{2,}})[ ,，:：(（、】】\]\[【]{{0,3}}(?:(?:联系)?(?:电话|手机|方式)|身份证|卡号|微信|"
    rf"tel)?(?:号码?)?[ ,，:：】(（是为]{{0,3}}$"
)


def _is_name(name: str, sure: bool) -> bool:
    """Whether this could be a full name; `sure` when the frame leaves hardly another reading."""
    size = 2 if name[:2] in COMPOUND and len(name) > 2 else 1
    surname, given = name[:size], name[size:]
    if not _ALL_HAN.fullmatch(given) or name[:2] in WORDS or (size == 1 and surname not in SINGLE):
        return False
    known = sum(char in GIVEN for char in given)
    if surname in EVERYDAY and not sure:
        return known == len(given)
    if any(char in _NOT_GIVEN for char in given) and known < len(given):
        return False
    return sure or known > 0 or (len(given) == 2 and given[0] == given[1])


def _edge(text: str, at: int) -> bool:
    """Whether a name may end before `at`."""
    return at >= len(text) or text[at] in _EDGE or not re.match(f"[{_HAN}]", text[at])


def _name_at(text: str, at: int, sure: bool) -> int:
    """The end of the name that begins at `at`, or `at` where none does."""
    dotted = _DOTTED.match(text, at) or (_LATIN.match(text, at) if sure else None)
    if dotted:
        return dotted.end()
    sizes = (4, 3) if text[at : at + 2] in COMPOUND else (3, 2)
    fits = [n for n in sizes if at + n <= len(text) and _is_name(text[at : at + n], sure)]
    best = next((n for n in fits if _edge(text, at + n)), 0)
    if not best and sure and fits:
        best = next((n for n in fits if text[at + n - 1] in GIVEN), fits[-1])
    return at + best


def _framed(text: str) -> Iterator[Span]:
    for pattern, sure in ((_STRONG, True), (_WEAK, False)):
        for match in pattern.finditer(text):
            end = _name_at(text, match.end(), sure)
            if end > match.end():
                yield span(match.end(), end, "name")


def _before_numbers(text: str, numbers: Iterable[Span]) -> Iterator[Span]:
    """A name that stands right before a phone or card number."""
    for number in numbers:
        match = _BEFORE_NUMBER.search(text, max(0, number.start - 24), number.start)
        if match is None:
            continue
        run, end = match["n"], match.end("n")
        whole = len(run) <= 4 and _is_name(run, sure=True) and run[0] not in EVERYDAY
        sizes = (len(run),) if whole else (4, 3, 2)
        best = next((n for n in sizes if n <= len(run) and (whole or _looks(run[-n:], n == len(run)))), 0)
        if best:
            yield span(end - best, end, "name")


def _looks(name: str, alone: bool) -> bool:
    given = name[2:] if name[:2] in COMPOUND else name[1:]
    return _is_name(name, sure=False) and (alone or (len(name) > 2 and all(char in GIVEN for char in given)))


def _titled(text: str) -> Iterator[Span]:
    for match in _TITLED.finditer(text):
        full = match["s"] + (match["g"] or "")
        before = text[max(0, match.start() - 1) : match.start()]
        if before + match["s"] in TAILS:
            continue
        if match["g"] and _is_name(full, sure=False):
            yield span(match.start(), match.start() + len(full), "name")
        elif not match["g"] and (match["s"] not in EVERYDAY or not re.match(f"[{_HAN}]", before)):
            yield span(match.start(), match.end("t"), "person_alias")


def _familiar(text: str) -> Iterator[Span]:
    for match in _FAMILIAR.finditer(text):
        plain_surname = match["s"] not in EVERYDAY and match["s"] + match["after"] not in WORDS
        if match["t"] or (plain_surname and _edge(text, match.end("x"))):
            yield span(match.start("x"), match.end("x"), "person_alias")
    for pattern in (_SURNAMED, _NICKNAME):
        for match in pattern.finditer(text):
            yield span(match.start("x"), match.end("x"), "person_alias")


def _again(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Every other place where a name that was found stands once more."""
    for name in {text[hit.start : hit.end] for hit in found}:
        for match in re.finditer(re.escape(name), text):
            yield span(match.start(), match.end(), "name")


def find(text: str, numbers: Iterable[Span]) -> list[Span]:
    """Names and forms of address in rank order; spans may overlap. `numbers` are the numbers found before."""
    titled = list(_titled(text))
    names = [*_framed(text), *_before_numbers(text, numbers), *(hit for hit in titled if hit.kind == "name")]
    return [*names, *_again(text, names), *_familiar(text), *(hit for hit in titled if hit.kind != "name")]
