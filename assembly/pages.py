"""The pages of the ground floor: cycles, documents, jobs."""

from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, ListView

from assembly.models import Cycle, Document, Job


class CycleList(ListView):
    template_name = "assembly/cycle_list.html"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user)


class CycleDetail(DetailView):
    template_name = "assembly/cycle_detail.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user)


class DocumentList(ListView):
    paginate_by = 20
    template_name = "assembly/document_list.html"

    def get_queryset(self):
        rows = Document.objects.visible_to(self.request.user).select_related("cycle").defer("content", "html")
        if kind := self.request.GET.get("kind"):
            rows = rows.filter(kind=kind)
        if words := self.request.GET.get("q", "").strip():
            rows = rows.filter(title__icontains=words)
        return rows

    def get_context_data(self, **context):
        return super().get_context_data(kinds=Document.Kind.choices, **context)


class DocumentDetail(DetailView):
    template_name = "assembly/document_detail.html"

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user).select_related("cycle")


def document_pdf(request, pk, slug):
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    if not document.is_printed:
        return redirect(document)
    return FileResponse(document.file.open("rb"), content_type="application/pdf", filename=f"{slug}.pdf")


class JobDetail(DetailView):
    template_name = "assembly/job_detail.html"

    def get_queryset(self):
        return Job.objects.visible_to(self.request.user)

    def render_to_response(self, context, **kwargs):
        if self.request.headers.get("Accept") == "application/json":
            job = self.object
            return JsonResponse({"state": job.state, "percent": job.percent, "message": job.message})
        return super().render_to_response(context, **kwargs)
