#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fieldlink {

/// The daemon could not be reached or did not answer. The text says what to do, and is what the user gets to see.
class ControlError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// fieldlinkctl's side of the control socket: lines out, lines in. Blocks; one thread.
class ControlConnection {
public:
    /// Throws ControlError if nobody listens at `path` or this user may not connect.
    explicit ControlConnection(std::string path);
    ~ControlConnection();
    ControlConnection(const ControlConnection&) = delete;
    ControlConnection& operator=(const ControlConnection&) = delete;

    /// Sends `line`. A daemon that has closed the connection shows at the next read, after what it said last.
    void send(std::string_view line);

    /// The next line, without its end. Throws ControlError if none comes within `patience`, or if the daemon closes.
    std::string receive(std::chrono::milliseconds patience);

    /// For poll(): readable when fill() has something to do.
    int descriptor() const { return socket_; }

    /// Takes in what has arrived. Throws ControlError when the daemon has closed the connection.
    void fill();

    /// The next line that has arrived as a whole, if any.
    std::optional<std::string> take_line();

private:
    void connect();

    std::string path_;
    int socket_;
    std::string received_;
};

}  // namespace fieldlink
