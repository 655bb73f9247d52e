"""What is shown in a terminal of texts that others wrote."""

from rich.text import Text


def harmless(text: str) -> Text:
    """Text without markup, and without characters that a terminal would obey."""
    return Text("".join(c if c.isprintable() else "?" for c in text), overflow="fold")
