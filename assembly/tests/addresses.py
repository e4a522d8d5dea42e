"""Every address of the house, read from the URL table."""

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import LocalePrefixPattern


def addresses(resolver=None, spaces=()):
    """Yield (name, view, parameters): "deliberations:proposal_detail", the callback, {"pk"}; allauth's are left out."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and not pattern.callback.__module__.startswith("allauth"):
                yield ":".join([*spaces, pattern.name]), pattern.callback, set(pattern.pattern.converters)
        else:
            own = (
                spaces if isinstance(pattern.pattern, LocalePrefixPattern) else (*spaces, *own_space(pattern))
            )
            yield from addresses(pattern, own)


def own_space(resolver):
    return [resolver.namespace] if resolver.namespace else []
