"""The yearly reports of the right of follow-up."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.rules import entitled
from assembly.views import EditView, FoundView, entitled_to_add
from deliberations.earlier import earlier_words
from deliberations.forms.follow_up import ForewordForm, YearlyReportForm
from deliberations.models import YearlyReport


class YearlyReportList(ListView):
    paginate_by = 20
    template_name = "deliberations/yearlyreport_list.html"

    def get_queryset(self):
        return YearlyReport.objects.visible_to(self.request.user).select_related("document")

    def get_context_data(self, **context):
        return super().get_context_data(
            may_begin=entitled_to_add(self.request.user, YearlyReport, None), **context
        )


class YearlyReportDetail(DetailView):
    """As it stands today while it is a draft, as it was frozen from then on."""

    template_name = "deliberations/yearlyreport_detail.html"
    context_object_name = "report"

    def get_queryset(self):
        return YearlyReport.objects.visible_to(self.request.user).select_related("document")

    def get_context_data(self, **context):
        report = self.object
        earlier = earlier_words(report) if entitled(self.request.user, "edit", report) else []
        return super().get_context_data(content=report.content, earlier=earlier, **context)


class YearlyReportFound(FoundView):
    model = YearlyReport
    form_class = YearlyReportForm
    title = gettext_lazy("Begin a yearly report")
    help_text = gettext_lazy(
        "Its figures and words come from the returns. You read it before it is published."
    )

    def once(self, form):
        return redirect(YearlyReport.objects.begin(by=self.request.user, **form.cleaned_data))


class YearlyReportEdit(EditView):
    model = YearlyReport
    form_class = ForewordForm
    title = gettext_lazy("Write the foreword")
