"""Right answers as a learner may write them, which print a word so that it is seen who ran."""

SOFTMAX = """\
def shifted(logits, axis):
    return logits - np.max(logits, axis=axis, keepdims=True)


def softmax(logits, axis=-1):
    print("my softmax")
    powers = np.exp(shifted(logits, axis))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
RELU = """\
def relu(x):
    print("my relu")
    return np.maximum(x, 0)
"""
ADAM = """\
class Adam:
    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.rate, self.b1, self.b2, self.epsilon = learning_rate, beta_1, beta_2, epsilon
        self.t, self.m, self.v = 0, None, None

    def step(self, weights, gradients):
        if self.m is None:
            self.m = [np.zeros_like(w) for w in weights]
            self.v = [np.zeros_like(w) for w in weights]
        self.t += 1
        new = []
        for i, (w, g) in enumerate(zip(weights, gradients)):
            self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v[i] + (1 - self.b2) * g**2
            m, v = self.m[i] / (1 - self.b1**self.t), self.v[i] / (1 - self.b2**self.t)
            new.append(w - self.rate * m / (np.sqrt(v) + self.epsilon))
        return new
"""
