"""On what a run runs: devices of this process, or workers that TF_CONFIG names."""

import json
import os

from course_lib.training.plan import PlanError

EXAMPLE = '{"cluster": {"worker": ["first:2222", "second:2222"]}, "task": {"type": "worker", "index": 0}}'


def tf_config(workers: list[str], index: int) -> str:
    """Return what TF_CONFIG holds for one worker: who they all are, as HOST:PORT, and which of them it is itself."""
    return json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})


def read_tf_config() -> tuple[list[str], int]:
    """Return the addresses of all workers, and which of them this process is.

    Raises:
        PlanError: TF_CONFIG is not what TensorFlow needs.
    """
    try:
        config = json.loads(os.environ["TF_CONFIG"])
        workers, task = config["cluster"]["worker"], config["task"]
        kind, index = task["type"], task["index"]
    except (ValueError, KeyError, TypeError) as error:
        raise PlanError(
            f"TF_CONFIG cannot be read ({type(error).__name__}: {error}). It looks like this: {EXAMPLE}"
        ) from None
    if kind != "worker" or set(config["cluster"]) != {"worker"}:
        raise PlanError("In TF_CONFIG all processes have to be of type worker here; the first one saves.")
    if not (isinstance(workers, list) and workers and all(_is_address(each) for each in workers)):
        raise PlanError("In TF_CONFIG the workers have to be a list of HOST:PORT, one for each.")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(workers):
        raise PlanError(f"In TF_CONFIG the index is {index!r}, and there are workers 0 to {len(workers) - 1}.")
    return workers, index


def _is_address(text) -> bool:
    return isinstance(text, str) and bool(text.rpartition(":")[0]) and text.rpartition(":")[2].isdigit()


def several(count: int) -> list[str]:
    """Return the names of so many devices of this process: GPUs if there are enough, else parts of the CPU.

    Parts of a CPU, logical devices, share its cores: nothing gets faster, and everything else is as on several GPUs.
    They have to be made before TensorFlow computes anything.

    Raises:
        PlanError: TensorFlow has begun already, with fewer devices.
    """
    import tensorflow as tf

    if count < 1:
        raise PlanError(f"{count} devices were asked for, and there has to be 1 or more.")
    gpus = [device.name.removeprefix("/physical_device:") for device in tf.config.list_physical_devices("GPU")]
    if len(gpus) >= count:
        return gpus[:count]
    cpu = tf.config.list_physical_devices("CPU")[0]
    made = tf.config.get_logical_device_configuration(cpu) or []
    if len(made) < count > 1:
        try:
            tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * count)
        except RuntimeError:
            raise PlanError(
                f"TensorFlow has computed something already, so its CPU cannot be split into {count} devices any more. "
                "Restart the kernel, and split it before anything else is computed."
            ) from None
    return [f"CPU:{number}" for number in range(count)]


def strategy_for(devices: int = 1):
    """Return TensorFlow's strategy: over TF_CONFIG's workers where it is set, else over this process's devices."""
    import tensorflow as tf

    if "TF_CONFIG" not in os.environ:
        return tf.distribute.MirroredStrategy(several(devices))
    read_tf_config()
    return tf.distribute.MultiWorkerMirroredStrategy()
