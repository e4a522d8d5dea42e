"""The roles of the Assembly."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SECRETARIAT = "secretariat", _("secretariat")
    OPERATOR = "operator", _("draw operator")
    FACILITATOR = "facilitator", _("facilitator")
    GUARANTOR = "guarantor", _("guarantor")
    BAILIFF = "bailiff", _("bailiff")
    EXECUTIVE = "executive", _("executive’s office")
    DEPARTMENT = "department", _("department")
    SUPPORT = "support", _("support team")
    MEMBER = "member", _("member")
