"""The gallery: every piece in all its states, for those who build pages. Only where nothing is real."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sandan.core.pages import page


class SampleForm(forms.Form):
    """Fields of the kinds that pages use."""

    reason = forms.CharField(label="为什么不予受理", widget=forms.Textarea(attrs={"rows": 2}))
    elsewhere = forms.ChoiceField(label="可以去哪里", choices=[("", "请选"), ("12315", "12315 消费投诉")])
    phone = forms.CharField(label="手机号", help_text="只给接单的师傅和社区看")
    place = forms.ChoiceField(
        label="事情在哪里？",
        choices=[("heard", "铁路二村 12号楼 4单元"), ("other", "别的地方")],
        widget=forms.RadioSelect,
    )
    again = forms.BooleanField(label="办好以后，可以打电话问我满不满意", required=False)


STATES = {
    "received": ("已收到", ""),
    "judged": ("已研判", ""),
    "open": ("抢单中", "go"),
    "offered": ("已派单", "go"),
    "taken": ("已接单", "go"),
    "underway": ("服务中", "go"),
    "served": ("待评价", "ask"),
    "reviewed": ("待回访", "ask"),
    "closed": ("已销号", "ok"),
    "asked": ("待补充", "ask"),
    "paused": ("挂起", "line"),
    "passed": ("已转交", "line"),
    "withdrawn": ("已撤单", "line"),
}


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All pieces; a 404 in real use."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    bad = SampleForm({"phone": "16400007719", "place": "heard"})
    bad.full_clean()
    course = [
        {"text": "社区周敏看过，开始找人", "time": "今天 14:03", "mark": "done"},
        {"text": "景师古师傅接了单", "time": "今天 14:41", "mark": "now", "more": "电工 3 级，离 180 米"},
        {"text": "上门，先保安全", "time": "今天 15:20 前", "mark": "next"},
    ]
    return page(
        request,
        "front/gallery.html",
        {"bad": bad, "fresh": SampleForm(initial={"place": "heard"}), "states": STATES, "course": course},
    )
