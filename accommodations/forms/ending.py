"""The form that ends an accommodation."""

from django import forms


class EndForm(forms.Form):
    """The version that was on the page, so that nothing is ended unread, and how many assessments it takes back."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
