"""Before anything imports NumPy or TensorFlow: how they compute under test, here and in processes started from here.

TensorFlow runs on the CPU, silent, and with sums in one order, so that results repeat. NumPy's matrix products get one
thread each: two test workers with two threads each on two cores wait for one another most of the time, and an epoch of
chapter 08 takes a minute in place of four seconds.
"""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
