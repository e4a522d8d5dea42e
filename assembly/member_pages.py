"""Who sits in a cycle: by name for each other, in full for the secretariat; a page for each, and its acts."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly import clock
from assembly.forms import ReasonForm
from assembly.models import Member, Pool
from assembly.panels import signs_in
from assembly.privacy.reading import Reads
from assembly.rules import is_secretariat
from assembly.views import ActView, CycleScoped

SHOWN_TO_MEMBERS = (*Member.SEATED, Member.State.TERM_ENDED)


class MemberFilters(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name"), required=False)
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("Pool"), required=False, empty_label=gettext_lazy("all")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    away = forms.BooleanField(label=gettext_lazy("Drifting away"), required=False)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()
        self.fields["state"].choices = [("", gettext_lazy("all")), *Member.State.choices]

    def narrow(self, rows, signs):
        wanted = self.cleaned_data if self.is_valid() else {}
        if words := wanted.get("q", "").strip():
            rows = rows.filter(user__name__icontains=words)
        if pool := wanted.get("pool"):
            rows = rows.filter(pool=pool)
        if state := wanted.get("state"):
            rows = rows.filter(state=state)
        return rows.filter(pk__in=signs) if wanted.get("away") else rows


class MemberList(Reads, CycleScoped, ListView):
    """The members of a cycle, by name, for each other; the secretariat also sees addresses, states and signs."""

    permission = "assembly.view_members"
    template_name = "assembly/member_list.html"
    paginate_by = 50
    reads = ("members", gettext_lazy("members, with addresses"))

    def reads_of(self):
        return self.cycle if self.in_full else None

    @property
    def in_full(self):
        return is_secretariat(self.request.user, self.cycle)

    def get_queryset(self):
        rows = self.cycle.members.visible_to(self.request.user).select_related("user", "pool")
        rows = rows.only(
            "cycle", "state", "since", "reason", "is_minor", "user__name", "user__email", "pool__title"
        )
        if not self.in_full:
            return rows.filter(state__in=SHOWN_TO_MEMBERS)
        self.signs = signs_in(self.cycle)
        self.filters = MemberFilters(self.request.GET or None, cycle=self.cycle)
        return self.filters.narrow(rows, self.signs)

    def get_context_data(self, **context):
        if self.in_full:
            context |= {"filters": self.filters}
        context = super().get_context_data(in_full=self.in_full, **context)
        for member in context["object_list"] if self.in_full else ():
            member.signs = self.signs.get(member.pk, [])
        return context


class MemberDetail(DetailView):
    """A member's seat: its states with their days and reasons, for the secretariat and for themselves."""

    template_name = "assembly/member_detail.html"

    def get_queryset(self):
        return Member.objects.visible_to(self.request.user).select_related("user", "pool", "cycle")

    def get_context_data(self, **context):
        member, user = self.object, self.request.user
        if not user.has_perm("assembly.view_member", member):
            raise PermissionDenied
        return super().get_context_data(
            spells=list(member.spells.all()),
            in_full=is_secretariat(user, member.cycle),
            entries=member.entries.select_related("by"),
            **context,
        )


class StateForm(ReasonForm):
    """Why, and since when: a letter of resignation may have been received days before it is recorded."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Today, or the day it really began."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=clock.today,
    )


class LeaveForm(StateForm):
    back_on = forms.DateField(
        label=gettext_lazy("Expected back on"),
        required=False,
        help_text=gettext_lazy("Their seat stays theirs meanwhile."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MemberAct(ActView):
    model = Member
    form_class = StateForm

    def get_queryset(self):
        return super().get_queryset().select_related("user", "cycle", "pool")
