"""企业微信 as one more provider of django-allauth: a scan on the desk, a silent step inside the app itself.

https://developer.work.weixin.qq.com/document/path/91022 (web), 91023 (who): a code is good once and for five minutes.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest

INSIDE = "wxwork"  # the app's own browser says so
WEB = "https://login.work.weixin.qq.com/wwlogin/sso/login"
SILENT = "https://open.weixin.qq.com/connect/oauth2/authorize"


class WeComClient(OAuth2Client):  # type: ignore[misc]
    """The way out asks with `appid`; the token is the office's own, not the person's."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, str]) -> str:  # noqa: ARG002
        """Where the browser goes to say who it is."""
        words = {"appid": self.consumer_key, "redirect_uri": self.callback_url, "state": self.state or ""}
        if authorization_url == SILENT:
            words |= {"response_type": "code", "scope": "snsapi_base", **extra_params}
            return f"{authorization_url}?{urlencode(words)}#wechat_redirect"
        return f"{authorization_url}?{urlencode({'login_type': 'CorpApp'} | words | extra_params)}"

    def get_access_token(self, code: str, pkce_code_verifier: str | None = None) -> dict[str, Any]:  # noqa: ARG002
        """The office's token, and the person's code beside it for the next question."""
        words = {"corpid": self.consumer_key, "corpsecret": self.consumer_secret}
        return _asked(self.access_token_url, words, "access_token") | {"code": code}


def _asked(url: str, words: dict[str, str], wanted: str) -> dict[str, Any]:
    """One question to 企业微信; raises OAuth2Error with its number, never with a token or a name."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, params=words)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    if found.get("errcode") or not found.get(wanted):
        raise OAuth2Error(f"errcode {found.get('errcode')}")
    return found


class WeComAdapter(OAuth2Adapter):  # type: ignore[misc]
    """Two questions: the office's token, then who the code belongs to; who is no member of the office has no userid."""

    provider_id = "wecom"
    access_token_url = "https://qyapi.weixin.qq.com/cgi-bin/gettoken"  # noqa: S105 (an address)
    profile_url = "https://qyapi.weixin.qq.com/cgi-bin/auth/getuserinfo"
    client_class = WeComClient

    @property
    def authorize_url(self) -> str:
        """Inside the app one is known already; elsewhere a code is shown to scan."""
        return SILENT if INSIDE in self.request.META.get("HTTP_USER_AGENT", "").lower() else WEB

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Who it is, as allauth keeps it."""
        words = {"access_token": token.token, "code": kwargs["response"]["code"]}
        found = _asked(self.profile_url, words, "userid")
        return self.get_provider().sociallogin_from_response(request, found)


class WeComProvider(OAuth2Provider):  # type: ignore[misc]
    """What allauth asks of a provider."""

    id = "wecom"
    name = "WeCom"
    account_class = ProviderAccount
    oauth2_adapter_class = WeComAdapter

    def get_auth_params(self) -> dict[str, str]:
        return {"agentid": str(self.app.settings.get("agent", ""))}

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["userid"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, str]:  # noqa: ARG002
        return {}


provider_classes = [WeComProvider]
oauth2_login = OAuth2LoginView.adapter_view(WeComAdapter)
oauth2_callback = OAuth2CallbackView.adapter_view(WeComAdapter)
