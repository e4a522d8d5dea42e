"""The picture of a text, for whoever shares its address."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.text import capfirst
from django.views.generic import DetailView

from assembly.cards import card
from deliberations.models import Proposal

AN_HOUR = 3600


class ProposalCard(DetailView):
    def get_queryset(self):
        return Proposal.objects.visible_to(self.request.user).select_related("cycle")

    def render_to_response(self, context):
        text = self.object
        foot = f"{text.cycle} – {text.get_state_display()}"
        response = HttpResponse(
            card(capfirst(text.get_kind_display()), text.title, foot), content_type="image/png"
        )
        patch_cache_control(response, public=True, max_age=AN_HOUR)
        return response
