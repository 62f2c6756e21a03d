"""What foreign answers have in common.

The answers are in batches, descending, adaptive, adam and questions, each with its RIGHT, WRONG and ALSO_WRONG;
test_foreign_answers says what is asked of these.
"""

from course_lib.exercises import of_chapter

EXERCISES = [exercise.name for exercise in of_chapter("05_optimizers")]
CLASSES = [name for name in EXERCISES if name[0].isupper()]


class Plain:
    """An optimizer whose settings become attributes."""

    def __init__(self, **arguments):
        self.__dict__.update(arguments)


def with_keras(name, **fixed):
    """An answer that lets Keras do the work, in float32 as Keras does."""

    class WithKeras:
        def __init__(self, **settings):
            import keras

            self.optimizer = getattr(keras.optimizers, name)(**settings, **fixed)
            self.variables = None

        def step(self, weights, gradients):
            import keras

            if self.variables is None:
                self.variables = [keras.Variable(w, dtype="float32") for w in weights]
            for variable, weight in zip(self.variables, weights, strict=True):
                variable.assign(weight)
            self.optimizer.apply([keras.ops.convert_to_tensor(g, "float32") for g in gradients], self.variables)
            return [variable.numpy() for variable in self.variables]

    return WithKeras
