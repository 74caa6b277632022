"""The window of a map as an address."""

from django import forms

from sandan.orders.queries.boards_map import View


class ViewForm(forms.Form):
    """Degrees of the window's sides and the zoom of the map."""

    west = forms.FloatField(min_value=-180, max_value=180)
    south = forms.FloatField(min_value=-85, max_value=85)
    east = forms.FloatField(min_value=-180, max_value=180)
    north = forms.FloatField(min_value=-85, max_value=85)
    zoom = forms.FloatField(min_value=0, max_value=22)

    def view(self) -> View:
        """The window; only after `is_valid`."""
        return View(**self.cleaned_data)
