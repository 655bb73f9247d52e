"""Callbacks: what stops a run, what it says, and what is drawn while it goes."""

import re
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from vaelib import callbacks
from vaelib.callbacks import LiveFigure, ProgressBar, StopOnNonFinite, TrainingDiverged

NAN, INF = float("nan"), float("inf")


def stop(step, epoch=0, **logs):
    """Feed one step's logs to the guard."""
    guard = StopOnNonFinite()
    guard.set_model(SimpleNamespace(optimizer=SimpleNamespace(learning_rate=0.5)))
    guard.on_epoch_begin(epoch)
    guard.on_train_batch_end(step - 1, logs)


@pytest.mark.parametrize(
    ("step", "logs", "cause"),
    [
        pytest.param(
            7,
            {"loss": INF, "reconstruction_loss": 150.0, "kl_loss": INF},
            r"exp\(z_log_var\) overflowed; take a smaller learning rate",
            id="kl",
        ),
        pytest.param(
            7,
            {"loss": NAN, "reconstruction_loss": NAN, "kl_loss": 4.0},
            "NaN in the images to give back, or in the decoder's output",
            id="reconstruction",
        ),
        pytest.param(
            7,
            {"loss": NAN, "reconstruction_loss": NAN, "kl_loss": NAN},
            "an update that was too large",
            id="both",
        ),
        pytest.param(
            1,
            {"loss": NAN, "reconstruction_loss": NAN, "kl_loss": NAN},
            "NaN or infinity in the images or in the first weights",
            id="first-step",
        ),
        pytest.param(
            7,
            {"loss": -9e4, "reconstruction_loss": -9e4, "kl_loss": 4.0},
            r"pixels outside \[0, 1\]",
            id="bytes",
        ),
        pytest.param(7, {"loss": NAN}, "an update that was too large", id="another-model"),
    ],
)
def test_the_guard_names_step_terms_and_cause(step, logs, cause):
    terms = re.escape(f"epoch 1, step {step}: loss {logs['loss']:.4g}")
    with pytest.raises(TrainingDiverged, match=f"{terms}.*Likely cause: {cause}.*rate=0.5"):
        stop(step, **logs)


def test_the_guard_lets_numbers_pass():
    stop(1, loss=500.0, reconstruction_loss=490.0, kl_loss=10.0)
    stop(1, accuracy=0.5)


def test_a_run_on_pixels_that_are_not_numbers_stops_at_its_first_step():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    with pytest.raises(TrainingDiverged, match="epoch 1, step 1: loss nan"):
        model.fit(np.full((4, 2), NAN), np.ones((4, 1)), verbose=0, callbacks=[StopOnNonFinite()])


def drive(callback, epochs=2, steps=3):
    """Call a callback as `fit` does."""
    callback.set_params({"epochs": epochs, "steps": steps})
    callback.on_train_begin()
    for epoch in range(epochs):
        callback.on_epoch_begin(epoch)
        for step in range(steps):
            callback.on_train_batch_end(step, {"loss": 10.0 - step})
        callback.on_epoch_end(epoch, {"loss": 8.0, "val_loss": 9.0})
    callback.on_train_end({"loss": 8.0, "val_loss": 9.0})


def test_the_bar_shows_progress_and_ends_with_the_loss(capsys):
    drive(ProgressBar(every=0.0))
    lines = capsys.readouterr().out.split("\r")
    assert "epoch 1/2 [===" in lines[1] and "17%" in lines[1] and "loss 10.00" in lines[1]
    assert "s left" in lines[1] and "100%" in lines[-2]
    assert re.fullmatch(r"2 epochs in \d+ s  loss 8.00  val_loss 9.00\s*\n", lines[-1])


def test_the_bar_writes_no_more_often_than_asked(capsys):
    drive(ProgressBar(every=60.0), steps=50)
    assert capsys.readouterr().out.count("\r") == 1


@pytest.fixture
def decoder_model():
    decoder = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(16), keras.layers.Reshape((4, 4, 1))]
    )
    return SimpleNamespace(decoder=lambda z, training: keras.ops.sigmoid(decoder(z)))


def test_the_live_figure_draws_samples_and_curves(decoder_model):
    live = LiveFigure(latent_dim=2, images=4)
    live.set_model(decoder_model)
    drive(live)
    assert live.history == {"loss": [8.0, 8.0], "val_loss": [9.0, 9.0]}
    samples, curves = live.picture.figure.axes[:2]
    assert samples.images or samples.collections
    assert len(curves.lines) == 2


def test_the_live_figure_replaces_its_output_in_a_notebook(decoder_model, monkeypatch):
    shown = []
    monkeypatch.setattr("vaelib.display.in_notebook", lambda: True)
    monkeypatch.setattr(
        "vaelib.display._Shown.replace", lambda self, content, raw: shown.append(content)
    )
    live = LiveFigure(latent_dim=2, every=2)
    live.set_model(decoder_model)
    drive(live, epochs=5)
    assert len(shown) == 3  # after epochs 2, 4 and the last
    assert "<img alt=" in shown[0]["text/html"]
    assert "after epoch 2: loss 8.00  val_loss 9.00" in shown[0]["text/plain"]


def test_the_bar_is_one_output_in_a_notebook(monkeypatch):
    texts = []
    monkeypatch.setattr("vaelib.display.in_notebook", lambda: True)
    monkeypatch.setattr(
        "vaelib.display._Shown.replace", lambda self, content, raw: texts.append(content)
    )
    drive(callbacks.ProgressBar(every=0.0))
    assert len(texts) == 7 and texts[-1]["text/plain"].startswith("2 epochs in")


def test_a_live_figure_wants_a_latent_dim():
    with pytest.raises(ValueError, match="latent_dim must be an integer of at least 1"):
        LiveFigure(latent_dim=0)
