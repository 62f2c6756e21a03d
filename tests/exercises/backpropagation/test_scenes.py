"""Pictures of chapter 04's wrong answers show the mistake, or there is none."""

from course_lib.exercises.backpropagation import EXERCISES
from tests.exercises.pictures import SceneTests

# They raise an exception, return other things than were asked for, are right on the picture's inputs, or what differs
# is far too little to be seen.
NOT_DRAWN = {
    "Value": {"overwritten_by_products"},
    "unbroadcast": {
        "unbroadcast_by_reshape", "unbroadcast_again", "unbroadcast_over_axis_0_reshaped", "unbroadcast_with_more",
        "unbroadcast_padded_behind",
    },
    "dense_gradients": {
        "kernel_by_rows", "inputs_without_transpose", "more", "no_inputs", "dense_in_a_dict",
    },
    "output_gradient": {"clipped", "output_gradient_with_the_loss"},
    "two_layer_gradients": {"da1_without_transpose", "without_names", "the_weights_alone"},
    "clip_by_global_norm": {
        "one_long_array", "one_long_array_if_long", "list_alone", "length_first", "clip_that_divides_by_zero",
        "clip_in_a_dict", "clip_of_the_long_ones", "clip_with_a_small_number",
    },
    "lookup_gradient": {"lookup_flat_on_one_side", "lookup_of_each_id_once"},
    "train_network": {"swapped", "more_returned", "training_in_a_dict"},
}  # fmt: skip


class TestScenes(SceneTests):
    exercises = EXERCISES
    not_drawn = NOT_DRAWN
