"""What a training step does to each layer of a network: outputs forwards, gradients backwards, and the update.

A network fails where nobody looks: in layers whose outputs or gradients die out or explode on their way, whose units
are saturated or dead, or whose weights move a thousand times too much or too little. `inspect_step` looks there.

Notation: z are a layer's weighted sums, a = f(z) its outputs, L the loss, W its kernel.
"""

import copy
from dataclasses import dataclass

import numpy as np

# Where tanh is flatter than 6 % of its steepest: 1 − 0.97² = 0.059. As in Karpathy (2022), "Neural networks: zero to
# hero", "Building makemore, part 3: activations and gradients, BatchNorm".
SATURATED_FROM = 0.97
# A rule of thumb: an update of a thousandth of the weights' size. Much less learns too slowly, much more is unstable.
# Karpathy (2015), notes of "CS231n: convolutional neural networks for visual recognition", "Neural networks part 3:
# learning and evaluation", "Ratio of weights:updates".
HEALTHY_RATIO = 1e-3


@dataclass(frozen=True)
class LayerInspection:
    """One layer in one training step.

    Attributes:
        name: the layer's, such as "Dense".
        activation: the name of f, such as "tanh"; None for a layer without one (dropout, batch normalization).
        outputs: a, array (n, units), as the step computes them: with dropout, and with the batch's own statistics.
        gradients: ∂L/∂z, shaped like `outputs`: of the weighted sums, before the activation, since ∂L/∂W = xᵀ ∂L/∂z is
            made of them (Glorot and Bengio, 2010, look at these, too). Where nothing comes before the activation but
            the layer's inputs, z are these inputs; for a layer without an activation they are ∂L/∂a. As the loss is a
            mean over the batch, they carry its 1/n.
        kernel: a copy of W before the step; None for a layer without one.
        update: W after the step − W before it, shaped like `kernel`; None for a layer without one.
    """

    name: str
    activation: str | None
    outputs: np.ndarray
    gradients: np.ndarray
    kernel: np.ndarray | None
    update: np.ndarray | None

    @property
    def saturated(self):
        """`saturated_share` of the outputs; None for a layer that cannot saturate."""
        return saturated_share(self.outputs, self.activation)

    @property
    def dead(self):
        """`dead_share` of a ReLU's outputs; None for any other layer."""
        return dead_share(self.outputs) if self.activation == "relu" else None

    @property
    def update_ratio(self):
        """`update_ratio` of the kernel; None for a layer without one."""
        return None if self.kernel is None else update_ratio(self.kernel, self.update)


def inspect_step(model, x, y):
    """Do a training step on a copy of a network, and return what happens in it. The network stays as it is.

    Weights, moving statistics, the optimizer's memory and the state of every random generator are the copy's own: what
    `model` would have computed next, it still computes.

    Args:
        model: a compiled `network.Sequential`, with any layers, optimizer and loss.
        x, y: a batch as `model.train_on_batch` takes it.
    Returns:
        (loss, layers): the loss before the step, with penalties, a float; and for each layer a `LayerInspection`.
    Raises:
        RuntimeError: the network is not compiled.
        ValueError: `x` and `y` do not fit each other, or the network.
    """
    model = copy.deepcopy(model)
    heard = [_Heard(layer) for layer in model.layers]
    loss = model.train_on_batch(x, y)["loss"]
    return loss, [each.inspection() for each in heard]


def saturated(outputs, activation):
    """Say which outputs are so near to a bound of their activation that almost no gradient comes back through it.

    They are those beyond 97 % of the way from the middle of the activation's range to its bounds:

        tanh       |a| > 0.97
        sigmoid    |2a − 1| > 0.97, hence a < 0.015 or a > 0.985
        elu        a < −0.97, as it has the one bound −1

    tanh and sigmoid are flatter there than 6 % of their steepest. What has no bound, or reaches it exactly as ReLU does
    (see `dead_share`), is not called saturated; neither is softmax, which is trained together with its loss.

    Args:
        outputs: array of any shape, what the activation has returned.
        activation: its Keras name; None for none.
    Returns:
        bool array shaped like `outputs`; None for an activation that cannot saturate.
    """
    outputs = np.asarray(outputs)
    if activation == "tanh":
        return np.abs(outputs) > SATURATED_FROM
    if activation == "sigmoid":
        return np.abs(2 * outputs - 1) > SATURATED_FROM
    if activation == "elu":
        return outputs < -SATURATED_FROM
    return None


def saturated_share(outputs, activation):
    """Return the share of outputs that are `saturated`, in [0, 1]; None for an activation that cannot saturate."""
    which = saturated(outputs, activation)
    return None if which is None else float(np.mean(which))


def dead_share(outputs):
    """Return the share of units that are 0 for every example of the batch.

    A ReLU unit that is 0 on all examples gets no gradient from any of them, and stays as it is. (A unit that is dead on
    one small batch may live on another; on a whole training set it is dead for good, unless the layers before it move.)

    Args:
        outputs: array (n, …, units) of a batch; a unit is a place along the last axis.
    Returns:
        float in [0, 1].
    """
    outputs = np.asarray(outputs)
    return float(np.mean(np.all(outputs.reshape(-1, outputs.shape[-1]) == 0, axis=0)))


def update_ratio(weight, update):
    """Return how large a step's update is beside the weights: std(update) / std(weight).

    About `HEALTHY_RATIO`, 10⁻³, is a rule of thumb. It is of deviations: what all weights
    have in common, and what moves them all alike (as Adam's first step may the few of one unit), does not count.

    Args:
        weight: array of any shape, W before the step.
        update: array shaped like it, W after the step − W before it.
    Returns:
        float ≥ 0; 0 where all weights move alike or not at all, infinite where they are all alike and move apart.
    """
    moved, size = float(np.std(update)), float(np.std(weight))
    if moved == 0:
        return 0.0
    return moved / size if size else np.inf


class _Heard:
    """What a layer of a copied network computes in the one step that the copy is there for."""

    def __init__(self, layer):
        self._layer = layer
        self._outputs = self._gradients = self._kernel = None
        self._listen("forward", self._hear_forward)
        self._listen("backward", self._hear_backward)
        # By this way, too, comes the gradient of a loss that has the last activation built in.
        if hasattr(layer, "backward_from_logits"):
            self._listen("backward_from_logits", self._hear_logits)

    def _listen(self, name, hear):
        method = getattr(self._layer, name)

        def heard(first, *others, **keywords):
            result = method(first, *others, **keywords)
            hear(first, result)
            return result

        setattr(self._layer, name, heard)

    def _hear_forward(self, inputs, outputs):
        self._outputs = outputs
        kernel = self._kernel_now()
        self._kernel = None if kernel is None else kernel.copy()

    def _hear_backward(self, upstream, downstream):
        if self._gradients is None:
            # No weighted sums of its own: an activation passes on the gradient of what came in, others are asked for
            # that of what went out.
            self._gradients = upstream if getattr(self._layer, "activation", None) is None else downstream

    def _hear_logits(self, upstream, downstream):
        self._gradients = upstream

    def _kernel_now(self):
        return next((weight for weight in self._layer.trainable_weights if weight.ndim > 1), None)

    def inspection(self):
        layer = self._layer
        return LayerInspection(
            name=layer.name,
            activation=getattr(layer, "activation", None),
            outputs=self._outputs,
            gradients=np.asarray(self._gradients),
            kernel=self._kernel,
            update=None if self._kernel is None else self._kernel_now() - self._kernel,
        )
