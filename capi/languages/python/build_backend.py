# SPDX-License-Identifier: BSL-1.0
"""Builds the wheel (PEP 517, 660): compiles the C library with the project's CMake and bundles it. Needs no package of
Python."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# In a source distribution the library's sources stand beside this file, in the repository above it.
SOURCES = HERE / "library" if (HERE / "library").exists() else HERE.parents[2]

NEEDED = """\
emptor is compiled when it is installed. That needs GCC 12 or clang 14, CMake 3.25, Ninja, Boost 1.81, Eigen 3.4 and Random123.
On Debian 12 `bash cmake/setup.sh build`, run in the folder of emptor, installs what is missing; the packages are
g++ cmake ninja-build libboost1.81-dev libeigen3-dev librandom123-dev."""


def _version():
    return re.search(r"project\(emptor VERSION ([0-9.]+)", (SOURCES / "CMakeLists.txt").read_text()).group(1)


def _run(what, command, **options):
    """What it says is passed on as it comes: `pip install -v` shows it."""
    said = ""
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options) as process:
            for line in process.stdout:
                print(line, end="", flush=True)
                said = said[-4000:] + line
        failed = process.returncode != 0
    except OSError as why:
        said, failed = str(why), True
    if failed:
        sys.exit(f"{said[-4000:]}\nemptor: {what} failed.\n{NEEDED}")


def _library(settings):
    """The compiled library; its path. `--config-settings preset=dev` compiles as that preset does: what ccache knows of
    it, it need not compile again."""
    build = SOURCES / "build" / "python"
    environment = {**os.environ, "CCACHE_NOHASHDIR": "1"}
    boost = SOURCES / "build" / "boost" / "usr"  # where cmake/setup.sh unpacks it beside another
    if boost.exists():
        environment["CMAKE_PREFIX_PATH"] = os.pathsep.join(filter(None, [str(boost), os.environ.get("CMAKE_PREFIX_PATH")]))
    preset = (settings or {}).get("preset", "default")
    off = ["-DEMPTOR_TOOL=OFF", "-DEMPTOR_TESTS=OFF", "-DEMPTOR_INSTALL=OFF"]
    _run("the configuration", ["cmake", "--preset", preset, "-B", str(build), *off], cwd=SOURCES, env=environment)
    _run("the compilation", ["cmake", "--build", str(build), "--target", "emptor_c"], cwd=SOURCES, env=environment)
    return build / "libemptor.so"


def _without_debug_information(library, target):
    shutil.copy(library, target)  # the copy of a link is the library
    if shutil.which("strip"):
        subprocess.run(["strip", "--strip-unneeded", str(target)], check=True)


def _stubs(library, target):
    """Type stubs of what the library's catalogue has. The package itself is not imported: it would need numpy."""
    program = (f"import sys, types; package = types.ModuleType('emptor'); package.__path__ = [{str(HERE / 'emptor')!r}]; "
               f"sys.modules['emptor'] = package; from emptor import _stubs; _stubs.write({str(target)!r})")
    _run("the generation of type stubs", [sys.executable, "-B", "-c", program],
         env={**os.environ, "EMPTOR_LIBRARY": str(library)})


def _metadata():
    project = (HERE / "pyproject.toml").read_text()
    value = dict(re.findall(r'^(name|description|requires-python) = "(.*)"$', project, re.MULTILINE))
    lines = ["Metadata-Version: 2.1", f"Name: {value['name']}", f"Version: {_version()}", f"Summary: {value['description']}",
             "License: BSL-1.0", f"Requires-Python: {value['requires-python']}",
             "Classifier: Programming Language :: Python :: 3", "Classifier: Operating System :: POSIX :: Linux"]
    for name, packages in re.findall(r"^(\w+) = \[(\"[^\]]*)\]$", project.split("[tool.")[0], re.MULTILINE):
        if name == "dependencies":
            lines += [f"Requires-Dist: {one}" for one in re.findall(r'"([^"]+)"', packages)]
        elif name != "dynamic":
            lines.append(f"Provides-Extra: {name}")
            lines += [f'Requires-Dist: {one}; extra == "{name}"' for one in re.findall(r'"([^"]+)"', packages)]
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", (HERE / "README.md").read_text()])


def _tag():
    return "py3-none-" + re.sub("[-.]", "_", sysconfig.get_platform())


def _information(tag):
    wheel = f"Wheel-Version: 1.0\nGenerator: emptor\nRoot-Is-Purelib: false\nTag: {tag}\n"
    return {"METADATA": _metadata().encode(), "WHEEL": wheel.encode(), "licenses/LICENSE": (SOURCES / "LICENSE").read_bytes()}


def _written(folder, tag, files):
    """The wheel of these files, {name: bytes}; its name."""
    folder_of = f"emptor-{_version()}.dist-info/"
    files = {**files, **{folder_of + name: content for name, content in _information(tag).items()}}
    record = []
    name = f"emptor-{_version()}-{tag}.whl"
    with zipfile.ZipFile(Path(folder, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}")
            _added(wheel, path, content)
        _added(wheel, folder_of + "RECORD", "\n".join([*record, folder_of + "RECORD,,", ""]).encode())
    return name


def _added(wheel, path, content):
    entry = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))  # the same wheel from the same sources
    entry.external_attr = (0o100755 if path.endswith(".so") else 0o100644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(entry, content)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = Path(metadata_directory, f"emptor-{_version()}.dist-info")
    for name, content in _information(_tag()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    library = _library(config_settings)
    with tempfile.TemporaryDirectory() as work:
        _stubs(library, work)
        _without_debug_information(library, Path(work, "libemptor.so"))
        files = {f"emptor/{path.name}": path.read_bytes()
                 for folder in (HERE / "emptor", Path(work)) for path in sorted(folder.iterdir())
                 if path.is_file() and not (folder == HERE / "emptor" and path.suffix in (".pyi", ".so"))}
    return _written(wheel_directory, _tag(), files)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    library = _library(config_settings)
    _stubs(library, HERE / "emptor")
    shutil.copy(library, HERE / "emptor" / "libemptor.so")
    return _written(wheel_directory, _tag(), {"emptor.pth": f"{HERE}\n".encode()})


def build_sdist(sdist_directory, config_settings=None):
    top = f"emptor-{_version()}"
    with tarfile.open(Path(sdist_directory, top + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:

        def add(path, name):
            archive.add(path, f"{top}/{name}", filter=lambda one: None if re.search(
                r"__pycache__|/capi/languages|\.pyi$|\.so$", one.name) else one)

        for name in ("pyproject.toml", "build_backend.py", "README.md", "emptor"):
            add(HERE / name, name)
        for name in ("CMakeLists.txt", "CMakePresets.json", "LICENSE", "cmake", "include", "src", "capi"):
            add(SOURCES / name, f"library/{name}")
        content = _metadata().encode()
        entry = tarfile.TarInfo(top + "/PKG-INFO")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return top + ".tar.gz"
