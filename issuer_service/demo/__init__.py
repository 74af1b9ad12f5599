"""The demonstration: the main job from end to end, told step by step, on a machine with nothing else."""
