"""How the addresses of this room are made."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from assembly.views import ActView


def page(address, view, name):
    """Everybody may read it; the view shows what is public."""
    return path(address, login_not_required(view.as_view()), name=name)


def act(address, model, name, title, *, view=ActView, form=None, **options):
    """The page of one act, named after it; an act without particulars has no form of its own."""
    given = {"form_class": form} if form else {}
    page = view.as_view(model=model, act=name, title=title, **given, **options)
    return path(address, page, name=f"{model._meta.model_name}_{name}")
