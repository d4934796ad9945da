"""Users, roles, API keys, and who I am."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Router, Status
from pydantic import AliasPath, BeforeValidator, Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.reading import Day, Id, Text, Text60
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import Rows
from hengcang.identity import actions, queries
from hengcang.identity.actions import UserDraft
from hengcang.kernel.actor import FieldClass
from hengcang.kernel.errors import Refused

router = Router(tags=["用户与权限"])
Password = Annotated[Text, Field(max_length=128)]
Sorted = BeforeValidator(lambda values: None if values is None else sorted(values))


class MeTold(Told):
    """当前身份：权限和数据范围，每次请求重新读取。"""

    id: int
    name: str
    permissions: Annotated[list[str], Sorted]
    warehouse_ids: Annotated[list[int] | None, Sorted] = Field(description="null 为全部仓库。")
    field_classes: Annotated[list[FieldClass], Sorted]
    own_partners_only: bool


@router.get("/me", response=answers(200, MeTold), summary="我是谁")
def me(request: ApiRequest) -> object:
    return request.auth


class RoleTold(Told):
    """一个角色。"""

    id: int
    code: str
    name: str
    permissions: list[str]
    field_classes: list[FieldClass]
    own_partners_only: bool


class RoleAsked(Asked):
    """角色恰好有这些权限和可见字段类。"""

    permissions: tuple[Text60, ...]
    field_classes: tuple[FieldClass, ...]


@router.get("/roles", response=answers(200, list[RoleTold]), summary="角色")
def roles(request: ApiRequest) -> object:
    return queries.roles(request.auth)


@router.put("/roles/{int:role_id}", response=answers(200, RoleTold), summary="修改角色")
def change_role(request: ApiRequest, role_id: int, body: RoleAsked) -> object:
    return actions.change_role(role_id, body.permissions, body.field_classes, actor=request.auth)


class RoleRef(Told):
    """用户的一个角色。"""

    code: str
    name: str


class UserTold(Told):
    """一个用户。"""

    id: int
    username: str
    name: str
    roles: Annotated[list[RoleRef], Rows]
    warehouse_ids: list[int] | None = Field(description="null 为全部仓库。")
    is_active: bool
    must_change_password: bool


class UserAsked(Asked):
    """一个用户；给出全部字段。"""

    name: Text60
    role_codes: tuple[Text60, ...]
    warehouse_ids: tuple[Id, ...] | None = Field(None, description="null 为全部仓库。")


class UserNew(UserAsked):
    """新用户；首次登录须修改密码。"""

    username: Annotated[Text, Field(min_length=1, max_length=40)]
    password: Password


class UserChange(UserAsked):
    """修改用户；不给密码则不变。"""

    password: Password | None = None


@router.get("/users", response=answers(200, list[UserTold]), summary="用户，按用户名")
def users(request: ApiRequest) -> object:
    return queries.users(request.auth)


@router.post("/users", response=answers(201, UserTold), summary="新建用户")
def create_user(request: ApiRequest, body: UserNew) -> object:
    draft = UserDraft(body.username, body.name, body.role_codes, body.warehouse_ids, body.password)
    made = actions.create_user(draft, actor=request.auth)
    return Status(201, _user(request, made.pk))


@router.get("/users/{int:user_id}", response=answers(200, UserTold), summary="查看用户")
def user(request: ApiRequest, user_id: int) -> object:
    return _user(request, user_id)


@router.put("/users/{int:user_id}", response=answers(200, UserTold), summary="修改用户")
def change_user(request: ApiRequest, user_id: int, body: UserChange) -> object:
    known = _user(request, user_id)
    draft = UserDraft(known.username, body.name, body.role_codes, body.warehouse_ids, body.password)
    actions.change_user(user_id, draft, actor=request.auth)
    return _user(request, user_id)


@router.post("/users/{int:user_id}/disable", response=answers(200, UserTold), summary="停用用户")
def disable_user(request: ApiRequest, user_id: int) -> object:
    actions.disable_user(user_id, actor=request.auth)
    return _user(request, user_id)


def _user(request: ApiRequest, user_id: int) -> Any:
    found = queries.users(request.auth).filter(id=user_id).first()
    if found is None:
        raise Refused("not_found", what="用户")
    return found


class KeyTold(Told):
    """一个未吊销的 API 密钥；密文不可再看。"""

    id: int
    name: str
    user_id: int
    username: str = Field(validation_alias=AliasPath("user", "username"))
    created_at: datetime
    expires_on: date


class KeyAsked(Asked):
    """新密钥，以该用户的权限行事。"""

    user_id: Id
    name: Annotated[Text60, Field(min_length=1)]
    expires_on: Day


class KeyIssued(Told):
    """新密钥。只显示这一次，请立即保存。"""

    id: int
    key: str


@router.get("/api-keys", response=answers(200, list[KeyTold]), summary="API 密钥，最新的在前")
def api_keys(request: ApiRequest) -> object:
    return queries.api_keys(request.auth)


@router.post("/api-keys", response=answers(201, KeyIssued), summary="签发 API 密钥")
def issue_api_key(request: ApiRequest, body: KeyAsked) -> object:
    made = actions.issue_api_key(body.user_id, body.name, body.expires_on, actor=request.auth)
    return Status(201, {"id": made.id, "key": f"hc_{request.book.code}_{made.id}_{made.secret}"})


class RevokedTold(Told):
    """已吊销的密钥。"""

    id: int


@router.post(
    "/api-keys/{int:key_id}/revoke", response=answers(200, RevokedTold), summary="吊销 API 密钥"
)
def revoke_api_key(request: ApiRequest, key_id: int) -> object:
    actions.revoke_api_key(key_id, actor=request.auth)
    return {"id": key_id}
