#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "daemon/postbox.hpp"

namespace fieldlink {

/// Says when one of some files has become another one: replaced, written to, removed, created, made readable, or
/// exchanged behind a symbolic link as agents that rotate secrets do. None of them needs to exist.
///
/// By inotify within kSettle; besides, it looks every kLook, which finds what inotify cannot see: changes on another
/// machine of a network file system, or all of them where the machine has no watch left to give (logged once).
///
/// [net thread] Never throws. Looks at the files' metadata, never into them.
class FileWatch {
public:
    using Changed = std::function<void()>;

    struct Options {
        std::chrono::milliseconds settle{200};  ///< from the first event to the look at what has come of it
        std::chrono::milliseconds look{10'000};
    };

    /// Watches from now on. `changed` is called from the loop, never from inside this, and must not destroy this.
    FileWatch(boost::asio::io_context& io, std::vector<std::string> paths, Changed changed);
    FileWatch(boost::asio::io_context& io, std::vector<std::string> paths, Changed changed, Options options);

private:
    /// What tells two files apart: device, inode, size, times of change of content and of metadata. Empty: no file.
    using Fingerprint = std::vector<long long>;

    void await_events();
    void on_events(const boost::system::error_code& error);
    void drain();
    void look_in(std::chrono::milliseconds time);
    void on_look(const boost::system::error_code& error);
    void watch_directories();
    void watch(const std::string& directory, std::set<int>& watches);
    void log_failure(const std::string& what, int error);
    std::vector<Fingerprint> fingerprints() const;

    std::vector<std::string> paths_;
    Changed changed_;
    Options options_;
    boost::asio::posix::stream_descriptor inotify_;
    boost::asio::steady_timer timer_;
    std::set<int> watches_;
    std::vector<Fingerprint> seen_;
    bool settling_ = false;    ///< the timer runs for an event, not for the regular look
    bool complained_ = false;  ///< that inotify does not work
    Postbox postbox_;
};

}  // namespace fieldlink
