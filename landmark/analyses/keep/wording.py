"""What a kept predictor can do and what it gives away, in a sentence."""


def what_it_holds(values: bool, samples: int) -> str:
    """Say what a person should know before passing it on; ``samples`` are those it learned from."""
    if values:
        return f"It holds the values of {samples:,} training samples: pass it on only where these may be passed on."
    return (
        "It holds no values of training samples: samples that lack landmark genes cannot be completed with it, the "
        "nearest training samples are not named, and intervals do not grow for samples of a strange kind."
    )
