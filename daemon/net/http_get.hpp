#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "daemon/net/route.hpp"

namespace fieldlink {

struct HttpRequest {
    std::string url;     ///< https://, or http:// for loopback
    std::string bearer;  ///< for the Authorization header
    std::chrono::milliseconds timeout{10'000};
    std::size_t max_body = 64 * 1024;
};

struct HttpAnswer {
    std::string error;                  ///< why no answer came, for a person; empty if one did
    OpenFault fault = OpenFault::none;  ///< at which step of the way to the server that was, if at one
    long status = 0;
    std::chrono::seconds retry_after{0};  ///< how long the server wants to be left alone; 0 if it does not say
    std::string body;
};

/// One HTTP request at a time, on the loop and without a thread that blocks. Redirects are not followed: the header
/// with the secret would go along. [net thread]
class HttpGet {
public:
    using Done = std::function<void(HttpAnswer)>;

    HttpGet(boost::asio::io_context& io, Route route);
    ~HttpGet();
    HttpGet(const HttpGet&) = delete;
    HttpGet& operator=(const HttpGet&) = delete;

    /// `done` is called once, from the loop, unless cancel() comes first. Takes the place of a request under way.
    void start(const HttpRequest& request, Done done);
    void cancel();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fieldlink
