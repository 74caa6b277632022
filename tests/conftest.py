"""What all tests share."""

from hypothesis import settings

# A busy machine is no fault of the code: properties are judged by what they find, never by how long it took.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
