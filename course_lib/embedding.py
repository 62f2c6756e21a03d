"""Words as learned vectors, and the pooling that makes one vector of a text: layers for sequences of word numbers.

    [Embedding(5000, 64), GlobalMaxPooling1D(), Dense(32, activation="relu"), Dense(1, activation="sigmoid")]

Sequences are batches (n, length) of whole numbers, embedded ones (n, length, units). Names are Keras's.
"""

import numpy as np

from course_lib.layers import Layer


def embedding_gradient(ids, upstream, vocabulary_size):
    """∂L/∂table of a lookup `table[ids]`: each row of the table gets the sum of what comes back from all its uses.

        ∂L/∂table[v] = Σ_{places with ids = v} upstream[place]

    A word that occurs twice has two terms. `gradient[ids] += upstream` keeps one of them; `np.add.at(gradient, ids,
    upstream)` adds all. This adds up the same numbers by `np.bincount`, and only those that are not 0: behind a max
    pooling that are few.

    Args:
        ids: integer array of any shape, in [0, vocabulary_size).
        upstream: array (*ids.shape, units), ∂L/∂table[ids].
        vocabulary_size: int, the rows of the table.
    Returns:
        array (vocabulary_size, units), in the dtype of `upstream`.
    """
    units = upstream.shape[-1]
    flat = np.ascontiguousarray(upstream).reshape(-1)
    used = np.flatnonzero(flat)
    place, unit = np.divmod(used, units)
    cells = np.asarray(ids).reshape(-1)[place].astype(np.int64) * units + unit
    sums = np.bincount(cells, weights=flat[used], minlength=vocabulary_size * units)
    return sums.reshape(vocabulary_size, units).astype(upstream.dtype, copy=False)


def global_max_pooling(inputs):
    """Return the largest value of each unit over a sequence: (n, length, units) becomes (n, units)."""
    return inputs.max(axis=1)


def global_max_pooling_gradient(inputs, upstream):
    """∂L/∂inputs: everything goes back to the place of the maximum, and where several places share it, in equal parts.

    Ties are usual: a word that occurs twice has twice the same vector, and all padding is one word. Equal parts are
    what Keras gives; whichever way the parts are, the row of a repeated word gets their sum.

    Args:
        inputs: array (n, length, units).
        upstream: array (n, units), ∂L/∂maximum.
    Returns:
        array shaped like `inputs`.
    """
    is_largest = inputs == inputs.max(axis=1, keepdims=True)
    shares = upstream / np.maximum(is_largest.sum(axis=1), 1)  # at least 1: NaN equals nothing, not even itself
    return is_largest * shares[:, None, :].astype(inputs.dtype)


class Embedding(Layer):
    """A table with a vector for each word, from which rows are looked up: y = table[ids].

    It is a dense layer without bias on one-hot rows, one for each word, without the multiplications by 0. The vectors
    are weights like others (`embedding_gradient`): a word's vector learns from the texts in which the word occurs. Row
    0, the padding's, is looked up and learned too, as in Keras without `mask_zero`.

    Args:
        input_dim: int ≥ 1, the size of the vocabulary: word numbers are below it.
        output_dim: int ≥ 1, the length of a vector.
        dtype: float32 or float64.
    Raises:
        ValueError: an argument is no positive whole number.

    The weights, (input_dim, output_dim), start uniform in [−0.05, 0.05], as Keras's do.

    Reference: Bengio, Ducharme, Vincent and Jauvin (2003), "A neural probabilistic language model", §2.
    """

    def __init__(self, input_dim, output_dim, dtype="float32"):
        super().__init__(dtype)
        for name, size in (("input_dim", input_dim), ("output_dim", output_dim)):
            if size != int(size) or size < 1:
                raise ValueError(f"{name} must be a positive whole number, not {size}")
        self.vocabulary_size, self.units = int(input_dim), int(output_dim)

    def _build(self, input_dim, rng):
        self.embeddings = rng.uniform(-0.05, 0.05, (self.vocabulary_size, self.units)).astype(self.dtype)
        self.trainable_weights = [self.embeddings]
        return input_dim, self.units

    def forward(self, inputs, training=False):
        """Return the vectors, (n, length, units), of word numbers (n, length), for sequences of any length.

        Raises:
            ValueError: these are no whole numbers, not two axes of them, or one is not in the vocabulary.
        """
        ids = np.asarray(inputs)
        if ids.ndim != 2:
            raise ValueError(f"Embedding takes a batch (n, length) of word numbers, not the shape {ids.shape}")
        if ids.dtype.kind not in "biu":
            if ids.dtype.kind != "f" or not np.array_equal(ids, np.rint(ids)):
                raise ValueError("Embedding takes whole numbers, one for each word: encode the text first")
            ids = ids.astype(np.int64)
        if ids.size and not 0 <= ids.min() <= ids.max() < self.vocabulary_size:
            raise ValueError(
                f"word numbers must be in [0, {self.vocabulary_size}), the vocabulary, and there are {ids.min()} to "
                f"{ids.max()}: was the text encoded with a larger one?"
            )
        if self.input_dim is None:
            self.build(ids.shape[1])
        self._ids = ids
        outputs = self.embeddings[ids]
        self._output_shape = outputs.shape
        return outputs

    def _backward(self, upstream):
        self.gradients = [embedding_gradient(self._ids, upstream, self.vocabulary_size)]
        return None  # a word number has no slope


class GlobalMaxPooling1D(Layer):
    """For each unit its largest value over the sequence, wherever it stands: "somewhere in the text there is …".

    y = `global_max_pooling`(x), and the way back is `global_max_pooling_gradient`. It has no weights, takes sequences
    of any length, and forgets the order of words altogether.

    Reference: Collobert et al. (2011), "Natural language processing (almost) from scratch", §3.3.
    """

    takes = (3,)

    def _build(self, input_dim, rng):
        return input_dim[-1]

    def forward(self, inputs, training=False):
        """Return the maxima, (n, units), of sequences of vectors (n, length, units).

        Raises:
            ValueError: `inputs` has not these three axes, no place in it, or another number of units than before.
        """
        inputs = np.asarray(inputs)
        if inputs.ndim != 3 or not inputs.shape[1]:
            raise ValueError(f"{self.name} takes (n, length, units) with a length of at least 1, not {inputs.shape}")
        if inputs.dtype.kind not in "biuf":
            raise ValueError(f"{self.name} takes numbers, not {inputs.dtype}")
        if self.input_dim is None:
            self.build(inputs.shape[1:])
        if inputs.shape[2] != self.output_dim:
            raise ValueError(f"{self.name} was built for {self.output_dim} units, not {inputs.shape[2]}")
        self._inputs = inputs.astype(self.dtype, copy=False)
        outputs = global_max_pooling(self._inputs)
        self._output_shape = outputs.shape
        return outputs

    def _backward(self, upstream):
        return global_max_pooling_gradient(self._inputs, upstream)
