"""Other languages: their frequent roles resolve, the rest is said to be foreign and not forced into a role."""

import pytest

import titlenorm


@pytest.mark.parametrize(
    ("title", "role_id"),
    [
        ("Softwareentwickler (m/w/d)", "software-engineer"),
        ("Ingénieur logiciel", "software-engineer"),
        ("Gerente de Ventas", "sales-manager"),
        ("Engenheiro de Software", "software-engineer"),
        ("Verkoopmedewerker", "sales-representative"),
        ("Buchhalterin", "accountant"),
    ],
)
def test_frequent_roles_of_other_languages(title, role_id):
    result = titlenorm.normalize(title)

    assert result.role is not None
    assert result.role.id == role_id


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Leiter der Montage", "German"),
        ("Encargado de los almacenes", "Spanish"),
        ("инженер", "not written in Latin letters"),
        ("営業部長", "not written in Latin letters"),
    ],
)
def test_a_foreign_title_is_said_to_be_foreign(title, language):
    result = titlenorm.normalize(title)

    assert result.role is None
    assert language in result.explain()


def test_english_is_not_called_foreign():
    assert "seems to be in" not in titlenorm.normalize("Zorbian Accounting Wizardry").explain()


def test_rollup_gives_the_wider_role_and_says_so():
    normalizer = titlenorm.Normalizer(options=titlenorm.Options(rollup=True))

    result = normalizer.normalize("Senior Frontend Engineer")

    assert (result.role.id, result.level.value) == ("software-engineer", "senior")
    assert "wider role of Frontend Engineer" in result.reason
    assert normalizer.normalize("Accountant").role.id == "accountant"
