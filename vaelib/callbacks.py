"""Callbacks: a progress bar, a live figure, and a stop when the loss is no number."""

import math
import time
from typing import Any

import keras

from vaelib.arguments import check_count
from vaelib.display import Line, Picture


class TrainingDiverged(ArithmeticError):
    """Training stopped because its loss is not a number that can be minimised further."""


class StopOnNonFinite(keras.callbacks.Callback):
    """Stop at the step whose loss is NaN, infinite or impossible, and name the likely cause.

    Raises:
        TrainingDiverged: With the epoch, the step, the terms of the loss, and what would help.
    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        terms = {name: float(value) for name, value in (logs or {}).items()}
        impossible = terms.get("reconstruction_loss", 0.0) < 0
        if impossible or not math.isfinite(terms.get("loss", 0.0)):
            raise TrainingDiverged(self._message(batch + 1, terms))

    def _message(self, step: int, terms: dict[str, float]) -> str:
        shown = ", ".join(f"{name} {value:.4g}" for name, value in terms.items())
        first = self.epoch == 0 and step == 1
        rate = float(self.model.optimizer.learning_rate)
        cause = _likely_cause(terms, first)
        return (
            f"Training stopped at epoch {self.epoch + 1}, step {step}: {shown}. "
            f"Likely cause: {cause}. (learning_rate={rate:.3g})"
        )


def _likely_cause(terms: dict[str, float], first: bool) -> str:
    reconstruction, kl = (terms.get(name, 0.0) for name in ("reconstruction_loss", "kl_loss"))
    if reconstruction < 0:
        return "pixels outside [0, 1], where a cross-entropy has no least value; divide by 255"
    if math.isfinite(reconstruction) and not math.isfinite(kl):
        return "exp(z_log_var) overflowed; take a smaller learning rate, or set clipnorm"
    if math.isfinite(kl) and "kl_loss" in terms:
        return "NaN in the images to give back, or in the decoder's output; look at both"
    if first:
        return "NaN or infinity in the images or in the first weights; look at both"
    return "an update that was too large; take a smaller learning rate, or look for NaN images"


class ProgressBar(keras.callbacks.Callback):
    """Show epoch, loss and seconds left in one line, in a notebook as on a terminal.

    Args:
        every: Least number of seconds from one redrawing to the next.
    """

    def __init__(self, every: float = 0.5) -> None:
        super().__init__()
        self.every = every

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.line = Line()
        self.start = self.drawn = time.perf_counter()
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        now = time.perf_counter()
        if now - self.drawn >= self.every:
            self.drawn = now
            self.line.write(self._text(batch + 1, logs or {}))

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        seconds = time.perf_counter() - self.start
        self.line.write(f"{self.epoch + 1} epochs in {seconds:.0f} s  {_loss(logs or {})}")
        self.line.close()

    def _text(self, step: int, logs: dict[str, Any]) -> str:
        steps = self.params.get("steps") or step
        share = (self.epoch + step / steps) / self.params["epochs"]
        left = (time.perf_counter() - self.start) * (1 / share - 1)
        bar = "=" * int(20 * share)
        return (
            f"epoch {self.epoch + 1}/{self.params['epochs']} [{bar:20}] {share:4.0%}  "
            f"{_loss(logs)}  {left:.0f} s left"
        )


def _loss(logs: dict[str, Any]) -> str:
    named = {name: logs[name] for name in ("loss", "val_loss") if name in logs}
    return "  ".join(f"{name} {float(value):.2f}" for name, value in named.items())


class LiveFigure(keras.callbacks.Callback):
    """Draw prior samples and the loss curves again while training, in place.

    The codes stay the same from drawing to drawing, so that each image is seen to form.

    Args:
        latent_dim: Number of latent dimensions of the model's decoder.
        images: Number of prior samples.
        seed: Seed of their codes.
        every: Epochs from one drawing to the next; `None` draws about six times in all.
    """

    def __init__(
        self, latent_dim: int, images: int = 16, seed: int = 0, every: int | None = None
    ) -> None:
        super().__init__()
        self.codes = keras.random.normal((images, check_count(latent_dim, "latent_dim")), seed=seed)
        self.every = every
        self.history: dict[str, list[float]] = {}

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.picture = Picture()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        done, epochs = epoch + 1, self.params["epochs"]
        if done == epochs or done % (self.every or max(1, epochs // 6)) == 0:
            alt = f"{len(self.codes)} prior samples and the loss curves after epoch {done}: "
            self.picture.show(self._draw(), alt + _loss(logs or {}))

    def _draw(self) -> Any:
        import matplotlib.pyplot as plt

        from vaelib.plots import plot_curves, plot_digits

        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
        images = keras.ops.convert_to_numpy(self.model.decoder(self.codes, training=False))
        plot_digits(images, columns=math.isqrt(len(images)), ax=left)
        plot_curves(self.history, ax=right)
        return figure
