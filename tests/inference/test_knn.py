import numpy as np
import pytest
from sklearn.neighbors import KNeighborsRegressor

from landmark.inference import knn
from landmark.inference.knn import NearestGenes
from landmark.inference.predictor import Task
from landmark.progress import silent


@pytest.fixture
def task(task_of) -> Task:
    return task_of(25)[0]


@pytest.fixture
def elsewhere(task_of) -> np.ndarray:
    """Landmark genes of the test samples."""
    return task_of(25)[1]


def reference(landmarks, targets, elsewhere, number):
    """Genes are the points, training samples their coordinates, samples elsewhere the values."""
    model = KNeighborsRegressor(number, algorithm="brute").fit(landmarks.T, elsewhere.T)
    return model.predict(targets.T).T


@pytest.mark.parametrize("number", [1, 4, 25])
def test_predictions_equal_those_of_scikit_learn(task, elsewhere, number, monkeypatch):
    monkeypatch.setattr(knn, "BLOCK", 8)
    fitted = NearestGenes((number,)).fit(task, silent)
    expected = reference(task.landmarks, task.targets, elsewhere, number)
    np.testing.assert_allclose(fitted.predict(elsewhere), expected, atol=1e-5)


def test_the_number_with_the_least_validation_error_is_chosen(task):
    fitted, held = ~task.validation, task.validation
    errors = {
        number: np.abs(
            reference(task.landmarks[fitted], task.targets[fitted], task.landmarks[held], number)
            - task.targets[held]
        ).mean()
        for number in (1, 2, 5, 20)
    }
    details = NearestGenes((1, 2, 5, 20)).fit(task, silent).details
    assert details["neighbours"] == min(errors, key=errors.__getitem__)
    assert details["validation_error"] == pytest.approx(min(errors.values()), rel=1e-5)


def test_fewer_landmark_genes_than_neighbours_on_offer(task):
    few = Task(task.landmarks[:, :3], task.targets, task.validation)
    assert NearestGenes((10, 20)).fit(few, silent).details["neighbours"] == 3
    assert NearestGenes((1, 2, 50)).fit(few, silent).details["neighbours"] <= 2


def test_a_copy_of_a_landmark_gene_is_predicted_exactly(task, elsewhere):
    copied = Task(task.landmarks, task.landmarks[:, [7, 2]], task.validation)
    fitted = NearestGenes().fit(copied, silent)
    assert fitted.details["neighbours"] == 1
    np.testing.assert_array_equal(fitted.predict(elsewhere), elsewhere[:, [7, 2]])
