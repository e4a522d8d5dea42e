"""Long texts people write: plain Markdown in, safe HTML out. Nothing written here can run, load or track."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = set(
    "p br hr h2 h3 h4 h5 h6 em strong s code pre blockquote ul ol li a table thead tbody tr th td".split()
)
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 6

_markdown = MarkdownIt("commonmark", {"html": False}).disable("image").enable(["table", "strikethrough"])


def to_html(text: str, level: int = 3) -> SafeString:
    """The text as HTML; its first heading is of `level`, so that it takes its place in the page around it."""
    tokens = _markdown.parse(text or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(DEEPEST, int(token.tag[1]) + level - 1)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(
        nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, url_relative="deny")
    )
