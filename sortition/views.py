"""The pages of recruitment, of the draw room and of the seats."""

import csv
import gzip
import io
import zipfile
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import DetailView, FormView, ListView, TemplateView, View

from assembly import mail
from assembly.models import Pool
from assembly.templatetags.house import day
from assembly.views import ActView, CycleScoped, FormPage, OnceMixin
from sortition import answers, drawing, forms
from sortition.engine.volunteers import escape_cell
from sortition.models import Draw, Exhibit, Invitation, Register, SeatOffer, Volunteer
from sortition.record import counts
from sortition.recruitment import Funnel, against_the_city, seats_by_pool

STAFF_PAGE = "sortition.view_recruitment"


class CyclePage(CycleScoped):
    """A page of a cycle for those who follow its recruitment, unless another permission is named."""

    permission = STAFF_PAGE


class CycleFormPage(FormPage, CyclePage, FormView):
    """A form about a cycle."""

    template_name = "form.html"

    def get_cancel_url(self):
        return reverse("sortition:recruitment", args=[self.cycle.number])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cycle": self.cycle}


# ---- recruitment


class Recruitment(CyclePage, TemplateView):
    template_name = "sortition/recruitment.html"

    def get_context_data(self, **context):
        funnel = Funnel(self.cycle)
        return super().get_context_data(
            funnel=funnel,
            criteria=against_the_city(self.cycle),
            registers=self.cycle.registers.select_related("pool", "cycle").defer("refusals", "strata"),
            draws=self.cycle.draws.select_related("cycle"),
            may_hand_over=self.request.user.has_perm("sortition.add_register", self.cycle),
            may_draw=self.request.user.has_perm("sortition.add_draw", self.cycle),
            **context,
        )


class RegisterAdd(OnceMixin, CycleFormPage):
    """The roll arrives, is laid aside and read by a job; this page answers at once."""

    permission = "sortition.add_register"
    form_class = forms.RegisterForm
    title = gettext_lazy("Hand over an electoral roll")
    help_text = gettext_lazy(
        "It is read once, fingerprinted and drawn. Only the people drawn are kept; the file is deleted."
    )
    upload_limit = 1024**3

    def once(self, form):
        data = form.cleaned_data
        register = Register.objects.hand_over(
            data["pool"],
            data["file"].temporary_file_path(),
            name=data["file"].name,
            seed=data["seed"],
            letters=data["letters"],
            by=self.request.user,
        )
        return redirect(register)


class RegisterDetail(DetailView):
    template_name = "sortition/register_detail.html"

    def get_queryset(self):
        return (
            Register.objects.visible_to(self.request.user).select_related("pool", "cycle").defer("refusals")
        )

    def get_context_data(self, **context):
        register = self.object
        return super().get_context_data(
            job=register.job,
            refused=sorted(
                ((reasons(code), count) for code, count in register.refused.items()), key=lambda row: -row[1]
            ),
            districts=by_district(register.strata),
            entries=register.entries.select_related("by"),
            **context,
        )


REASONS = {
    "ragged": gettext_lazy("not as many cells as the heading"),
    "no_name": gettext_lazy("no name"),
    "no_sex": gettext_lazy("sex missing or unknown"),
    "no_district": gettext_lazy("no polling station nor Paris postcode"),
    "no_address": gettext_lazy("no address to write to"),
    "date_unreadable": gettext_lazy("date of birth incomplete"),
    "under_age": gettext_lazy("under 18 on the day of the draw"),
    "age_implausible": gettext_lazy("date of birth that cannot be right"),
    "european_list": gettext_lazy("on the European list only"),
    "duplicate": gettext_lazy("same person as another line"),
}


def reasons(code):
    return REASONS.get(code, code)


def by_district(strata):
    """[(district, electors, letters)] from the strata."""
    found = {}
    for district, *_rest, population, invited, _threshold in strata:
        people, letters = found.get(district, (0, 0))
        found[district] = (people + population, letters + invited)
    return [(district, *found[district]) for district in sorted(found)]


class RegisterFile(View):
    """Unusable lines by number, column and reason: nothing of anybody."""

    def get(self, request, *args, **kwargs):
        register = get_object_or_404(Register.objects.visible_to(request.user), pk=kwargs["pk"])
        if not register.refusals:
            raise Http404
        text = b"\xef\xbb\xbf" + gzip.decompress(bytes(register.refusals))
        return attachment(text, "text/csv; charset=utf-8", f"refus-{register.pk}.csv")


def attachment(data, kind, name):
    return FileResponse(io.BytesIO(data), content_type=kind, as_attachment=True, filename=name)


class RegisterExport(ActView):
    """The merge file for the City's printer: names and addresses, hence a confirmation and a line in the journal."""

    model, act = Register, "export"
    title = gettext_lazy("Take out the file for the printer")
    help_text = gettext_lazy("It holds names and addresses: send it by a safe channel and delete your copy.")
    HEADING = ("code", "nom", "prenom", "adresse", "code_postal", "ville", "repondre_avant", "page")

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.errors:
            return response
        list(messages.get_messages(self.request))
        response = StreamingHttpResponse(self.lines(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="courriers-{self.object.pk}.csv"'
        return response

    def lines(self):
        writer = csv.writer(Echo(), delimiter=";")
        yield "\ufeff" + writer.writerow(self.HEADING)
        page = settings.SITE_URL + reverse("sortition:respond")
        until = self.object.cycle.response_until or ""
        for letter in self.object.invitations.select_related("contact").iterator(chunk_size=2000):
            contact = letter.contact
            cells = (
                [
                    contact.last_name,
                    contact.first_name,
                    contact.address.replace("\n", ", "),
                    contact.postcode,
                    contact.city,
                ]
                if contact
                else [""] * 5
            )
            yield writer.writerow([letter.code, *map(escape_cell, cells), until, page])


class Echo:
    """A file that gives back what is written in it."""

    def write(self, text):
        return text


class LettersReturned(CycleFormPage):
    permission = "sortition.come_back_invitation"
    form_class = forms.ReturnedForm
    title = gettext_lazy("Letters returned undelivered")
    submit_label = gettext_lazy("Mark as undelivered")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["cycle"]
        return kwargs

    def form_valid(self, form):
        found = Invitation.objects.filter(
            pool__cycle=self.cycle, code__in=form.cleaned_data["codes"], state=Invitation.State.SENT
        ).select_related("pool__cycle")
        for letter in found:
            letter.come_back(by=self.request.user)
        asked = len(form.cleaned_data["codes"])
        messages.success(
            self.request,
            _("%(done)s of %(asked)s letters marked as undelivered.") % {"done": len(found), "asked": asked},
        )
        return redirect(self.get_cancel_url())


# ---- the public answers a letter

TRIES, AN_HOUR = 30, 3600


class Respond(FormPage, FormView):
    """The code on the letter opens the answer page; a wrong one says nothing more than that."""

    template_name = "sortition/respond.html"
    form_class = forms.CodeForm
    title = gettext_lazy("Answer your letter")
    submit_label = gettext_lazy("Continue")

    def get_cancel_url(self):
        return ""

    @property
    def counter(self):
        address = self.request.META.get("REMOTE_ADDR", "")
        return "respond:" + sha256(f"{settings.SECRET_KEY}|{address}".encode()).hexdigest()[:32]

    def post(self, request, *args, **kwargs):
        if cache.get(self.counter, 0) >= TRIES:
            form = self.get_form()
            form.add_error(
                None, _("Too many tries from here. Wait an hour, or call the number on your letter.")
            )
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        cache.add(self.counter, 0, AN_HOUR)
        cache.incr(self.counter)
        return super().form_invalid(form)

    def form_valid(self, form):
        letter = Invitation.objects.with_code(form.cleaned_data["code"])
        if letter is None or not letter.is_open:
            form.add_error("code", forms.NOT_KNOWN)
            return self.form_invalid(form)
        self.request.session["letter"] = letter.pk
        return redirect("sortition:respond_form")


class WithLetter:
    """The letter opened in this session; without one, back to the code."""

    def dispatch(self, request, *args, **kwargs):
        rows = Invitation.objects.select_related("pool__cycle", "contact")
        self.letter = rows.filter(pk=request.session.get("letter")).first()
        if self.letter is None:
            return redirect("sortition:respond")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(letter=self.letter, cycle=self.letter.cycle, **context)


class RespondAnswer(WithLetter, FormPage, FormView):
    template_name = "sortition/respond_form.html"
    form_class = forms.AnswerForm
    title = gettext_lazy("Your answer")
    submit_label = gettext_lazy("Send my answer")

    def get_cancel_url(self):
        return reverse("sortition:respond")

    def get_form_kwargs(self):
        diplomas = self.letter.cycle.criteria.filter(key="diploma").values_list(
            "categories__key", "categories__title"
        )
        return super().get_form_kwargs() | {"diplomas": list(diplomas.order_by("categories__position"))}

    def get_initial(self):
        """What the letter already says, and the earlier answer of the same session only."""
        letter = self.letter
        if self.request.session.get("answered") != letter.pk:
            return {}
        if letter.state == Invitation.State.DECLINED:
            return {"will": forms.AnswerForm.NO}
        contact = letter.contact
        profile = getattr(getattr(letter, "answer", None), "profile", {})
        return {
            "will": forms.AnswerForm.YES,
            "gender": {"H": "M"}.get(profile.get("gender"), profile.get("gender")),
            "birth_date": contact and contact.birth_date,
            "district": profile.get("district"),
            "diploma": profile.get("diploma"),
            "email": contact and contact.email,
            "phone": contact and contact.phone,
            "needs": contact and contact.needs,
        }

    def form_valid(self, form):
        try:
            if form.says_yes:
                self.letter.volunteer(by=None, **form.facts())
            else:
                self.letter.decline(by=None)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        self.request.session["answered"] = self.letter.pk
        return redirect("sortition:respond_done")


class RespondDone(WithLetter, TemplateView):
    template_name = "sortition/respond_done.html"

    def get(self, request, *args, **kwargs):
        if self.letter.state not in (Invitation.State.VOLUNTEERED, Invitation.State.DECLINED):
            return redirect("sortition:respond_form")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        volunteer = Volunteer.objects.filter(invitation=self.letter).first()
        return super().get_context_data(volunteer=volunteer, **context)


# ---- files of answers


class AnswersUpload(CycleFormPage):
    permission = "sortition.add_volunteer"
    form_class = forms.AnswersFileForm
    title = gettext_lazy("Take in a file of answers")
    submit_label = gettext_lazy("See what it holds")
    upload_limit = 20 * 1024**2

    def get_initial(self):
        return {"match_codes": Invitation.objects.filter(pool__cycle=self.cycle).exists()}

    def form_valid(self, form):
        upload, pool = form.cleaned_data["file"], form.cleaned_data["pool"]
        matched = form.cleaned_data["match_codes"]
        try:
            answers.understand(upload.temporary_file_path(), upload.name, pool, match_codes=matched)
        except ValidationError as refusal:
            form.add_error("file", refusal)
            return self.form_invalid(form)
        token = answers.keep(upload.temporary_file_path())
        self.request.session["answers"] = {
            "token": token,
            "name": upload.name,
            "pool": pool.pk,
            "match": matched,
        }
        return redirect("sortition:answers_preview", self.cycle.number, token)


class AnswersPreview(CyclePage, TemplateView):
    """What a file holds, before anything is changed; the file waits under a name only this session knows."""

    permission = "sortition.add_volunteer"
    template_name = "sortition/answers_preview.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        kept = request.session.get("answers") or {}
        self.kept = kept if kept.get("token") == kwargs["token"] else {}

    @property
    def path(self):
        path = answers.place(self.kept["token"]) if self.kept else None
        return path if path and path.exists() else None

    def get_pool(self):
        return get_object_or_404(Pool, pk=self.kept.get("pool"), cycle=self.cycle)

    def get(self, request, *args, **kwargs):
        if self.path is None:
            messages.info(request, _("This file is no longer waiting: hand it over again if need be."))
            return redirect("sortition:answers_upload", self.cycle.number)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.path is None:
            return redirect("sortition:volunteer_list", self.cycle.number)
        path, pool = self.path, self.get_pool()
        if "abandon" not in request.POST:
            try:
                taken = answers.take_in(
                    path, self.kept["name"], pool, by=request.user, match_codes=self.kept["match"]
                )
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect(request.path)
            said = ngettext(
                "%(number)s volunteer taken in.", "%(number)s volunteers taken in.", len(taken.lines)
            )
            messages.success(request, said % {"number": len(taken.lines)})
        path.unlink(missing_ok=True)
        del request.session["answers"]
        return redirect("sortition:volunteer_list", self.cycle.number)

    def get_context_data(self, **context):
        pool = self.get_pool()
        preview = answers.understand(self.path, self.kept["name"], pool, match_codes=self.kept["match"])
        return super().get_context_data(preview=preview, pool=pool, name=self.kept["name"], **context)


class VolunteerList(CyclePage, ListView):
    """Volunteers by pseudonym: no name, no address."""

    template_name = "sortition/volunteer_list.html"
    paginate_by = 50

    def get_queryset(self):
        self.filters = forms.VolunteerFilters(self.request.GET or None, cycle=self.cycle)
        rows = (
            Volunteer.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("pool", "cycle")
        )
        if self.filters.is_valid():
            said = self.filters.cleaned_data
            rows = rows.filter(pool=said["pool"]) if said["pool"] else rows
            rows = rows.filter(state=said["state"]) if said["state"] else rows
            rows = rows.filter(pseudonym__istartswith=said["q"].strip()) if said["q"] else rows
        return rows

    def get_context_data(self, **context):
        context = super().get_context_data(filters=self.filters, **context)
        titles = {
            (criterion.key, category.key): category.title
            for criterion in self.cycle.criteria.prefetch_related("categories")
            for category in criterion.categories.all()
        }
        for row in context["object_list"]:
            row.traits = [titles.get(pair, "") for pair in row.profile.items()]
        return context | {
            "may_set_aside": self.request.user.has_perm("sortition.set_aside_volunteer", self.cycle)
        }


# ---- draws


class DrawList(ListView):
    template_name = "sortition/draw_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Draw.objects.visible_to(self.request.user).select_related("cycle").defer("outcome")


def sees_result(user, draw):
    return draw.is_published or (user.is_authenticated and user.has_perm(STAFF_PAGE, draw))


def shown_exhibits(user, draw):
    """The files one may take: what was frozen as soon as it is, what came out once it is published."""
    files = draw.exhibits.defer("text")
    if not (user.is_authenticated and user.has_perm("sortition.view_profiles", draw)):
        files = files.filter(is_public=True)
    return files if sees_result(user, draw) else files.filter(name__in=drawing.PUBLIC_BEFORE)


class DrawDetail(DetailView):
    template_name = "sortition/draw_detail.html"

    def get_queryset(self):
        rows = Draw.objects.visible_to(self.request.user)
        return rows.select_related("cycle", "document", "prepared_by", "frozen_by", "certified_by")

    def get_context_data(self, **context):
        draw, user = self.object, self.request.user
        staff = user.is_authenticated and user.has_perm(STAFF_PAGE, draw)
        shown = bool(draw.drawn_at) and sees_result(user, draw)
        waiting = draw.state in (Draw.State.PREPARED, Draw.State.ANNOUNCED)
        return super().get_context_data(
            is_staff=staff,
            steps=steps(draw),
            pools=word_counts(draw),
            conflicts=drawing.conflicts(draw.cycle) if staff and waiting else [],
            checked=staff and waiting,
            is_ready=staff and waiting,
            shows_result=shown,
            result=drawing.result_rows(draw) if shown else [],
            chances=chances(draw) if shown else {},
            exhibits=list(shown_exhibits(user, draw)),
            job=draw.job if staff and draw.state == Draw.State.FROZEN and draw.seed else None,
            entries=draw.entries.select_related("by") if staff else [],
            **context,
        )


def steps(draw):
    """Prepared to published, and where this draw stands."""
    order = [
        Draw.State(name) for name in ("prepared", "announced", "frozen", "drawn", "certified", "published")
    ]
    stopped = draw.state in (Draw.State.SUSPENDED, Draw.State.CANCELLED)
    at = draw.suspended_from if stopped else draw.state
    now = order.index(at) if at in order else -1
    dates = [None, draw.announced_at, draw.frozen_at, draw.drawn_at, draw.certified_at, draw.published_at]
    return [
        {
            "label": state.label.capitalize(),
            "done": place <= now,
            "current": place == now,
            "dates": day(date) if date else "",
        }
        for place, (state, date) in enumerate(zip(order, dates, strict=True))
    ]


def word_counts(draw):
    return counts(draw) if draw.counts else []


def chances(draw):
    return {f"{low:g}–{high:g} %": number for low, high, number in draw.outcome["histogram"]}


class DrawFile(View):
    """One file of a draw. Those with profiles are for auditors, and each taking is written down."""

    def get(self, request, *args, **kwargs):
        draw = get_object_or_404(Draw.objects.visible_to(request.user), pk=kwargs["pk"])
        exhibit = get_object_or_404(shown_exhibits(request.user, draw).defer(None), name=kwargs["name"])
        if not exhibit.is_public:
            draw.record("audit", by=request.user, file=exhibit.name)
        kind = "text/csv" if exhibit.name.endswith(".csv") else "text/plain"
        return attachment(exhibit.text.encode(), f"{kind}; charset=utf-8", exhibit.name)


class DrawArchive(View):
    """Everything it takes to check a published draw, in one file."""

    def get(self, request, *args, **kwargs):
        draw = get_object_or_404(Draw.objects.visible_to(request.user), pk=kwargs["pk"])
        if not draw.is_published:
            raise Http404
        return attachment(archive(draw), "application/zip", f"tirage-{draw.cycle.number}.zip")


def archive(draw):
    """The same bytes each time."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for exhibit in Exhibit.objects.filter(draw=draw, is_public=True):
            packed.writestr(
                zipfile.ZipInfo(exhibit.name, (1980, 1, 1, 0, 0, 0)), exhibit.text, zipfile.ZIP_DEFLATED
            )
    return found.getvalue()


class DrawAdd(OnceMixin, CycleFormPage):
    permission = "sortition.add_draw"
    form_class = forms.DrawForm
    title = gettext_lazy("Prepare the panel draw")
    help_text = gettext_lazy("Another operator will freeze the pool: four eyes.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["cycle"]
        return kwargs

    def once(self, form):
        if Draw.objects.filter(cycle=self.cycle).exclude(state=Draw.State.CANCELLED).exists():
            raise ValidationError(_("This cycle already has its panel draw."))
        return redirect(Draw.objects.prepare(self.cycle, by=self.request.user, **form.cleaned_data))


class DrawAct(ActView):
    model = Draw

    def get_queryset(self):
        return super().get_queryset().select_related("cycle")


# ---- seats


class SeatList(CyclePage, ListView):
    """Offers with names, for the secretariat; each reading is written in the journal."""

    permission = "sortition.view_seatoffer"
    template_name = "sortition/seat_list.html"
    paginate_by = 50

    def get_queryset(self):
        self.filters = forms.SeatFilters(
            self.request.GET or None, cycle=self.cycle, states=SeatOffer.State.choices
        )
        rows = SeatOffer.objects.visible_to(self.request.user).filter(draw__cycle=self.cycle)
        if self.filters.is_valid():
            said = self.filters.cleaned_data
            rows = rows.filter(pool=said["pool"]) if said["pool"] else rows
            rows = rows.filter(state=said["state"]) if said["state"] else rows
        return rows.select_related(
            "pool",
            "draw__cycle",
            "volunteer__contact",
            "member__user",
            "replaces__volunteer",
            "successor__volunteer",
        )

    def get_context_data(self, **context):
        self.cycle.record("read_names", by=self.request.user)
        return super().get_context_data(filters=self.filters, rows=seats_by_pool(self.cycle), **context)


class SeatAct(ActView):
    model = SeatOffer

    def get_queryset(self):
        return super().get_queryset().select_related("draw__cycle", "pool", "volunteer__contact")


class SeatConfirm(SeatAct):
    act = "confirm"
    form_class = forms.ConfirmForm
    title = gettext_lazy("Confirm this seat")

    def form_valid(self, form):
        response = super().form_valid(form)
        if not form.errors:
            user = self.object.member.user
            context = {"name": user.name, "cycle": self.object.cycle}
            mail.send("welcome", user.email, context, language=user.language)
        return response
