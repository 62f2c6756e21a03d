"""How people get a convolution of images wrong, and what they are told."""

import numpy as np

from course_lib.checking.exercise import flags


def faulty_convolve(images, kernel, bias, stride=1, padding=0, **made):
    kh, kw, _, filters = kernel.shape
    n, height, width, channels = images.shape
    around = (padding, padding)
    if "no_padding" in made:
        around = (0, 0)
    if "one_side" in made:
        around = (padding, 0)
    mode = next((mode for mode in ("edge", "reflect", "wrap") if mode in made), "constant")
    columns_around = (0, 0) if "rows_alone" in made else around
    x = np.pad(images, ((0, 0), around, columns_around, (0, 0)), mode=mode)
    down, right = 1 if "no_stride" in made or "right_alone" in made else stride, stride
    right = 1 if "no_stride" in made or "down_alone" in made else right
    places_down, places_right = (x.shape[1] - kh) // down + 1, (x.shape[2] - kw) // right + 1
    if "as_with_stride" in made:  # as many places as asked, side by side
        places_down, places_right = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
        down = right = 1
    if "beside_below" in made or "beside_right" in made:
        places_down, places_right = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
        down, right = 1 if "beside_below" in made else stride, 1 if "beside_right" in made else stride
    if "width_of_height" in made:
        places_right = (x.shape[1] - kw) // right + 1
    if "one_too_few" in made:
        places_down, places_right = (x.shape[1] - kh) // down, (x.shape[2] - kw) // right
    if "count_without_padding" in made:
        places_down, places_right = (height - kh) // down + 1, (width - kw) // right + 1
    used = kernel[::-1, ::-1] if "turned" in made else kernel
    if "first_channel" in made:
        x, used = x[..., :1], used[:, :, :1]
    if "last_channel" in made:
        x, used = x[..., -1:], used[:, :, -1:]
    if "one_map" in made:
        x, used = x.sum(axis=3, keepdims=True), used[:, :, :1]
    if "kernel_summed" in made:
        used = np.ones_like(kernel)
    outputs = np.zeros((n, max(places_down, 0), max(places_right, 0), filters))
    for i in range(places_down):
        for j in range(places_right):
            window = x[:, i * down : i * down + kh, j * right : j * right + kw]
            products = window[..., None] * used
            outputs[:, i, j] = products.sum(axis=(1, 2, 3))
            if "whole_batch" in made:
                outputs[:, i, j] = products.sum(axis=(0, 1, 2, 3))
            if "mean" in made:
                outputs[:, i, j] = products.mean(axis=(1, 2, 3))
    if "channel_mean" in made:
        outputs = outputs / channels
    times = 1.0
    for flag, factor in (
        ("bias_inside", kh * kw * channels),
        ("bias_by_channel", channels),
        ("bias_by_place", kh * kw),
        ("bias_subtracted", -1),
        ("no_bias", 0),
    ):
        times = factor if flag in made else times
    added = bias[:1] if "first_bias" in made else bias.sum() if "all_biases" in made else bias
    outputs = outputs + times * added
    if "first_row" in made:
        outputs[:, 1:] = 0
    if "first_image" in made:
        outputs[1:] = 0
    outputs = outputs[:1] if "one_image" in made else outputs
    if "bent" in made:
        outputs = np.maximum(outputs, 0)
    if "places_swapped" in made:
        outputs = outputs.transpose(0, 2, 1, 3)
    if "channels_first" in made:
        outputs = outputs.transpose(0, 3, 1, 2)
    return outputs.sum(axis=3, keepdims=True) if "filters_summed" in made else outputs


def _in_loops(images, kernel, bias, places, stride, reach, padded):
    """Fill the places one by one, as most people write it: what does not fit raises NumPy's own error."""
    outputs = np.zeros((len(images), *places, kernel.shape[3]))
    for i in range(places[0]):
        for j in range(places[1]):
            window = padded[:, i * stride : i * stride + reach[0], j * stride : j * stride + reach[1], :]
            for f in range(kernel.shape[3]):
                outputs[:, i, j, f] = np.sum(window * kernel[:, :, :, f], axis=(1, 2, 3)) + bias[f]
    return outputs


def _padded(images, padding):
    return np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))


def _places(images, kernel, stride, padding):
    return [(images.shape[axis] + 2 * padding - kernel.shape[axis - 1]) // stride + 1 for axis in (1, 2)]


def convolve_with_float_count(images, kernel, bias, stride=1, padding=0):
    """The number of places is computed with `/`, which gives a float, and neither `range` nor `np.zeros` takes one.

    Divide with `//`: what is left over at the end makes no place of its own.
    """
    return np.zeros((len(images), (images.shape[1] + 2 * padding - kernel.shape[0]) / stride + 1))


def convolve_for_square_kernels(images, kernel, bias, stride=1, padding=0):
    """The kernel is taken for a square: its height serves for its width, too.

    Take both from `kernel.shape`, and compute rows and columns apart.
    """
    side = kernel.shape[0]
    places = [(images.shape[axis] + 2 * padding - side) // stride + 1 for axis in (1, 2)]
    return _in_loops(images, kernel, bias, places, stride, (side, side), _padded(images, padding))


def convolve_with_height_of_width(images, kernel, bias, stride=1, padding=0):
    """The number of rows is computed from the images' width.

    Rows belong to the height, columns to the width.
    """
    _, columns = _places(images, kernel, stride, padding)
    return _in_loops(images, kernel, bias, (columns, columns), stride, kernel.shape[:2], _padded(images, padding))


def convolve_with_too_much_padding(images, kernel, bias, stride=1, padding=0):
    """More is padded than rows and columns: images or channels of zeros come in, too.

    `np.pad(images, padding)` pads every axis: give it a pair for each, and (0, 0) for the first and the last.
    """
    padded = np.pad(images, padding)
    return _in_loops(images, kernel, bias, _places(images, kernel, stride, padding), stride, kernel.shape[:2], padded)


def convolve_beyond_the_edge(images, kernel, bias, stride=1, padding=0):
    """There are too many places: the last windows hang over the edge, and fewer numbers are left for them.

    A window has a place only where it fits whole: (padded size − kernel) // stride + 1.
    """
    places = [-(-(images.shape[axis] + 2 * padding) // stride) for axis in (1, 2)]
    return _in_loops(images, kernel, bias, places, stride, kernel.shape[:2], _padded(images, padding))


def _columns(images, kernel, stride, padding):
    """Return the windows in rows, the places outside and the examples inside: (places · n, window)."""
    padded, places = _padded(images, padding), _places(images, kernel, stride, padding)
    kh, kw = kernel.shape[:2]
    rows = [
        padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw].reshape(len(images), -1)
        for i in range(places[0])
        for j in range(places[1])
    ]
    return np.array(rows), places


def convolve_reshaped_in_another_order(images, kernel, bias, stride=1, padding=0):
    """The result has the right shape, but its numbers stand in another order: `reshape` only cuts, and moves nothing.

    Give it the axes in the order in which the numbers lie, and bring them to their places with `transpose` afterwards.
    """
    columns, places = _columns(images, kernel, stride, padding)
    outputs = columns @ kernel.reshape(-1, kernel.shape[3]) + bias
    return outputs.reshape(len(images), *places, kernel.shape[3])


def convolve_with_kernel_cut_otherwise(images, kernel, bias, stride=1, padding=0):
    """The kernel is cut into rows of another order than the windows: its last axis, the filters, must stay the last.

    `kernel.reshape(-1, filters)` keeps the order of the window's axes, which is also that of a window's numbers.
    """
    columns, places = _columns(images, kernel, stride, padding)
    outputs = columns @ kernel.reshape(kernel.shape[3], -1).T + bias
    return outputs.reshape(*places, len(images), -1).transpose(2, 0, 1, 3)


def convolve_with_channels_in_front(images, kernel, bias, stride=1, padding=0):
    """In your kernel the channels come before the window, in the images behind it: the wrong numbers meet.

    Flatten both in the same order, such as (height, width, channels).
    """
    columns, places = _columns(images, kernel, stride, padding)
    outputs = columns @ kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[3]) + bias
    return outputs.reshape(*places, len(images), -1).transpose(2, 0, 1, 3)


def _of_views(images, kernel, bias, stride, padding, axes="nijcab", keep=None):
    windows = np.lib.stride_tricks.sliding_window_view(_padded(images, padding), kernel.shape[:2], axis=(1, 2))
    keep = keep or (slice(None), slice(None, None, stride), slice(None, None, stride))
    return np.einsum(f"{axes},abcf->nijf", windows[keep], kernel) + bias


def convolve_with_a_transposed_window(images, kernel, bias, stride=1, padding=0):
    """The rows of the window meet the columns of the kernel: one of them is transposed.

    Row a and column b of the window belong to row a and column b of the kernel.
    """
    return _of_views(images, kernel, bias, stride, padding, "nijcba")


def convolve_with_stride_along_the_batch(images, kernel, bias, stride=1, padding=0):
    """The stride is taken along the first two axes, images and rows, in place of rows and columns.

    Begin with a colon for the images: `[:, ::stride, ::stride]`.
    """
    keep = (slice(None, None, stride), slice(None, None, stride))
    return _of_views(images, kernel, bias, stride, padding, keep=keep)


BIAS = "Sum the products first. The bias of a filter is added once to each of its outputs, behind the sum."
SIDES = "Zeros stand on all four sides: ((0, 0), (padding, padding), (padding, padding), (0, 0)) for `np.pad`."
STRIDE = "The window of place (i, j) begins at row i · stride and column j · stride."
CHANNELS = "A filter has a weight for every channel: sum the products over rows, columns and channels."
OUTSIDE = "What lies outside counts as 0: `np.pad` does that where no mode is given."

MISCONCEPTIONS = [
    *flags(
        faulty_convolve,
        bias_inside=("The bias is added to every product, inside the window's sum, and so counts many times.", BIAS),
        bias_by_channel=("The bias is added once for each channel.", BIAS),
        bias_by_place=("The bias is added once for each place of the window.", BIAS),
        bias_subtracted=("The bias is subtracted.", "It is added, whatever its sign."),
        no_bias=("The bias is not used.", BIAS),
        first_bias=("All filters get the bias of the first one.", "Filter f has the bias `bias[f]`."),
        all_biases=("Every output gets the sum of all biases.", "Filter f has the bias `bias[f]`."),
        turned=(
            "The kernel is turned around in both directions, as mathematics does it in a convolution.",
            "In networks the kernel is laid on as it is: row a and column b of the window meet row a and column b.",
        ),
        kernel_summed=(
            "The window is summed, and the kernel is not used.",
            "Multiply each number by its weight first.",
        ),
        no_stride=("The stride is not used: the window moves by 1.", STRIDE),
        as_with_stride=(
            "There are as many places as asked, but they lie side by side: the windows begin at (i, j).",
            STRIDE,
        ),
        beside_below=("Downwards the windows begin at i, and not at i · stride.", STRIDE),
        beside_right=("To the right the windows begin at j, and not at j · stride.", STRIDE),
        down_alone=("The stride counts downwards only; to the right the window moves by 1.", STRIDE),
        right_alone=("The stride counts to the right only; downwards the window moves by 1.", STRIDE),
        no_padding=("The padding is not used.", SIDES),
        one_side=("Zeros stand, or are counted, above and on the left only.", SIDES),
        rows_alone=("Zeros stand above and below only, not at the sides.", SIDES),
        count_without_padding=(
            "The places are counted by the size of the images without padding: the last ones are missing.",
            "Count with the padded size.",
        ),
        edge=("The images are padded with the numbers at their edges, not with zeros.", OUTSIDE),
        reflect=("The images are padded with their mirror image, not with zeros.", OUTSIDE),
        wrap=("What leaves at one edge enters at the other: the padding is not of zeros.", OUTSIDE),
        width_of_height=(
            "The number of columns is computed from the images' height.",
            "Rows belong to the height, columns to the width.",
        ),
        one_too_few=(
            "The last row and the last column of places are missing: + 1 is left out.",
            "A window as large as the image has one place, and moves 0 times.",
        ),
        first_row=(
            "Only the first row of places is filled: `return` stands inside the loop.",
            "Let both loops end first.",
        ),
        first_image=("Only the first image is convolved; the others stay 0.", "Do the same for every image."),
        one_image=("Only the first image comes back.", "The result has as many images as came in."),
        whole_batch=(
            "The sum also runs over the images: all get the same numbers.",
            "Sum over rows, columns and channels, and leave the first axis alone.",
        ),
        first_channel=("Only the first channel is looked at.", CHANNELS),
        last_channel=("Only the last channel counts: in a loop each one overwrites the one before.", CHANNELS),
        one_map=("The channels are summed before they are weighted, all with the weights of the first.", CHANNELS),
        channel_mean=("The channels' contributions are averaged.", CHANNELS),
        mean=("The products are averaged.", "Sum them."),
        filters_summed=(
            "The filters' outputs are summed to one map.",
            "Each filter has a map of its own: the last axis.",
        ),
        bent=("Outputs below 0 are set to 0.", "The activation comes later: return the sums as they are."),
        places_swapped=("Rows and columns of the result are swapped.", "Down comes first, then right."),
        channels_first=(
            "The filters' axis stands behind the images, as in libraries that have channels first.",
            "Here it is the last axis: (n, rows, columns, filters).",
        ),
    ),
    convolve_with_float_count,
    convolve_for_square_kernels,
    convolve_with_height_of_width,
    convolve_with_too_much_padding,
    convolve_beyond_the_edge,
    convolve_reshaped_in_another_order,
    convolve_with_kernel_cut_otherwise,
    convolve_with_channels_in_front,
    convolve_with_a_transposed_window,
    convolve_with_stride_along_the_batch,
]
