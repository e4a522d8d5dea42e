"""Uploads are bounded before they are read: a view says how much it takes with `upload_limit` (bytes)."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import Resolver404, resolve

USUAL_LIMIT = 10 * 1024 * 1024


class BoundedUpload(FileUploadHandler):
    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > limit_of(self.request.path_info):
            raise RequestDataTooBig("This file is larger than this page takes.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None


def limit_of(path):
    try:
        view = resolve(path).func
    except Resolver404:
        return USUAL_LIMIT
    return getattr(getattr(view, "view_class", None), "upload_limit", USUAL_LIMIT)


class PrivateStorage(FileSystemStorage):
    """Papers about somebody: outside the media, no address leads there."""

    base_location = property(lambda self: settings.PRIVATE_ROOT)
    location = property(lambda self: str(settings.PRIVATE_ROOT))
    base_url = None


def private_storage():
    return PrivateStorage()
