"""The code lists of the order as people say them: reasons, outcomes, channels, places an order is passed on to."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = dict[str, "str | Promise"]

CHANNELS: Labels = {
    "web": _("网页"),
    "qr": _("扫码"),
    "board": _("宣传栏"),
    "wechat": _("微信公众号"),
    "phone": _("电话"),
    "meeting": _("群众会"),
    "visit": _("来访"),
    "paper": _("纸质"),
    "patrol": _("网格走访"),
    "group": _("微信群转来"),
    "card": _("连心卡"),
}
PAUSE: Labels = {
    "parts": _("等配件"),
    "vote": _("等业主表决"),
    "weather": _("等天气"),
    "asker_away": _("点单人不在家"),
    "third_party": _("等别的单位"),
    "asked": _("等点单人回话"),
}
LEDGER: Labels = {
    "no_money": _("没有资金"),
    "owner_unknown": _("产权不清"),
    "needs_project": _("要立项改造"),
    "law_unclear": _("政策不明"),
    "season": _("要等季节"),
}
EXTENSION: Labels = {
    "parts": _("等配件"),
    "complex": _("比想的复杂"),
    "weather": _("天气不行"),
    "third_party": _("等别的单位"),
    "asker_wish": _("点单人要求晚些"),
}
ESCALATION: Labels = {
    "no_right": _("没有这个权"),
    "no_means": _("没有人或钱"),
    "over_time": _("超时了"),
    "danger": _("有危险"),
    "several_areas": _("牵涉几个社区"),
}
LEVELS: dict[int, "str | Promise"] = {1: _("网格"), 2: _("社区"), 3: _("街道"), 4: _("区里")}
HAND_DOWN: Labels = {
    "means_given": _("人和钱给到了"),
    "yours": _("这事归社区"),
    "advice": _("办法写在后面"),
}
RELEASE: Labels = {
    "busy": _("临时有事"),
    "far": _("太远"),
    "skill": _("不会弄"),
    "ill": _("身体不适"),
    "tools": _("缺工具"),
    "no_answer": _("联系不上点单人"),
    "reassign": _("换更合适的人"),
    "post_ended": _("岗位到期或换人"),
}
REFUSAL: Labels = {
    "not_ours": _("不归社区管"),
    "other_body": _("有专管部门"),
    "in_court": _("已在法院或仲裁"),
    "no_ground": _("没有这个事"),
    "repeat": _("同一件事已经答复过"),
    "abuse": _("不是要办的事"),
}
AGAIN: Labels = {
    "not_solved": _("没解决"),
    "came_back": _("又坏了"),
    "half_done": _("只办了一半"),
    "wrong_thing": _("办的不是这件事"),
    "bad_manner": _("态度不好"),
}
SEND_BACK: Labels = {
    "poor_work": _("活儿不过关"),
    "proof_unclear": _("照片看不清"),
    "not_cleaned": _("现场没收拾"),
}
CHECKS: Labels = {"good": _("和说的一样"), "poor": _("没办好"), "unseen": _("没看成")}
STAND_IN: Labels = {
    "unnamed": _("点单人没留名"),
    "silent": _("这类事不回访"),
    "unreached": _("三次没联系上"),
    "no_phone": _("没有能打的电话"),
}
TAKE_BACK: Labels = {
    "returned": _("对方退回来了"),
    "nobody": _("没有人接"),
    "mistake": _("转错了"),
}
WHERE: Labels = {
    "110": _("110 报警"),
    "119": _("119 火警"),
    "120": _("120 急救"),
    "122": _("122 交通事故"),
    "petition": _("信访"),
    "mediation": _("人民调解"),
    "market_complaint": _("12315 市场投诉"),
    "labour_arbitration": _("劳动仲裁"),
    "relief": _("临时救助"),
    "minimum_allowance": _("低保申请"),
    "information_request": _("政府信息公开"),
}
WHISTLE_NO: Labels = {
    "not_ours": _("不归我们管"),
    "no_hands": _("眼下抽不出人"),
    "later": _("改个时间"),
    "done_before": _("已经处理过"),
    "need_more": _("说得不清楚，先问"),
}
WHISTLE_OFF: Labels = {
    "solved": _("自己解决了"),
    "mistake": _("吹错了"),
    "by_street": _("街道另作安排"),
    "wrong_unit": _("叫错了单位"),
}
PARTNER_NO: Labels = {
    "not_ours": _("不归我们管"),
    "no_hands": _("眼下抽不出人"),
    "private": _("要业主自己办"),
    "done_before": _("已经处理过"),
    "need_more": _("说得不清楚，先问"),
}
OUTCOMES: Labels = {
    "solved": _("解决了"),
    "explained": _("解释清楚了"),
    "cannot": _("确实办不了"),
}
WORDS: Labels = {"yes": _("解决了"), "half": _("解决了一半"), "no": _("没解决")}
SATISFACTION: dict[int, "str | Promise"] = {
    1: _("很满意"),
    2: _("满意"),
    3: _("一般"),
    4: _("不满意"),
    5: _("很不满意"),
}
CALL_CHANNELS: Labels = {"phone": _("电话"), "message": _("短信"), "visit": _("上门")}

_BY_VERB: dict[str, Labels] = {
    "pause": PAUSE,
    "ledger": LEDGER,
    "extend": EXTENSION,
    "escalate": ESCALATION,
    "hand_down": HAND_DOWN,
    "release": RELEASE,
    "decline": RELEASE,
    "refuse": REFUSAL,
    "dissent": AGAIN,
    "reopen": AGAIN,
    "send_back": SEND_BACK,
    "stand_in": STAND_IN,
    "take_back": TAKE_BACK,
    "whistle_no": WHISTLE_NO,
    "whistle_off": WHISTLE_OFF,
    "join_no": RELEASE,
    "send_no": PARTNER_NO,
}


def label(verb: str, code: str) -> str:
    """The reason `code` of a move in words; the code itself where this list does not know it."""
    return str(_BY_VERB.get(verb, {}).get(code, code))
