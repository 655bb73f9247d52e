"""Ask trained models for their work on images they have not seen: no reported number counts."""

import numpy as np

CLIP = 1e-7
DRAWS = 4
LEARNT = 150.0
"""Nats of negative ELBO above which a model has not learnt enough for its KL to tell anything."""
KEPT = 0.98
"""Share of the images that is judged: the code of one odd image can cost thousands of nats."""
INK, PAPER = 0.9, 0.01
"""Pixels above the one are ink, below the other paper."""
SHORT = 9.0
"""A gain in dB that is too small for any denoiser, so that the search for the cause may begin."""


def vae(answer, images, rng, first_images, known_codes):
    """Negative ELBO and its terms on `images`, in nats per image, and where the codes lie.

    rng: NumPy Generator of the noise in z and of the order in which codes are decoded.
    first_images, known_codes: images and the `z_mean` that vaelib's own trained part has for them.
    """
    outputs = _run(answer.encoder, images)
    z_mean, z_log_var = (np.asarray(part, dtype=np.float64) for part in outputs[:2])
    with np.errstate(all="ignore"):  # a training that went out of bounds is a finding
        kls = 0.5 * np.sum(np.expm1(z_log_var) - z_log_var + z_mean**2, axis=-1)
        draws = [_reconstruction(answer, images, z_mean, z_log_var, rng) for _ in range(DRAWS)]
    losses = np.mean(draws, axis=0) + kls
    kept = np.argsort(losses)[: round(KEPT * len(losses))]
    kl, loss = kls[kept].mean(), losses[kept].mean()
    return {
        "latent dimensions": z_mean.shape[-1],
        "KL": kl if loss < LEARNT else np.nan,
        "KL below 20 nats": bool(kl < 20),
        "active latent dimensions": np.sum(z_mean.var(axis=0) > 0.01),
        "held-out negative ELBO": loss,
        "learnt anything": bool(loss < 300),
        "distance from vaelib's trained part": _distance(answer, first_images, known_codes),
    }


def denoiser(answer, images, noise_factor, rng, first_images, known_images):
    """PSNR that noisy images gain, in dB, what is off, and the distance from vaelib's own part.

    rng: NumPy Generator of the noise.
    first_images, known_images: clean images, and what vaelib's own trained part makes of them.
    """
    noise = noise_factor * rng.standard_normal(images.shape)
    noisy = np.clip(images + noise, 0, 1).astype(np.float32)
    denoised = np.asarray(_run(answer, noisy), dtype=np.float64)
    facts = {"shape of the result": denoised.shape}
    if denoised.shape != images.shape:
        return facts
    ink, paper = images > INK, images < PAPER
    (spread, shared), _ = np.cov(noisy[paper], denoised[paper])
    gain = np.mean(_psnr(images, denoised) - _psnr(images, noisy))
    lost = np.mean(_psnr(images, np.asarray(_run(answer, images))) - _psnr(images, denoised))
    own = np.asarray(_run(answer, first_images), dtype=np.float64).reshape(known_images.shape)
    return {
        **facts,
        "gain in dB": gain,
        "spread over images": denoised.std(axis=0).mean(),
        "share of the noise given back": shared / spread,
        "contrast of ink and paper": denoised[ink].mean() - denoised[paper].mean(),
        "dB lost from clean to noisy digits": lost if gain < SHORT else 0.0,
        "distance from vaelib's trained part": np.abs(own - known_images).max(),
    }


def _run(model, batch):
    """A model on a copy of a batch in inference mode; subclassed models may not know the mode."""
    try:
        return model(batch.copy(), training=False)
    except TypeError:
        return model(batch.copy())


def _reconstruction(vae, images, z_mean, z_log_var, rng):
    """Cross-entropy of each image from one draw of z, decoded in another order than encoded."""
    z = z_mean + np.exp(0.5 * z_log_var) * rng.standard_normal(z_mean.shape)
    order = rng.permutation(len(images))
    x_hat = np.asarray(_run(vae.decoder, z[order].astype(np.float32)), dtype=np.float64)
    x_hat = x_hat[np.argsort(order)]
    x_hat = np.clip(x_hat.reshape(images.shape), CLIP, 1 - CLIP)
    terms = images * np.log(x_hat) + (1 - images) * np.log(1 - x_hat)
    return -terms.reshape(len(images), -1).sum(axis=-1)


def _distance(vae, images, known_codes):
    codes = np.asarray(_run(vae.encoder, images)[0], dtype=np.float64)
    if codes.shape != known_codes.shape or np.isnan(codes).any():
        return 1e6
    return np.abs(codes - known_codes).max()


def _psnr(x, x_hat):
    error = np.square(np.float64(x) - x_hat).reshape(len(x), -1).mean(axis=1)
    return -10 * np.log10(np.maximum(error, 1e-12))
