"""Train the parts that come with the course: `python -m vaelib.trained.make [NAME ...]`.

Names are those of `recipes.PARTS` and of the experiments; none means all but "mnist", which needs
the real MNIST. Every part is trained from a seed on the bundled digits; all take about five minutes
on two cores.
"""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from vaelib.data import load_digits
from vaelib.trained import experiments
from vaelib.trained.recipes import PARTS, train_part
from vaelib.trained.storage import FOLDER, load_weights, save_weights

EXPERIMENTS: dict[str, Callable[[], Any]] = {
    "histories": experiments.histories,
    "rate_distortion": experiments.rate_distortion,
    "broken_runs": experiments.broken_runs,
    "anomalies": experiments.anomalies,
    "mnist": experiments.mnist,
}
KNOWN_IMAGES = 4
"""Of so many test images, what each part gives is kept, to tell a part from a student's model."""


def main(names: Sequence[str]) -> int:
    """Make the named parts and experiments, or all; 2 where a name is unknown."""
    known = [*PARTS, *EXPERIMENTS]
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no part is called {unknown[0]!r}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or [name for name in known if name != "mnist"]:
        print(f"making {name} ...", flush=True)
        if name in PARTS:
            make_part(name)
        else:
            keep("experiments.json", name, EXPERIMENTS[name]())
    return 0


def make_part(name: str) -> None:
    """Train a part, store its weights, and what the stored part gives for a few test images."""
    path = FOLDER / f"{name}.npz"
    model = train_part(name)
    save_weights(model, path)
    load_weights(model, path)
    keep("outputs.json", name, outputs(name, model))


def outputs(name: str, model: Any) -> list[Any]:
    """A VAE's `z_mean`, `(4, latent)`, or a denoiser's images, `(4, 28, 28)`, of clean digits."""
    images = load_digits("bundled").x_test[:KNOWN_IMAGES]
    given = model.encoder(images)[0] if name.startswith("vae") else model(images)[..., 0]
    return np.asarray(given, dtype=float).round(4).tolist()


def keep(file: str, name: str, value: Any) -> None:
    """Put a value under its name into a JSON file beside the parts."""
    path = FOLDER / file
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    stored[name] = value
    lines = [f"{json.dumps(key)}: {json.dumps(stored[key])}" for key in sorted(stored)]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
