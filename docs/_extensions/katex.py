"""Formulas become HTML and MathML while the site is built, by KaTeX in one Node.js process.

A Sphinx extension for `html_math_renderer = "katex"`. Pages need no script, and a formula that
KaTeX cannot read is a warning.
"""

import functools
import json
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

STYLES = Path(__file__).parents[2] / "node_modules" / "katex" / "dist"
PROGRAM = """
const katex = require("katex");
require("readline").createInterface({input: process.stdin}).on("line", line => {
  const [formula, displayMode] = JSON.parse(line);
  let answer = {};
  try { answer.html = katex.renderToString(formula, {displayMode}); }
  catch (error) { answer.fault = error.message; }
  console.log(JSON.stringify(answer));
});
"""
log = logging.getLogger(__name__)


@functools.cache
def katex() -> subprocess.Popen[str]:
    """The process, started when the first formula comes; it ends with its input, and so with us."""
    pipe = subprocess.PIPE
    return subprocess.Popen(["node", "-e", PROGRAM], stdin=pipe, stdout=pipe, text=True, cwd=STYLES)


def write(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula into the page."""
    process = katex()
    assert process.stdin is not None and process.stdout is not None
    print(json.dumps([node.astext(), isinstance(node, nodes.math_block)]), file=process.stdin)
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    if "fault" in answer:
        log.warning(answer["fault"], location=node)
    translator.body.append(answer.get("html", ""))
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Offer the renderer, and the styles and fonts that its formulas need."""
    app.add_html_math_renderer("katex", (write, None), (write, None))
    app.config.html_static_path.append(str(STYLES))
    app.add_css_file("katex.min.css")
