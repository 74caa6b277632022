"""The addresses of the people room, one file of lines for each subject."""

from sandan.people.urls import member, posts, units

app_name = "people"
urlpatterns = [
    *member.urlpatterns,
    *posts.urlpatterns,
    *units.urlpatterns,
]
