"""What each line of an order's journal says to each reader; an empty text means: not for this reader.

Names in the texts: helper (the one who serves), word, where, reason, numbers, names, due, channel, count.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.orders.workflow import S

Text = str | Promise


@dataclass(frozen=True)
class Phrase:
    """One verb for three readers."""

    desk: Text
    helper: Text
    asker: Text


def _same(text: Text, asker: Text = "") -> Phrase:
    return Phrase(text, text, asker)


def _inside(text: Text, asker: Text = "") -> Phrase:
    return Phrase(text, "", asker)


PHRASES: dict[str, Phrase] = {
    "place": _same(_("点单，来自%(channel)s"), _("收到您说的事。")),
    "wish_erase": _inside(_("点单人要求删除个人信息"), _("您要求删除个人信息。")),
    "decide_erase": _inside(_("社区核实后答复了删除要求"), _("社区答复了您的删除要求。")),
    "retract": _inside(_("点单人收回了同意"), _("您收回了同意。")),
    "hand_out": _inside("", _("您看了存着的全部信息。")),
    "join": _same(_("又有一位邻居报了同一件事"), _("又有一位邻居也报了这件事。")),
    "bear": _same(_("从 %(numbers)s 留下的一半，另立这一单"), _("上一单还剩一半，另立这一单接着办。")),
    "split_off": _same(_("从 %(numbers)s 拆出来的一件事"), _("从您说的几件事里单立出来的一件。")),
    "judge": _same(_("研判：%(category)s，%(urgency)s"), _("社区看过了，正在找人办。")),
    "open_up": _same(_("放出来抢单"), _("正在问附近谁能来。")),
    "offer": Phrase(_("派给%(names)s"), _("社区派单"), _("已经派人，等他答应。")),
    "grab": _same(_("抢到了单"), _("%(helper)s接了，会按时来。")),
    "lapse": _inside(_("没人抢")),
    "gather": Phrase(_("一起问了几个人"), _("社区问了几个人"), _("正在问几个人，凑齐了就来。")),
    "consent": _inside(_("答了一声")),
    "accept": _same(_("答应接单"), _("%(helper)s接了，会按时来。")),
    "decline": _inside(_("说来不了")),
    "miss": _inside(_("到时没答应")),
    "set_out": _same(_("出发"), _("%(helper)s出发了。")),
    "release": _inside(_("交回了单"), _("换个人来，社区正在找。")),
    "finish": _same(_("办好，交了单"), _("%(helper)s说办好了。")),
    "review": _same(_("评价：%(word)s"), _("您说：%(word)s。")),
    "hear": _same(_("问到了点单人：%(word)s"), _("社区问过您：%(word)s。")),
    "stand_in": _inside(_("代为评定：%(word)s"), _("社区核对过：%(word)s。")),
    "dissent": _same(_("没解决，重办"), _("没解决，重新办。")),
    "send_back": _same(_("退回重做"), _("社区看了，请师傅再办一次。")),
    "call_back": _inside(_("回访，%(reached)s"), _("社区联系过您，%(reached)s。")),
    "close": _same(_("销号：%(outcome)s"), _("办结了。15 天内没好，可以重办。")),
    "reopen": _same(_("办结后又重办"), _("重新办，还是这个单号。")),
    "ask": _same(_("问点单人一句话"), _("有句话要问您。")),
    "answer": _same(_("点单人回了话"), _("您回了话。")),
    "ask_again": _inside(_("三天没回话，又问了一次"), _("又问了您一次。")),
    "no_reply": _same(_("一直没回话，先收起来"), _("一直没等到您回话，先收起来。还要办，随时再点。")),
    "pause": _same(_("挂起"), _("先停一停。")),
    "resume": _same(_("接着办"), _("接着办了。")),
    "ledger": _same(_("挂账"), _("眼下办不了，记在账上。")),
    "take_up": _same(_("销账，接着办"), _("现在能办了，接着办。")),
    "extend": _same(_("期限改到 %(due)s"), _("期限改到 %(due)s。")),
    "escalate": _same(_("上报%(level)s"), _("报给了上一级，还有人管着。")),
    "hand_down": _inside(_("交回%(level)s"), _("上一级交了回来，接着办。")),
    "pass_on": _same(_("转交：%(where)s"), _("转给了专管的：%(where)s。")),
    "take_back": _inside(_("转交收回"), _("又回到社区，接着办。")),
    "refuse": _inside(_("不予受理"), _("这事社区办不了。归谁管，写在下面。")),
    "file": _inside(_("回复归档"), _("收到了，谢谢您告诉我们。")),
    "unfile": _inside(_("归档撤回，当一件事来办"), _("又当一件事来办。")),
    "merge": _inside(_("并入 %(numbers)s"), _("和邻居报的是同一件事，合在一起办。")),
    "merge_in": _same(_("%(numbers)s 并了进来"), _("又有邻居报了同一件事，合在一起办。")),
    "unmerge": _inside(_("从 %(numbers)s 分出来，单独办"), _("不是同一件事，分开单独办。")),
    "split": _inside(_("拆单，另立 %(numbers)s"), _("您说的是几件事，分开来办。另立 %(numbers)s。")),
    "withdraw": _same(_("点单人撤单"), _("您撤回了。")),
    "draw": _inside(_("抽中实地走访")),
    "check": _inside(_("实地走访过"), _("社区的人到现场看过。")),
    "whistle": _same(_("吹哨，叫部门来"), _("请了有关部门一起来看。")),
    "whistle_more": _inside(_("又叫了单位来")),
    "whistle_coming": _same(_("应了哨，来")),
    "whistle_no": _inside(_("应了哨，来不了")),
    "whistle_arrived": _same(_("应哨到了现场"), _("有关部门的人到了。")),
    "whistle_done": _same(_("应哨的事办完了")),
    "whistle_remind": _inside(_("哨还没应，催了一次")),
    "whistle_missed": _inside(_("到时没应哨，告诉了街道")),
    "whistle_late": _inside(_("应了哨还没到，催了一次")),
    "whistle_end": _same(_("收哨")),
    "whistle_off": _inside(_("撤哨")),
    "whistle_stars": _inside(_("给应哨的单位评了分")),
    "whistle_judged": _inside(_("说了这声哨吹得怎么样")),
    "join_ask": _inside(_("请人一起办")),
    "join_in": _same(_("答应一起办"), _("又来了帮手。")),
    "join_no": _inside(_("说来不了，不能一起办")),
    "join_drop": _inside(_("撤回了请人一起办")),
    "join_work": _same(_("记下自己办的一份")),
    "join_agree": _inside(_("定了一份的份额")),
    "join_no_share": _inside(_("不同意定的份额")),
    "send_out": _inside(_("发给外单位")),
    "send_taken": _inside(_("外单位接下了")),
    "send_no": _inside(_("外单位退回来了")),
    "send_done": _inside(_("外单位办完了")),
    "send_end": _inside(_("发给外单位的收回了")),
    "ring": _inside(_("接电话开的单")),
    "ring_more": _inside(_("补了几句")),
    "post_over": _inside(_("岗位换了人，单子随岗位转过去")),
    "shadow": _inside(_("一日网格员跟岗看到，以带岗人的名义报来")),
    "page": _inside(_("呼叫值班的人：%(paged)s")),
    "respond": _inside(_("应了呼叫，来处理"), _("值班的人已经在处理。")),
    "hand_on": _inside(_("把呼叫转给下一位")),
    "unheard": _inside(_("叫了一圈没人应，报了区里")),
    "stand_down": _inside(_("有人在办，不再呼叫")),
    "propose_up": _inside(_("在这一级停久了，建议上报")),
    "remind": _inside(_("系统催了负责人")),
    "overdue": _inside(_("超时，催了负责人和上一级")),
    "nudge": _inside(_("催评价")),
}

NEXT: dict[str, tuple[Text, Text]] = {  # state: what comes next, for the staff and for the asker
    S.RECEIVED: (_("研判到期"), _("给您回话")),
    S.JUDGED: (_("办结到期"), _("办好")),
    S.OPEN: (_("办结到期"), _("办好")),
    S.OFFERED: (_("办结到期"), _("办好")),
    S.TAKEN: (_("办结到期"), _("办好")),
    S.UNDERWAY: (_("办结到期"), _("办好")),
    S.REOPENED: (_("办结到期"), _("办好")),
    S.ESCALATED: (_("办结到期"), _("办好")),
    S.SERVED: (_("等点单人说解决没有"), _("等您说一声解决没有")),
    S.REVIEWED: (_("等回访和销号"), _("社区核对后销号")),
    S.ASKED: (_("等点单人回话"), _("等您回话")),
    S.PAUSED: (_("自动接着办"), _("接着办")),
    S.LEDGERED: (_("复看"), _("再看能不能办")),
}
BY_DUE = frozenset({S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.TAKEN, S.UNDERWAY, S.REOPENED, S.ESCALATED})
BY_NEXT = frozenset({S.ASKED, S.PAUSED, S.LEDGERED})
LATE = (_("超过期限了"), _("超过答应您的时间了，社区正在催"))
