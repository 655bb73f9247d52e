"""Trained parts that come with the course, so that no unit depends on training in an earlier one.

`python -m vaelib.trained.make` trains them anew from the bundled digits; see `recipes` for how.
"""

import json
from typing import Any

import keras

from vaelib.check import evaluate
from vaelib.trained.recipes import PARTS
from vaelib.trained.storage import FOLDER, load_weights

__all__ = ["FOLDER", "load_denoiser", "load_experiment", "load_vae", "yours_or_trained"]


def load_vae(latent_dim: int = 2) -> keras.Model:
    """Return a VAE that was trained on the bundled digits.

    Args:
        latent_dim: 2 (for maps of the latent plane) or 16 (for everything else).

    Returns:
        A `vaelib.models.VAE`; its `encoder` gives `[z_mean, z_log_var, z]`.

    Raises:
        ValueError: No part of this latent size comes with the course.
    """
    sizes = [int(name.removeprefix("vae_")) for name in PARTS if name.startswith("vae_")]
    if latent_dim not in sizes:
        known = " or ".join(map(str, sizes))
        raise ValueError(f"latent_dim must be {known}. Received: latent_dim={latent_dim!r}")
    return _load(f"vae_{latent_dim}")


def load_denoiser() -> keras.Model:
    """Return a model from noisy to clean digits, trained at a noise factor of 0.5."""
    return _load("denoiser")


def yours_or_trained(exercise: str, model: Any) -> keras.Model:
    """Return the student's trained model if it passes its check, else vaelib's, with a note.

    Args:
        exercise: "trained_vae" or "trained_denoiser".
        model: What the notebook has trained, or None.
    """
    if evaluate(exercise, model).passed:
        return model
    print(f"(using vaelib's own trained part here, as {exercise} does not pass its check yet)")
    return load_vae() if exercise == "trained_vae" else load_denoiser()


def load_experiment(name: str) -> Any:
    """Return the numbers of a training experiment that takes too long for a notebook.

    Args:
        name: "histories", "rate_distortion", "broken_runs", "anomalies" or "mnist"; what each
            holds is said in `vaelib.trained.experiments`.

    Raises:
        ValueError: There is no experiment of this name.
    """
    numbers = json.loads((FOLDER / "experiments.json").read_text(encoding="utf-8"))
    if name not in numbers:
        raise ValueError(f"name must be one of {', '.join(numbers)}. Received: name={name!r}")
    return numbers[name]


def _load(name: str) -> keras.Model:
    model = PARTS[name].build()
    load_weights(model, FOLDER / f"{name}.npz")
    return model
