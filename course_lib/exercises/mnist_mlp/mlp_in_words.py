"""The layers of a Keras model in words, from its own description: what its outputs do not tell."""

import json

IN_WORDS = "its layers with weights and its dropout, from the input to the output"
# Layers without weights that do the same in training and in use: what they do shows in what the model computes.
SEEN_IN_OUTPUTS = "InputLayer Flatten Reshape Identity Activation ReLU LeakyReLU ELU Softmax Lambda Rescaling Permute"


def layers_in_words(description):
    """Return the layers of a Keras model that have weights, or act in training, in words, from its `to_json()`.

    Activations and other functions are left out: their names tell less than the model's outputs.
    Raises TypeError where there is no list of layers.
    """
    model = json.loads(description)
    if "layers" not in model.get("config", {}):
        raise TypeError("a subclassed model cannot be looked into: build it with Sequential or the functional API")
    words = [_layer_in_words(layer["class_name"], layer.get("config", {})) for layer in _flat(model)]
    return [word for word in words if word]


def _flat(layer):
    inner = layer.get("config", {}).get("layers")
    if inner is not None:
        return [found for each in inner for found in _flat(each)]
    # In a functional model operations such as `keras.ops.relu` stand among the layers.
    return [] if (layer.get("module") or "").startswith("keras.src.ops") else [layer]


def _layer_in_words(name, config):
    """Return one layer in words, an empty text for one that only its outputs tell about."""
    if name in SEEN_IN_OUTPUTS.split() or (name == "Dropout" and not config["rate"]):
        return ""
    if name == "Dense":
        usual = {"kernel": "GlorotUniform", "bias": "Zeros"}
        given = {part: (config.get(f"{part}_initializer") or {}).get("class_name", usual[part]) for part in usual}
        initializers = "".join(f", {given[part]} for the {part}" for part in usual if given[part] != usual[part])
        biasless = "" if config.get("use_bias", True) else ", no bias"
        return f"dense {config['units']}{_penalty_in_words(config)}{biasless}{initializers}"
    if name == "Dropout":
        shared = ", some share one fate" if config.get("noise_shape") else ""
        return f"dropout {config['rate']:g}{shared}"
    if name == "BatchNormalization":
        usual = {"momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
        changed = [f"{key} {config[key]:g}" for key in usual if config.get(key, usual[key]) != usual[key]]
        return "batch normalization" + "".join(f", {change}" for change in changed)
    return name


def _penalty_in_words(config):
    words = ""
    for part in ("kernel", "bias", "activity"):
        regularizer = config.get(f"{part}_regularizer")
        if regularizer:
            of_bias = "" if part == "kernel" else f" on the {part}"
            for norm in ("l1", "l2"):
                strength = float(regularizer.get("config", {}).get(norm) or 0)
                words += f", {norm.upper()} {strength:.4g}{of_bias}" if strength else ""
    return words
