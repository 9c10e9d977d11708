"""Every method of the IDL has a row here: who may call it, and the tests that call it.

    method_table.py <source root>

Fails where a method is added without a row, a row names a test that does not call it, or the list
of administration methods in thrift/rpc/handler.cc differs from the IDL's.
"""

import pathlib
import re
import sys

SERVER = "tests/thrift/rpc/server_test.cc"
CONTRACT = "tests/integration/contract_test.py"

# method: (service, test that calls it)
METHODS = {
    "getServerInfo": ("Referrald", SERVER),
    "recordEvents": ("Referrald", SERVER),
    "getContact": ("Referrald", SERVER),
    "findContacts": ("Referrald", SERVER),
    "getProvenance": ("Referrald", SERVER),
    "getReferral": ("Referrald", SERVER),
    "listReferrals": ("Referrald", SERVER),
    "getChain": ("Referrald", SERVER),
    "getTransitionTable": ("Referrald", CONTRACT),
    "getActTable": ("Referrald", CONTRACT),
    "getCustomer": ("Referrald", CONTRACT),
    "listPrompts": ("Referrald", CONTRACT),
    "getCoverage": ("Referrald", CONTRACT),
    "checkOutreach": ("Referrald", CONTRACT),
    "getMetrics": ("Referrald", CONTRACT),
    "findWaysIn": ("Referrald", CONTRACT),
    "listRewards": ("Referrald", CONTRACT),
    "getFirm": ("Referrald", CONTRACT),
    "explainEvents": ("Referrald", CONTRACT),
    "getReferralAsOf": ("Referrald", CONTRACT),
    "getCustomerAsOf": ("Referrald", CONTRACT),
    "suggestPeople": ("Referrald", CONTRACT),
    "listAttributions": ("Referrald", CONTRACT),
    "listHolds": ("Referrald", CONTRACT),
    "listCatchUp": ("Referrald", CONTRACT),
    "startSync": ("Referrald", SERVER),
    "getRun": ("Referrald", SERVER),
    "listRuns": ("Referrald", SERVER),
    "listRejects": ("Referrald", SERVER),
    "listFeeds": ("Referrald", SERVER),
    "getPublicKey": ("Referrald", CONTRACT),
    "getSignedHead": ("Referrald", SERVER),
    "getProof": ("Referrald", CONTRACT),
    "getGrowthProof": ("Referrald", CONTRACT),
    "checkFeed": ("ReferraldAdmin", SERVER),
    "previewFile": ("ReferraldAdmin", SERVER),
    "planSync": ("ReferraldAdmin", SERVER),
    "revertRun": ("ReferraldAdmin", CONTRACT),
    "planRevert": ("ReferraldAdmin", CONTRACT),
    "listExports": ("ReferraldAdmin", SERVER),
    "runExport": ("ReferraldAdmin", SERVER),
    "verify": ("ReferraldAdmin", SERVER),
    "rebuild": ("ReferraldAdmin", SERVER),
    "eraseContact": ("ReferraldAdmin", CONTRACT),
    "createBackup": ("ReferraldAdmin", CONTRACT),
    "listBackups": ("ReferraldAdmin", CONTRACT),
    "verifyBackup": ("ReferraldAdmin", CONTRACT),
    "getKeyStatus": ("ReferraldAdmin", CONTRACT),
    "rotateKey": ("ReferraldAdmin", CONTRACT),
    "copyKeys": ("ReferraldAdmin", CONTRACT),
}

SERVICE = re.compile(r"^service (\w+)[^{]*\{(.*?)^\}", re.MULTILINE | re.DOTALL)
METHOD = re.compile(r"^  [\w<>]+ (\w+)\(", re.MULTILINE)


def methods_of_idl(idl: str) -> dict[str, str]:
    return {
        method: service
        for service, body in SERVICE.findall(idl)
        for method in METHOD.findall(body)
    }


def methods_of_handler(handler: str) -> set[str]:
    listed = re.search(r"kAdministration\{(.*?)\};", handler, re.DOTALL)
    return set(re.findall(r'"(\w+)"', listed.group(1))) if listed else set()


def problems(root: pathlib.Path) -> list[str]:
    found = methods_of_idl((root / "thrift/idl/referrald.thrift").read_text())
    listed = {method: service for method, (service, _) in METHODS.items()}
    out = [f"{m}: in the IDL ({found[m]}), not in this table" for m in found.keys() - listed.keys()]
    out += [f"{m}: in this table, not in the IDL" for m in listed.keys() - found.keys()]
    for method in found.keys() & listed.keys():
        if found[method] != listed[method]:
            out.append(f"{method}: belongs to {found[method]}, the table says {listed[method]}")
    for method, (_, test) in METHODS.items():
        if not re.search(rf"\b{method}\b", (root / test).read_text()):
            out.append(f"{method}: {test} does not call it")
    administration = {m for m, service in found.items() if service == "ReferraldAdmin"}
    if methods_of_handler((root / "thrift/rpc/handler.cc").read_text()) != administration:
        out.append("thrift/rpc/handler.cc: kAdministration differs from ReferraldAdmin")
    return sorted(out)


def main() -> int:
    found = problems(pathlib.Path(sys.argv[1]))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
