"""Home, login, help, elder mode, privacy, gallery."""

from django.urls import path

from sandan.front import views

app_name = "front"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("start/", views.start, name="start"),
    path("help/", views.help_page, name="help"),
    path("elder/", views.elder, name="elder"),
    path("privacy/", views.privacy, name="privacy"),
    path("gallery/", views.gallery, name="gallery"),
    path("audit/", views.audit, name="audit"),
    path("audit/kept/", views.kept, name="kept"),
]
