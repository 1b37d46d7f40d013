#include "daemon/uplink/http_get.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include <curl/curl.h>

#include "daemon/postbox.hpp"

namespace fieldlink {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

struct EasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One socket of libcurl's, watched by Asio as long as libcurl wants. Asio does not own it.
struct Watch {
    explicit Watch(boost::asio::io_context& io) : descriptor(io) {}
    ~Watch() {
        if (descriptor.is_open()) descriptor.release();
    }

    stream_descriptor descriptor;
    bool wants_read = false, wants_write = false;  ///< what libcurl asked for
    bool reading = false, writing = false;         ///< what Asio waits for
};

}  // namespace

class HttpGet::Impl {
public:
    explicit Impl(boost::asio::io_context& io);
    ~Impl() { cancel(); }

    void start(const HttpRequest& request, Done done);
    void cancel();

private:
    void set_options(const HttpRequest& request);
    bool watch(int fd, int what);
    void wait_for(int fd);
    void on_ready(int fd, int what, const error_code& ec);
    void set_timer(long milliseconds);
    void on_timer(const error_code& ec);
    void act(int fd, int what);
    void finish(CURLcode code);

    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*);
    static int on_timeout(CURLM*, long milliseconds, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

    boost::asio::io_context& io_;
    boost::asio::steady_timer timer_;
    std::map<int, std::unique_ptr<Watch>> watches_;
    std::unique_ptr<CURLM, MultiCleanup> multi_;
    std::unique_ptr<curl_slist, ListCleanup> headers_;
    std::unique_ptr<CURL, EasyCleanup> easy_;
    Done done_;
    HttpAnswer answer_;
    std::size_t max_body_ = 0;
    bool too_big_ = false;
    char error_text_[CURL_ERROR_SIZE] = "";
    Postbox postbox_;
};

HttpGet::Impl::Impl(boost::asio::io_context& io) : io_(io), timer_(io), postbox_(io) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_.reset(curl_multi_init());
    if (initialised != CURLE_OK || !multi_) throw std::runtime_error("libcurl cannot be initialised: out of memory?");
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Impl::on_timeout);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    // The next request is minutes or hours away.
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
}

void HttpGet::Impl::start(const HttpRequest& request, Done done) {
    cancel();
    done_ = std::move(done);
    answer_ = {};
    too_big_ = false;
    error_text_[0] = '\0';
    max_body_ = request.max_body;
    easy_.reset(curl_easy_init());
    const std::string authorization = "Authorization: Bearer " + request.bearer;
    headers_.reset(curl_slist_append(nullptr, authorization.c_str()));
    set_options(request);
    curl_multi_add_handle(multi_.get(), easy_.get());
}

void HttpGet::Impl::set_options(const HttpRequest& request) {
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "fieldlink");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!request.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, request.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a resolver thread that hangs must not hang the loop
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Impl::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

void HttpGet::Impl::cancel() {
    if (!easy_) return;
    postbox_.forget();
    timer_.cancel();
    curl_multi_remove_handle(multi_.get(), easy_.get());
    easy_.reset();
    headers_.reset();
    done_ = nullptr;
}

int HttpGet::Impl::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    return static_cast<Impl*>(self)->watch(fd, what) ? 0 : -1;
}

bool HttpGet::Impl::watch(int fd, int what) {
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

void HttpGet::Impl::wait_for(int fd) {
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

void HttpGet::Impl::on_ready(int fd, int what, const error_code& ec) {
    const auto found = watches_.find(fd);
    if (ec || found == watches_.end()) return;  // libcurl has done with the socket
    (what == CURL_CSELECT_IN ? found->second->reading : found->second->writing) = false;
    act(fd, what);
    wait_for(fd);
}

int HttpGet::Impl::on_timeout(CURLM*, long milliseconds, void* self) {
    static_cast<Impl*>(self)->set_timer(milliseconds);
    return 0;
}

void HttpGet::Impl::set_timer(long milliseconds) {
    timer_.cancel();
    if (milliseconds < 0) return;
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait(postbox_.guard([this](const error_code& ec) { on_timer(ec); }));
}

void HttpGet::Impl::on_timer(const error_code& ec) {
    if (!ec) act(CURL_SOCKET_TIMEOUT, 0);
}

void HttpGet::Impl::act(int fd, int what) {
    int running = 0, left = 0;
    curl_multi_socket_action(multi_.get(), fd, what, &running);
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        finish(message->data.result);
        return;
    }
}

std::size_t HttpGet::Impl::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    Impl& impl = *static_cast<Impl*>(self);
    impl.too_big_ = impl.answer_.body.size() + size * count > impl.max_body_;
    if (impl.too_big_) return 0;  // ends the transfer
    impl.answer_.body.append(data, size * count);
    return size * count;
}

void HttpGet::Impl::finish(CURLcode code) {
    HttpAnswer answer = std::move(answer_);
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    if (too_big_)
        answer.error = "the answer is longer than " + std::to_string(max_body_) + " bytes";
    else if (code != CURLE_OK)
        answer.error = error_text_[0] ? error_text_ : curl_easy_strerror(code);
    const Done done = std::move(done_);
    cancel();
    done(std::move(answer));
}

HttpGet::HttpGet(boost::asio::io_context& io) : impl_(std::make_unique<Impl>(io)) {}
HttpGet::~HttpGet() = default;

void HttpGet::start(const HttpRequest& request, Done done) {
    impl_->start(request, std::move(done));
}

void HttpGet::cancel() {
    impl_->cancel();
}

}  // namespace fieldlink
