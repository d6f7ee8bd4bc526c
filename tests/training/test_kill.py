import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from landmark.training.autoencoder import TrainedAutoencoder, train_autoencoder

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from landmark.training.autoencoder import train_autoencoder
from landmark.training.configuration import AutoencoderConfiguration
folder = Path(sys.argv[1])
X = np.load(folder / "X.npy")
configuration = AutoencoderConfiguration.parse({CHOICES})
train_autoencoder(
    X[:150], X[150:], configuration, directory=folder / "checkpoints",
    report=lambda progress: print(progress.done, flush=True),
).save(folder / "network")
"""


@pytest.mark.slow
def test_killed_again_and_again_it_ends_as_if_never_stopped(tmp_path, expression, autoencoder, same):
    configuration = autoencoder.model_copy(update={"epochs": 40, "checkpoint_every": 1})
    X = expression(200, 300)
    np.save(tmp_path / "X.npy", X)
    program = PROGRAM.replace("{CHOICES}", repr(configuration.model_dump()))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    random = np.random.default_rng(0)
    endings = []
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            env=environment, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            for line in process.stdout:
                if float(line) > 0:
                    break
            time.sleep(random.uniform(0, 0.5))
            process.send_signal(signal.SIGKILL)
        endings.append(process.returncode)
    assert endings[0] == -signal.SIGKILL
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, check=True)
    resumed = TrainedAutoencoder.load(tmp_path / "network")
    whole = train_autoencoder(X[:150], X[150:], configuration)
    assert same(whole.parameters, resumed.parameters)
