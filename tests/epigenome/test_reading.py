import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark.data.io.files import Limits
from landmark.epigenome.profiles import BINS, MARKS
from landmark.epigenome.reading import look, read_cell_type, read_genes
from landmark.errors import BadData


def lines(genes=("000001", "000002", "000003"), seed=0):
    """Lines of a sound file, as lists of fields; gene number i has label i modulo 2."""
    counts = np.random.default_rng(seed).poisson(2, (len(genes), BINS, len(MARKS)))
    return [
        [gene, str(bin_ + 1), *map(str, counts[i, bin_]), str(i % 2)]
        for i, gene in enumerate(genes)
        for bin_ in range(BINS)
    ]


def write(path, rows):
    path.write_text("\n".join(",".join(row) for row in rows) + "\n")
    return path


def test_a_sound_file(tmp_path):
    rows = lines()
    found = read_genes(write(tmp_path / "genes.csv", rows))
    assert found.names.tolist() == ["000001", "000002", "000003"]
    assert found.labels.tolist() == [0, 1, 0]
    assert found.lines.tolist() == [1, 101, 201]
    assert found.counts.shape == (3, BINS, len(MARKS))
    assert found.counts.dtype == np.float32
    np.testing.assert_array_equal(found.counts[1, 6], np.float32(rows[106][2:7]))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_lines_may_come_in_any_order(tmp_path, random):
    rows = lines()
    expected = read_genes(write(tmp_path / "sound.csv", rows))
    random.shuffle(rows)
    found = read_genes(write(tmp_path / "shuffled.csv", rows))
    order = np.argsort(found.names)
    np.testing.assert_array_equal(found.counts[order], expected.counts)
    np.testing.assert_array_equal(found.labels[order], expected.labels)


def test_spaces_ends_of_lines_and_decimals(tmp_path):
    rows = lines(("a",))
    rows[3][4] = " 2.5"
    path = tmp_path / "windows.csv"
    path.write_bytes("\r\n".join(",".join(row) for row in rows).encode() + b"\r\n\r\n")
    assert read_genes(path).counts[0, 3, 2] == 2.5


DAMAGES = {
    "a bin is missing": lambda row: None,
    "a bin is there twice": lambda row: [[*row], [*row]],
    "a column is missing": lambda row: [row[:5] + row[6:]],
    "a column too many": lambda row: [[*row[:-1], "3", row[-1]]],
    "label 2": lambda row: [[*row[:-1], "2"]],
    "label -1": lambda row: [[*row[:-1], "-1"]],
    "the label changes": lambda row: [[*row[:-1], "1" if row[-1] == "0" else "0"]],
    "a negative count": lambda row: [[*row[:4], "-3", *row[5:]]],
    "a word": lambda row: [[*row[:4], "many", *row[5:]]],
    "nothing": lambda row: [[*row[:4], "", *row[5:]]],
    "not a number": lambda row: [[*row[:4], "nan", *row[5:]]],
    "infinite": lambda row: [[*row[:4], "inf", *row[5:]]],
    "a half bin": lambda row: [[row[0], "3.5", *row[2:]]],
    "bin 0": lambda row: [[row[0], "0", *row[2:]]],
    "bin 101": lambda row: [[row[0], "101", *row[2:]]],
    "no bin": lambda row: [[row[0], "x", *row[2:]]],
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(DAMAGES)), st.integers(0, 299))
def test_a_damaged_line_is_refused_with_its_gene_and_line(tmp_path, damage, place):
    rows = lines()
    gene = rows[place][0]
    rows[place : place + 1] = DAMAGES[damage](rows[place]) or []
    path = write(tmp_path / "genes.csv", rows)
    with pytest.raises(BadData) as refused:
        read_genes(path)
    message = str(refused.value)
    assert message.startswith(f"genes.csv, gene {gene}, line ")
    line = int(message.split("line ")[1].split(":")[0])
    if damage == "the label changes" and place % BINS == 0:
        assert line == place + 2  # the first line is the one that the others contradict
    elif damage == "a bin is missing":
        first = place // BINS * BINS
        assert first < line <= first + BINS  # a line of the gene
        assert f"bin {place % BINS + 1} is missing" in message
    else:
        assert line == place + (2 if damage == "a bin is there twice" else 1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_random_bytes_are_read_or_refused(tmp_path, noise, first, cut):
    content = "\n".join(",".join(row) for row in lines(("a", "b"))).encode()
    path = tmp_path / "genes.csv"
    path.write_bytes(content[:first] + noise + content[first + cut :])
    try:
        found = read_genes(path)
    except BadData:
        with pytest.raises(BadData, match=r"genes\.csv"):
            read_genes(path)
    else:
        assert (found.counts >= 0).all()
        assert np.isfinite(found.counts).all()
        assert set(found.labels.tolist()) <= {0, 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"gene,bin,a,b,c,d,e,label\n", "header"),
        (b"\0HDF,1,0,0,0,0,0,1", "not a text file"),
        (b"\x89HDF\r\n\x1a\n\0\0", "line 1, is not plain text"),
        (b"g" * 20_000, "not a text file"),
        (b"\ng,1,0,0,0,0,0,1", "line 1, is empty"),
        (b"g,1,0,0,0,0,0,1\n\ng,2,0,0,0,0,0,1", "line 2, is empty"),
        (b",1,0,0,0,0,0,1", "line 1, has no gene"),
        (b"g,1,0,0,0,0,0,1\n\xff\xfe,2,0,0,0,0,0,1", "line 2, is not plain text"),
        (b"g,1,1_0,0,0,0,0,1", "'1_0'"),
    ],
)
def test_what_is_no_such_file(tmp_path, content, said):
    path = tmp_path / "genes.csv"
    path.write_bytes(content)
    with pytest.raises(BadData, match=said):
        read_genes(path)


def test_a_file_over_the_limit(tmp_path):
    path = write(tmp_path / "genes.csv", lines())
    with pytest.raises(BadData, match="LANDMARK_MAX_UPLOAD_MB"):
        read_genes(path, Limits(unpacked_bytes=1000))


def test_a_gene_in_two_parts(tmp_path):
    write(tmp_path / "x_train.csv", lines(("a", "b")))
    write(tmp_path / "x_valid.csv", lines(("c", "d")))
    write(tmp_path / "x_test.csv", lines(("e", "b")))
    [files] = look(tmp_path).cell_types
    with pytest.raises(BadData, match=r"x_test.csv, gene b, line 101: this gene is in x_train.csv too"):
        read_cell_type(files, 0.3, 0.3, 0)


def test_a_single_file_is_split(tmp_path):
    genes = tuple(f"g{i}" for i in range(30))
    [files] = look(write(tmp_path / "E001.csv", lines(genes))).cell_types
    found = read_cell_type(files, 1 / 3, 1 / 3, seed=1)
    assert [int((found.split == part).sum()) for part in ("train", "validation", "test")] == [10, 10, 10]
    again = read_cell_type(
        look(write(tmp_path / "E002.csv", lines(genes[::-1]))).cell_types[0], 1 / 3, 1 / 3, 1
    )
    parts = dict(zip(found.genes, found.split, strict=True))
    assert parts == dict(zip(again.genes, again.split, strict=True))  # whatever the order of the genes
    other = read_cell_type(files, 1 / 3, 1 / 3, seed=2)
    assert (other.split != found.split).any()
    with pytest.raises(BadData, match="at least 3"):
        read_cell_type(look(write(tmp_path / "E003.csv", lines(("a", "b")))).cell_types[0], 0.3, 0.3, 0)


def test_the_published_toy_files(shared):
    [files] = look(shared / "data" / "deepchrome_toy_train.csv").cell_types
    found = read_cell_type(files, 0.3, 0.3, 0)
    assert files.cell_type == "deepchrome_toy"
    assert [int((found.split == part).sum()) for part in ("train", "validation", "test")] == [10, 10, 9]
    assert found.genes[0] == "000003"
    np.testing.assert_array_equal(found.counts[0, 1], [1, 2, 2, 8, 0])
    assert int(found.labels.sum()) == 9
