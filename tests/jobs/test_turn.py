"""Who waits for whom: work on the devices in line, other work beside it, a few at a time."""

import shutil
import threading
from contextlib import ExitStack, contextmanager

import pytest

from landmark.analyses.registry import ANALYSES
from landmark.jobs import perform as turns
from landmark.jobs.perform import BESIDE, exclusive_device, uses_device
from landmark.store.request import write_request
from landmark.store.status import RunStatusWriter

RIDGE = {"predictor": "ridge"}


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(turns, "LOOK_SECONDS", 0.01)


@contextmanager
def _at_work(home, kind, configuration=None):
    """Stand in line in a thread; gives whether the work has begun, and lets it end."""
    request = write_request(home, kind, configuration or {})
    begun, may_end = threading.Event(), threading.Event()

    def work():
        with RunStatusWriter(request.folder(home)) as status, exclusive_device(home, request, status):
            begun.set()
            may_end.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield begun
    finally:
        may_end.set()
        thread.join(60)
        shutil.rmtree(request.folder(home))


@pytest.mark.parametrize(
    ("kind", "configuration"),
    [("import", {}), ("quality", {}), ("enrich", {}), ("compare", RIDGE), ("infer", {"predictors": ["knn"]})],
)
def test_work_without_a_device_does_not_wait_for_a_training(home, kind, configuration):
    with _at_work(home, "train") as training:
        assert training.wait(30)
        with _at_work(home, kind, configuration) as other:
            assert other.wait(30)


@pytest.mark.parametrize(
    ("kind", "configuration"),
    [("train", {}), ("compare", {"predictor": "dgex"}), ("infer", {"predictors": ["ridge", "graph"]})],
)
def test_work_on_a_device_waits_for_the_one_before(home, kind, configuration):
    with ExitStack() as other_ends:
        with _at_work(home, "rank") as ranking:
            assert ranking.wait(30)
            other = other_ends.enter_context(_at_work(home, kind, configuration))
            assert not other.wait(0.5)
        assert other.wait(30)


def test_no_more_than_a_few_work_beside(home):
    with ExitStack() as last_ends:
        with ExitStack() as stack:
            first = [stack.enter_context(_at_work(home, "quality")) for _ in range(BESIDE)]
            assert all(begun.wait(30) for begun in first)
            last = last_ends.enter_context(_at_work(home, "prepare"))
            assert not last.wait(0.5)
        assert last.wait(30)


def test_what_trains_in_any_case_uses_a_device():
    assert uses_device("train", {})
    assert uses_device("path", RIDGE)  # it trains


def test_what_shares_its_training_uses_a_device():
    for kind, analysis in ANALYSES.items():
        for asked in ({}, RIDGE, {"predictor": "dgex"}, {"predictors": ["knn", "graph"]}):
            assert analysis.uses_device(asked) or not analysis.trains(asked), kind
