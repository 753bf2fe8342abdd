//! Link, network, transport and tunnel headers.
