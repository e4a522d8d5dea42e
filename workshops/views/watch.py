"""The citizen watch and its press reviews."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, View

from assembly.views import EditView, FoundView, OfCycle
from workshops.forms import outside as forms
from workshops.models import PressReview, WatchItem, Workshop
from workshops.rules import is_inside
from workshops.views.questions import seat_in

PHOTO = 64 * 1024**2  # a photograph as it comes out of a telephone, or heavier


class WatchItemDetail(DetailView):
    def get_queryset(self):
        rows = WatchItem.objects.visible_to(self.request.user)
        return rows.select_related("workshop", "cycle", "subject", "shared_by__user")

    def get_context_data(self, **context):
        reviews = self.object.pressreviews.filter(state=PressReview.State.PUBLISHED)
        return super().get_context_data(reviews=reviews, **context)


class WatchItemFound(FoundView):
    model = WatchItem
    kind = None
    parent_model, parent_field = Workshop, "workshop"
    upload_limit = PHOTO

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        item = kwargs["instance"]
        item.kind, item.cycle = self.kind, self.parent.cycle
        item.shared_by = seat_in(item.cycle, self.request.user)
        return kwargs


class ArticleFound(WatchItemFound):
    kind, form_class = WatchItem.Kind.ARTICLE, forms.ArticleForm
    title = gettext_lazy("Share an article")


class ObservationFound(WatchItemFound):
    kind, form_class = WatchItem.Kind.OBSERVATION, forms.ObservationForm
    title = gettext_lazy("Share a local observation")


class WatchItemEdit(EditView):
    model = WatchItem
    upload_limit = PHOTO

    def get_form_class(self):
        article = self.object.kind == WatchItem.Kind.ARTICLE
        return forms.ArticleForm if article else forms.ObservationForm


class WatchPicture(View):
    def get(self, request, pk):
        item = get_object_or_404(
            WatchItem.objects.visible_to(request.user).shared().exclude(picture=""), pk=pk
        )
        try:
            return FileResponse(item.picture.open("rb"), content_type="image/jpeg")
        except FileNotFoundError as away:
            raise Http404 from away


class PressReviewList(OfCycle, ListView):
    paginate_by = 20

    def get_queryset(self):
        rows = PressReview.objects.visible_to(self.request.user).select_related("workshop", "cycle")
        return self.narrow(rows)


class PressReviewDetail(DetailView):
    def get_queryset(self):
        rows = PressReview.objects.visible_to(self.request.user)
        return rows.select_related("workshop", "cycle", "document__cycle")

    def get_context_data(self, **context):
        inside = is_inside(self.request.user, self.object.home)
        return super().get_context_data(content=self.object.content, inside=inside, **context)


class PressReviewFound(FoundView):
    """What was shared over the period is chosen to begin with; it is then ticked off."""

    model, form_class = PressReview, forms.ReviewForm
    title = gettext_lazy("Prepare a press review")
    parent_model, parent_field = Workshop, "workshop"

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs["instance"].cycle = self.parent.cycle
        return kwargs

    def once(self, form):
        response = super().once(form)
        items = WatchItem.objects.shared().filter(workshop=self.parent)
        self.object.items.set(items.within(self.object.since, self.object.until))
        return response


class PressReviewEdit(EditView):
    model, form_class = PressReview, forms.ReviewItemsForm
    title = gettext_lazy("Choose what the review holds")
