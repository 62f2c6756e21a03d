"""One training, on one device, on several, or on several machines (chapter 11).

    python -m course_lib.training --folder run                        one device
    python -m course_lib.training --folder run --devices 2            two GPUs, or two halves of the CPU
    python -m course_lib.training --folder run --local-workers 2      two processes on this computer
    TF_CONFIG='{…}' python -m course_lib.training --folder run        this process is one worker of several machines

Whatever it runs on, it takes the same steps: examples, order and first weights depend on the settings alone (`plan`),
every replica has its share of each batch (`steps`), and `tf.train.Checkpoint` keeps weights and optimizer, from which a
run that was cut short goes on (`trainer`). docker/k8s/training.yaml runs it as a Job of Kubernetes.
"""
