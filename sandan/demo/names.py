"""Invented names and numbers; telephone prefixes and people that do not exist."""

from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红梅建国志新春海燕鹏飞宇晨"
    "欣怡雨涵子轩浩然雪琴文博思远佳慧晓东立群彩云永康学义广林素珍宝山长青树德凤仙金生"
    "润田仲景云舟若水知行"
)
UNALLOCATED = ("154", "160", "161", "163", "164", "168", "169")
TEN_MILLION, HUNDRED_MILLION = 10_000_000, 100_000_000


def a_name(rng: Random) -> str:
    """A surname and one or two characters."""
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def a_phone(rng: Random) -> str:
    """Eleven digits under a prefix that no operator has."""
    return rng.choice(UNALLOCATED) + f"{rng.randrange(HUNDRED_MILLION):08d}"


def phones(rng: Random, count: int) -> list[str]:
    """That many different numbers."""
    tails = rng.sample(range(HUNDRED_MILLION), count)
    return [f"{rng.choice(UNALLOCATED)}{tail:08d}" for tail in tails]
