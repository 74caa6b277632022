"""Home, the ways to sign in, one's own safety, accounts, help, elder mode, privacy, gallery."""

from django.urls import path

from sandan.front import views

app_name = "front"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.login, name="login"),
    path("login/code/", views.code_ask, name="code_ask"),
    path("login/code/type/", views.code_type, name="code_type"),
    path("login/second/", views.second, name="second"),
    path("login/again/", views.again, name="again"),
    path("logout/", views.logout, name="logout"),
    path("start/", views.start, name="start"),
    path("help/", views.help_page, name="help"),
    path("elder/", views.elder, name="elder"),
    path("privacy/", views.privacy, name="privacy"),
    path("gallery/", views.gallery, name="gallery"),
    path("audit/", views.audit, name="audit"),
    path("rights/", views.who_sees_what, name="rights"),
    path("awake/", views.awake, name="awake"),
    path("safety/", views.safety, name="safety"),
    path("safety/app/", views.app, name="app"),
    path("safety/paper/", views.paper, name="paper"),
    path("safety/passkey/", views.passkey, name="passkey"),
    path("safety/drop/", views.drop, name="drop"),
    path("safety/password/", views.password, name="password"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/move/", views.account_move, name="account_move"),
    path("audit/kept/", views.kept, name="kept"),
]
