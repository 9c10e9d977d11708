"""A client for referrald, the referral database beside the CRM. See README.md.

    from referrald import Client, v1

    with Client("unix:/run/referrald/rpc.sock", client_name="billing") as client:
        print(client.getServerInfo().version)
"""

from .client import Client, DeadlineExceeded, Disconnected

__all__ = ["Client", "DeadlineExceeded", "Disconnected"]
