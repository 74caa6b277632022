"""What a human may type to find a place."""

from django import forms

from sandan.places.models import Place

KINDS = [*Place.Kind.values, "building"]


class LayerForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])


class SearchForm(forms.Form):
    q = forms.CharField(max_length=40, required=False)
    county = forms.RegexField(r"^\d{6}$", required=False)
    community = forms.RegexField(r"^\d{9}(\d{3})?$", required=False)
