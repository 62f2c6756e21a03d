"""A server that reads drawn digits: a saved network behind HTTP, for chapter 12.

    models.py     from a file to a function from images to probabilities
    images.py     from a request's body to an image, or to the sentence that says why it is none
    access.py     who may ask, and how often
    batching.py   requests that wait go through the network together
    metrics.py    what Prometheus is told
    app.py        the paths, and what each answers
    server.py     the process: listens, and finishes what it has begun before it ends
    load_test.py  many clients at once, and how long they waited

The packages that it needs are the extra `serve` of pyproject.toml.
"""
