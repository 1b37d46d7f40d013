#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>

#include <curl/curl.h>

#include "daemon/postbox.hpp"

/// libcurl is known to daemon/net only: to the loop here, to what all transfers have in common (curl_transfer), and to
/// the two kinds of transfers (http_get, byte_stream). One file would hold four things.
namespace fieldlink {

struct CurlEasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct CurlMultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// One libcurl transfer, driven by Asio's loop and never blocking it: names are resolved on libcurl's own threads.
///
/// Each transfer has a multi handle of its own. With a common one the start of one transfer would throw away idle
/// connections of others, and to libcurl a connection that byte_stream uses is idle; and names would be remembered.
///
/// [net thread] May be destroyed at any time but from inside one of libcurl's callbacks; that ends the transfer at once
/// and closes its connection.
class CurlLoop {
public:
    using Done = std::function<void(CURLcode)>;

    /// Throws std::runtime_error if libcurl cannot be used.
    explicit CurlLoop(boost::asio::io_context& io);
    ~CurlLoop();
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    /// The transfer, for its options before start() and its results after `done`.
    CURL* easy() const { return easy_.get(); }

    /// `done` is called once, from the loop, never from inside start() or one of libcurl's callbacks.
    void start(Done done);

private:
    struct Watch;

    bool watch(int fd, int what);
    void wait_for(int fd);
    void on_ready(int fd, int what, const boost::system::error_code& ec);
    void set_timer(long milliseconds);
    void on_timer(const boost::system::error_code& ec);
    void act(int fd, int what);

    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*);
    static int on_timeout(CURLM*, long milliseconds, void* self);

    boost::asio::io_context& io_;
    boost::asio::steady_timer timer_;
    std::map<int, std::unique_ptr<Watch>> watches_;
    std::unique_ptr<CURLM, CurlMultiCleanup> multi_;
    std::unique_ptr<CURL, CurlEasyCleanup> easy_;
    Done done_;
    Postbox postbox_;
};

}  // namespace fieldlink
