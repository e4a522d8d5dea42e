"""Long texts are written with a help beside them, and shown as they will read before they are kept."""

from workshops.blocks import blocks, known_to


class Written:
    """A form with a long text, `long_field`, and a second button: “Preview” shows it and keeps nothing."""

    long_field = None
    template_name = "workshops/write.html"

    def get_context_data(self, **context):
        return super().get_context_data(writing_field=self.long_field, **context)

    def post(self, request, *args, **kwargs):
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        form = self.get_form()
        form.full_clean()
        text = request.POST.get(self.long_field, "")
        return self.render_to_response(self.get_context_data(form=form, preview=self.preview(text)))

    def preview(self, text):
        return [{"sort": "words", "text": text}]


class WrittenForNotebook(Written):
    """May call for the pictures and the figures of a notebook."""

    def get_context_data(self, **context):
        notebook = self.object.notebook
        return super().get_context_data(pictures=notebook.pictures.all(), notebook=notebook, **context)

    def preview(self, text):
        return blocks(text, known_to(self.object.notebook, [text]))
