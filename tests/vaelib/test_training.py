"""Seeds, budgets, one step, one epoch and a whole run."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from vaelib import models, training
from vaelib.callbacks import TrainingDiverged
from vaelib.losses import negative_elbo

TINY = training.Budget("tiny", images=32, epochs=2, batch_size=16)


@pytest.fixture
def x():
    return np.random.default_rng(1).random((48, 8, 8, 1)).astype("float32")


def dense_pair():
    sizes = {"latent_dim": 2, "units": (16,)}
    encoder = models.dense_encoder_model(input_shape=(8, 8, 1), **sizes)
    return encoder, models.dense_decoder_model(image_shape=(8, 8, 1), **sizes)


def batches(x, size):
    return tf.data.Dataset.from_tensor_slices(x).batch(size)


def test_training_step_is_one_step_of_gradient_descent():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.layers[0].kernel.assign([[3.0]])
    x = tf.constant([[1.0], [2.0]])
    loss = training.training_step(
        model, x, keras.optimizers.SGD(0.1), lambda x, y: keras.ops.mean((y - x) ** 2)
    )
    assert float(loss) == pytest.approx((2**2 + 4**2) / 2)
    assert float(model.layers[0].kernel[0, 0]) == pytest.approx(3 - 0.1 * (2 * 2 + 4 * 2 * 2) / 2)


def test_training_step_updates_every_variable_and_trains_batch_norm(x):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(3), keras.layers.BatchNormalization()]
    )
    before = model.get_weights()
    features = np.random.default_rng(2).normal(4, 1, (16, 3)).astype("float32")
    loss_fn = lambda x, y: keras.ops.mean((y - x) ** 2)  # noqa: E731
    training.training_step(model, features, keras.optimizers.Adam(0.1), loss_fn)
    changed = [np.any(old != new) for old, new in zip(before, model.get_weights(), strict=True)]
    assert all(changed)


def test_train_epoch_needs_nothing_but_the_two_halves(x):
    encoder, decoder = dense_pair()
    optimizer = keras.optimizers.Adam(1e-2)
    pair = SimpleNamespace(encoder=encoder, decoder=decoder)
    before = [w.numpy() for w in encoder.trainable_weights + decoder.trainable_weights]
    losses = [training.train_epoch(pair, batches(x, 20), optimizer) for _ in range(4)]
    assert all(isinstance(loss, float) for loss in losses) and losses[-1] < losses[0]
    assert int(optimizer.iterations) == 4 * 3
    after = [w.numpy() for w in encoder.trainable_weights + decoder.trainable_weights]
    assert all(np.any(old != new) for old, new in zip(before, after, strict=True))


def test_train_epoch_returns_the_mean_over_batches_of_the_negative_elbo(x):
    encoder, decoder = dense_pair()
    encoder.get_layer("z_log_var").bias.assign([-40.0, -40.0])
    pair, optimizer = SimpleNamespace(encoder=encoder, decoder=decoder), keras.optimizers.SGD(0.0)
    expected = []
    for batch in (x[:40], x[40:]):
        z_mean, z_log_var, _ = encoder(batch)
        expected.append(float(negative_elbo(batch, decoder(z_mean), z_mean, z_log_var, 1.0)))
    ours = training.train_epoch(pair, batches(x, 40), optimizer)
    assert ours == pytest.approx(np.mean(expected), rel=1e-5)


def test_train_epoch_trains_what_was_frozen_and_is_no_longer(x):
    encoder, decoder = dense_pair()
    pair, optimizer = SimpleNamespace(encoder=encoder, decoder=decoder), keras.optimizers.SGD(1e-3)
    decoder.trainable = False
    before = decoder.get_weights()
    training.train_epoch(pair, batches(x, 48), optimizer)
    for old, new in zip(before, decoder.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    decoder.trainable = True
    training.train_epoch(pair, batches(x, 48), keras.optimizers.SGD(1e-3))
    assert np.any(before[0] != decoder.get_weights()[0])


def test_train_epoch_wants_a_batch(x):
    encoder, decoder = dense_pair()
    pair = SimpleNamespace(encoder=encoder, decoder=decoder)
    with pytest.raises(ValueError, match="dataset must hold at least one batch"):
        training.train_epoch(pair, batches(x[:0], 8), keras.optimizers.SGD())


def test_train_keeps_to_its_budget(x, capsys):
    vae = models.VAE(*dense_pair())
    history = training.train(vae, x, budget=TINY, held_out=x[:8])
    assert int(vae.optimizer.iterations) == 2 * 32 // 16
    assert len(history["loss"]) == 2 and len(history["val_kl_loss"]) == 2
    assert "2 epochs in" in capsys.readouterr().out


def test_train_makes_a_denoiser(x):
    history = training.train(models.VAE(*dense_pair(), beta=0.0), x, 0 * x, budget=TINY)
    assert history["reconstruction_loss"][-1] < history["reconstruction_loss"][0]


def test_train_stops_on_a_rate_that_is_too_large(x):
    vae = models.VAE(*dense_pair())
    with pytest.raises(TrainingDiverged, match=r"epoch \d, step \d: .*learning_rate=1e\+06"):
        training.train(vae, x, budget=TINY, learning_rate=1e6)


def test_budgets_by_name_and_by_environment(monkeypatch):
    monkeypatch.delenv("VAELIB_BUDGET", raising=False)
    assert training.get_budget().name == "quick"
    monkeypatch.setenv("VAELIB_BUDGET", "full")
    assert training.get_budget() is training.BUDGETS["full"]
    assert training.get_budget("quick").name == "quick" and training.get_budget(TINY) is TINY


def test_an_unknown_budget_is_named():
    message = 'budget must be "quick" or "full". Received: budget=\'fast\''
    with pytest.raises(ValueError, match=message):
        training.get_budget("fast")


def test_seeds_repeat_weights_and_noise(x):
    seen = []
    for _ in range(2):
        rng = training.set_seeds(3)
        encoder, _ = dense_pair()
        seen.append((encoder(x)[2].numpy(), rng.random(), np.random.rand()))  # noqa: NPY002
    np.testing.assert_array_equal(seen[0][0], seen[1][0])
    assert seen[0][1:] == seen[1][1:]
