"""The page of the API says who may use which route, and the user pool has a group for each role."""

from studio.roles import ROLES
from tests.support.template.functions import resources
from tools.route_roles import PAGE, table, written


def test_the_page_says_which_role_each_route_needs() -> None:
    assert written(PAGE.read_text()) == PAGE.read_text(), "python -m tools.route_roles"


def test_every_path_has_a_row_with_a_role() -> None:
    rows = table().splitlines()[2:]

    assert len(rows) > 60
    for row in rows:
        path, *cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert path.startswith("`/v1/")
        assert len(cells) == len(ROLES)
        assert any(cells), path


def test_the_user_pool_has_a_group_for_each_role_and_no_other() -> None:
    groups = [group.properties for group in resources("AWS::Cognito::UserPoolGroup")]
    highest_first = sorted(groups, key=lambda group: group["Precedence"])

    assert [group["GroupName"] for group in highest_first] == [*reversed(ROLES)]
    assert all(group["UserPoolId"] == {"Ref": "UserPool"} for group in groups)
    assert all("RoleArn" not in group for group in groups)
