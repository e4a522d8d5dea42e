"""The City's other participative bodies, joint meetings, referrals."""

from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.models import Cycle
from assembly.rules import is_staff
from assembly.views import EditView, FoundView, entitled_to_add
from workshops.forms import outside as forms
from workshops.models import Meeting, Partner, PartnerInvitation, Piece, Referral
from workshops.views.priorities import OfAssembly, OfWorkshop


class PartnerList(ListView):
    paginate_by = 50

    def get_queryset(self):
        return Partner.objects.visible_to(self.request.user)

    def get_context_data(self, **context):
        return super().get_context_data(can_add=entitled_to_add(self.request.user, Partner, None), **context)


class PartnerDetail(DetailView):
    def get_queryset(self):
        return Partner.objects.visible_to(self.request.user)

    def get_context_data(self, **context):
        user, partner = self.request.user, self.object
        joint = PartnerInvitation.objects.visible_to(user).filter(partner=partner)
        referrals = Referral.objects.visible_to(user).filter(partner=partner)
        return super().get_context_data(
            joint=joint.select_related("meeting__workshop").order_by("-meeting__starts_at"),
            referrals=referrals.select_related("workshop", "cycle"),
            shows_contact=is_staff(user),
            **context,
        )


class PartnerFound(FoundView):
    model, form_class = Partner, forms.PartnerForm
    title = gettext_lazy("Add a partner")

    def get_cancel_url(self):
        return reverse("workshops:partner_list")


class PartnerEdit(EditView):
    model, form_class = Partner, forms.PartnerForm


class InvitationFound(FoundView):
    model, form_class = PartnerInvitation, forms.InvitationForm
    title = gettext_lazy("Add a partner who takes part")
    help_text = gettext_lazy("The meeting becomes a joint meeting: the partner is named on its page.")
    parent_model, parent_field = Meeting, "meeting"


class InvitationEdit(EditView):
    model, form_class = PartnerInvitation, forms.InvitationForm

    def get_queryset(self):
        return super().get_queryset().select_related("meeting__cycle")


class ReferralList(ListView):
    """Sent and received, those still awaited first."""

    paginate_by = 20

    def get_queryset(self):
        rows = Referral.objects.visible_to(self.request.user)
        return rows.select_related("partner", "workshop", "cycle").order_by("answered_on", "due_on", "pk")

    def get_context_data(self, **context):
        user = self.request.user
        cycles = [cycle for cycle in Cycle.objects.under_way() if entitled_to_add(user, Referral, cycle)]
        return super().get_context_data(cycles=cycles, **context)


class ReferralDetail(DetailView):
    def get_queryset(self):
        rows = Referral.objects.visible_to(self.request.user)
        return rows.select_related("partner", "workshop", "cycle", "subject")

    def get_context_data(self, **context):
        user, referral = self.request.user, self.object
        return super().get_context_data(
            pieces=Piece.objects.visible_to(user).filter(referral=referral),
            can_add_piece=entitled_to_add(user, Piece, referral),
            **context,
        )


class ReferralFound(FoundView):
    model, form_class = Referral, forms.ReferralForm
    title = gettext_lazy("New referral")


class WorkshopReferralFound(OfWorkshop, ReferralFound):
    """By one workshop."""


class CycleReferralFound(OfAssembly, ReferralFound):
    """By the whole Assembly."""


class ReferralEdit(EditView):
    model, form_class = Referral, forms.ReferralForm
