"""Writing a text, clause by clause."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from assembly import clock
from assembly.rules import entitled
from deliberations import clauses, differences, word
from deliberations.forms.drafting import WordFileForm
from deliberations.models import (
    Version,
    VersionConflict,
)
from deliberations.views.text_page import TextPage, may_write, pens_of
from deliberations.views.versions import labelled
from workshops.models import Meeting


class ProposalWrite(TextPage, DetailView):
    """Clause by clause, without a script: each button sends the whole page, and the page keeps every word."""

    template_name = "deliberations/proposal_write.html"

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not entitled(request.user, "save_version", self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        latest = self.object.latest
        words = latest.clauses if latest else [clauses.clause("recital"), clauses.clause("measure")]
        return self.page(words, base=latest.number if latest else 0)

    def post(self, request, *args, **kwargs):
        words, base = posted_clauses(request.POST), request.POST.get("base", "0")
        name, _colon, place = request.POST.get("do", "save").partition(":")
        place = int(place) if place.isdigit() else None
        if name == "save":
            return self.keep(words, base)
        if name == "read":
            return self.read(words, base)
        return self.page(*changed(words, name, place), base=base)

    def keep(self, words, base):
        try:
            self.object.save_version(by=self.request.user, clauses=words, **self.particulars(base))
        except VersionConflict as conflict:
            return self.conflict(conflict, words)
        except ValidationError as refusal:
            return self.page(words, base=base, refusal=refusal)
        messages.success(self.request, _("Saved as version %s.") % self.object.latest.number)
        return redirect(self.object)

    def read(self, words, base):
        """A Word file in place of what is on the page: shown to be corrected, saved only when one says so."""
        try:
            form = WordFileForm(self.request.POST, self.request.FILES)
            if not form.is_valid():
                raise ValidationError(form.errors["file"].as_data())
            _title, found = word.read(form.cleaned_data["file"])
        except ValidationError as refusal:
            return self.page(words, base=base, refusal=refusal)
        messages.info(
            self.request,
            _("%s clauses were read. Nothing is saved yet: check the kind of each, then save.") % len(found),
        )
        return self.page(found, base=base)

    def particulars(self, base):
        chosen, pens = self.request.POST.get("author_kind"), pens_of(self.request.user, self.object)
        session = self.request.POST.get("meeting", "")
        return {
            "base": int(base) if base.isdigit() else 0,
            "note": self.request.POST.get("note", "")[:200],
            "author_kind": chosen if chosen in pens else (pens or [""])[0],
            "meeting": next((row for row in self.sessions() if str(row.pk) == session), None),
        }

    def sessions(self):
        """The co-drafting sessions a version may come from."""
        if self.object.state != self.object.State.CO_DRAFTED:
            return []
        rows = Meeting.objects.filter(workshop=self.object.workshop_id, kind=Meeting.Kind.CODRAFTING)
        return list(rows.filter(starts_at__lte=clock.now()).exclude(state=Meeting.State.CANCELLED))

    def conflict(self, conflict, words):
        """The same words sent twice are saved once; other words are shown beside theirs."""
        theirs = conflict.theirs
        if theirs and theirs.author_id == self.request.user.pk and theirs.clauses == clauses.tidy(words):
            return redirect(self.object)
        number, kept = (theirs.number, theirs.clauses) if theirs else (0, [])
        both = labelled(differences.compare_clauses(kept, clauses.tidy(words)))
        return self.page(words, base=number, refusal=conflict, theirs=theirs, differences=both)

    def page(self, words, focus=None, *, base, refusal=None, **context):
        kinds = Version.ClauseKind.choices
        return self.render_to_response(
            self.get_context_data(
                clauses=words,
                focus=focus,
                base=base,
                note=self.request.POST.get("note", ""),
                kinds=kinds,
                errors=refusal.messages if refusal else [],
                pens=[Version.AuthorKind(kind) for kind in pens_of(self.request.user, self.object)],
                chosen=self.request.POST.get("author_kind", ""),
                sessions=self.sessions(),
                session=self.request.POST.get("meeting", ""),
                too_late=not may_write(self.request.user, self.object),
                pens_sentence=Version.not_their_turn(self.object.state),
                **context,
            )
        )


def posted_clauses(post):
    """The clauses as they were sent, blank ones too: a page that comes back has lost nothing."""
    rows = zip(post.getlist("id"), post.getlist("kind"), post.getlist("text"), strict=False)
    known = Version.ClauseKind.values
    return [
        clauses.clause(kind if kind in known else "recital", text, name[:36])
        for name, kind, text in list(rows)[: clauses.MOST]
    ]


def blank_line(text):
    """Where to cut: at the first blank line, else at the first line break; 0 when there is none."""
    text = text.replace("\r\n", "\n")
    found = text.find("\n\n")
    return max(0, found if found > 0 else text.find("\n"))


def changed(words, name, place):
    """The clauses after a button, and the one to come back to."""
    last = len(words) - 1
    place = last if place is None else min(place, last)
    if name == "add":
        kind = words[place]["kind"] if words else "recital"
        return clauses.add(words, kind, place), place + 1
    if name in ("up", "down"):
        step = -1 if name == "up" else 1
        return clauses.move(words, place, step), min(max(place + step, 0), last)
    if name == "delete":
        return clauses.delete(words, place), max(place - 1, 0)
    if name == "split" and words:
        return clauses.split(words, place, blank_line(words[place]["text"])), place
    if name == "merge":
        return clauses.merge(words, place), place
    return words, None
