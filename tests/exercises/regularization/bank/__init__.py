"""A bank of answers to chapter 07 as people write them, collected from homework, forums and old code.

It was written before the exercises' probes. Each case says the exercise and what a true diagnosis of it must speak of,
as a regular expression; RIGHT stands for a right answer, which must pass.
"""

from tests.exercises.banks import answers_to

ARGUMENTS = {
    "l1_l2": "weights, l1=0.0, l2=0.0",
    "batch_normalization": "inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3",
    "batch_normalization_gradient": "output_gradient, inputs, gamma, epsilon=1e-3",
    "layer_normalization": "inputs, gamma, beta, epsilon=1e-3",
    "is_batch_normalization": "batch_norm",
    "shift_images": "images, down, right",
    "sign_flipping_batches": "",
    "calm": "inputs",
}
answers = answers_to(ARGUMENTS)
