"""The seats offered to the drawn: followed, confirmed, filled again."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, View

from assembly import clock
from assembly.models import Pool
from assembly.privacy.reading import Reads
from assembly.views import ActView, OnceMixin
from sortition import forms
from sortition.models import Authorisation, Draw, SeatOffer
from sortition.papers import LIMIT
from sortition.quotas import remaining
from sortition.recruitment import seats_by_pool
from sortition.replacing import foreseen
from sortition.views.pages import CycleFormPage, CyclePage

A_FORM = 100_000  # bytes around a file


class SeatList(Reads, CyclePage, ListView):
    """Offers with names, the most urgent first, for the secretariat; each reading is written in the journal."""

    permission = "sortition.view_seatoffer"
    template_name = "sortition/seat_list.html"
    paginate_by = 50
    reads = ("seats", gettext_lazy("seats, with names and ways to call"))

    def get_queryset(self):
        self.filters = forms.SeatFilters(
            self.request.GET or None, cycle=self.cycle, states=SeatOffer.State.choices
        )
        rows = SeatOffer.objects.visible_to(self.request.user).filter(draw__cycle=self.cycle)
        if self.filters.is_valid():
            said = self.filters.cleaned_data
            rows = rows.filter(pool=said["pool"]) if said["pool"] else rows
            rows = rows.filter(state=said["state"]) if said["state"] else rows
        people = ("volunteer__contact", "member__user", "replaces__volunteer", "successor__volunteer")
        rows = rows.select_related("pool", "draw__cycle", *people)
        return rows.by_urgency().with_last_steps()

    def get_context_data(self, **context):
        return super().get_context_data(
            filters=self.filters, rows=seats_by_pool(self.cycle), today=clock.today(), **context
        )


class SeatDetail(DetailView):
    """One seat: who was called and when, what was signed, the account, and what can be done next."""

    template_name = "sortition/seat_detail.html"

    def get_queryset(self):
        people = ("volunteer__contact", "member__user", "replaces__volunteer", "successor__volunteer")
        return SeatOffer.objects.visible_to(self.request.user).select_related("pool", "draw__cycle", *people)

    def get_context_data(self, **context):
        offer = self.object
        if not self.request.user.has_perm("sortition.view_seatoffer", offer):
            raise PermissionDenied
        offer.record("read_names", by=self.request.user)
        return super().get_context_data(
            offer=offer,
            calls=offer.calls.select_related("by"),
            authorisations=offer.authorisations.select_related("offer__draw__cycle"),
            entries=offer.entries.exclude(act__endswith=".read_names").select_related("by"),
            today=clock.today(),
            **context,
        )


class SeatAct(ActView):
    model = SeatOffer

    def get_queryset(self):
        return super().get_queryset().select_related("draw__cycle", "pool", "volunteer__contact")


class SeatConfirm(SeatAct):
    act = "confirm"
    form_class = forms.ConfirmForm
    title = gettext_lazy("Confirm this seat")


class SeatReceive(SeatAct):
    act = "receive"
    form_class = forms.AuthorisationForm
    title = gettext_lazy("Lay down the parents’ authorisation")
    help_text = gettext_lazy(
        "It is kept apart, read by the secretariat alone, and deleted when the member comes of age or a year after the cycle."
    )
    upload_limit = 10 * LIMIT + A_FORM


class SeatReplace(SeatAct):
    """Said before anybody decides: who would be called, and what each quota would become."""

    template_name = "sortition/seat_replace.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {"foreseen": None if context["too_late"] else foreseen(self.object)}


class PaperAct(ActView):
    model = Authorisation

    def get_queryset(self):
        return super().get_queryset().select_related("offer__draw__cycle", "offer__volunteer")


class AuthorisationFile(View):
    """The paper itself, for the secretariat; each reading is written in the journal."""

    def get(self, request, *args, **kwargs):
        rows = Authorisation.objects.visible_to(request.user).select_related("offer__draw__cycle")
        paper = get_object_or_404(rows, pk=kwargs["pk"])
        if not paper.file:
            raise Http404
        paper.record("read", by=request.user)
        return FileResponse(
            paper.file.open("rb"), as_attachment=True, filename=paper.name, content_type=paper.kind
        )


class ComplementAdd(OnceMixin, CycleFormPage):
    """A draw among the reserve of a pool, for the seats that nobody was found for."""

    permission = "sortition.add_draw"
    form_class = forms.DrawForm
    template_name = "sortition/complement_add.html"
    title = gettext_lazy("Prepare a complementary draw")
    help_text = gettext_lazy(
        "It draws among the reserve of the pool, within what is left of its quotas, with the same steps and witnesses as the panel draw."
    )

    @cached_property
    def pool(self):
        return get_object_or_404(
            Pool.objects.select_related("cycle"), cycle=self.cycle, key=self.kwargs["key"]
        )

    def get_context_data(self, **context):
        seats, targets = remaining(self.pool)
        return super().get_context_data(pool=self.pool, seats=seats, targets=targets, **context)

    def once(self, form):
        draw = Draw.objects.complement(self.pool, by=self.request.user, **form.cleaned_data)
        return redirect(draw.get_room_url())
