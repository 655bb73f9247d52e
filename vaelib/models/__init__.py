"""Models of the course: the slides' encoder and decoder, a dense pair, Autoencoder and VAE."""

from vaelib.models.autoencoder import Autoencoder, build_autoencoder
from vaelib.models.dense import dense_decoder_model, dense_encoder_model
from vaelib.models.stacks import decoder_layers, decoder_model, encoder_layers, encoder_model
from vaelib.models.vae import VAE

__all__ = [
    "VAE",
    "Autoencoder",
    "build_autoencoder",
    "decoder_layers",
    "decoder_model",
    "dense_decoder_model",
    "dense_encoder_model",
    "encoder_layers",
    "encoder_model",
]
