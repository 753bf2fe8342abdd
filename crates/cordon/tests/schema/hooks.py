"""What the tool has to know of Cordon: loaded by the configuration that the test writes."""

import os
import random

import schemathesis
import urllib3.util.connection

connect = urllib3.util.connection.create_connection


def from_anywhere(address, timeout=None, source_address=None, socket_options=None):
    """From another address of this machine each time: what slows down guessing is to hide nothing."""
    source = "127.{}.{}.{}".format(*(random.randint(1, 254) for _ in range(3)))
    return connect(address, timeout, (source, 0), socket_options)


urllib3.util.connection.create_connection = from_anywhere


@schemathesis.hook
def filter_case(context, case):
    """Whoever asks neither shuts out nor resets themselves: after that everything would be refused."""
    name = str((case.path_parameters or {}).get("name", ""))
    is_person = case.operation.path.startswith("/api/v1/people/")
    return not (is_person and name.strip().lower() == os.environ["CORDON_OWN_NAME"])
