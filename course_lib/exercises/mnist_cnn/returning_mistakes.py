"""How people get the way back through a convolution wrong, and what they are told."""

import numpy as np

from course_lib.checking.exercise import flags


def faulty_gradients(images, kernel, upstream, stride=1, padding=0, **made):
    (n, height, width, _), (kh, kw, _, _) = images.shape, kernel.shape
    u = np.ones_like(upstream) if "ones" in made else -upstream if "minus" in made else upstream
    x = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dk, dx = np.zeros(kernel.shape), np.zeros(x.shape)
    back = kernel[::-1, ::-1] if "turned" in made else kernel
    direction = slice(None, None, -1 if "turned_kernel_gradient" in made else 1)
    step = 1 if "no_stride" in made else stride
    step_back = 1 if "no_stride_back" in made else step
    step_there = 1 if "no_stride_there" in made else step
    for i in range(u.shape[1]):
        for j in range(u.shape[2]):
            window = slice(i * step_there, i * step_there + kh), slice(j * step_there, j * step_there + kw)
            products = x[:, window[0], window[1], :, None] * u[:, i, j][:, None, None, None]
            if "first_image" in made:
                products = products[:1]
            share = products.sum(axis=0)[direction, direction]
            dk = share if "last_window_kernel" in made else dk + share
            window = slice(i * step_back, i * step_back + kh), slice(j * step_back, j * step_back + kw)
            sent = np.einsum("abcf,nf->nabc", back, u[:, i, j])
            if "images_for_kernel" in made:
                sent = x[:, window[0], window[1]] * u[:, i, j].sum(axis=-1)[:, None, None, None]
            if "slopes_alone" in made:
                sent = np.broadcast_to(back.sum(axis=3), sent.shape)
            if "overwritten" in made:
                dx[:, window[0], window[1]] = sent
            elif "one_filter_overwrites" in made:
                dx[:, window[0], window[1]] = np.einsum("abc,n->nabc", back[..., -1], u[:, i, j, -1])
            elif "nothing_stored" not in made:
                dx[:, window[0], window[1]] += sent
    db = u.sum(axis=(0, 1, 2))
    biases = {
        "bias_mean": u.mean(axis=(0, 1, 2)),
        "bias_of_batch_mean": u.sum(axis=(1, 2)).mean(axis=0),
        "bias_total": np.full(db.shape, u.sum()),
        "bias_one_number": u.sum(),
        "bias_by_place": u.sum(axis=0),
        "bias_by_image": u.sum(axis=(1, 2)),
        "bias_of_first_image": u[0].sum(axis=(0, 1)),
        "bias_of_last_window": u[:, -1, -1].sum(axis=0),
        "bias_by_window_size": db * kh * kw,
        "bias_kept": db.reshape(1, -1),
        "bias_kept_four": db.reshape(1, 1, 1, -1),
    }
    db = next((bias for flag, bias in biases.items() if flag in made), db)
    windows = u.shape[1] * u.shape[2]
    for flag, divisor, which in (
        ("mean_kernel", n, "k"),
        ("mean_weights", n, "kb"),
        ("mean_everything", n, "kbx"),
        ("mean_windows", windows, "kb"),
        ("mean_of_all", n * windows, "kb"),
    ):
        if flag in made:
            dk = dk / divisor if "k" in which else dk
            db = db / divisor if "b" in which else db
            dx = dx / divisor if "x" in which else dx
    if "filters_first" in made:
        dk = dk.transpose(3, 2, 0, 1)
    if "cut_at_the_end" in made:
        dx = dx[:, :height, :width]
    elif "cut_by_minus" in made:
        dx = dx[:, padding:-padding, padding:-padding]
    elif "uncut" not in made:
        dx = dx[:, padding : padding + height, padding : padding + width]
    if "images_first" in made:
        return dx, dk, db
    if "bias_first" in made:
        return db, dk, dx
    if "no_images" in made:
        return dk, db
    return (dk, db, dx, None) if "more" in made else (dk, db, dx)


def gradients_with_kernel_transposed(images, kernel, upstream, stride=1, padding=0):
    """In the kernel's gradient rows and columns of the window are swapped.

    Entry (a, b) belongs to what the window sees in its row a and column b.
    """
    dk, db, dx = faulty_gradients(images, kernel, upstream, stride, padding)
    return dk.transpose(1, 0, 2, 3), db, dx


def gradients_in_a_dict(images, kernel, upstream, stride=1, padding=0):
    """A dict came back, under names of your own.

    Return three arrays, separated by commas: the gradients of the kernel, of the bias and of the images.
    """
    return dict(zip(("dk", "db", "dx"), faulty_gradients(images, kernel, upstream, stride, padding), strict=True))


def gradients_with_a_zero_bias(images, kernel, upstream, stride=1, padding=0):
    """The bias's gradient stays 0.

    The bias is added to every output: its gradient is the sum of all that comes back to its filter.
    """
    dk, db, dx = faulty_gradients(images, kernel, upstream, stride, padding)
    return dk, np.zeros_like(db), dx


def gradients_of_unpadded_images(images, kernel, upstream, stride=1, padding=0):
    """For the kernel's gradient the windows are taken from the images without their padding.

    The window saw the padded image: pad it again.
    """
    dk, db, dx = faulty_gradients(images, kernel, upstream, stride, padding)
    dk = np.zeros(kernel.shape)
    for i in range(upstream.shape[1]):
        for j in range(upstream.shape[2]):
            rows = slice(i * stride, i * stride + kernel.shape[0])
            columns = slice(j * stride, j * stride + kernel.shape[1])
            for f in range(kernel.shape[3]):
                dk[..., f] += np.sum(images[:, rows, columns] * upstream[:, i, j, f][:, None, None, None], axis=0)
    return dk, db, dx


def gradients_overwritten_place_by_place(images, kernel, upstream, stride=1, padding=0):
    """In the images' gradient one place of the window overwrites what another one sent to the same pixel.

    A pixel gets from every place of the window that it was seen at: add, `+=`.
    """
    dk, db, dx = faulty_gradients(images, kernel, upstream, stride, padding, uncut=True)
    dx = np.zeros(dx.shape)
    down, right = (places * stride for places in upstream.shape[1:3])
    for a, b in np.ndindex(kernel.shape[:2]):
        dx[:, a : a + down : stride, b : b + right : stride] = upstream @ kernel[a, b].T
    return dk, db, dx[:, padding : padding + images.shape[1], padding : padding + images.shape[2]]


def gradients_with_windows_side_by_side(images, kernel, upstream, stride=1, padding=0):
    """For the kernel's gradient the windows are taken side by side, and not `stride` apart.

    Window (i, j) lies at row i · stride and column j · stride, on the way back as on the way there.
    """
    return faulty_gradients(images, kernel, upstream, stride, padding, no_stride_there=True)


ONCE = "`upstream` holds whatever mean the loss takes already. The way back through a layer only sums."
SHARED = "Every place of every image uses this bias: sum over all axes but the last, (0, 1, 2)."
STRIDE = "Window (i, j) lies at row i · stride and column j · stride, on the way back as on the way there."
ADD = "Where windows overlap, a pixel gets from each of them: add, `+=`."
CUT = "Cut from `padding` to `padding + height`, and to `padding + width`."
ORDER = "Return the gradients of the kernel, of the bias and of the images, in this order."

MISCONCEPTIONS = [
    *flags(
        faulty_gradients,
        overwritten=("In the images' gradient a window overwrites what an earlier one sent to the same pixel.", ADD),
        one_filter_overwrites=(
            "In the images' gradient each filter and each window overwrites what came before it.",
            ADD + " So do the filters.",
        ),
        nothing_stored=("The images' gradient stays 0.", "Is the sum stored? `+=`, not `+`."),
        last_window_kernel=(
            "The kernel's gradient is that of the last window: in the loop each one overwrites the one before.",
            "All windows use the same kernel: begin with zeros, and add, `+=`.",
        ),
        first_image=("For the kernel's gradient only the first image counts.", "Sum over the images, too."),
        mean_kernel=("The kernel's gradient is divided by the number of images.", ONCE),
        mean_weights=("The gradients of kernel and bias are divided by the number of images.", ONCE),
        mean_everything=("All three gradients are divided by the number of images.", ONCE),
        mean_windows=("The gradients of kernel and bias are divided by the number of places.", ONCE),
        mean_of_all=("The gradients of kernel and bias are means over all windows.", ONCE),
        bias_mean=("The bias's gradient is a mean over images and places.", ONCE),
        bias_of_batch_mean=("The bias's gradient is a mean over the images.", ONCE),
        bias_total=("Every filter gets the sum of all filters for its bias's gradient.", SHARED),
        bias_one_number=("The bias's gradient is one number, the sum of everything.", SHARED),
        bias_by_place=("The bias's gradient has a number for each place.", SHARED),
        bias_by_image=("The bias's gradient has a row for each image.", SHARED),
        bias_of_first_image=("The bias's gradient is that of the first image alone.", SHARED),
        bias_of_last_window=(
            "The bias's gradient is that of the last window: in the loop each one overwrites the one before.",
            "All windows use the same bias: add, `+=`.",
        ),
        bias_by_window_size=(
            "The bias's gradient counts every place of the window.",
            "The bias is added once to each output, whatever the size of the window.",
        ),
        bias_kept=("The bias's gradient has the shape (1, filters).", "It has the bias's own, (filters,)."),
        bias_kept_four=("The bias's gradient has the shape (1, 1, 1, filters).", "It has the bias's own, (filters,)."),
        turned=(
            "In the images' gradient the kernel is turned around, though it is added window by window.",
            "Each number goes back to the pixel that it was multiplied with. It is turned around only where the same "
            "sum is "
            "written as a convolution of `upstream`.",
        ),
        turned_kernel_gradient=(
            "The kernel's gradient is turned around.",
            "Entry (a, b) belongs to what the window sees in its row a and column b.",
        ),
        no_stride=("The stride is not used on the way back.", STRIDE),
        no_stride_back=("For the images' gradient the windows lie side by side, not `stride` apart.", STRIDE),
        cut_by_minus=(
            "`[padding:-padding]` is empty where the padding is 0, and the images' gradient with it.",
            CUT,
        ),
        uncut=("The images' gradient still has the padding around it.", CUT),
        cut_at_the_end=("The padding is cut off at the bottom and at the right only, and twice.", CUT),
        images_for_kernel=(
            "To the images you send the images themselves, not the kernel.",
            "A pixel was multiplied with a weight of the kernel, so that is its slope.",
        ),
        slopes_alone=(
            "The images' gradient holds the sums of the kernel, without `upstream`.",
            "The chain rule multiplies each weight by what comes back to its filter, at this place.",
        ),
        ones=(
            "`upstream` is not used: the gradients are those of a loss that sums the outputs.",
            "The chain rule multiplies by ∂L/∂y, which is `upstream`.",
        ),
        minus=("All three gradients are turned around: there is a minus too many.", "The minus belongs to the step."),
        filters_first=(
            "The axes of the kernel's gradient come in another order, filters and channels first.",
            "It has the kernel's own: (rows, columns, channels, filters).",
        ),
        images_first=("The three gradients come in another order, that of the images first.", ORDER),
        bias_first=("The three gradients come in another order, that of the bias first.", ORDER),
        no_images=("Two gradients came back; that of the images is missing.", "The layer before needs it."),
        more=("Four things came back.", ORDER),
    ),
    gradients_with_kernel_transposed,
    gradients_in_a_dict,
    gradients_with_a_zero_bias,
    gradients_with_windows_side_by_side,
    gradients_of_unpadded_images,
    gradients_overwritten_place_by_place,
]
