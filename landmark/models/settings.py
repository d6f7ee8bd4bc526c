"""Choices for every network, with the published values as defaults, and for ensembles. Imports no jax."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from landmark.configuration import Configuration, left_open, stated
from landmark.data.scaling import Kind
from landmark.training.settings import Keep, PredictorTraining, SeededTraining


class AutoencoderConfiguration(SeededTraining):
    """The autoencoder of Kong et al. 2021.

    Its loss is the mean absolute error plus ``l2`` times the sum of squared weights, minimised with Adam.
    """

    hidden: int = stated(
        500, "Units of the first and third hidden layer.", "Kong 2021, Methods", ge=1, le=20_000
    )
    bottleneck: int = stated(
        100, "Units of the bottleneck, the middle layer.", "Kong 2021, Methods", ge=1, le=10_000
    )
    output: Literal["linear", "sigmoid"] = left_open(
        "linear",
        "Last layer: linear restores values of any size; sigmoid, the literal reading of the paper, restores values "
        "scaled to 0-1 per gene.",
    )
    input: Literal["scaled", "measured"] = left_open(
        "scaled",
        "Scale on which the network reads and restores genes: each scaled alike (standardised, or to 0-1 with a "
        "sigmoid output), or as measured, in the unit of the dataset less the mean of the gene, with a linear output. "
        "The paper's values lie between 4 and 15, and its error of 0.22 at a correlation of 0.76 suggests that it "
        "trained on them as measured. The ranking is then much like a list of the most variable genes: on the GDSC "
        "cell lines its top 467 predict the other genes with an error 2.2% above L1000's, those from scaled genes with "
        "one of 0.5% above it.",
    )
    dropout: float = stated(
        0.1,
        "Share of hidden units left out at each step. After which layers is left open: here after all three hidden "
        "ones, the bottleneck among them.",
        "Kong 2021, Methods (the share)",
        ge=0,
        le=0.9,
    )
    l2: float = stated(
        1e-6, "Weight of the sum of squared weights in the loss.", "Kong 2021, Methods", ge=0, le=1
    )
    epochs: int = stated(100, "Passes over the training samples.", "Kong 2021, Methods", ge=1, le=100_000)
    batch_size: int = left_open(32, "Samples per step; Keras' default.", ge=1, le=65_536)
    learning_rate: float = left_open(1e-3, "Step size of Adam; Keras' default.", gt=0, le=1)
    early_stopping: int = left_open(
        0,
        "Stop after this many epochs without a lower loss on validation samples; 0 trains all epochs. A tenth of the "
        "training samples is then kept back as validation samples; held-out samples have no say.",
        ge=0,
        le=1000,
    )
    keep: Keep = left_open(
        "last",
        "Weights to keep: of the last epoch, or of the one with the lowest loss on validation samples. For best a "
        "tenth of the training samples is kept back as validation samples; held-out samples have no say.",
    )

    @property
    def scaling(self) -> Kind:
        """The scaling of the input, which the network restores."""
        if self.input == "measured":
            return "centre"
        return "unit" if self.output == "sigmoid" else "standardise"

    @property
    def chooses_epoch(self) -> bool:
        """Whether validation samples decide how long is trained or which epoch is kept."""
        return self.keep == "best" or self.early_stopping > 0

    @model_validator(mode="after")
    def _output_reaches_input(self) -> Self:
        if self.input == "measured" and self.output == "sigmoid":
            raise ValueError(
                "output = 'sigmoid' gives values between 0 and 1 and cannot restore genes as measured; choose "
                "input = 'scaled' or output = 'linear'"
            )
        return self


class DgexConfiguration(PredictorTraining):
    """D-GEX, the predictor of Chen et al. 2016, trained by gradient descent with momentum.

    One network predicts all targets, where the public code trains two of 4,760 targets each. The loss is a sum over
    targets, so the steps of the hidden layers grow with their number at the same step size.
    """

    layers: int = left_open(
        3,
        "Hidden layers: 1 to 3 in the D-GEX paper. Kong 2021 took D-GEX with default parameters, which the public code "
        "does not have.",
        ge=1,
        le=3,
    )
    units: int = left_open(
        3000,
        "Units of each hidden layer: 3000, 6000 or 9000 in the D-GEX paper, 9000 in the example of its public code. "
        "Kong 2021 does not say which.",
        ge=1,
        le=50_000,
    )
    dropout: float = left_open(
        0.1,
        "Share of hidden units left out at each step: 0, 0.1 or 0.25 in the D-GEX paper; Kong 2021 does not say which.",
        ge=0,
        le=0.9,
    )
    epochs: int = stated(200, "Passes over the training samples.", "Chen 2016, Methods", ge=1, le=100_000)
    batch_size: int = stated(200, "Samples per step.", "D-GEX public code, H3_0-4760.py", ge=1, le=65_536)
    momentum: float = stated(
        0.5,
        "Share of the previous step carried into the next.",
        "D-GEX public code, H3_0-4760.py",
        ge=0,
        lt=1,
    )
    learning_rate: float | None = stated(
        None,
        "Step size at the start; empty for 0.0005 with one hidden layer and 0.0003 with more, made for 4,760 targets: "
        "the loss is a sum over targets, so with twice as many the hidden layers make twice the steps.",
        "D-GEX public code, H1_0-4760.py to H3_0-4760.py",
        gt=0,
        le=1,
    )
    lowest_learning_rate: float = stated(
        1e-5, "Floor of the step size.", "D-GEX public code, H3_0-4760.py", gt=0, le=1
    )
    decay: float = stated(
        0.9,
        "Factor on the step size after an epoch in which the training error rose.",
        "D-GEX public code, H3_0-4760.py",
        gt=0,
        le=1,
    )
    later_layers: float = stated(
        3.0,
        "Factor on the step size for the weights of every layer but the first.",
        "D-GEX public code, H3_0-4760.py",
        gt=0,
        le=100,
    )
    monitored: int = stated(
        5000,
        "Training samples, drawn once, on which the training error is watched.",
        "D-GEX public code, H3_0-4760.py",
        ge=1,
        le=1_000_000,
    )
    keep: Keep = stated(
        "best",
        "Weights to keep: of the last epoch, or of the one with the lowest error on validation samples, a tenth of the "
        "training samples. For another platform the public code keeps the epoch that is best on RNA-seq samples; here "
        "it is always the one best on samples of the training platform.",
        "D-GEX public code, H3_0-4760.py",
    )

    @property
    def first_learning_rate(self) -> float:
        """The step size of the first epoch."""
        if self.learning_rate is not None:
            return self.learning_rate
        return 5e-4 if self.layers == 1 else 3e-4

    @model_validator(mode="after")
    def _floor_below_start(self) -> Self:
        if self.lowest_learning_rate > self.first_learning_rate:
            raise ValueError(
                f"lowest_learning_rate = {self.lowest_learning_rate} must not exceed learning_rate = "
                f"{self.first_learning_rate}"
            )
        return self


class GraphConfiguration(PredictorTraining):
    """A graph network after Kim et al. 2025, trained with Adam on the mean absolute error.

    "Public code" is the authors' own, github.com/HyunjinHwn/GeneExpressionGNN. It differs from this network:

    - similar genes are found there by the cosine of raw positive values, validation samples included; here by the
      correlation over the fitted samples, so that the least similar genes are those that run against each other;
    - its loss takes in all genes, the L1000 genes among them; here the target genes only;
    - its values are divided by the largest one; here they are standardised per gene;
    - all starting weights are drawn there; here edges start as the identity, and the output layer shares the genes'
      vectors;
    - it steps after every sample; here after 16 at the same step size, so 16 times less often;
    - with fewer landmark genes it keeps all 970 L1000 genes as hubs, unmeasured ones with 0; here only the landmark
      genes are hubs.
    """

    layers: int = stated(4, "Graph layers.", "Kim 2025, public code (edgeweight.py)", ge=1, le=8)
    hidden: int = stated(
        64, "Units of each gene in every layer.", "Kim 2025, public code (gnn_training.py)", ge=1, le=1024
    )
    most_similar: int = stated(
        50,
        "Target genes most similar to a target gene that it reads, itself among them. Similarity here is the "
        "correlation over the training samples; in the public code the cosine of raw values.",
        "Kim 2025, public code (graph cos50)",
        ge=1,
        le=5000,
    )
    least_similar: int = stated(
        50,
        "Target genes least similar to a target gene that it reads: here those that run against it, in the public code "
        "those of unlike levels.",
        "Kim 2025, public code (graph cos50)",
        ge=0,
        le=5000,
    )
    epochs: int = stated(
        1000,
        "Passes over the training samples, at most; in the public code an epoch is 500 samples.",
        "Kim 2025, public code (gnn_training.py)",
        ge=1,
        le=100_000,
    )
    batch_size: int = left_open(
        16,
        "Samples per step; the public code takes 1, and so passes over all weights for every sample, with 16 times as "
        "many steps per pass.",
        ge=1,
        le=65_536,
    )
    learning_rate: float = stated(5e-4, "Step size of Adam at the start.", "Kim 2025", gt=0, le=1)
    weight_decay: float = stated(
        1e-6,
        "Share of each weight that is added to its gradient. Collections of some hundred samples want more: 3e-4 "
        "predicted the GDSC cell lines best.",
        "Kim 2025, public code (gnn_training.py)",
        ge=0,
        le=1,
    )
    clip: float = stated(
        1.0,
        "Length at which the gradient of a step is cut.",
        "Kim 2025, public code (gnn_utils.py)",
        gt=0,
        le=1e6,
    )
    decay: float = stated(
        0.5,
        "Factor on the step size when the validation error no longer falls.",
        "Kim 2025, public code (gnn_utils.py)",
        gt=0,
        le=1,
    )
    patience: int = left_open(
        20,
        "Epochs without a lower validation error after which the step size shrinks; as many samples as in the "
        "public code with its 2,500 training samples.",
        ge=1,
        le=1000,
    )
    early_stopping: int = left_open(
        40,
        "Stop after this many epochs without a higher rank correlation on the validation samples; 0 trains all "
        "epochs. As many samples as in the public code with its 2,500 training samples.",
        ge=0,
        le=1000,
    )
    precision: Literal["float32"] = left_open("float32", "Numbers inside matrix products.")
    keep: Keep = stated(
        "best",
        "Weights to keep: of the last epoch, or of the one with the highest rank correlation on validation samples, a "
        "tenth of the training samples.",
        "Kim 2025, public code (gnn_utils.py)",
    )


class ConcreteConfiguration(Configuration):
    """The concrete autoencoder of Abid, Balin and Zou 2019, which learns which genes to measure."""

    epochs: int = Field(300, ge=1, le=100_000, description="Passes over the training samples.")
    batch_size: int = Field(
        64, ge=1, le=65_536, description="Samples per step, or all where there are fewer."
    )
    learning_rate: float = Field(3e-3, gt=0, le=1, description="Step size of Adam for the decoder.")
    logit_learning_rate: float = Field(
        0.05,
        gt=0,
        le=10,
        description="Step size of Adam for the neurons' preferences. Larger than the decoder's, since a preference "
        "has far to go: among thousands of genes, a sure neuron prefers one by more than 10.",
    )
    start_temperature: float = Field(
        10.0, gt=0, le=1000, description="Temperature at the first step, where every neuron mixes many genes."
    )
    end_temperature: float = Field(
        0.01, gt=0, le=1000, description="Temperature at the last step, where every neuron picks one gene."
    )
    checkpoint_every: int = Field(
        50, ge=1, le=1000, description="Epochs between checkpoints, from which a stopped run goes on."
    )

    @model_validator(mode="after")
    def _cools(self) -> Self:
        if self.end_temperature > self.start_temperature:
            raise ValueError(
                f"end_temperature = {self.end_temperature} must not exceed start_temperature = "
                f"{self.start_temperature}"
            )
        return self


class ConcreteTraining(ConcreteConfiguration, SeededTraining):
    """The choices together with what a choice of genes settles: the seed of its run, and that all epochs count."""

    keep: Keep = left_open("last", "Weights to keep: of the last epoch, whose temperature is the lowest.")


class DeepchromeTraining(SeededTraining):
    """DeepChrome, the classifier of Singh et al. 2016, trained by plain gradient descent gene by gene."""

    epochs: int = stated(
        100,
        "Passes over the training genes. The loop of the public code ends after 99.",
        "Singh 2016; DeepChrome public code, doall.lua",
        ge=1,
        le=100_000,
    )
    batch_size: int = stated(
        1,
        "Genes per step. More train faster, in fewer steps than the published ones.",
        "DeepChrome public code, doall.lua",
        ge=1,
        le=65_536,
    )
    learning_rate: float = stated(
        1e-3,
        "Step size at the start, for one gene per step.",
        "DeepChrome public code, doall.lua",
        gt=0,
        le=1,
    )
    scaling: Literal["linear", "none"] = left_open(
        "linear",
        "Step size where several genes make a step: the learning rate times their number (linear), or as it is "
        "(none).",
    )
    decay: float = stated(
        1e-7,
        "Fall of the step size, divided by 1 + decay x genes seen.",
        "DeepChrome public code, 4_train.lua",
        ge=0,
        le=1,
    )
    dropout: float = stated(
        0.5,
        "Share of pooled values left out at each step, before the first full layer.",
        "DeepChrome public code, 2_model.lua",
        ge=0,
        le=0.9,
    )
    keep: Keep = stated(
        "best",
        "Weights to keep: of the last epoch, or of the best one on validation genes, by the measure below.",
        "DeepChrome public code, README",
    )
    best_by: Literal["auc", "log-loss"] = stated(
        "auc",
        "What makes an epoch the best: the largest area under the ROC curve of the validation genes, or their lowest "
        "log-loss, which often rises while the order of the genes still improves. Early stopping goes by the same.",
        "DeepChrome public code, README and 5_test.lua (AUC)",
    )

    @property
    def step_size(self) -> float:
        """Step size at the start, for the whole batch."""
        return self.learning_rate * (self.batch_size if self.scaling == "linear" else 1)


Member = Literal["ridge", "knn", "kernel", "sample_lasso", "dgex", "graph"]
"""Predictors that an ensemble can be made of."""


class EnsembleConfiguration(Configuration):
    """An ensemble of predictors, weighted by what each predicts of samples that it has not seen."""

    members: tuple[Member, ...] = Field(
        ("ridge", "knn", "kernel"),
        min_length=1,
        description="Predictors that are weighted against each other. Each is fitted six times: on all training "
        "samples, and on four fifths of them five times, to find the weights.",
    )

    @field_validator("members", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names written with commas, for what the command line gives."""
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @field_validator("members")
    @classmethod
    def _distinct(cls, value: tuple[Member, ...]) -> tuple[Member, ...]:
        if len(set(value)) < len(value):
            raise ValueError("a member is named twice; name each once")
        return value
