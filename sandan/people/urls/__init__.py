"""The addresses of the people room, one file of lines for each subject."""

from sandan.people.urls import importing, member, posts, units

app_name = "people"
urlpatterns = [
    *importing.urlpatterns,
    *member.urlpatterns,
    *posts.urlpatterns,
    *units.urlpatterns,
]
