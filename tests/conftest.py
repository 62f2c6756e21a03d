"""Before anything imports TensorFlow: on the CPU, silent, and with sums in one order, so that results repeat."""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")
