"""What a human may type to find a place."""

from django import forms

from sandan.places.models import Place

KINDS = frozenset([*Place.Kind.values, "building"])


class SearchForm(forms.Form):
    """A half-typed name, or the number of an estate whose buildings are asked for."""

    q = forms.CharField(max_length=40, required=False)
    estate = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    county = forms.RegexField(r"^\d{6}$", required=False)
    community = forms.RegexField(r"^\d{12}$", required=False)
