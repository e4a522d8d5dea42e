"""What several lists share."""

from django.views.generic import ListView

from assembly.next_step import waiting_for


class WaitingHere:
    """A page where somebody appointed lands: what waits for them comes first."""

    landing = None

    def get_context_data(self, **context):
        user = self.request.user
        lands = user.is_authenticated and any(held.role == self.landing for held in user.current_appointments)
        waiting = waiting_for(user) if lands else []
        return super().get_context_data(lands=lands, waiting=waiting, **context)


class FilteredList(ListView):
    """A list narrowed by a form in its address."""

    paginate_by = 20
    filters = None

    def get_queryset(self):
        self.form = self.filters(self.request.GET, user=self.request.user)
        return self.narrowed(self.rows(), self.form.wishes())

    def get_context_data(self, **context):
        return super().get_context_data(form=self.form, **context)
