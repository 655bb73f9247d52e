"""Honest work that stands where nobody expects it, or is undone later: it must lose nothing."""

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.roles import grade_id
from tests.hostile.case import submission
from tests.hostile.kit import Kit, cell

GROUP = "astray"
SECOND, FOURTH = "02_normal_distributions", "04_sampling"
UNDONE = {
    "reset_at_the_end": "%reset -f",
    "names_cleared": "globals().clear()",
    "deleted_below": "del kl_normal, kl_loss",
    "number_in_its_place": "kl_normal = kl_normal(0.0, 0.0, 1.0, 0.0)",
    "star_import_at_the_end": "from vaelib.distributions import *",
    "nothing_in_its_place": "kl_loss = print(kl_loss(np.zeros((2, 2)), np.zeros((2, 2))))",
    "another_function_in_its_place": "kl_normal, kl_loss = (np.exp, np.log)",
}
HARD_TO_READ = {
    "help_beside_it": "np.exp?",
    "shell_beside_it": "!echo \\\n    two lines",
    "output_of_a_shell": "np.kept = !echo",
}


def _index(notebook: NotebookNode, name: str) -> int:
    return next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == name)


for _name, _source in UNDONE.items():
    submission(GROUP, _name)(
        lambda kit, source=_source: kit.with_cell(
            kit.notebook(), source, after=f"{[*kit.right][-1]}_check"
        )
    )

for _name, _source in HARD_TO_READ.items():

    @submission(GROUP, _name, warning="no answer cell|what it defines")
    def _retyped(kit: Kit, source: str = _source) -> NotebookNode:
        """In a cell of the student's own, the answer's being gone."""
        notebook = kit.notebook()
        own = new_code_cell(f"{kit.right['kl_normal']}\n\n{source}")
        notebook.cells[_index(notebook, "kl_normal")] = own
        return notebook


@submission(GROUP, warning="no answer cell")
def made_by_a_text(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    source = f"exec({kit.right['kl_normal']!r})"
    notebook.cells[_index(notebook, "kl_normal")] = new_code_cell(source)
    return notebook


@submission(GROUP, warning="what it defines")
def retyped_and_undone(kit: Kit) -> NotebookNode:
    """The cell that undoes it binds the name, too, but to no function."""
    notebook = kit.notebook()
    notebook.cells[_index(notebook, "kl_normal")] = new_code_cell(kit.right["kl_normal"])
    return kit.with_cell(notebook, UNDONE["number_in_its_place"], after="implied_beta_check")


@submission(GROUP, warning="the answer was found in")
def typed_into_the_check(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    empty = cell(kit.released, "kl_normal").source
    notebook.cells[_index(notebook, "kl_normal")].source = empty
    check = cell(notebook, "kl_normal_check")
    check.source = f"{kit.right['kl_normal']}\n\n{check.source}"
    return notebook


@submission(GROUP, warning="moved back")
def moved_below_its_helper(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    answer = notebook.cells.pop(_index(notebook, "kl_normal"))
    answer.source = f"@as_it_is\n{answer.source}"
    helper = new_code_cell("def as_it_is(function):\n    return function")
    place = _index(notebook, "kl_loss_check") + 1
    notebook.cells[place:place] = [helper, answer]
    return notebook


@submission(GROUP, warning="by its place")
def words_below_the_empty_cell(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    place = _index(notebook, kit.reflection)
    notebook.cells[place].source = cell(kit.released, kit.reflection).source
    notebook.cells.insert(place + 1, new_markdown_cell(kit.words))
    return notebook


@submission(GROUP, warning="by its place")
def words_in_the_question(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    place = _index(notebook, kit.reflection)
    notebook.cells[place].source = cell(kit.released, kit.reflection).source
    notebook.cells[place - 1].source += f"\n\n{kit.words}"
    return notebook


@submission(GROUP)
def helper_of_another_meaning_later(kit: Kit) -> NotebookNode:
    """With it, the first answer looks like a known mistake."""
    return kit.notebook(
        kl_to_standard_normal="def terms(m, v):\n    return 0.5 * (m**2 + np.exp(v) - 1 - v)\n"
        "def kl_to_standard_normal(z_mean, z_log_var):\n"
        "    return terms(z_mean, z_log_var).sum(axis=-1)",
        kl_loss="def terms(m, v):\n    return np.square(m) + np.exp(v) - 1 - v\n"
        "def kl_loss(z_mean, z_log_var):\n"
        "    return 0.5 * np.mean(np.sum(terms(z_mean, z_log_var), axis=-1))",
    )


@submission(GROUP)
def handed_on_and_undone(kit: Kit) -> NotebookNode:
    """It uses what it may, and its name is taken: each by itself costs nothing."""
    source = "def kl_to_standard_normal(z_mean, z_log_var):\n    from vaelib import distributions\n"
    source += "    return distributions.kl_normal(z_mean, z_log_var, 0.0, 0.0).sum(axis=-1)"
    later = "kl_to_standard_normal = kl_to_standard_normal(np.zeros((2, 3)), np.ones((2, 3)))"
    notebook = kit.notebook(kl_to_standard_normal=source)
    return kit.with_cell(notebook, later, after="implied_beta_check")


@submission(GROUP, unit=SECOND)
def with_a_function_of_the_text(kit: Kit) -> NotebookNode:
    """A demonstration defines it, which the grader runs for nobody else."""
    source = (
        "def diagonal_log_prob(z, z_mean, z_log_var):\n"
        "    return code_log_density(z, z_mean, z_log_var).sum(-1)"
    )
    return kit.notebook(diagonal_log_prob=source)


@submission(GROUP, unit=FOURTH)
def models_in_their_place(kit: Kit) -> NotebookNode:
    """What the answers make takes their names, and can be called as well."""
    source = (
        "encoder_model, conv_shape = encoder_model(2, (28, 28, 1))\n"
        "decoder_model = decoder_model(2, conv_shape)\nSampling = Sampling()"
    )
    return kit.with_cell(kit.notebook(), source, after=f"{[*kit.right][-1]}_check")


@submission(GROUP, unit=FOURTH)
def in_double_precision(kit: Kit) -> NotebookNode:
    source = "keras.config.set_floatx('float64')"
    return kit.with_cell(kit.notebook(), source, after=f"{[*kit.right][0]}_check")
