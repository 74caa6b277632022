"""The addresses of the people room, one file of lines for each subject."""

from sandan.people.urls import importing, member, photos, posts, units

app_name = "people"
urlpatterns = [
    *importing.urlpatterns,
    *member.urlpatterns,
    *photos.urlpatterns,
    *posts.urlpatterns,
    *units.urlpatterns,
]
