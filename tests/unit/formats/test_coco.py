import io
import json
import zipfile

import pytest
from golden_cases import answered_tasks, cases_with, context, recorded

from labelwright.formats.coco import COCO

PNG_20_BY_10 = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (20).to_bytes(4, "big") + (10).to_bytes(4, "big")


def written(case, **options):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(COCO.write(answered_tasks(case), context(case, **options)))))
    return archive, json.loads(archive.read("result.json"))


def approximately(value):
    if isinstance(value, dict):
        return {key: approximately(part) for key, part in value.items()}
    if isinstance(value, list):
        return [approximately(part) for part in value]
    return pytest.approx(value, abs=1e-9) if isinstance(value, float) else value


@pytest.mark.parametrize("case", cases_with("coco.json"))
def test_every_field_is_as_label_studio_writes_it(case):
    archive, ours = written(case)
    theirs = recorded(case, "coco.json")
    assert sorted(archive.namelist()) == theirs["files"]
    categories = {category["name"]: category["id"] for category in theirs["result"]["categories"]}
    assert {category["name"]: category["id"] for category in ours["categories"]} == categories
    for part in ("images", "categories", "annotations"):
        assert ours[part] == approximately(theirs["result"][part])
    assert ours["info"].keys() == theirs["result"]["info"].keys()


def test_images_that_can_be_had_are_in_the_archive_once_and_give_their_size():
    media = {"http://images.test/a%20b/one.png?x=1": PNG_20_BY_10, "/data/upload/1/0a1b2c3d-two.jpg": b"no picture"}
    archive, result = written("boxes", open_media=media.get)
    assert archive.namelist() == ["images/", "images/13eed9ec__one.png", "images/0a1b2c3d-two.jpg", "result.json"]
    assert archive.read("images/13eed9ec__one.png") == PNG_20_BY_10
    assert [(image["width"], image["height"]) for image in result["images"][:3]] == [(20, 10), (20, 10), (640, 480)]
    assert result["images"][2]["file_name"] == "images/0a1b2c3d-two.jpg"


def test_mended_boxes_are_turned_in_pixels():
    _, theirs = written("boxes")
    _, mended = written("boxes", mends_label_studio=True)
    assert mended["annotations"][2]["bbox"] == pytest.approx([592.92, 341.2, 260.55, 212.43], abs=0.01)
    assert mended["annotations"][2]["bbox"] != theirs["annotations"][2]["bbox"]
    assert mended["annotations"][1] == theirs["annotations"][1]


def test_names_cannot_leave_the_folder():
    media = {"http://images.test/..": PNG_20_BY_10, "/data/upload/1/..": PNG_20_BY_10, "x:/a\\..\\..": PNG_20_BY_10}
    from labelwright.formats.media_archive import MediaArchive

    with MediaArchive(media.get) as archive:
        names = [archive.add_medium(url)[0] for url in media]
    assert all(name.startswith("images/") and ".." not in name for name in names)
    assert len(set(names)) == 3
