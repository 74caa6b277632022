"""One include a room."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import URLPattern, URLResolver, include, path

from sandan.front import provider

OUTSIDE = ("dingtalk", "feishu", "weixin")  # allauth's own pages for going there and coming back
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sandan.front.urls")),
    *(path("outside/", include(f"allauth.socialaccount.providers.{name}.urls")) for name in OUTSIDE),
    path("outside/oidc/login/", oidc.login, {"provider_id": "oidc"}, name="openid_connect_login"),
    path("outside/oidc/login/callback/", oidc.callback, {"provider_id": "oidc"}, name="openid_connect_callback"),
    path("outside/wecom/login/", provider.oauth2_login, name="wecom_login"),
    path("outside/wecom/login/callback/", provider.oauth2_callback, name="wecom_callback"),
    path("", include("sandan.running.urls")),
    path("", include("sandan.orders.urls")),
    path("places/", include("sandan.places.urls")),
    path("people/", include("sandan.people.urls")),
    path("notices/", include("sandan.notices.urls")),
    path("intake/", include("sandan.intake.urls")),
]
handler400 = "sandan.front.views.bad_request"
handler403 = "sandan.front.views.forbidden"
handler404 = "sandan.front.views.not_found"
handler500 = "sandan.front.views.broken"
