// Ports of 127.0.0.1 for the servers of a test.
#pragma once

namespace sothon::testing {

// A TCP port that nobody listens on, and this process's until it ends: no other call gives it, here or in a test that
// runs beside. Below the ports that Linux by itself gives to outgoing connections, so that a server that is killed and
// started again finds it free. 0 when there is none. Thread-safe.
int FreePort();

// Whether somebody listens on `port`.
bool CanConnect(int port);

}  // namespace sothon::testing
