"""Saved taxonomies: what comes back is what was saved, and a damaged or hostile file is one clear error."""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

import titlenorm
from titlenorm import Alias, Role, Taxonomy
from titlenorm.taxonomy import Origin, archive

ROLES = [
    Role("B1", "Bread Baker", "bakery", "food", "ic", "B2", {"soc2018": "51-3011", "isco08": ""}, "Bäckt Brot.", ("B3", "B2")),
    Role("B2", "Bakery Manager", track="management", codes={"isco08": "1439"}),
    Role("B3", "Oven Hand"),
]
ALIASES = [
    Alias("loaf maker", "B1", labelled=7),
    Alias("Brotbäcker 🥖", "B1", "synonym", "de"),
    Alias("dough boss", "B2", "related"),
    Alias("baking", "", "function"),
    Alias("cake ghost", "", "unlisted"),
]


def bakery(**more) -> Taxonomy:
    return Taxonomy(ROLES, ALIASES, "Bakery", "custom", Origin("roles.csv", "3.1", "ours", ("a note",)), **more)


@pytest.fixture
def saved(tmp_path) -> Path:
    path = tmp_path / "bakery.titlenorm"
    bakery().save(path)
    return path


def contents(taxonomy):
    return taxonomy.roles, taxonomy.aliases, taxonomy.name, taxonomy.kind, taxonomy.source, taxonomy.version, taxonomy.licence, taxonomy.members


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write(path: Path, parts: dict[str, bytes], fresh: bool = True, method: int = zipfile.ZIP_DEFLATED) -> None:
    """A taxonomy file of these members; `fresh` puts their sizes and checksums into the manifest."""
    if fresh:
        manifest = json.loads(parts["manifest.json"])
        manifest["members"] = {name: {"size": len(data), "sha256": sha256(data).hexdigest()} for name, data in parts.items() if name != "manifest.json"}
        parts = {**parts, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in parts.items():
            file.writestr(name, data)


def change(path: Path, member: str, **values) -> None:
    """Put other values into a member, and correct the checksums."""
    parts = members(path)
    table = json.loads(parts[member])
    table.update(values)
    parts[member] = json.dumps(table).encode()
    write(path, parts)


def test_what_comes_back_is_what_was_saved(saved):
    taxonomy = Taxonomy.load(saved)

    assert contents(taxonomy) == contents(bakery())
    assert list(taxonomy.roles) == ["B1", "B2", "B3"]
    assert Taxonomy.from_file(saved).roles == taxonomy.roles
    assert titlenorm.Normalizer(taxonomy).normalize("Sr. Loaf Maker").role.codes["soc2018"] == "51-3011"


def test_the_bundled_taxonomy_comes_back_whole(tmp_path):
    bundled = Taxonomy.bundled()
    bundled.save(tmp_path / "all.titlenorm")

    back = Taxonomy.load(tmp_path / "all.titlenorm")

    assert back.roles == bundled.roles
    assert list(back.aliases) == [alias._replace(where="") for alias in bundled.aliases]
    assert (back.kind, back.version, back.licence) == ("bundled", bundled.version, "MIT")


def test_an_empty_taxonomy_comes_back(tmp_path):
    Taxonomy([]).save(tmp_path / "none.titlenorm")

    assert len(Taxonomy.load(tmp_path / "none.titlenorm")) == 0


def test_the_same_taxonomy_gives_the_same_bytes(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 2e9)
    bakery().save(tmp_path / "later.titlenorm")
    Taxonomy.load(saved).save(tmp_path / "again.titlenorm")

    assert (tmp_path / "later.titlenorm").read_bytes() == saved.read_bytes() == (tmp_path / "again.titlenorm").read_bytes()


def test_a_loaded_taxonomy_can_be_pickled(saved):
    taxonomy = Taxonomy.load(saved)

    assert contents(pickle.loads(pickle.dumps(taxonomy))) == contents(taxonomy)


def test_further_members_are_kept(tmp_path):
    index = {"index/terms.npy": b"\x93NUMPY" + bytes(range(256)), "index/notes.json": b"{}"}
    path = tmp_path / "bakery.titlenorm"
    bakery(members=index).save(path)

    assert Taxonomy.load(path).members == index
    Taxonomy.load(path).save(tmp_path / "again.titlenorm")
    assert (tmp_path / "again.titlenorm").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "name", ["roles.json", "manifest.json", "../up.npy", "/root.npy", "a/b/c/d.npy", "Index.npy", "code.py", "index.pickle", "", "x" * 60 + ".npy"]
)
def test_a_member_with_a_wrong_name_is_not_saved(tmp_path, name):
    with pytest.raises(titlenorm.TableError, match="A member cannot be called"):
        bakery(members={name: b""}).save(tmp_path / "bakery.titlenorm")
    assert os.listdir(tmp_path) == []


def test_what_could_not_be_read_again_is_not_saved(tmp_path, saved):
    before = saved.read_bytes()
    for wrong in (Role("B1", ""), Role("B1", "Baker", track="boss"), Role("B1", "Baker", codes={"soc": 7}), Role("B1", "Ba\ud800ker")):
        with pytest.raises(titlenorm.TableError, match="cannot be saved"):
            Taxonomy([wrong]).save(saved)
    assert saved.read_bytes() == before
    with pytest.raises(titlenorm.InputError, match="does not exist"):
        bakery().save(tmp_path / "no" / "bakery.titlenorm")


def test_saving_twice_replaces_the_file_and_leaves_nothing_else(saved):
    Taxonomy([Role("C1", "Cook")]).save(saved)

    assert list(Taxonomy.load(saved).roles) == ["C1"]
    assert os.listdir(saved.parent) == [saved.name]


def test_saving_where_standard_output_is_no_stream_of_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdout", io.StringIO())  # as in a notebook

    bakery().save(tmp_path / "bakery.titlenorm")

    assert len(Taxonomy.load(tmp_path / "bakery.titlenorm")) == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no taxonomy file"),
        (b"id,name\n1,Baker\n", "is no taxonomy file"),
        (b"PK\x03\x04" + bytes(100), "or only a part of one"),
        (pickle.dumps({"roles": []}), "is no taxonomy file"),
        (b"PK\x05\x06" + bytes(18), "is no taxonomy file"),
        (b"PK\x03\x04" + bytes(40) + b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18), "or only a part of one"),
        (b"PK\x03\x04" + b"PK\x05\x06" + bytes(6) + b"\xff\xff" + bytes(10), "too many members"),
        (b"PK\x03\x04" + b"PK\x05\x06" + bytes(8) + b"\xff\xff\xff\x0f" + bytes(6), "too many members"),
    ],
)
def test_what_is_no_taxonomy_file(tmp_path, data, message):
    path = tmp_path / "x.titlenorm"
    path.write_bytes(data)

    with pytest.raises(titlenorm.TableError, match=message):
        Taxonomy.load(path)


def test_a_path_that_is_no_file(tmp_path, saved):
    with pytest.raises(titlenorm.TableError, match=r"bakrey\.titlenorm does not exist\. Close: bakery\.titlenorm"):
        Taxonomy.load(tmp_path / "bakrey.titlenorm")
    with pytest.raises(titlenorm.TableError, match="cannot be read: Is a directory"):
        Taxonomy.load(tmp_path)


def test_another_zip_is_told_from_a_taxonomy(saved):
    for parts, message in (({"word/document.xml": b"<x/>"}, "it has no manifest.json"), ({"manifest.json": b'{"format": "chrome"}'}, "says another format")):
        write(saved, parts, fresh=False)
        with pytest.raises(titlenorm.TableError, match=f"is a zip, but no taxonomy file: .*{message}"):
            Taxonomy.load(saved)


def test_a_newer_format_asks_for_an_update(saved):
    parts = members(saved)
    manifest = {**json.loads(parts["manifest.json"]), "format_version": 2, "members": "in another form"}
    write(saved, {"manifest.json": json.dumps(manifest).encode(), "roles.parquet": b""}, fresh=False)

    with pytest.raises(titlenorm.TableError, match=r"has format 2 and this titlenorm reads up to 1\. Update it: pip install --upgrade titlenorm"):
        Taxonomy.load(saved)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", None), ("format", 1), ("format_version", "1"), ("format_version", True), ("format_version", 0), ("format_version", None), ("kind", "code"),
        ("kind", None), ("name", 7), ("name", "\ud800"), ("source", []), ("source_version", None), ("licence", {}), ("written_by", None), ("counts", None),
        ("counts", {}), ("counts", {"roles": 10**18, "aliases": 5}), ("counts", {"roles": "3", "aliases": 5}), ("counts", {"roles": 3, "aliases": True}),
        ("members", []), ("members", {}), ("members", {"roles.json": 1, "aliases.json": 2}),
        ("members", {"roles.json": {"size": 1}, "aliases.json": {"size": 1}}),
        ("members", {"roles.json": {"size": -1, "sha256": ""}, "aliases.json": {"size": 1, "sha256": ""}}),
        ("members", {"roles.json": {"size": 10**30, "sha256": ""}, "aliases.json": {"size": 1, "sha256": ""}}),
    ],
)  # fmt: skip
def test_a_wrong_manifest(saved, key, value):
    parts = members(saved)
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), key: value}).encode()
    write(saved, parts, fresh=False)

    with pytest.raises(titlenorm.TableError, match=r"bakery\.titlenorm"):
        Taxonomy.load(saved)


@pytest.mark.parametrize(
    ("member", "column", "value"),
    [
        ("roles.json", "id", None), ("roles.json", "id", "B1"), ("roles.json", "id", ["B1", "B2"]), ("roles.json", "id", ["B1", "B2", 3]),
        ("roles.json", "id", ["B1", "B2", ""]), ("roles.json", "id", ["B1", "B2", "B2"]), ("roles.json", "name", ["a", "b", None]),
        ("roles.json", "name", ["a", "b", "c", "d"]), ("roles.json", "name", ["a", "b", ["c"]]), ("roles.json", "name", ["a", "b", "\ud800"]),
        ("roles.json", "name", {"0": "a"}), ("roles.json", "track", ["ic", "ic", "boss"]), ("roles.json", "broader", [None, None, "B9"]),
        ("roles.json", "broader", [None, None, 0]), ("roles.json", "definition", [1, 2, 3]), ("roles.json", "see_also", [[], [], [1]]),
        ("roles.json", "see_also", [[], [], "B1"]), ("roles.json", "see_also", [[], [], ["\udfff"]]), ("roles.json", "codes", []),
        ("roles.json", "codes", None),
        ("roles.json", "codes", {"soc": ["1"]}), ("roles.json", "codes", {"soc": [1, 2, 3]}), ("roles.json", "codes", {"\udfff": [None, None, None]}),
        ("aliases.json", "alias", [1, 2, 3, 4, 5]), ("aliases.json", "alias", []), ("aliases.json", "role", [0, 0, 1, -1, 3]),
        ("aliases.json", "role", [0, 0, 1, -1, -2]), ("aliases.json", "role", [0, 0, 1, -1, 10**400]), ("aliases.json", "role", [0, 0, 1, -1, 1.0]),
        ("aliases.json", "role", [0, 0, 1, -1, True]), ("aliases.json", "role", [-1, 0, 1, -1, -1]), ("aliases.json", "role", ["B1"] * 5),
        ("aliases.json", "kind", ["synonym"] * 4 + ["code"]), ("aliases.json", "language", [None] * 5), ("aliases.json", "labelled", [-1] * 5),
        ("aliases.json", "labelled", [float("nan")] * 5), ("aliases.json", "labelled", [0] * 4),
    ],
)  # fmt: skip
def test_a_column_of_another_shape(saved, member, column, value):
    change(saved, member, **{column: value})

    with pytest.raises(titlenorm.TableError, match=r"bakery\.titlenorm: (roles|aliases)"):
        Taxonomy.load(saved)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"null", b"[]", b"3", b"{", b"[" * 200_000, b'{"a":' * 100_000, b'{"id": ' + b"9" * 10_000 + b"}", b'{"id": ["a"], "id": []}', b"NaN"],
)
@pytest.mark.parametrize("member", ["roles.json", "aliases.json"])
def test_json_of_another_kind(saved, member, data):
    write(saved, {**members(saved), member: data})

    with pytest.raises(titlenorm.TableError, match=r"bakery\.titlenorm: "):
        Taxonomy.load(saved)


@pytest.mark.parametrize("data", [b"[" * 1_000_001, b"{}" * 1_000_001, b"[0" + b",0" * 6_000_001 + b"]"])
def test_json_that_would_fill_the_memory_is_not_parsed(saved, data):
    write(saved, {**members(saved), "aliases.json": data})

    with pytest.raises(titlenorm.TableError, match=r"the member aliases\.json holds more values than any taxonomy has"):
        Taxonomy.load(saved)


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"[" * 60_000, b"{}", b"\xff", b'{"format": ' + b"9" * 10_000 + b"}"])
def test_a_manifest_of_another_kind(saved, data):
    write(saved, {**members(saved), "manifest.json": data}, fresh=False)

    with pytest.raises(titlenorm.TableError, match=r"bakery\.titlenorm"):
        Taxonomy.load(saved)


@pytest.mark.parametrize("name", ["../../up.json", "/etc/cron.json", "index/..\\up.npy", "run.py", "index.pkl", "a" * 80 + ".npy"])
def test_a_hostile_name_of_a_member(saved, name):
    write(saved, {**members(saved), name: b"x"})

    with pytest.raises(titlenorm.TableError, match="has a name that no taxonomy file has"):
        Taxonomy.load(saved)


def test_members_that_nobody_named_or_that_are_missing(saved):
    whole = members(saved)
    write(saved, {**whole, "index/more.npy": b"x"}, fresh=False)
    with pytest.raises(titlenorm.TableError, match="members are missing, or there are some that the manifest does not name"):
        Taxonomy.load(saved)
    write(saved, {name: data for name, data in whole.items() if name != "aliases.json"}, fresh=False)
    with pytest.raises(titlenorm.TableError, match="members are missing"):
        Taxonomy.load(saved)
    with zipfile.ZipFile(saved, "w") as file:
        for name, data in whole.items():
            file.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("roles.json", b"{}")
    with pytest.raises(titlenorm.TableError, match="members are missing, or there are some"):
        Taxonomy.load(saved)
    write(saved, {**whole, **{f"index/m{number}.npy": b"" for number in range(100)}})
    with pytest.raises(titlenorm.TableError, match="too many members"):
        Taxonomy.load(saved)


def test_other_content_than_the_checksum_says(saved):
    parts = members(saved)
    parts["roles.json"] = parts["roles.json"].replace(b"Oven Hand", b"Oven Head")
    write(saved, parts, fresh=False)

    with pytest.raises(titlenorm.TableError, match=r"the member roles\.json is damaged: it does not match its checksum"):
        Taxonomy.load(saved)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_in_another_way(saved, method):
    write(saved, members(saved), method=method)

    with pytest.raises(titlenorm.TableError, match="is locked or packed in another way"):
        Taxonomy.load(saved)


def test_a_locked_member(saved):
    data = bytearray(saved.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    saved.write_bytes(data)

    with pytest.raises(titlenorm.TableError, match="is locked"):
        Taxonomy.load(saved)


@pytest.mark.parametrize("member", ["manifest.json", "roles.json"])
def test_a_member_that_unpacks_to_gigabytes_is_not_unpacked(saved, member):
    parts = members(saved)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data if name != member else b" " * (1 << 26))
    saved.write_bytes(bomb.getvalue())

    with pytest.raises(titlenorm.TableError, match=r"would have 67,108,864 bytes when it is unpacked"):
        Taxonomy.load(saved)


def test_a_size_that_lies_is_found(saved):
    """The directory says 100 bytes where there are more: what is read stops there, and the checksum does not match."""
    data = bytearray(saved.read_bytes())
    place = data.index(b"roles.json", data.index(b"PK\x01\x02")) - 46
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    saved.write_bytes(data)

    with pytest.raises(titlenorm.TableError, match=r"bakery\.titlenorm"):
        Taxonomy.load(saved)


def outcome(path: Path) -> str:
    """Whether a file still loads as it was, or is refused; any other exception is a failure of the test."""
    try:
        taxonomy = Taxonomy.load(path)
    except titlenorm.TableError as error:
        return "refused" if str(path) in str(error) else "refused without its name"
    return "same" if contents(taxonomy) == contents(bakery()) else "changed"


def test_every_truncation_is_refused(saved):
    whole = saved.read_bytes()
    for length in range(len(whole)):
        saved.write_bytes(whole[:length])
        assert outcome(saved) == "refused", length


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_a_changed_byte_is_refused_or_does_not_matter(saved, mask):
    whole = saved.read_bytes()
    seen = []
    for place in range(len(whole)):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :])
        seen.append(outcome(saved))
    assert set(seen) <= {"refused", "same"}
    assert seen.count("refused") > 0.8 * len(seen)  # the rest are dates and modes of the zip


def test_random_damage_is_refused_or_does_not_matter(saved):
    whole, rng = saved.read_bytes(), random.Random(5)
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 12)):
            start = rng.randrange(len(data))
            choice = rng.random()
            if choice < 0.5:
                data[start] = rng.randrange(256)
            elif choice < 0.75:
                del data[start : start + rng.randint(1, 40)]
            else:
                data[start:start] = data[rng.randrange(len(data)) :][: rng.randint(1, 40)]
        saved.write_bytes(data)
        assert outcome(saved) in ("refused", "same")


def test_random_json_is_refused_or_is_a_taxonomy(saved):
    """Values of every kind in place of every value of the tables, with right checksums."""
    values = [None, True, 0, -1, 10**20, 1.5, "", "B1", "\x1b[2J", [], [None], ["B1"], {}, {"B1": 1}, [[]], "x" * 10_000]
    for member in ("roles.json", "aliases.json"):
        whole = members(saved)
        table = json.loads(whole[member])
        for column, old in table.items():
            places = range(len(old)) if isinstance(old, list) else list(old)
            for place in places:
                for value in values:
                    new = json.loads(json.dumps(old))
                    new[place] = value
                    write(saved, {**whole, member: json.dumps({**table, column: new}).encode()})
                    try:
                        taxonomy = Taxonomy.load(saved)
                    except titlenorm.TableError:
                        continue
                    assert all(isinstance(text, str) for role in taxonomy.roles.values() for text in (role.id, role.name, *role.codes.values()))
        write(saved, whole)


def test_the_manifest_is_read_without_the_tables(saved):
    parts = members(saved)
    write(saved, {**parts, "roles.json": b"damaged" + parts["roles.json"][7:]}, fresh=False)

    manifest = archive.read_manifest(saved)

    assert (manifest.name, manifest.source_version, manifest.roles, manifest.aliases) == ("Bakery", "3.1", 3, 5)
    assert manifest.sizes["aliases.json"] == len(parts["aliases.json"])
