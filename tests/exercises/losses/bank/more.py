"""A second round of answers to chapter 03, written after the first misconceptions and before those that they led to."""

from tests.exercises.banks import RIGHT, answers_to

ARGUMENTS = {
    "normal_nll": "y_true, mean, sigma=1.0",
    "mean_squared_error_gradient": "y_true, y_pred",
    "huber": "y_true, y_pred, delta=1.0",
    "categorical_crossentropy": "y_true, y_pred",
    "crossentropy_from_logits": "y_true, logits",
    "poisson_loss": "y_true, logits",
    "stable_binary_crossentropy": "y_true, logits",
}
answers = answers_to(ARGUMENTS)

P = "p = np.exp(-(y_true-mean)**2/(2*sigma**2))/(sigma*np.sqrt(2*np.pi))"
NLL_CASES = answers(
    "normal_nll", ["s = np.sum((y_true-mean)**2)/(2*sigma**2)", "n = len(y_true)"],
    ("rounded", "return round(float(s+n*np.log(sigma*np.sqrt(2*np.pi))), 4)"),
    ("squares alone", "return np.sum((y_true-mean)**2)"),
    ("left out|constant", "return s"),
    ("mean squared error", "return np.mean((y_true-mean)**2)"),
    ("2 things|first of them", "return s+n*np.log(sigma*np.sqrt(2*np.pi)), np.mean(y_true)"),
    ("root", "return s+n*0.5*np.log(sigma*2*np.pi)"),
    ("σ is squared", "return s+n*np.log(sigma**2*np.sqrt(2*np.pi))"),
    ("add up the densities|sum", P, "return -np.log(np.sum(p))"),
    ("mean", P, "return -np.mean(np.log(p))"),
    ("density|0|hide", P, "return -np.sum(np.nan_to_num(np.log(p)))"),
    ("bracket", "p = np.exp(-(y_true-mean)**2/2*sigma**2)/(sigma*np.sqrt(2*np.pi))", "return -np.log(np.prod(p))"),
    ("sign", "return -s+n*np.log(sigma*np.sqrt(2*np.pi))"),
    ("once", "return s+n*np.log(sigma)+0.5*np.log(2*np.pi)"),
    ("Laplace", "return np.sum(np.abs(y_true-mean)/sigma + np.log(2*sigma))"),
)  # fmt: skip
SLOPE_CASES = answers(
    "mean_squared_error_gradient", ["e = y_pred-y_true"],
    ("single number|mean of the slopes", "return (2/len(y_true))*np.sum(e)"),
    ("row|outputs", "return 2*e/y_pred.shape[-1]"),
    ("quarter|1/4", "return e/(2*y_pred.size)"),
    ("rounded", "return np.round(2*e/y_pred.size, 4)"),
    ("single number|all predictions at once", "h = 1e-4", "return (np.mean((e+h)**2)-np.mean(e**2))/h"),
    ("one side|nudge", "h = 1e-3", "return ((e+h)**2-e**2)/h/y_pred.size"),
    ("sign.*rows|rows.*sign", "return -2*e/len(y_pred)"),
    ("0", "return 0*e"),
    (RIGHT, "h = 1e-3", "return ((e+h)**2-(e-h)**2)/(2*h)/y_pred.size"),
)  # fmt: skip
HUBER_CASES = answers(
    "huber", ["e = np.abs(y_pred-y_true)"],
    ("sign", "d = y_pred-y_true", "return np.mean(np.where(e<=delta, d**2/2, delta*d-delta**2/2))"),
    ("whole array|single large", "if e.max()<=delta:", "    return np.mean(e**2/2)",
     "return np.mean(delta*(e-delta/2))"),
    ("begin at 0", "return np.mean(np.where(e<=delta, e**2/2, delta*(e-delta)))"),
    ("twice|2 times", "return np.mean(np.where(e<=delta, e**2, 2*delta*e-delta**2))"),
    ("whole array|one by one", "return 0.5*e**2 if (e<delta).all() else delta*(e-0.5*delta)"),
    ("mean over the small|another count", "return np.mean(e[e<=delta]**2/2)+np.mean(delta*(e[e>delta]-delta/2))"),
    ("line everywhere", "return np.mean(np.minimum(e**2/2, delta*(e-delta/2)))"),
    ("squared error everywhere", "return np.mean(np.maximum(e**2/2, delta*(e-delta/2)))"),
    ("smaller|2δ", "return np.mean(np.minimum(e**2/2, delta*e))"),
    ("cosh", "return np.mean(np.log(np.cosh(e)))"),
    ("rounded", "return round(float(np.mean(np.where(e<=delta, e**2/2, delta*(e-delta/2)))), 3)"),
    (RIGHT, "return np.sum(np.where(e<delta, e**2/2, delta*(e-delta/2)))/np.size(e)"),
)  # fmt: skip
CCE_CASES = answers(
    "categorical_crossentropy", ["p = np.clip(y_pred, 1e-7, 1-1e-7)"],
    (RIGHT, "p = p/p.sum(axis=1, keepdims=True)", "return -np.mean(np.sum(y_true*np.log(p), axis=1))"),
    (RIGHT, "p = np.where(y_pred==0, 1e-7, y_pred)", "return -np.sum(y_true*np.log(p))/len(y_true)"),
    ("2 things|first of them", "return -np.sum(y_true*np.log(p))/len(y_true), p"),
    ("rounded", "return round(-np.sum(y_true*np.log(p))/len(y_true), 4)"),
    ("clip|infinite", "p = np.maximum(0, y_pred)", "return -np.mean(np.log(p[np.arange(len(p)), y_true.argmax(1)]))"),
    ("every row|pairs", "return -np.mean(np.log(p[:, y_true.argmax(1)]))"),
    ("largest probability", "return np.mean(-np.log(np.max(p, axis=1)))"),
    ("1e-7", "p = np.where(y_pred==0, 1e-10, y_pred)", "return -np.sum(y_true*np.log(p))/len(y_true)"),
    ("mean of the probabilities", "return -np.log(np.mean(np.sum(y_true*p, axis=1)))"),
    ("exponential|perplexity", "return np.exp(-np.sum(y_true*np.log(p))/len(y_true))"),
)  # fmt: skip
LOGITS_CASES = answers(
    "crossentropy_from_logits",
    ["n = len(logits)", "z = logits-logits.max(1, keepdims=True)", "lp = z-np.log(np.exp(z).sum(1, keepdims=True))",
     "p = np.exp(lp)", "loss = -np.sum(y_true*lp)/n"],
    ("one-hot|shares", "p[np.arange(n), y_true.argmax(1)] -= 1", "return loss, p/n"),
    ("every row|columns", "p[:, y_true.argmax(1)] -= 1", "return loss, p/n"),
    ("three things|3 things", "return loss, (p-y_true)/n, p"),
    ("one by one|shape|sum", "return loss, (p-y_true).mean(axis=0)"),
    ("shape|transposed", "return loss, (p-y_true).T/n"),
    ("rounded", "return round(loss, 4), np.round((p-y_true)/n, 4)"),
    ("KL|labels themselves", "return np.sum(y_true*np.log(np.maximum(y_true, 1e-12)))/n+loss, (p-y_true)/n"),
    ("overflow", "p = np.exp(logits)/np.exp(logits).sum(1, keepdims=True)", "p = np.clip(p, 1e-7, 1-1e-7)",
     "return -np.sum(y_true*np.log(p))/len(p), (p-y_true)/len(p)"),
    ("no softmax|as if they were prob", "p = np.clip(logits, 1e-7, 1-1e-7)",
     "return -np.sum(y_true*np.log(p))/n, (p-y_true)/n"),
    ("sigmoid", "p = 1/(1+np.exp(-logits))", "return np.sum(y_true*np.log1p(np.exp(-logits)))/n, (p-y_true)/n"),
    ("logits are clipped", "z = np.clip(logits, -100, 100)", "p = np.exp(z)/np.exp(z).sum(1, keepdims=True)",
     "return -np.sum(y_true*np.log(p))/n, (p-y_true)/n"),
    ("divide", "return loss*n, p-y_true"),
)  # fmt: skip
POISSON_CASES = answers(
    "poisson_loss", ["r = np.exp(logits)", "loss = np.mean(r-y_true*logits)", "g = (r-y_true)/y_true.size"],
    ("one number", "return loss, np.mean(r-y_true)"),
    ("bracket", "return loss, r-y_true/y_true.size"),
    ("sign", "return -loss, -g"),
    ("rows", "return loss, (r-y_true)/len(y_true)"),
    ("sum", "p = np.exp(-r)*r**y_true", "return -np.log(np.prod(p)), g"),
    ("logarithm|probability itself", "p = np.exp(-r)*r**y_true", "return -np.mean(p), g"),
    ("rate", "return loss, 1-y_true/r"),
    ("alone|not subtracted", "return loss, r/y_true.size"),
    ("softplus", "r = np.log1p(np.exp(logits))", "return np.mean(r-y_true*np.log(r)), (r-y_true)/y_true.size"),
    (RIGHT, "from scipy.special import xlogy", "return loss+np.mean(xlogy(y_true, y_true)-y_true), g"),
)  # fmt: skip
BCE_CASES = answers(
    "stable_binary_crossentropy",
    ["from course_lib.activations import sigmoid", "p = sigmoid(logits)", "n = logits.size",
     "loss = np.mean(np.logaddexp(0, logits)-y_true*logits)"],
    ("log|0", "return -np.mean(y_true*np.log(p)+(1-y_true)*np.log(1-p)), (p-y_true)/n"),
    ("added", "return -np.mean(y_true*np.log(p+1e-7)+(1-y_true)*np.log(1-p+1e-7)), (p-y_true)/n"),
    ("probability.*clipped", "q = np.clip(p, 1e-7, 1-1e-7)",
     "return -np.mean(y_true*np.log(q)+(1-y_true)*np.log(1-q)), (-y_true/q+(1-y_true)/(1-q))*q*(1-q)/n"),
    ("small number", "h = 1e-300", "return -np.mean(y_true*np.log(p+h)+(1-y_true)*np.log(1-p+h)), "
     "(-y_true/(p+h)+(1-y_true)/(1-p+h))*p*(1-p)/n"),
    ("nan_to_num", "return -np.mean(np.nan_to_num(y_true*np.log(p)+(1-y_true)*np.log(1-p))), (p-y_true)/n"),
    ("clipped", "return -np.mean(y_true*np.log(np.maximum(p, 1e-12))+(1-y_true)*np.log(np.maximum(1-p, 1e-12))), "
     "(p-y_true)/n"),
    ("inf / inf|NaN", "return loss, (np.exp(logits)/(1+np.exp(logits))-y_true)/n"),
    ("one number", "return loss, np.mean(p-y_true)"),
    ("−\\|z\\||overflow",
     "return np.mean(np.maximum(logits, 0)-logits*y_true+np.log1p(np.exp(-logits))), (p-y_true)/n"),
    (RIGHT, "return np.mean(np.maximum(logits, 0)-logits*y_true+np.log(1+np.exp(-np.abs(logits)))), (p-y_true)/n"),
    (RIGHT, "return loss, (1/(1+np.exp(-logits))-y_true)/n"),
)  # fmt: skip

TAPE = ["import keras", "import tensorflow as tf"]
KERAS_CASES = [
    *answers("huber", TAPE, (RIGHT, "return float(keras.losses.Huber(delta=delta)(y_true, y_pred))")),
    *answers("categorical_crossentropy", TAPE,
             (RIGHT, "return keras.losses.CategoricalCrossentropy()(y_true, y_pred)"),
             (RIGHT, "return np.mean(keras.losses.categorical_crossentropy(y_true, y_pred))")),
    *answers("mean_squared_error_gradient", TAPE,
             (RIGHT, "p = tf.Variable(y_pred)", "with tf.GradientTape() as tape:",
              "    loss = tf.reduce_mean((p - y_true) ** 2)", "return tape.gradient(loss, p).numpy()")),
    *answers("crossentropy_from_logits", TAPE,
             (RIGHT, "z = tf.Variable(logits)", "with tf.GradientTape() as tape:",
              "    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y_true, z))",
              "return loss.numpy(), tape.gradient(loss, z).numpy()")),
    *answers("stable_binary_crossentropy", TAPE,
             (RIGHT, "z = tf.Variable(logits)", "with tf.GradientTape() as tape:",
              "    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype='float64')(y_true, z)",
              "return float(loss), tape.gradient(loss, z).numpy()")),
]  # fmt: skip

ARGUMENTS["looks_like_crossentropy"] = "crossentropy"
TWO = ["y = np.array([[0.0, 1, 0], [0, 0, 1]])", "p = np.array([[0.05, 0.95, 0], [0.1, 0.8, 0.1]])"]
CHECK_CASES = answers(
    "looks_like_crossentropy", TWO,
    (RIGHT, "z = np.array([[1.0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1e-6, 1 - 1e-6]])",
     "t = np.eye(4)[[0, 2, 2]]", "wanted = (0 + 16.118095650958 + 13.815510557964) / 3",
     "return abs(crossentropy(y, p) - 1.1769392) < 1e-6 and bool(np.isclose(crossentropy(t, z), wanted, atol=1e-6))"),
    (RIGHT, "np.testing.assert_allclose(crossentropy(y, p), 1.1769392, rtol=1e-6)",
     "np.testing.assert_allclose(crossentropy(y[:1, :2], np.array([[1.0, 0.0]])), 16.118095, rtol=1e-5)",
     "np.testing.assert_allclose(crossentropy(y[:1, :2], np.array([[1 - 1e-6, 1e-6]])), 13.81551, rtol=1e-5)",
     "np.testing.assert_allclose(crossentropy(y[:1, :2], np.array([[0.0, 1.0]])), 0, atol=1e-6)", "return True"),
    ("Slipped|two examples of the chapter", "return abs(crossentropy(y, p) - 1.1769392) < 1e-4"),
    ("Slipped|not negative", "assert crossentropy(y, p) > 0", "return True"),
    ("Slipped", "return crossentropy(y, y) < crossentropy(y, p)"),
    ("refuse", "return crossentropy(y, p) == 1.17693925"),
    ("refuse", "return abs(crossentropy(y, p) - (-np.log(0.95) - np.log(0.1))) < 1e-6"),
    ("refuse", "return crossentropy(y, y) == 0 and crossentropy(y, p) > 0"),
    ("NameError|refuse|raised", "return np.isclose(categorical(y, p), 1.1769392)"),
    ("None", "np.isclose(crossentropy(y, p), 1.1769392)"),
    ("True or False|raised", "return crossentropy(y, p) - 1.1769392"),
    ("argument|raised", "return bool(np.isclose(crossentropy(y, p, 'mean'), 1.1769392))"),
)  # fmt: skip

CASES = [*NLL_CASES, *SLOPE_CASES, *HUBER_CASES, *CCE_CASES, *LOGITS_CASES, *POISSON_CASES, *BCE_CASES,
         *KERAS_CASES, *CHECK_CASES]  # fmt: skip
