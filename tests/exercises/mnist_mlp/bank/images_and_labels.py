"""`scale_images` and `one_hot` as people write them."""

import numpy as np

from tests.exercises.mnist_mlp.bank import right, wrong


@right("scale_images")
def by_tensorflow_dtype(images):
    import tensorflow as tf

    scaled = tf.image.convert_image_dtype(images, tf.float32)
    return tf.reshape(scaled, (len(images), -1))


@right("scale_images")
def by_multiplication(images):
    return images.reshape(len(images), -1) * np.float32(1 / 255)


@right("scale_images")
def by_lookup(images):
    table = (np.arange(256) / 255).astype(np.float32)
    return np.take(table, images).reshape(images.shape[0], images.shape[1] * images.shape[2])


@right("scale_images")
def by_comprehension(images):
    return np.array([[pixel / 255 for row in image for pixel in row] for image in images.tolist()], dtype=np.float32)


@wrong("scale_images", "255")
def by_256(images):
    return (images.reshape(len(images), -1) / 256).astype("float32")


@wrong("scale_images", "subtracted|127.5")
def to_minus_one(images):
    return ((images.reshape(len(images), -1).astype("float32") - 127.5) / 127.5).astype("float32")


@wrong("scale_images", "subtracted|0.1307")
def as_in_another_framework(images):
    x = images.reshape(len(images), -1).astype("float32") / 255
    return (x - np.float32(0.1307)) / np.float32(0.3081)


@wrong("scale_images", "divi|255")
def not_divided(images):
    return images.astype("float32").reshape(len(images), -1)


@wrong("scale_images", "//|integer|whole")
def floor_division(images):
    return (images // 255).reshape(len(images), -1).astype("float32")


@wrong("scale_images", "integer|whole|uint8")
def cast_back(images):
    return (images / 255).astype(np.uint8).reshape(len(images), -1)


@wrong("scale_images", "casting|float|in place")
def divided_in_place(images):
    images = images.reshape(len(images), -1)
    images /= 255
    return images.astype("float32")


@wrong("scale_images", "float32")
def astype_without_assignment(images):
    images.astype("float32")
    images = images / 255.0
    return images.reshape(len(images), -1)


@wrong("scale_images", "float16|float32")
def half_precision(images):
    return (images / 255).astype(np.float16).reshape(len(images), -1)


@wrong("scale_images", "one row|shape")
def all_in_one_row(images):
    return images.flatten().astype("float32") / 255


@wrong("scale_images", "shape|axis")
def with_a_channel(images):
    return images[..., None].astype("float32") / 255


@wrong("scale_images", "column|transposed|order")
def in_fortran_order(images):
    return images.reshape(len(images), -1, order="F").astype("float32") / 255


@wrong("scale_images", "column|transposed|order|deals|mix")
def reshaped_and_transposed(images):
    return images.reshape(images.shape[1] * images.shape[2], -1).T.astype("float32") / 255


@wrong("scale_images", "column|transposed")
def pixels_first(images):
    return (images.reshape(len(images), -1).T / 255).astype("float32")


@wrong("scale_images", "black|invert|1 −|1 -")
def black_on_white(images):
    return (1 - images.reshape(len(images), -1) / 255).astype("float32")


@wrong("scale_images", "threshold|0 or 1|gray|gray")
def binarized(images):
    return (images > 127).reshape(len(images), -1).astype("float32")


@wrong("scale_images", "largest|each image|own")
def each_image_by_its_largest(images):
    x = images.reshape(len(images), -1).astype("float32")
    return x / np.maximum(x.max(axis=1, keepdims=True), 1)


@wrong("scale_images", "largest|each pixel|column|own")
def by_min_max_scaler(images):
    from sklearn.preprocessing import MinMaxScaler

    return MinMaxScaler().fit_transform(images.reshape(len(images), -1).astype("float32"))


@wrong("scale_images", "length|norm")
def by_keras_normalize(images):
    import keras

    return keras.utils.normalize(images.reshape(len(images), -1).astype("float32"), axis=1)


@wrong("scale_images", "twice|65025|255")
def divided_twice(images):
    x = images.astype("float32") / 255
    return x.reshape(len(x), -1) / 255


@wrong("scale_images", "60000|number of images|size|len")
def of_sixty_thousand(images):
    return images.reshape(60000, 28 * 28).astype("float32") / 255


@wrong("scale_images", "run up to 255|unchanged|nothing")
def loop_over_copies(images):
    images = images.reshape(len(images), -1).astype("float32")
    for image in images:
        image = image / 255
    return images


@wrong("scale_images", "round|digits")
def rounded_pixels(images):
    return np.round(images.reshape(len(images), -1).astype("float32") / 255, 2)


@wrong("scale_images", "float32")
def list_of_lists(images):
    return [[pixel / 255 for row in image for pixel in row] for image in images.tolist()]


@wrong("scale_images", "standardiz|mean")
def standardized_instead(images):
    x = images.reshape(len(images), -1).astype("float32")
    return (x - x.mean()) / x.std()


@right("one_hot")
def by_pandas_reindex(labels, num_classes=10):
    import pandas as pd

    return pd.get_dummies(labels).reindex(columns=range(num_classes), fill_value=0).to_numpy()


@right("one_hot")
def by_pandas_categories(labels, num_classes=10):
    import pandas as pd

    return pd.get_dummies(pd.Categorical(labels, categories=range(num_classes))).astype(int)


@right("one_hot")
def by_tensorflow(labels, num_classes=10):
    import tensorflow as tf

    return tf.one_hot(labels, num_classes)


@right("one_hot")
def by_sklearn_encoder(labels, num_classes=10):
    from sklearn.preprocessing import OneHotEncoder

    encoder = OneHotEncoder(categories=[list(range(num_classes))], sparse_output=False)
    return encoder.fit_transform(labels[:, None])


@right("one_hot")
def by_comparison(labels, num_classes=10):
    return np.equal.outer(labels, np.arange(num_classes))


@right("one_hot")
def by_bytes(labels, num_classes=10):
    out = np.zeros((len(labels), num_classes), np.uint8)
    np.put_along_axis(out, labels.reshape(-1, 1), 1, axis=1)
    return out


@wrong("one_hot", "transposed|column|num_classes, n")
def columns_for_examples(labels, num_classes=10):
    out = np.zeros((num_classes, len(labels)))
    out[labels, np.arange(len(labels))] = 1
    return out


@wrong("one_hot", "one too|minus 1|− 1|- 1|left|from 1")
def counted_from_one(labels, num_classes=10):
    return np.eye(num_classes)[labels - 1]


@wrong("one_hot", "10|num_classes")
def always_ten(labels, num_classes=10):
    return np.eye(10)[labels]


@wrong("one_hot", "every row|all rows|each row")
def every_row_filled(labels, num_classes=10):
    out = np.zeros((len(labels), num_classes))
    out[:, labels] = 1
    return out


@wrong("one_hot", "largest label")
def default_of_keras(labels, num_classes=None):
    import keras

    return keras.utils.to_categorical(labels, num_classes)


@wrong("one_hot", "unchanged|label|nothing")
def labels_given_back(labels, num_classes=10):
    np.eye(num_classes)[labels]
    return labels


@wrong("one_hot", "first|loop|one row")
def return_inside_the_loop(labels, num_classes=10):
    out = np.zeros((len(labels), num_classes))
    for i in range(len(labels)):
        out[i, labels[i]] = 1
        return out


@wrong("one_hot", "label|1|one")
def label_for_one(labels, num_classes=10):
    out = np.zeros((len(labels), num_classes))
    for i, label in enumerate(labels):
        out[i, label] = label
    return out


@wrong("one_hot", "zeros? and ones?|opposite|swap|invert")
def zero_for_one(labels, num_classes=10):
    out = np.ones((len(labels), num_classes))
    out[np.arange(len(labels)), labels] = 0
    return out


@wrong("one_hot", "same (row|list)|one list|share|all labels")
def one_row_shared(labels, num_classes=10):
    rows = [[0] * num_classes] * len(labels)
    for i, label in enumerate(labels):
        rows[i][label] = 1
    return rows


@wrong("one_hot", "same (row|list)|reset|before")
def row_never_reset(labels, num_classes=10):
    row, rows = np.zeros(num_classes), []
    for label in labels:
        row[label] = 1
        rows.append(row.copy())
    return np.array(rows)


@wrong("one_hot", "occur|present|missing")
def by_pandas_as_it_is(labels, num_classes=10):
    import pandas as pd

    return pd.get_dummies(labels).to_numpy(dtype=float)


@wrong("one_hot", "occur|present|missing")
def by_label_binarizer(labels, num_classes=10):
    from sklearn.preprocessing import LabelBinarizer

    return LabelBinarizer().fit_transform(labels)


@wrong("one_hot", "shape|reshape|flat|one row")
def flat(labels, num_classes=10):
    out = np.zeros(len(labels) * num_classes)
    out[np.arange(len(labels)) * num_classes + labels] = 1
    return out


@wrong("one_hot", "smooth|0.9|exactly")
def smoothed(labels, num_classes=10):
    return np.eye(num_classes)[labels] * 0.9 + 0.1 / num_classes


@wrong("one_hot", "tuple|pair|one array|2 things")
def with_the_classes(labels, num_classes=10):
    return np.eye(num_classes)[labels], np.arange(num_classes)


@wrong("one_hot", "integer|float|index")
def labels_as_floats(labels, num_classes=10):
    return np.eye(num_classes)[labels.astype("float32")]


@wrong("one_hot", "num_classes|too many|one more|column")
def one_class_too_many(labels, num_classes=10):
    return np.eye(num_classes + 1)[labels]


@wrong("one_hot", "csr|sparse|matrix")
def sparse(labels, num_classes=10):
    from scipy.sparse import csr_matrix

    rows = np.arange(len(labels))
    return csr_matrix((np.ones(len(labels)), (rows, labels)), shape=(len(labels), num_classes))


@wrong("one_hot", "text|string|number|gives a list of 7; asked for is an array")
def as_text(labels, num_classes=10):
    return ["".join("1" if k == label else "0" for k in range(num_classes)) for label in labels]
