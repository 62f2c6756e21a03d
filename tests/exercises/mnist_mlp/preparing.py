"""Foreign answers that prepare data: standardized features, scaled images, one-hot labels."""

import numpy as np

from course_lib.exercises.mnist_mlp.encoding import ONE_HOT
from course_lib.exercises.mnist_mlp.scaling import SCALE_IMAGES
from course_lib.exercises.mnist_mlp.standardizing import STANDARDIZE

# --- right answers, each written in its own way


def standardize_as_a_class_would(train, test):
    class Scaler:
        def fit(self, x):
            self.loc, self.scale = np.nanmean(x, axis=0), np.sqrt(np.var(x, axis=0))
            self.scale[self.scale < 1e-12] = 1.0
            return self

        def transform(self, x):
            return (x - self.loc[None, :]) / self.scale[None, :]

    scaler = Scaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


def standardize_by_nan_to_num(train, test):
    with np.errstate(all="ignore"):
        return [np.nan_to_num((part - train.mean(0)) / train.std(0)) for part in (train, test)]


def standardize_in_place(train, test):
    mean, deviation = train.mean(axis=0), np.maximum(train.std(axis=0), 1e-7)
    train -= mean
    train /= deviation
    test -= mean
    test /= deviation
    return train, test


def standardize_row_by_row(train, test):
    mean, deviation = np.mean(train, axis=0), np.std(train, axis=0)

    def one(row):
        return [(x - m) / d if d else x - m for x, m, d in zip(row, mean, deviation, strict=True)]

    return [one(row) for row in train], [one(row) for row in test]


def standardize_in_float32(train, test):
    train, test = train.astype("float32"), test.astype("float32")
    deviation = train.std(axis=0)
    return (train - train.mean(0)) / np.where(deviation > 0, deviation, 1), (test - train.mean(0)) / np.where(
        deviation > 0, deviation, 1
    )


def scale_by_keras(images):
    import keras

    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(images.astype("float32")))
    return keras.ops.convert_to_numpy(flat)


def scale_into_a_prepared_array(images):
    rows = np.empty((images.shape[0], images[0].size), np.float32)
    for i, image in enumerate(images):
        rows[i] = image.flatten() / 255
    return rows


def scale_as_tensor(images):
    import tensorflow as tf

    return tf.reshape(tf.cast(images, tf.float32) / 255.0, [tf.shape(images)[0], -1])


def one_hot_by_keras(labels, num_classes=10):
    import keras

    return keras.utils.to_categorical(labels, num_classes)


def one_hot_by_scatter(labels, num_classes=10):
    flat = np.zeros(len(labels) * num_classes, dtype=bool)
    flat[np.arange(len(labels)) * num_classes + labels] = True
    return flat.reshape(-1, num_classes)


def one_hot_by_comprehension(labels, num_classes=10):
    return [[1 if k == label else 0 for k in range(num_classes)] for label in labels]


# --- wrong answers, and which mistake must be named


def standardize_fit_transform_twice(train, test):
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit_transform(train), StandardScaler().fit_transform(test)


def standardize_before_the_split(train, test):
    both = np.vstack([train, test])
    mean, deviation = both.mean(0), both.std(0)
    deviation[deviation == 0] = 1
    return (train - mean) / deviation, (test - mean) / deviation


def standardize_plainly(train, test):
    return (train - train.mean(0)) / train.std(0), (test - train.mean(0)) / train.std(0)


def standardize_with_global_numbers(train, test):
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def scale_to_float64(images):
    return images.reshape(images.shape[0], -1) / 255.0


def scale_but_keep_28(images):
    return images.reshape(-1, 28 * 28).astype(np.float32) / 255.0


def scale_by_the_largest(images):
    return (images / images.max()).reshape(len(images), -1).astype(np.float32)


def one_hot_by_unique(labels, num_classes=10):
    values, places = np.unique(labels, return_inverse=True)
    return np.eye(len(values))[places]


def one_hot_sized_by_the_labels(labels, num_classes=10):
    encoded = np.zeros((labels.size, labels.max() + 1))
    encoded[np.arange(labels.size), labels] = 1
    return encoded


def standardize_and_forget_the_test(train, test):
    return (train - train.mean(0)) / np.where(train.std(0) > 0, train.std(0), 1)


def scale_like_a_picture(images):
    return images / 255


def one_hot_for_one_label(labels, num_classes=10):
    row = np.zeros(num_classes)
    row[labels] = 1
    return row


RIGHT = [
    (STANDARDIZE, standardize_as_a_class_would),
    (STANDARDIZE, standardize_row_by_row),
    (STANDARDIZE, standardize_in_float32),
    (SCALE_IMAGES, scale_by_keras),
    (SCALE_IMAGES, scale_into_a_prepared_array),
    (SCALE_IMAGES, scale_as_tensor),
    (ONE_HOT, one_hot_by_keras),
    (ONE_HOT, one_hot_by_scatter),
    (ONE_HOT, one_hot_by_comprehension),
]
WRONG = [
    (STANDARDIZE, standardize_by_nan_to_num, "standardize_with_nan_to_num"),
    (STANDARDIZE, standardize_in_place, "standardize_with_epsilon"),
    (STANDARDIZE, standardize_and_forget_the_test, "standardize_train_alone"),
    (SCALE_IMAGES, scale_like_a_picture, "not_flat + double"),
    (ONE_HOT, one_hot_for_one_label, "one_hot_in_one_row"),
    (STANDARDIZE, standardize_fit_transform_twice, "own_statistics"),
    (STANDARDIZE, standardize_before_the_split, "all_data"),
    (STANDARDIZE, standardize_plainly, "no_guard"),
    (STANDARDIZE, standardize_with_global_numbers, "all_features"),
    (SCALE_IMAGES, scale_to_float64, "double"),
    (SCALE_IMAGES, scale_but_keep_28, "scale_images_of_784_pixels"),
    (SCALE_IMAGES, scale_by_the_largest, "by_largest"),
    (ONE_HOT, one_hot_by_unique, "one_hot_of_classes_that_occur"),
    (ONE_HOT, one_hot_sized_by_the_labels, "from_largest"),
]
