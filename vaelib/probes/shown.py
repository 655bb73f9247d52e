"""How the text of a reply leaves a kernel unchanged."""


class Shown:
    """Text that is shown as it is, whatever shows text in this notebook."""

    def __init__(self, text):
        self.text = text

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": self.text}
