"""Imported in both warm processes after what the notebook imports: what a library must know that has one core.

tf.data tunes its pipelines in a thread that sleeps for 10, 20, 40… ms. Where all threads share a core, the end of each
epoch of `Model.fit(array)` waits for it: the core was idle for a third of the time.
"""

import sys

if tensorflow := sys.modules.get("tensorflow"):
    options = tensorflow.data.experimental.AutotuneOptions
    given = options.enabled
    # Not set, TensorFlow takes it for True. A notebook may still set it.
    options.enabled = property(lambda self: bool(given.fget(self)), given.fset, doc=given.__doc__)
