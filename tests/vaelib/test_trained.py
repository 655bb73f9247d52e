"""Do the trained parts come whole, and does training them anew give the same quality?"""

import json

import numpy as np
import pytest

from vaelib.data import load_digits
from vaelib.latent import add_noise
from vaelib.metrics import held_out_negative_elbo, psnr
from vaelib.trained import FOLDER, load_denoiser, load_experiment, load_vae, yours_or_trained
from vaelib.trained.make import EXPERIMENTS, KNOWN_IMAGES, main, outputs
from vaelib.trained.recipes import NOISE_FACTOR, PARTS, train_part
from vaelib.trained.storage import load_weights

SAME_QUALITY = {"vae_2": 8.0, "vae_16": 8.0, "denoiser": 1.0}
"""How far a quick training may stay behind the part that is stored: nats, and dB."""


def quality(name: str, model) -> float:
    """Held-out negative ELBO in nats, or minus the PSNR in dB of denoised digits; low is good."""
    x_test = load_digits("bundled").x_test
    if name.startswith("vae"):
        return held_out_negative_elbo(model, x_test, samples=4).negative_elbo
    noisy = add_noise(x_test, NOISE_FACTOR, np.random.default_rng(0))
    return -float(psnr(x_test, np.asarray(model(noisy))).mean())


def test_parts_and_experiments_stay_below_two_megabytes() -> None:
    files = [path for path in FOLDER.iterdir() if path.suffix in (".npz", ".json")]
    assert {path.stem for path in files} == {*PARTS, "experiments", "outputs"}
    assert sum(path.stat().st_size for path in files) <= 2_000_000


@pytest.mark.parametrize(("latent_dim", "worst"), [(2, 120.0), (16, 100.0)])
def test_loaded_vae_has_its_latent_size_and_its_quality(latent_dim: int, worst: float) -> None:
    vae = load_vae(latent_dim)
    assert vae.encoder.output_shape[0] == (None, latent_dim)
    assert quality(f"vae_{latent_dim}", vae) < worst


def test_loaded_denoiser_gains_ten_decibels() -> None:
    x_test = load_digits("bundled").x_test
    noisy = add_noise(x_test, NOISE_FACTOR, np.random.default_rng(0))
    assert -quality("denoiser", load_denoiser()) > float(psnr(x_test, noisy).mean()) + 10


@pytest.mark.parametrize("name", PARTS)
def test_quick_retraining_reaches_the_quality_of_the_stored_part(name: str) -> None:
    stored = PARTS[name].build()
    load_weights(stored, FOLDER / f"{name}.npz")
    again = train_part(name, quick=True)
    assert quality(name, again) < quality(name, stored) + SAME_QUALITY[name]


@pytest.mark.parametrize("name", PARTS)
def test_stored_outputs_are_those_of_the_stored_part(name: str) -> None:
    part = PARTS[name].build()
    load_weights(part, FOLDER / f"{name}.npz")
    kept = json.loads((FOLDER / "outputs.json").read_text())[name]
    assert len(kept) == KNOWN_IMAGES
    np.testing.assert_allclose(outputs(name, part), kept, atol=2e-3)


def test_weights_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="vae_2.npz holds the weights of another model"):
        load_weights(PARTS["denoiser"].build(), FOLDER / "vae_2.npz")


def test_unknown_names_are_refused_with_what_there_is(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(ValueError, match="latent_dim must be 2 or 16. Received: latent_dim=3"):
        load_vae(3)
    with pytest.raises(ValueError, match="histories.*Received: name='nothing'"):
        load_experiment("nothing")
    assert main(["nothing"]) == 2
    assert "there are vae_2" in capsys.readouterr().err


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_experiments_are_there(name: str) -> None:
    assert load_experiment(name)


def test_a_missing_answer_is_replaced_with_a_note(capsys: pytest.CaptureFixture) -> None:
    assert yours_or_trained("trained_vae", None).encoder.output_shape[0] == (None, 2)
    assert "trained_vae does not pass its check yet" in capsys.readouterr().out
