"""Pictures of chapter 14's wrong answers show the mistake, or there is none."""

from course_lib.exercises.your_network import EXERCISES
from tests.exercises.pictures import SceneTests

# They return other things than were asked for, or are right on the picture's inputs: its orders and masks are drawn.
NOT_DRAWN = {
    "starting_weights": {
        "one_seed", "unseeded", "fixed_seed", "bias_rows", "transposed", "float64", "pairs", "kernels_first",
        "no_biases", "no_output_layer", "starting_in_a_dict",
    },
    "network_outputs": {
        "like_the_hidden", "one_mask", "unseeded", "fixed_seed", "x_missing", "logits_among_inputs", "swapped",
        "logits_alone",
    },
    "network_gradients": {"in_pairs", "with_inputs", "first_layer_unfilled", "first_layer_missing"},
    "fit_network": {
        "first_batch_again", "never_shuffled", "one_order", "unseeded", "fixed_seed", "no_dropout", "one_mask",
        "swapped", "weights_alone", "with_repeats", "labels_apart",
    },
    "accuracy_in_batches": set(),
}  # fmt: skip


class TestScenes(SceneTests):
    exercises = EXERCISES
    not_drawn = NOT_DRAWN
