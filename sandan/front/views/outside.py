"""Signing in from outside: allauth walks to DingTalk, Feishu, WeChat, WeCom or OIDC and back; from there it is ours."""

from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.pages import url
from sandan.front import actions
from sandan.front.views.admitting import admit, is_proved
from sandan.people.models import Person

log = structlog.get_logger("sandan.front")
PHONES = ("mobile", "phone_number")  # what the providers call a number they have verified


def words() -> dict[str, str]:
    """What each provider is called on a page."""
    return {
        "dingtalk": _("钉钉"), "feishu": _("飞书"), "weixin": _("微信"), "wecom": _("企业微信"),
        "oidc": settings.OIDC_NAME or _("统一身份认证"),
    }  # fmt: skip


def ways() -> list[dict[str, str]]:
    """The providers that are configured: code, name, address."""
    addresses = {code: reverse(f"{'openid_connect' if code == 'oidc' else code}_login") for code in settings.OUTSIDE}
    return [{"code": code, "name": words()[code], "href": href} for code, href in addresses.items()]


def verified_phone(data: dict[str, Any]) -> str:
    """The work phone that the other side vouches for, or nothing: OIDC says so in a word of its own."""
    told = data.get("userinfo") or data.get("id_token") or data
    if "phone_number" in told and told.get("phone_number_verified") is not True:
        return ""
    return next((str(told[name]) for name in PHONES if told.get(name)), "")


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Where allauth's way ends and ours begins: before it looks for, makes or signs in anybody."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The configured app; a provider that is not configured has no page."""
        apps = self.list_apps(request, provider=provider, client_id=client_id)
        if not apps:
            raise Http404
        return apps[0]

    def get_requests_session(self) -> Any:
        """No proxy from the environment, no redirects out of the provider's answer."""
        session = super().get_requests_session()
        session.trust_env, session.max_redirects = False, 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Bind, or sign in; always answers itself, so that nobody is ever made."""
        account = sociallogin.account
        provider = "oidc" if account.provider not in words() else account.provider
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(_bind(request, provider, account.uid))
        phone = verified_phone(account.extra_data)
        raise ImmediateHttpResponse(_enter(request, provider, account.uid, phone, sociallogin.state.get("next") or ""))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **facts: Any) -> None:
        """Back to the login with a sentence; what was wrong goes to the log as a kind, without its words."""
        fault = facts.get("exception")
        log.warning("outside login", provider=getattr(provider, "id", ""), kind=type(fault).__name__)
        raise ImmediateHttpResponse(_back(request, _("那边没有确认您的身份。请再试一次，或者用密码、手机验证码登录。")))


def _back(request: HttpRequest, text: str) -> HttpResponse:
    messages.error(request, text)
    return HttpResponseRedirect(url("front:safety" if request.user.is_authenticated else "front:login"))


def _bind(request: HttpRequest, provider: str, uid: str) -> HttpResponse:
    person = request.user
    if not isinstance(person, Person) or not is_proved(request, timezone.now()):
        return HttpResponseRedirect(f"{url('front:again')}?next={url('front:safety')}")
    try:
        actions.bind(person=person, provider=provider, uid=uid, at=timezone.now())
    except Refused as refusal:
        return _back(request, str(refusal))
    messages.success(request, _("绑好了，下次可以用它登录。"))
    return HttpResponseRedirect(url("front:safety"))


def _enter(request: HttpRequest, provider: str, uid: str, phone: str, wanted: str) -> HttpResponse:
    try:
        person = actions.enter_from_outside(provider=provider, uid=uid, verified_phone=phone, at=timezone.now())
        return admit(request, person, how=provider, wanted=wanted)
    except Refused as refusal:
        return _back(request, str(refusal))
