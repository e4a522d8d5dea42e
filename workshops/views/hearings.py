"""Hearings: prepared with members, kept as a sheet; papers received."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, View

from assembly.views import EditView, FoundView, OfCycle, entitled_to_add
from workshops.forms import hearings as forms
from workshops.models import Commitment, Hearing, Meeting, PersonHeard, Piece, Question, Referral
from workshops.rules import is_inside
from workshops.withdrawal import masked


class HearingList(OfCycle, ListView):
    paginate_by = 20
    cycle_path = "meeting__cycle"

    def get_queryset(self):
        rows = Hearing.objects.visible_to(self.request.user)
        rows = rows.select_related("meeting__workshop", "meeting__cycle")
        return self.narrow(rows).prefetch_related("meeting__people_heard")


class HearingDetail(DetailView):
    """The sheet for everybody; the work on it for those inside."""

    def get_queryset(self):
        rows = Hearing.objects.visible_to(self.request.user)
        return rows.select_related("meeting__workshop", "meeting__cycle", "document__cycle")

    def get_context_data(self, **context):
        hearing, user = self.object, self.request.user
        inside = is_inside(user, hearing.meeting.workshop or hearing.cycle)
        shown = self.work(hearing, user) if inside else {"content": hearing.document.content}
        return super().get_context_data(inside=inside, **shown, **context)

    def work(self, hearing, user):
        meeting = hearing.meeting
        rows = Question.objects.filter(meeting=meeting).with_supports(user).in_order()
        questions = list(
            rows.select_related("person__meeting", "workshop", "meeting__workshop", "cycle", "asked_by__user")
        )
        people = list(meeting.people_heard.shown_to(user, meeting, inside=True))
        hidden = meeting.people_heard.exclude(pk__in=[person.pk for person in people])
        return {
            "meeting": meeting,
            "people": people,
            "summary": masked(hearing.summary, hidden.values_list("name", flat=True)),
            "proposed": [row for row in questions if row.state == Question.State.PROPOSED],
            "put": [row for row in questions if row.state in Question.PUT],
            "left": [row for row in questions if row.state in ("merged", "set_aside")],
            "can_ask": entitled_to_add(user, Question, meeting) and hearing.takes_questions,
            "can_add_person": entitled_to_add(user, PersonHeard, meeting),
            "pieces": Piece.objects.visible_to(user).filter(hearing=hearing).select_related("person"),
            "can_add_piece": entitled_to_add(user, Piece, hearing),
            "commitments": Commitment.objects.filter(meeting=meeting).soonest_first(),
            "can_commit": entitled_to_add(user, Commitment, meeting),
        }


class HearingFound(FoundView):
    model, form_class = Hearing, forms.HearingForm
    title = gettext_lazy("Prepare the hearing")
    help_text = gettext_lazy(
        "Members propose and support questions; you choose and order those that are put."
    )
    parent_model, parent_field = Meeting, "meeting"

    def once(self, form):
        if Hearing.objects.filter(meeting=self.parent).exists():
            raise ValidationError(_("This hearing is being prepared already."))
        return super().once(form)


class HearingEdit(EditView):
    model, form_class = Hearing, forms.SheetForm
    title = gettext_lazy("Write the sheet")

    def get_queryset(self):
        return super().get_queryset().select_related("meeting")


class PieceFound(FoundView):
    model, form_class = Piece, forms.PieceForm
    title = gettext_lazy("Add a paper received")
    upload_limit = 64 * 1024**2  # more than is taken, so that what is too heavy gets its sentence

    def once(self, form):
        super().once(form)
        return redirect(self.parent)


class HearingPieceFound(PieceFound):
    parent_model, parent_field = Hearing, "hearing"


class ReferralPieceFound(PieceFound):
    parent_model, parent_field = Referral, "referral"


class PieceFile(View):
    """The file itself, never opened inside our pages."""

    def get(self, request, pk):
        piece = get_object_or_404(Piece.objects.visible_to(request.user), pk=pk)
        try:
            return FileResponse(piece.file.open("rb"), as_attachment=True, filename=piece.name)
        except FileNotFoundError:
            messages.error(request, _("This file is away for the moment: tell the secretariat."))
            return redirect(piece)
