"""The roof: the pages that look into every room."""

from django.views.generic import DetailView, ListView, TemplateView

from assembly.models import Cycle
from assembly.views import CycleScoped, StaffOnly


class Home(TemplateView):
    template_name = "home.html"


class MySpace(TemplateView):
    template_name = "my_space.html"


class CycleList(ListView):
    template_name = "assembly/cycle_list.html"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user).prefetch_related("phases", "pools")


class CycleDetail(DetailView):
    template_name = "assembly/cycle_detail.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user)


class Boards(StaffOnly, ListView):
    template_name = "board.html"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user)


class Board(StaffOnly, CycleScoped, TemplateView):
    template_name = "assembly/cycle_board.html"
