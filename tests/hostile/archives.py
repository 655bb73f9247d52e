"""Model files that do something to whoever opens them, and cells that do something to the loading.

They are opened in the sandbox only, so what must hold is that nothing outside of it is touched,
that training again is what remains, and that no other exercise pays for it.
"""

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.hostile.case import WARNED
from tests.hostile.kit import Kit
from tests.hostile.modelkit import SLOW, VAE, beside, changed, members, model, zipped
from tests.hostile.models import named

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
AGAIN: dict[str, Any] = {"statuses": WARNED, "warning": "trained again"}


class _Leaves:
    """Leaves something in a folder when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.canary}/pickle",)


def _pickled_weights(kit: Kit) -> bytes:
    file = io.BytesIO()
    np.savez(file, weights=np.array([_Leaves(kit.canary)], dtype=object))
    config = members(model(kit, "vae"))[CONFIG]
    return zipped({CONFIG: config, "model.weights.npz": file.getvalue()})


def _with(**settings: Any) -> Callable[[Kit], bytes]:
    """A file whose hidden layers ask for something else, by its name, as their activation."""
    asked = {"registered_name": settings["class_name"], **settings}

    def make(kit: Kit) -> bytes:
        text = json.dumps(asked).replace("CANARY", str(kit.canary))

        def edit(config: bytes) -> bytes:
            return config.replace(b'"activation": "relu"', f'"activation": {text}'.encode())

        return changed(model(kit, "vae"), {CONFIG: edit})

    return make


def _escaping(kit: Kit) -> bytes:
    """The right model, and members whose names lead out of wherever they are unpacked."""
    names = [f"{kit.canary}/absolute", f"/tmp/{kit.mark}", f"../../../../tmp/{kit.mark}"]
    names += ["assets/../../../../../../etc/passwd", "assets/" + "x/" * 100 + "deep"]
    return changed(model(kit, "vae"), dict.fromkeys(names, b"x"))


def _linking(kit: Kit) -> bytes:
    """The right model, and a member that is a link out, with another below it."""
    file = io.BytesIO(model(kit, "vae"))
    link = zipfile.ZipInfo("assets/link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, str(kit.canary))
        archive.writestr("assets/link/below", "x")
    return file.getvalue()


def _bomb(member: str, size: int) -> Callable[[Kit], bytes]:
    """A file one member of which unpacks to that many bytes."""

    def make(kit: Kit) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in members(model(kit, "vae")).items():
                with archive.open(name, "w", force_zip64=True) as entry:
                    entry.write(content)
                    for _ in range(size // 2**20 if name == member else 0):
                        entry.write(b" " * 2**20)
        return file.getvalue()

    return make


FILES: dict[str, Callable[[Kit], bytes]] = {
    "model_empty": lambda kit: b"",
    "model_of_noise": lambda kit: np.random.default_rng(0).bytes(100_000),
    "model_pickled": lambda kit: pickle.dumps(_Leaves(kit.canary)),
    "model_without_weights": lambda kit: zipped({CONFIG: members(model(kit, "vae"))[CONFIG]}),
    "model_config_no_json": lambda kit: changed(model(kit, "vae"), {CONFIG: b"\xff{"}),
    "model_config_deep": lambda kit: changed(model(kit, "vae"), {CONFIG: b"[" * 10**6}),
    "model_weights_of_another": lambda kit: changed(
        model(kit, "vae"), {WEIGHTS: members(model(kit, "denoiser"))[WEIGHTS]}
    ),
    "model_weights_pickled": _pickled_weights,
    "model_with_code": named("vae_with_code"),
    "model_asks_for_system": _with(module="os", class_name="function", config="system"),
    "model_asks_for_a_process": _with(
        module="subprocess", class_name="Popen", config={"args": ["touch", "CANARY/popen"]}
    ),
    "model_asks_for_a_file": _with(
        module="keras.utils",
        class_name="get_file",
        config={"fname": "CANARY/got", "origin": "file:///etc/passwd"},
    ),
    "model_asks_for_vaelib": _with(
        module="vaelib.trained", class_name="load_vae", config={"latent_dim": 2}
    ),
    "bomb_in_the_config": _bomb(CONFIG, 3 * 2**30),
    "bomb_in_the_weights": _bomb(WEIGHTS, 3 * 2**30),
}
for _name, _make in FILES.items():
    beside(_name, _make, **AGAIN)
# What Keras makes of odd members beside the right ones is its own affair.
for _name, _make in {"model_names_escape": _escaping, "model_links_out": _linking}.items():
    beside(_name, _make, zero=SLOW[VAE], loose=("trained_vae",))

OWN_LAYER = """\
@keras.saving.register_keras_serializable(package="own")
class Odd(keras.layers.Layer):
    def __init__(self, **settings):
        {code}
        super().__init__(**settings)
"""
OWN: dict[str, str] = {
    "layer_that_ends_the_kernel": "__import__('os')._exit(0)",
    "layer_that_takes_all_memory": "x = [np.ones(2**26) for _ in range(10)]; "
    "__import__('time').sleep(5)",
    "layer_that_shouts": "print('x' * 60_000_000)",
    "layer_that_raises": "raise ValueError('x' * 60_000_000)",
    "layer_that_exits": "raise SystemExit",
}
ENDLESS = {"layer_that_never_ends": "__import__('time').sleep(300)"}


def _as_odd(entry: Any) -> Any:
    """A model's configuration whose dense layers are of the notebook's own class."""
    if isinstance(entry, list):
        return [_as_odd(value) for value in entry]
    if not isinstance(entry, dict):
        return entry
    odd = {"module": None, "class_name": "Odd", "registered_name": "own>Odd"}
    found = {name: _as_odd(value) for name, value in entry.items()}
    return found | odd if entry.get("class_name") == "Dense" else found


def _odd(kit: Kit) -> bytes:
    """The right model, but for the class of its dense layers."""
    edit = {CONFIG: lambda config: json.dumps(_as_odd(json.loads(config))).encode()}
    return changed(model(kit, "vae"), edit)


for _name, _code in {**OWN, **ENDLESS}.items():
    beside(_name, _odd, own=OWN_LAYER.format(code=_code), slow=_name in ENDLESS)

DISTURBED = {
    "loading_replaced": "import vaelib.handin\nfrom vaelib.trained import load_vae\n"
    "vaelib.handin.load_trained = lambda path, names: load_vae(2)",
    "place_taken_by_a_folder": "import os\nos.makedirs('trained_vae.keras/x')",
    "place_taken_by_a_link": "import os\nos.symlink('/etc/passwd', 'trained_vae.keras')",
    "place_full": "try:\n    with open('big', 'wb') as file:\n        while True:\n"
    "            file.write(bytes(2**20))\nexcept OSError:\n    pass",
    "writing_replaced": "import pathlib\npathlib.Path.write_bytes = None",
}
for _name, _code in DISTURBED.items():
    beside(_name, named("vae"), own=_code)
# Who wants code to run while a model is loaded has it run there, where all of their code runs.
beside(
    "loading_made_unsafe",
    named("vae_with_code"),
    own="keras.config.enable_unsafe_deserialization()",
    zero=SLOW[VAE],
    loose=("trained_vae",),
)
