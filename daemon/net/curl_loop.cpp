#include "daemon/net/curl_loop.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <stdexcept>

namespace fieldlink {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

/// One socket of libcurl's, watched by Asio as long as libcurl wants. Asio does not own it.
struct CurlLoop::Watch {
    explicit Watch(boost::asio::io_context& io) : descriptor(io) {}
    ~Watch() {
        if (descriptor.is_open()) descriptor.release();
    }

    stream_descriptor descriptor;
    bool wants_read = false, wants_write = false;  ///< what libcurl asked for
    bool reading = false, writing = false;         ///< what Asio waits for
};

CurlLoop::CurlLoop(boost::asio::io_context& io) : io_(io), timer_(io), postbox_(io) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    if (initialised != CURLE_OK || !multi_ || !easy_)
        throw std::runtime_error("libcurl cannot be initialised: out of memory?");
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timeout);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
    curl_multi_remove_handle(multi_.get(), easy_.get());
}

void CurlLoop::start(Done done) {
    done_ = std::move(done);
    curl_multi_add_handle(multi_.get(), easy_.get());
}

int CurlLoop::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    return static_cast<CurlLoop*>(self)->watch(fd, what) ? 0 : -1;
}

bool CurlLoop::watch(int fd, int what) {
    if (what == CURL_POLL_REMOVE) {
        watches_.erase(fd);
        return true;
    }
    std::unique_ptr<Watch>& watch = watches_[fd];
    if (!watch) watch = std::make_unique<Watch>(io_);
    error_code ec;
    if (!watch->descriptor.is_open()) watch->descriptor.assign(fd, ec);
    if (ec) return false;
    watch->wants_read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
    watch->wants_write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
    wait_for(fd);
    return true;
}

void CurlLoop::wait_for(int fd) {
    const auto found = watches_.find(fd);
    if (found == watches_.end()) return;
    Watch& watch = *found->second;
    if (watch.wants_read && !watch.reading) {
        watch.reading = true;
        const auto ready = [this, fd](const error_code& ec) { on_ready(fd, CURL_CSELECT_IN, ec); };
        watch.descriptor.async_wait(stream_descriptor::wait_read, postbox_.guard(ready));
    }
    if (watch.wants_write && !watch.writing) {
        watch.writing = true;
        const auto ready = [this, fd](const error_code& ec) { on_ready(fd, CURL_CSELECT_OUT, ec); };
        watch.descriptor.async_wait(stream_descriptor::wait_write, postbox_.guard(ready));
    }
}

void CurlLoop::on_ready(int fd, int what, const error_code& ec) {
    const auto found = watches_.find(fd);
    if (ec || found == watches_.end()) return;  // libcurl has done with the socket
    (what == CURL_CSELECT_IN ? found->second->reading : found->second->writing) = false;
    act(fd, what);
}

int CurlLoop::on_timeout(CURLM*, long milliseconds, void* self) {
    static_cast<CurlLoop*>(self)->set_timer(milliseconds);
    return 0;
}

void CurlLoop::set_timer(long milliseconds) {
    timer_.cancel();
    if (milliseconds < 0) return;
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait(postbox_.guard([this](const error_code& ec) { on_timer(ec); }));
}

void CurlLoop::on_timer(const error_code& ec) {
    if (!ec) act(CURL_SOCKET_TIMEOUT, 0);
}

void CurlLoop::act(int fd, int what) {
    int running = 0, left = 0;
    curl_multi_socket_action(multi_.get(), fd, what, &running);
    if (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
        const Done done = std::exchange(done_, nullptr);
        if (done) done(message->data.result);  // and may have destroyed this
        return;
    }
    wait_for(fd);
}

}  // namespace fieldlink
