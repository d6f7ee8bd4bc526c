"""Files of predictors that are damaged, cut short, of something else, or made to do harm: a sentence, nothing else."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark.errors import BadData, BadRun
from landmark.inference.calibrated import CalibratedPredictor
from landmark.progress import Progress
from landmark.store.kept import KeptManifest, KeptStore, StoredFile, as_stored
from landmark.store.kept_file import export_kept, unpack_kept
from landmark.store.runs import MANIFEST
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.kept import home_with_fit

OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("damage")
    home, fit = home_with_fit(folder, covariate="tissue")
    execute_now(home, "keep", {"fit": fit.id, "name": "sound", "licence": "ours"})
    return home


@pytest.fixture(scope="module")
def file(home: Workspace) -> Path:
    return export_kept(KeptStore(home).get("sound"), home.root.parent / "sound.landmark")


@pytest.fixture(scope="module")
def inferred(home: Workspace) -> dict[str, np.ndarray]:
    return numbers(KeptStore(home).get("sound").load()[0])


def numbers(predictor: CalibratedPredictor) -> dict[str, np.ndarray]:
    """What the predictor says of some samples."""
    landmarks = np.linspace(2, 12, 5 * len(predictor.trained.landmarks)).reshape(5, -1)
    found = predictor.infer(landmarks.astype(np.float32), 0.9, ["lung"] * 5)
    return {"values": found.values, "lower": found.lower, "upper": found.upper}


def brought_in(path: Path, home: Workspace) -> str:
    """Bring a file into a home; return why it is refused, after a look that nothing of it is left."""
    with pytest.raises(BadData) as refused:
        execute_now(home, "keep", {"fit": str(path), "name": "new"})
    assert KeptStore(home).all() == []
    assert not list(home.unfinished.glob(".predictor-*"))
    assert not home.predictors.exists() or not list(home.predictors.iterdir())
    sentence = str(refused.value)
    assert len(sentence) < 400
    assert "\n" not in sentence
    return sentence


def read_or_refused(path: Path, folder: Path) -> CalibratedPredictor | None:
    """Read a predictor from a file; None where that is refused in a sentence."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        return unpack_kept(path, folder).load()[0]
    except (BadData, BadRun):
        return None


@OFTEN
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused(file: Path, tmp_path: Path, share: float) -> None:
    content = file.read_bytes()
    path = tmp_path / "cut.landmark"
    path.write_bytes(content[: int(share * len(content))])
    assert read_or_refused(path, tmp_path / "into") is None


@OFTEN
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), late=st.booleans())
def test_a_flipped_bit_gives_no_wrong_number(
    file: Path, inferred: dict[str, np.ndarray], tmp_path: Path, place: float, bit: int, late: bool
) -> None:
    """Also among the last bytes, where the archive keeps its own books."""
    content = bytearray(file.read_bytes())
    at = int(place * len(content)) if not late else len(content) - 1 - int(place * 3000)
    content[at] ^= 1 << bit
    path = tmp_path / "flipped.landmark"
    path.write_bytes(content)
    found = read_or_refused(path, tmp_path / "into")
    if found is not None:  # a byte that says nothing, such as a date
        for name, values in numbers(found).items():
            np.testing.assert_array_equal(values, inferred[name])


@OFTEN
@given(data=st.data())
def test_a_flipped_bit_in_the_home_gives_no_wrong_number(
    home: Workspace, inferred: dict[str, np.ndarray], tmp_path: Path, data: st.DataObject
) -> None:
    copy = Workspace(tmp_path / "copy")
    shutil.rmtree(copy.root, ignore_errors=True)
    shutil.copytree(home.predictors, copy.predictors)
    paths = sorted(path for path in copy.predictors.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(paths))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    try:
        found = KeptStore(copy).get("sound").load()[0]
    except BadRun:
        return
    assert path.name == MANIFEST  # blanks between what it says
    for name, values in numbers(found).items():
        np.testing.assert_array_equal(values, inferred[name])


@OFTEN
@given(content=st.binary(max_size=400))
def test_anything_is_no_predictor(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.landmark"
    path.write_bytes(content)
    assert read_or_refused(path, tmp_path / "into") is None


def parts_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def written(path: Path, parts: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(file: Path, path: Path, parts: dict[str, bytes | None] | None = None, **about: Any) -> Path:
    """Write a file whose checksums are right, with other parts, and another description."""
    content = parts_of(file) | (parts or {})
    described = {name: value for name, value in json.loads(content[MANIFEST]).items() if name != "checksum"}
    kept = {name: value for name, value in content.items() if name != MANIFEST and value is not None}
    files = {
        name: StoredFile(sha256=hashlib.sha256(value).hexdigest(), size=len(value))
        for name, value in kept.items()
    }
    manifest = as_stored(KeptManifest(**{**described, "files": files, **about}))
    return written(path, {MANIFEST: json.dumps(manifest).encode(), **kept})


def npz(**arrays: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def no_zip(file: Path, path: Path) -> Path:
    path.write_text("gene,a,b\nTP53,1,2\n")
    return path


def other_zip(file: Path, path: Path) -> Path:
    return written(path, {"matrix.csv": b"gene,a,b\nTP53,1,2\n"})


def dataset_of_this_program(file: Path, path: Path) -> Path:
    return written(path, {MANIFEST: json.dumps({"schema_version": 1, "id": "8ca42bffd184"}).encode()})


def newer(file: Path, path: Path) -> Path:
    return changed(file, path, schema_version=2)


def unknown_method(file: Path, path: Path) -> Path:
    about = json.loads(parts_of(file)["predictor/network.json"])
    return changed(
        file,
        path,
        {"predictor/network.json": json.dumps({**about, "method": "oracle"}).encode()},
        method="oracle",
    )


def unknown_setting(file: Path, path: Path) -> Path:
    made = json.loads(parts_of(file)[MANIFEST])["configuration"]
    return changed(file, path, configuration={**made, "predictor": "oracle"}, versions={"landmark": "9.1"})


def further_file(file: Path, path: Path) -> Path:
    return written(path, parts_of(file) | {"run.sh": b"rm"})


def missing_file(file: Path, path: Path) -> Path:
    return written(path, {name: value for name, value in parts_of(file).items() if name != "genes.json"})


def absolute(file: Path, path: Path) -> Path:
    return changed(file, path, {"/tmp/evil.json": b"{}"})


def parent(file: Path, path: Path) -> Path:
    return changed(file, path, {"../../evil.json": b"{}"})


def backslashes(file: Path, path: Path) -> Path:
    return changed(file, path, {"..\\evil.json": b"{}"})


def other_content(file: Path, path: Path) -> Path:
    parts = parts_of(file)
    parts["genes.json"] = parts["genes.json"][::-1]
    return written(path, parts)


def bomb(file: Path, path: Path) -> Path:
    changed(file, path, {"zeros.json": b" " * 40_000_000})
    return written(path, parts_of(path), zipfile.ZIP_DEFLATED)


def inner_bomb(file: Path, path: Path) -> Path:
    content = io.BytesIO()
    np.savez_compressed(content, values=np.zeros((4000, 1000), np.float32))
    return changed(file, path, {"training/parameters.npz": content.getvalue()})


def claims(file: Path, path: Path) -> Path:
    """A small array whose header claims to be huge."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (10**9, 10**6)}
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("values.npy", header.getvalue() + bytes(400))
    return changed(file, path, {"training/parameters.npz": content.getvalue()})


def pickled(file: Path, path: Path) -> Path:
    return changed(file, path, {"training/parameters.npz": npz(values=np.array([print], dtype=object))})


def deep(file: Path, path: Path) -> Path:
    return changed(file, path, {"network.json": b"[" * 200_000})


def other_shapes(file: Path, path: Path) -> Path:
    return changed(
        file, path, {"predictor/learned/parameters.npz": npz(weights=np.zeros((3, 2), np.float32))}
    )


def fewer_genes(file: Path, path: Path) -> Path:
    genes = json.loads(parts_of(file)["genes.json"])["genes"]
    return changed(file, path, {"genes.json": json.dumps({"genes": genes[:-1]}).encode()})


def bad_name(file: Path, path: Path) -> Path:
    return changed(file, path, name="../evil")


HARMFUL: dict[Callable[[Path, Path], Path], str] = {
    no_zip: "is no file of a kept predictor",
    other_zip: "lacks the description of one",
    dataset_of_this_program: "is no kept predictor",
    newer: "made by a newer version of Landmark",
    unknown_method: "this version cannot use them",
    unknown_setting: "made by Landmark 9.1 with settings that this version does not know",
    further_file: "holds other files than its description lists",
    missing_file: "holds other files than its description lists",
    absolute: "holds other files than its description lists",
    parent: "holds other files than its description lists",
    backslashes: "holds other files than its description lists",
    other_content: "is damaged or cut short",
    bomb: "claims to unpack to 40 MB",
    inner_bomb: "this version cannot use them",
    claims: "this version cannot use them",
    pickled: "this version cannot use them",
    deep: "this version cannot use them",
    other_shapes: "this version cannot use them",
    fewer_genes: "this version cannot use them",
}


@pytest.mark.parametrize("make", HARMFUL, ids=[make.__name__ for make in HARMFUL])
def test_a_file_that_is_no_predictor_is_refused_in_a_sentence(
    file: Path, tmp_path: Path, make: Callable[[Path, Path], Path]
) -> None:
    path = make(file, tmp_path / "it.landmark")
    assert HARMFUL[make] in brought_in(path, Workspace(tmp_path / "home"))
    assert not (tmp_path.parent / "evil.json").exists()


def test_a_name_that_leads_elsewhere_is_refused(file: Path, tmp_path: Path) -> None:
    from landmark.errors import BadConfiguration

    with pytest.raises(BadConfiguration, match="name = "):
        execute_now(
            Workspace(tmp_path / "home"), "keep", {"fit": str(bad_name(file, tmp_path / "it.landmark"))}
        )


def test_a_damaged_predictor_is_listed_as_such_and_can_be_deleted(home: Workspace, tmp_path: Path) -> None:
    copy = Workspace(tmp_path / "copy")
    shutil.copytree(home.predictors, copy.predictors)
    (copy.predictors / "sound" / MANIFEST).write_text("{")
    store = KeptStore(copy)
    assert store.all() == []
    assert [item.id for item in store.unreadable()] == ["sound"]
    store.delete("sound")
    assert store.unreadable() == []


def test_one_that_is_deleted_while_it_is_read_is_a_sentence(home: Workspace, tmp_path: Path) -> None:
    copy = Workspace(tmp_path / "copy")
    shutil.copytree(home.predictors, copy.predictors)
    kept, store = KeptStore(copy).get("sound"), KeptStore(copy)

    def meanwhile(progress: Progress) -> None:
        if store.all():
            store.delete("sound")

    with pytest.raises(BadRun, match="may have been deleted just now"):
        kept.load(meanwhile)
