"""The demo's users, one per role. Their password is public: `seed_demo` refuses to run without DEMO=1."""

from dataclasses import dataclass

from accommodations.roles import ADMINISTRATOR, AUDITOR, COORDINATOR, DIRECTOR, INSTRUCTOR, STUDENT


@dataclass(frozen=True, slots=True)
class Account:
    """One user of the demo. `canvas_login_id` ties an instructor or a student to their Canvas person."""

    role: str
    username: str
    first_name: str
    last_name: str
    canvas_login_id: str = ""
    password: str = "only-for-this-demo"  # noqa: S105  # public on purpose, and printed

    @property
    def email(self) -> str:
        """Return the address to which the demo would write."""
        return f"{self.username}@maplewater.example"

    @property
    def is_staff(self) -> bool:
        """Whether the account may open Django's admin."""
        return self.role == ADMINISTRATOR


ACCOUNTS: tuple[Account, ...] = (
    Account(COORDINATOR, "ruth", "Ruth", "Adeyemi"),
    Account(DIRECTOR, "david", "David", "Castellanos"),
    Account(INSTRUCTOR, "iris", "Iris", "Lindqvist", canvas_login_id="iris.lindqvist"),
    Account(AUDITOR, "mei", "Mei", "Tanaka"),
    Account(STUDENT, "noor", "Noor", "Haddad", canvas_login_id="noor.haddad"),
    Account(ADMINISTRATOR, "alex", "Alex", "Moreau"),
)


def table_of_accounts() -> str:
    """Return the names and passwords as lines for the terminal."""
    lines = [f"  {account.role:<15} {account.username:<8} {account.password}" for account in ACCOUNTS]
    return "\n".join([f"  {'role':<15} {'name':<8} password", *lines])
