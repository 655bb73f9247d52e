"""Trained models as files that are handed in beside a notebook, so that grading need not train.

A subclassed model cannot be loaded without its class's constructor, and students' classes differ;
so of a VAE its two parts are kept, which are all that it is judged by. Keras is imported where it
is needed, as `import vaelib` has to be quick.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SUFFIX = ".keras"


class Parts:
    """An encoder and a decoder that were loaded: called, they reconstruct images from `z_mean`."""

    def __init__(self, encoder: Any, decoder: Any) -> None:
        self.encoder, self.decoder = encoder, decoder

    def __call__(self, images: Any, training: bool | None = None) -> Any:
        """Reconstructions of `(batch, height, width, channels)` images."""
        code = self.encoder(images, training=training)
        code = code[0] if isinstance(code, list | tuple) else code
        return self.decoder(code, training=training)


def save_trained(exercise: str, model: Any, folder: Path | str = ".") -> Path | None:
    """Write `<exercise>.keras` beside the notebook, to be handed in with it, and return its path.

    None, with a note, where there is no model yet, or where Keras cannot save one of this kind;
    then grading trains it again.
    """
    if model is None:
        print(f"({exercise} is not there yet, so nothing was saved)")
        return None
    path = Path(folder) / f"{exercise}{SUFFIX}"
    try:
        _savable(model).save(path)
    except Exception as error:
        path.unlink(missing_ok=True)
        print(f"(this model cannot be saved: {error}; grading will train it again)")
        return None
    print(f"saved {path.name}: hand it in beside the notebook, and grading need not train again")
    return path


def load_trained(path: Path | str, names: Mapping[str, Any]) -> Any:
    """The model of a file that `save_trained` wrote: `Parts`, or the model itself.

    names: where the classes of the model's own layers are found, a notebook's globals.
    ValueError for a file that is none or, from Keras, asks for a class that is not there.
    """
    import keras

    if not zipfile.is_zipfile(path):
        raise ValueError("the file is damaged or cut short; save the model and hand it in again")
    own = {
        name: thing
        for name, thing in names.items()
        if isinstance(thing, type) and issubclass(thing, keras.layers.Layer)
    }
    model = keras.models.load_model(path, custom_objects=own, compile=False, safe_mode=True)
    parts = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return Parts(*parts) if len(model.inputs) == len(parts) == 2 else model


def _savable(model: Any) -> Any:
    """One functional model, whose classes Keras can load, of an encoder and a decoder."""
    if not (hasattr(model, "encoder") and hasattr(model, "decoder")):
        return model
    import keras

    parts = (model.encoder, model.decoder)
    images, codes = (keras.Input(part.input_shape[1:]) for part in parts)
    encoded = model.encoder(images)
    encoded = encoded if isinstance(encoded, list | tuple) else [encoded]
    return keras.Model([images, codes], [*encoded, model.decoder(codes)])
