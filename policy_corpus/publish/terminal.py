"""What foreign text may do to a terminal: be read, nothing else.

File names, addresses and pages can hold escape sequences that recolour a terminal, rename its window or write to
its clipboard, and marks that turn the direction of a line. They are stored and exported as they are, but not shown.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_PLAIN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def shown(text: str) -> str:
    """A text without characters that steer a terminal; half of a surrogate pair becomes U+FFFD."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _UNSHOWN.sub("", text))


def escaped_json(line: str) -> str:
    """A JSON line that says the same with such characters as escapes; JSON itself escapes those below 0x20."""
    return _NOT_PLAIN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def safe_console(width: int | None) -> "Console":
    """A Rich console on stdout whose texts are :func:`shown`; a view's colours stay, ``[red]`` in a page is text."""
    from rich.console import Console
    from rich.segment import Segment

    class SafeConsole(Console):
        """Filters what is about to be written, so that no view can forget to."""

        def render(self, renderable: Any, options: Any = None) -> Any:
            for segment in super().render(renderable, options):
                if segment.control or segment.text.isprintable():
                    yield segment
                else:
                    yield Segment(shown(segment.text), segment.style)

    return SafeConsole(width=width, highlight=False, markup=False, emoji=False)
