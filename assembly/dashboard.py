"""The roof: the pages that look into every room."""

from django.views.generic import TemplateView


class Home(TemplateView):
    template_name = "home.html"


class MySpace(TemplateView):
    template_name = "my_space.html"
