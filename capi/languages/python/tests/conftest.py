# SPDX-License-Identifier: BSL-1.0
"""What several tests use. EMPTOR_LIBRARY names the library of the build tree; the package is read where it stands."""

import os
import sys
import warnings
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[2]
sys.path.insert(0, str(PACKAGE))

import numpy as np  # noqa: E402

import emptor  # noqa: E402


@pytest.fixture
def data_folder():
    folder = Path(os.environ.get("EMPTOR_DATA_DIR", ROOT.parent / "shared" / "data"))
    if not (folder / "cdnow_sample.csv").exists():
        pytest.skip(f"{folder} has no data of others; EMPTOR_DATA_DIR names where they are")
    return folder


@pytest.fixture
def shop():
    """A model with the parameters of an online shop, in weeks."""
    return emptor.value.bg_nbd.model({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="week")


@pytest.fixture
def customers():
    return {"frequency": np.array([2.0, 0.0, 26.0]), "recency": np.array([30.43, 0.0, 30.86]),
            "age": np.array([38.86, 38.86, 31.0])}


@pytest.fixture
def orders():
    """Orders of three customers, one of them cancelled."""
    return {"customer": ["Ann", "Bob", "Ann", "Cai", "Ann"], "date": np.array(
        ["2024-01-01", "2024-01-03", "2024-01-05", "2024-01-10", "2024-01-20"], "datetime64[D]"),
        "amount": [10.0, 20.5, 30.25, 7.0, 12.0], "document": ["D1", "D2", "D3", "D4", "D5"]}


@pytest.fixture(autouse=True)
def _no_warning_unseen():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def bits(values):
    """The bits of floats, so that NaN equals NaN and 0.0 does not equal -0.0."""
    return np.asarray(values, np.float64).view(np.int64).tolist()
