"""The addresses of those who follow from outside."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from deliberations.addresses import page
from deliberations.feeds import FEEDS
from deliberations.views import following as views


def feeds(kind):
    feed = login_not_required(kind())
    yield path(f"flux/{kind.address}.atom", feed, name=f"feed_{kind.key}")
    yield path(f"cycles/<int:number>/flux/{kind.address}.atom", feed, name=f"cycle_feed_{kind.key}")


urlpatterns = [
    page("suivre/", views.Follow, "follow"),
    page("suivre/demande/", views.FollowAsked, "follow_asked"),
    page("suivre/<str:token>/confirmer/", views.FollowConfirm, "follow_confirm"),
    page("suivre/<str:token>/arreter/", views.FollowStop, "follow_stop"),
    page("voeux/<int:pk>/suivre/", views.FollowText, "proposal_follow"),
    *(address for kind in FEEDS for address in feeds(kind)),
]
