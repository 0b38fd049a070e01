"""Forty faces against stored pictures: nobody changes what a card looks like without seeing it."""

import pytest
from PIL import ImageChops, ImageStat

from ktpel_desktop.documents import face_fields, portrait_check
from ktpel_desktop.documents.face_pictures import picture
from tests.documents import stored_faces
from tests.documents.people import CASES, people
from tests.documents.stored_faces import ALSO_600, COLOUR_TOLERANCE, FOLDER, artist, differing, drawn

SMALL, LARGE = artist(300), artist(600)
ANEW = "if the change is wanted: python -m tests.documents.stored_faces, and look at every picture"


@pytest.mark.parametrize("of", CASES)
def test_a_face_is_as_it_was_looked_at(of: str) -> None:
    face = drawn(of, SMALL)
    assert differing(of, SMALL, stored_faces.black(face), stored_faces.stored_black(of, 300)) == [], ANEW
    change = ImageChops.difference(stored_faces.thumbnail(face), stored_faces.stored_thumbnails()[of])
    assert max(ImageStat.Stat(change).mean) < COLOUR_TOLERANCE, ANEW
    middle = ImageStat.Stat(change.crop((90, 15, 126, 60))).mean  # where the photo is
    assert max(middle) < COLOUR_TOLERANCE, ANEW


@pytest.mark.parametrize("of", ALSO_600)
def test_a_face_of_600_dpi_is_as_it_was_looked_at(of: str) -> None:
    shown = stored_faces.black(drawn(of, LARGE))
    assert differing(of, LARGE, shown, stored_faces.stored_black(of, 600)) == [], ANEW


@pytest.mark.parametrize("by", [(1, 0), (-1, 0), (0, 1), (0, -1)])
@pytest.mark.parametrize("of", ["shortest", "all_long", "foreign_long"])
def test_a_line_moved_by_one_dot_is_caught(of: str, by: tuple[int, int]) -> None:
    kept = stored_faces.stored_black(of, 300)
    for line in stored_faces.lines(of, SMALL):
        left, top, right, bottom = line.box
        moved = kept.copy()
        moved.paste(255, line.box)
        moved.paste(kept.crop(line.box), (left + by[0], top + by[1], right + by[0], bottom + by[1]))
        assert line.name in differing(of, SMALL, moved, kept), line


def test_a_wrong_photo_is_caught() -> None:
    stored = stored_faces.stored_thumbnails()
    seen = stored_faces.thumbnail(drawn("man", SMALL))
    change = ImageChops.difference(seen, stored["foreign"]).crop((90, 15, 126, 60))
    assert max(ImageStat.Stat(change).mean) > COLOUR_TOLERANCE


def test_there_are_forty_people_and_no_picture_too_many() -> None:
    assert len(people()) == 40
    wanted = {f"{of}-300.png" for of in people()} | {f"{of}-600.png" for of in ALSO_600} | {"colour.png"}
    assert {file.name for file in FOLDER.iterdir()} == wanted
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_500_000


def test_the_forty_hold_their_rules() -> None:
    """A case that no longer does what its name says would be a picture of nothing."""
    lines = {of: [line.name for line in stored_faces.lines(of, SMALL)] for of in CASES}
    assert len(set(CASES)) == 40
    assert len({subject.nik for subject in people().values()}) == 40
    assert lines["name_60"].count("name") == 2
    assert lines["name_wide"].count("name") == 3
    assert lines["name_30"].count("name") == 1
    assert lines["address_long"].count("address") == 3
    assert lines["all_long"].count("birth") == 2
    warned = {of: face_fields.warnings(subject, SMALL.template) for of, subject in people().items()}
    assert warned["name_30"] == ()
    assert warned["name_31"] == ("face.name_long",)
    assert warned["foreign_english_already"] == ("face.word_untranslated",)
    assert warned["foreign"] == ()


def test_the_photos_of_the_forty_follow_the_rule_of_their_ground() -> None:
    for of, subject in people().items():
        photo = picture(subject.photo, "Foto")
        found = portrait_check.warnings(photo, subject.birth_date.year, foreign=subject.foreign)
        assert found == (("photo.wrong_shape",) if of == "photo_wide" else ())
