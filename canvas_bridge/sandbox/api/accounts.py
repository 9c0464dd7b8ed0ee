"""The root account and those below it (contract 1.6)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.fields import blank, taken, wrapped
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.zones import zone_in
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.people import Account, opaque_id
from canvas_bridge.sandbox.state import SandboxState

Json = dict[str, Any]


def account_json(state: SandboxState, account: Account) -> Json:
    """Return an account, to an administrator."""
    is_root = account.parent_account_id is None
    return {
        "id": account.id,
        "name": account.name,
        "uuid": opaque_id("account", account.id),
        "workflow_state": "active",
        "parent_account_id": account.parent_account_id,
        "root_account_id": None if is_root else state.account.id,
        "default_time_zone": account.time_zone,
        "default_storage_quota_mb": 500,
        "default_user_storage_quota_mb": 50,
        "default_group_storage_quota_mb": 50,
        "sis_account_id": account.sis_account_id,
    }


def accounts_below(state: SandboxState, account: Account) -> list[Account]:
    """Return the accounts under one, at any depth, in order of their ids."""
    found: list[Account] = []
    ids = {account.id}
    for one in sorted(state.sub_accounts, key=lambda sub_account: sub_account.id):
        if one.parent_account_id in ids:
            ids.add(one.id)
            found.append(one)
    return found


def list_accounts(call: Call) -> Answer:
    """Answer with the accounts that the caller administers: the root account, or none."""
    accounts = [call.state.account] if call.caller.is_admin else []
    return call.paged(accounts, lambda one: account_json(call.state, one))


def show_account(call: Call) -> Answer:
    """Answer with one account."""
    account = call.account()
    call.require(call.caller.is_admin)
    return json_answer(account_json(call.state, account))


def edit_account(call: Call) -> Answer:
    """Rename an account, or set its default zone: the root account's is everybody's who has set none."""
    account = call.account()
    call.require(call.caller.is_admin)
    values = wrapped(call, "account")
    account.time_zone = zone_in(values, "default_time_zone") or account.time_zone
    account.name = values.text("name", account.name) or account.name
    _set_sis_id(call, account, values.text("sis_account_id", account.sis_account_id))
    return json_answer(account_json(call.state, account))


def _set_sis_id(call: Call, account: Account, sis_id: str | None) -> None:
    owners = [one for one in (call.state.account, *call.state.sub_accounts) if sis_id and one.sis_account_id == sis_id]
    if any(one is not account for one in owners):
        raise taken("sis_account_id")
    account.sis_account_id = sis_id
    if account.parent_account_id is not None:
        call.state.sub_accounts.reindex(account)


def list_sub_accounts(call: Call) -> Answer:
    """Answer with the accounts directly below one, or with `recursive` all below it."""
    account = call.account()
    call.require(call.caller.is_admin)
    rows = accounts_below(call.state, account)
    if not call.request.flag("recursive"):
        rows = [one for one in rows if one.parent_account_id == account.id]
    return call.paged(rows, lambda one: account_json(call.state, one))


def create_sub_account(call: Call) -> Answer:
    """Add an account below one."""
    parent = call.account()
    call.require(call.caller.is_admin)
    values = wrapped(call, "account")
    name = values.text("name")
    if name is None:
        raise blank("name")
    added = call.state.add_sub_account(name, parent=parent)
    _set_sis_id(call, added, values.text("sis_account_id"))
    return json_answer(account_json(call.state, added))


def is_within(state: SandboxState, account: Account, account_id: int) -> bool:
    """Whether an account is the named one or lies below it."""
    return account_id == account.id or account_id in {one.id for one in accounts_below(state, account)}


def wanted_account(call: Call, text: str, default: Account) -> Account:
    """Return the account of an `account_id` parameter; the default where it names none."""
    number = plain_id(text)
    if number == call.state.account.id:
        return call.state.account
    return call.state.sub_accounts.get(number) or default


ROUTES = [
    Route("GET", "/api/v1/accounts", list_accounts),
    Route("GET", "/api/v1/accounts/:account_id", show_account),
    Route("PUT", "/api/v1/accounts/:account_id", edit_account),
    Route("GET", "/api/v1/accounts/:account_id/sub_accounts", list_sub_accounts),
    Route("POST", "/api/v1/accounts/:account_id/sub_accounts", create_sub_account),
]
