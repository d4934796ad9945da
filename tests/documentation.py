"""`make docs`: pages written from the code itself, so that they cannot lie."""

import sys

from tests import environment

FOLDER = environment.ROOT / "docs"


def main() -> int:
    environment.prepare()
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
    return 0


def pages() -> dict[str, str]:
    """File name in docs/ → its whole text."""
    return {"flows.md": _flows(), "codes.md": _codes()}


def _flows() -> str:
    from hengcang.documents.flow import STATUS_LABELS, Flow
    from hengcang.register.kinds import KINDS

    by_flow: dict[int, tuple[Flow, list[str]]] = {}
    for kind in KINDS:
        by_flow.setdefault(id(kind.flow), (kind.flow, []))[1].append(kind.label)
    parts = ["# 单据流转\n", "由 `make docs` 从流转表生成，请勿手改。\n"]
    for flow, labels in by_flow.values():
        parts.append(f"## {'、'.join(labels)}\n")
        arrows = [
            f"  {STATUS_LABELS[source]} --> {STATUS_LABELS[step.target]}: {step.label}"
            for step in flow.steps.values()
            for source in sorted(step.sources)
        ]
        parts.append(
            "```mermaid\nstateDiagram-v2\n  [*] --> 草稿\n" + "\n".join(arrows) + "\n```\n"
        )
    return "\n".join(parts)


def _codes() -> str:
    from hengcang.identity.permissions import PERMISSIONS
    from hengcang.kernel.refusals import HTTP_STATUS, SENTENCES

    lines = [
        "# 权限与拒绝码\n",
        "由 `make docs` 生成，请勿手改。\n",
        "## 权限\n",
        "| 代码 | 含义 |",
        "|---|---|",
        *(f"| `{code}` | {label} |" for code, label in PERMISSIONS.items()),
        "\n## 拒绝码\n",
        "每个拒绝都是：什么也没有写入，并说明原因和该怎么做。`{…}` 由 facts 填入。\n",
        "| 代码 | HTTP | 句子 |",
        "|---|---|---|",
        *(f"| `{code}` | {HTTP_STATUS[code]} | {text} |" for code, text in SENTENCES.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
