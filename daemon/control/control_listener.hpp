#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <string>

#include <sys/types.h>

namespace fieldlink {

/// A listening Unix socket and the file that clients find it by.
///
/// The file has mode 0660 and group fieldlink where there is such a group and this process may give it away. It is
/// removed by the destructor, unless another process has put its own in the place meanwhile.
class ControlListener {
public:
    /// Binds at once. Replaces a socket file that nobody listens on any more. Throws std::system_error, whose text
    /// names the path and the remedy, if the path is in use, is no socket, or cannot be created.
    ControlListener(boost::asio::io_context& io, std::string path);
    ~ControlListener();
    ControlListener(const ControlListener&) = delete;
    ControlListener& operator=(const ControlListener&) = delete;

    boost::asio::local::stream_protocol::acceptor& acceptor() { return acceptor_; }

private:
    void make_room() const;
    void bind();
    void open_to_group() const;
    void remember_file();

    std::string path_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace fieldlink
