"""The views every room uses: act, create, edit."""

from uuid import uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import CreateView, FormView, TemplateView, UpdateView
from django.views.generic.detail import SingleObjectMixin

from assembly.differences import compare
from assembly.models import Cycle, Receipt
from assembly.rules import entitled, is_moment, is_staff, permission_for


def house(request):
    """What every page may need to know of the house."""
    return {"DEMO": settings.DEMO, "SECOND_FACTOR": settings.SECOND_FACTOR, "SITE_URL": settings.SITE_URL}


class PrivatePagesAreNotKept:
    """What a logged-in person sees is kept by no cache on the way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response


class PlainForm(forms.Form):
    """An act without particulars: a button."""


def laid_out(form):
    """Every form is printed by `{% crispy form %}` inside the page's own <form>."""
    if not getattr(form, "helper", None):
        form.helper = FormHelper(form)
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.form_show_errors = True
    return form


class FormPage:
    """What the pages with a form share: its layout, its button, the way back."""

    submit_label = None
    title = None
    help_text = ""
    danger = False

    def get_form(self, form_class=None):
        return laid_out(super().get_form(form_class))

    def get_context_data(self, **context):
        return super().get_context_data(
            act_label=self.get_title(),
            act_help=self.help_text,
            submit_label=self.submit_label or self.get_title(),
            cancel_url=self.get_cancel_url(),
            danger=self.danger,
            **context,
        )

    def get_title(self):
        return self.title

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class ActView(FormPage, SingleObjectMixin, FormView):
    """Perform one act on one object, with the form that goes with it.

    404 for who may not know the object, 403 for who is not entitled, a sentence when it is not the moment.
    `then` and `back` name the methods of the object that give the addresses to go to once it is done, and
    when one gives up (its own page by default).
    """

    act = None
    form_class = PlainForm
    template_name = "act.html"
    then = "get_absolute_url"
    back = "get_absolute_url"

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not entitled(request.user, self.act, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if getattr(self.form_class, "wants_object", False):
            kwargs["object"] = self.object
        return kwargs

    def get_title(self):
        return self.title or getattr(self.model, self.act).label

    def get_cancel_url(self):
        return getattr(self.object, self.back)()

    def get_context_data(self, **context):
        return super().get_context_data(too_late=not is_moment(self.act, self.object), **context)

    def form_valid(self, form):
        try:
            getattr(self.object, self.act)(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("Done: %(act)s.") % {"act": self.get_title()})
        return redirect(getattr(self.object, self.then)())


class OwnActView(ActView):
    """An act on something of one's own, which is kept from its first use: `kept` gives it, made if need be."""

    def form_valid(self, form):
        self.object = self.kept()
        return super().form_valid(form)


class OnceMixin:
    """A form sent twice is done once: the second sending goes where the first one led."""

    def get_context_data(self, **context):
        return super().get_context_data(once=self.request.POST.get("once") or uuid4(), **context)

    def post(self, request, *args, **kwargs):
        if sent := Receipt.objects.exclude(address="").filter(token=self.token).first():
            return redirect(sent.address)
        return super().post(request, *args, **kwargs)

    @cached_property
    def token(self):
        try:
            return forms.UUIDField(required=False).clean(self.request.POST.get("once")) or uuid4()
        except ValidationError:
            return uuid4()

    def form_valid(self, form):
        token = self.token
        try:
            with transaction.atomic():
                receipt = Receipt.objects.create(token=token)
                response = self.once(form)
                receipt.address = response.url
                receipt.save(update_fields=["address"])
        except IntegrityError:
            return redirect(get_object_or_404(Receipt, token=token).address)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        return response


class FoundView(OnceMixin, FormPage, CreateView):
    """Create an object, once, with its journal entry; `parent` is what it hangs on (and what rights are asked of)."""

    template_name = "form.html"
    parent_model = None
    parent_field = None
    parent_slug = "pk"

    def dispatch(self, request, *args, **kwargs):
        self.parent = self.get_parent()
        if not entitled_to_add(request.user, self.model, self.parent):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(parent=self.parent, **context)

    def get_parent(self):
        if self.parent_model is None:
            return None
        rows = self.parent_model.objects.visible_to(self.request.user)
        return get_object_or_404(rows, **{self.parent_slug: self.kwargs[self.parent_slug]})

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if self.parent is not None:
            kwargs["instance"] = self.model(**{self.parent_field: self.parent})
        return kwargs

    def get_cancel_url(self):
        return self.parent.get_absolute_url() if self.parent is not None else reverse("my_space")

    def once(self, form):
        self.object = form.save()
        self.object.record("create", by=self.request.user)
        messages.success(self.request, _("Saved."))
        return redirect(self.object)


def entitled_to_add(user, model, parent):
    return user.is_authenticated and user.has_perm(permission_for("add", model), parent)


class EditView(FormPage, UpdateView):
    """Change what an object says. A save that starts from an older version is refused, and both texts shown."""

    template_name = "form.html"
    act = "edit"

    def dispatch(self, request, *args, **kwargs):
        if not entitled(request.user, self.act, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)

    def get_title(self):
        return self.title or _("Modify")

    def get_context_data(self, **context):
        return super().get_context_data(version=self.started_from, **context)

    @property
    def started_from(self):
        return self.request.POST.get("version") or getattr(self.object, "version", "")

    def form_valid(self, form):
        try:
            with transaction.atomic():
                self.keep(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(self.get_success_url())

    def keep(self, form):
        theirs = self.model._base_manager.select_for_update().get(pk=self.object.pk)
        if not is_moment(self.act, theirs):
            raise ValidationError(_("This can no longer be changed: %s.") % theirs.get_state_display())
        if hasattr(theirs, "version"):
            if str(theirs.version) != str(self.started_from):
                self.theirs = theirs
                raise ValidationError(
                    _(
                        "Somebody saved this in the meantime. Your text is below, theirs beside it: keep what is best."
                    )
                )
            form.instance.version = theirs.version + 1
        kept = [name for name in form.changed_data if name in getattr(theirs, "words_kept", ())]
        was = {"was": {name: getattr(theirs, name) for name in kept}} if kept else {}
        self.object = form.save()
        self.object.record("edit", by=self.request.user, fields=form.changed_data, **was)

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if theirs := getattr(self, "theirs", None):
            fields = [beside(form, name, getattr(theirs, name, "")) for name in form.fields]
            response.context_data |= {"theirs": fields, "version": theirs.version}
        return response


def beside(form, name, theirs):
    """(label, what is saved, word by word what separates it from what was sent)."""
    mine = form.cleaned_data.get(name)
    differ = isinstance(mine, str) and isinstance(theirs, str) and mine != theirs
    return form.fields[name].label, theirs, compare(theirs, mine) if differ else []


class CycleScoped:
    """A page below /cycles/<number>/, for those who hold `permission` in that cycle if one is named."""

    permission = None

    def dispatch(self, request, *args, **kwargs):
        self.cycle = get_object_or_404(Cycle.objects.visible_to(request.user), number=kwargs["number"])
        if self.permission and not request.user.has_perm(self.permission, self.cycle):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(cycle=self.cycle, **context)


class OfCycle:
    """A list that `?cycle=<number>` narrows to one cycle; `cycle_path` leads from its rows to their cycle."""

    cycle_path = "cycle"

    @cached_property
    def of_cycle(self):
        number = self.request.GET.get("cycle", "")
        visible = Cycle.objects.visible_to(self.request.user)
        return visible.filter(number=number).first() if number.isdecimal() else None

    def narrow(self, rows):
        return rows.filter(**{self.cycle_path: self.of_cycle}) if self.of_cycle else rows

    def get_context_data(self, **context):
        return super().get_context_data(of_cycle=self.of_cycle, **context)


class StaffOnly:
    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not is_staff(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class Page(TemplateView):
    """A page of words."""
